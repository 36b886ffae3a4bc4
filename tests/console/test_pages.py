"""Every page in both languages: complete, light, under the strict policy, without a foreign address."""

import re
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from console.i18n import CATALOGUES
from console.kept import MARKS
from console.rendering import STATIC, TEMPLATES
from ledger.asked import Request as AskedOf
from ledger.asked import State
from ledger.debtors import Who, forget
from ledger.errors import NoKeyRing
from sealing.keys import UnknownKey
from tests.console.conftest import MARTIN
from tests.console.house import NOW, Browser, Console, hidden_fields

PAGES = (
    "/", "/cases", "/cases?view=all", f"/cases/{MARTIN}", "/tasks", "/tasks/call", "/debtors", "/debtors/acme/C-104",
    "/letters", "/letters/tray", "/letters/underway", "/judicial", "/simulator", "/simulator?play=1", "/reports",
    "/audit", "/audit/chains", f"/audit/{MARTIN}", "/settings", f"/judicial/{MARTIN}",
    f"/cases/{MARTIN}/letter/relance_1", f"/cases/{MARTIN}/letter/mise_en_demeure", f"/cases/{MARTIN}/letter/appel",
)  # fmt: skip


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_every_page_stands_in_both_languages(console: Console, language: str) -> None:
    await console.house.ledger.figures.refresh(console.house.today)
    async with console.browser("claire") as claire:
        await claire.get(f"/language/{language}")
        for path in PAGES:
            answer = await claire.get(path)
            assert answer.status_code == 200, path
            assert f'<html lang="{language}">' in answer.text
            assert len(answer.content) < 40_000, path
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["cache-control"] == "no-store"
            assert "en=&#39;" not in answer.text, path
            # A sentence of the rules that has no English is marked as French.
            assert language == "fr" or '<span lang="fr">' not in answer.text, path
            assert not re.search(r"\sstyle=|<style|\son[a-z]+=\"|javascript:", answer.text), path
            assert not re.findall(r'(?:src|href)="(?!/|#|mailto:|tel:)[^"]*"', answer.text), path


def test_nothing_shipped_names_a_foreign_address() -> None:
    files = [*TEMPLATES.glob("*.html"), *STATIC.iterdir()]
    foreign = {
        file.name: found
        for file in files
        if (found := re.findall(r"https?://(?!www\.w3\.org/2000/svg)\S+", file.read_text(encoding="utf-8")))
    }
    assert len(files) > 8
    assert not foreign


def said() -> set[str]:
    """Everything that is said in French, from code and templates."""
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
    options = {"**/templates/**.html": {"trim_blocks": "true", "silent": "false"}}
    keywords = {"_": None, "noted": None, "gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(CATALOGUES.parent, methods, options, keywords=keywords, strip_comment_tags=True)
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_english_is_complete_and_says_nothing_that_french_does_not() -> None:
    with (CATALOGUES / "en.po").open("rb") as source:
        catalogue = read_po(source, locale="en")
    known = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue if m.id and m.string and not m.fuzzy}
    assert len(said()) > 200
    assert sorted(said() - known) == []
    assert sorted(known - said()) == []


def test_english_keeps_the_places_of_values() -> None:
    with (CATALOGUES / "en.po").open("rb") as source:
        catalogue = read_po(source, locale="en")
    for message in catalogue:
        if message.id and isinstance(message.id, str):
            assert set(re.findall(r"%\(\w+\)s", message.id)) == set(re.findall(r"%\(\w+\)s", str(message.string)))


async def test_a_page_that_is_not_there_says_so_and_a_broken_address_too(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        for path in ("/nothing", "/cases/invoice/acme/none", "/cases/x/actions/paid"):
            answer = await nadia.get(path)
            assert answer.status_code in (404, 405)
            assert "Il n’y a rien à cette adresse" in answer.text


async def test_files_are_kept_for_ever_because_their_address_changes(console: Console) -> None:
    async with console.browser() as browser:
        page = (await browser.get("/login")).text
        address = re.search(r'href="(/static/app.css\?v=[0-9a-f]{10})"', page)
        assert address is not None
        answer = await browser.get(address[1])
        assert "immutable" in answer.headers["cache-control"]


async def views(browser: Browser, drawn: list[object]) -> tuple[str, int]:
    """The page of a case seen twice: the second, and how often it was drawn to be kept."""
    before = len(drawn)
    first, again = [(await browser.get(f"/cases/{MARTIN}")).text for _ in range(2)]
    if "Lecture seule" not in again:
        fields = [hidden_fields(text, f"/cases/{MARTIN}/actions/paid") for text in (first, again)]
        assert len({one["csrf"] for one in fields}) == len({one["request_id"] for one in fields}) == 2
    assert MARKS.token not in again
    assert MARKS.number not in again
    return again, len(drawn) - before


async def test_a_case_page_is_shown_again_only_while_all_it_says_is_so(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, kept = console.house.ledger, console.house.kept
    drawn: list[object] = []
    keep = kept.keep

    def noting(*what: Any) -> None:
        drawn.append(what)
        keep(*what)

    monkeypatch.setattr(kept, "keep", noting)
    async with console.browser("nadia") as nadia, console.browser("claire") as claire, console.browser("paul") as paul:
        assert (await views(nadia, drawn))[1] == 1
        assert (await views(claire, drawn))[1] == 1, "a manager may do more"
        assert "Lecture seule" in (await views(paul, drawn))[0], "an auditor acts on nothing"
        assert (await views(nadia, drawn))[1] == 0
        await console.engine.take(MARTIN, {"kind": "paid", "amount": "200.00", "on": "2026-03-02"}, "p-1")
        page, times = await views(nadia, drawn)
        assert (times, "Paiement reçu" in page) == (1, True)
        await ledger.asked.ask(
            AskedOf(id="r-1", case_id=MARTIN, kind="hold", login="claire", at=NOW, state=State.PENDING, words={})
        )
        page, times = await views(nadia, drawn)
        assert (times, "en cours d’enregistrement" in page) == (0, True), "what is under way is never kept"
        await ledger.asked.settle("r-1", State.REFUSED)
        assert "en cours d’enregistrement" not in (await views(nadia, drawn))[0]
        await ledger.write(lambda connection: forget(connection, Who("acme", "C-104")))
        assert "Martin" not in (await views(nadia, drawn))[0]


@pytest.mark.parametrize("missing", [NoKeyRing(), UnknownKey("2026-01")], ids=["none", "another"])
async def test_a_console_without_the_keys_says_so_and_not_that_the_ledger_is_away(
    console: Console, monkeypatch: pytest.MonkeyPatch, missing: Exception
) -> None:
    def page_of(*_: object) -> None:
        raise missing

    async with console.browser("nadia") as nadia:
        monkeypatch.setattr("ledger.lists.Lists.page_of", page_of)
        answer = await nadia.get("/cases")
    assert answer.status_code == 503
    assert "Les clés manquent à cette machine" in answer.text
