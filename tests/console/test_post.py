"""Letters: shown as they would go out and as they left; the tray to post; what the post says of them."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from console.letterview import draft
from console.tray import folder_of, packed
from letters.message import message_of
from letters.store import FolderStore
from letters.tray_folder import COLUMNS
from rules import events as e
from rules.case import StepOutcome
from rules.outbox import Covered, Message, MessageState
from sealing.keys import new_entry
from tests.console.conftest import MARTIN
from tests.console.house import Console, invoice, open_case

POSTED_FROM = "/letters/posted"
FORMAL = "<mise-en-demeure.1@relance.example>"
MAILED = "<relance.1@relance.example>"
LAID = datetime(2026, 3, 2, 8, tzinfo=UTC)


async def lay_in_the_tray(console: Console) -> None:
    """A mise en demeure of Martin's invoice, made this morning, with its page in the store."""
    case = (await console.house.ledger.reads.case(MARTIN)).case  # type: ignore[union-attr]
    paper = (await draft(console.house, case, "mise_en_demeure")).pdf
    assert paper is not None
    document = FolderStore(console.house.settings.store).put("acme/mise-en-demeure.pdf", paper)
    await entered(console, FORMAL, "mise_en_demeure", "registered_letter", document)
    async with console.house.ledger.book(MARTIN) as book:
        book.append(
            e.NoticeSent(
                id="laid", on=LAID.date(), at=LAID, step="mise_en_demeure", passage=1, channel="registered_letter",
                message_id=FORMAL, principal=Decimal(1200), claim=Decimal(1240),
            )
        )  # fmt: skip
    await console.engine.take(MARTIN, {"kind": "note", "note": "vu"}, "note-1")


async def entered(console: Console, message_id: str, step: str, channel: str, document: Path) -> None:
    """A letter of the outbox that speaks for Martin's invoice and has left."""
    covered = Covered(case=MARTIN, passage=1, step=step, balance=Decimal(1200), claim=Decimal(1240))
    async with console.house.ledger.book(MARTIN) as book:
        book.begin(
            Message(
                id=message_id, creditor="acme", debtor="C-104", currency="EUR", day=LAID.date(), channel=channel,
                state=MessageState.SENDING, started_at=LAID, sender=MARTIN, covers=(covered,), rung=step,
            )
        )  # fmt: skip
        book.conclude(message_id, MessageState.SENT, LAID, str(document), "00")


async def outcome(console: Console) -> StepOutcome:
    recorded = await console.house.ledger.reads.case(MARTIN)
    assert recorded is not None
    taken = recorded.case.taken("mise_en_demeure", 1)
    assert taken is not None
    return taken.outcome


async def test_a_letter_of_the_tray_is_posted_then_distributed(console: Console) -> None:
    await lay_in_the_tray(console)
    async with console.browser("nadia") as nadia:
        tray = await nadia.get("/letters/tray")
        assert "Boulangerie Martin SARL" in tray.text
        assert "1 pli à poster" in tray.text
        form = {"letter": FORMAL, f"tracking {FORMAL}": "1A 001", "on": "2026-03-02"}
        answer = await nadia.send("/letters/tray", POSTED_FROM, form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/letters/tray?said=done")
        assert await outcome(console) is StepOutcome.POSTED
        assert "Le bac est vide" in (await nadia.get("/letters/tray")).text
        news = {f"fate {FORMAL}": "delivered", "on": "2026-03-02"}
        assert (await nadia.send("/letters/underway", "/letters/news", news)).status_code == 303
    assert await outcome(console) is StepOutcome.DELIVERED
    said = [body for _, body, _ in console.engine.heard]
    assert [(one["kind"], one["by"], one["via"]) for one in said] == [
        ("letter_posted", "nadia", "console"),
        ("letter_delivered", "nadia", "console"),
    ]
    assert said[0]["tracking"] == "1A 001"


async def test_a_letter_that_is_not_ticked_stays_in_the_tray(console: Console) -> None:
    await lay_in_the_tray(console)
    async with console.browser("nadia") as nadia:
        await nadia.send("/letters/tray", POSTED_FROM, {"on": "2026-03-02"})
    assert await outcome(console) is StepOutcome.IN_TRAY
    assert not console.engine.heard


async def test_posting_while_the_engine_is_away_says_so_and_keeps_the_tray(console: Console) -> None:
    await lay_in_the_tray(console)
    console.engine.up = False
    async with console.browser("nadia") as nadia:
        answer = await nadia.send("/letters/tray", POSTED_FROM, {"letter": FORMAL, "on": "2026-03-02"})
    assert answer.status_code == 503
    assert "rien n’a été enregistré" in answer.text
    assert "Boulangerie Martin SARL" in answer.text


async def test_the_whole_tray_prints_as_one_file(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        assert (await nadia.get("/letters/tray.pdf")).status_code == 404
        await lay_in_the_tray(console)
        answer = await nadia.get("/letters/tray.pdf")
    assert answer.content.startswith(b"%PDF")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


async def test_what_lies_in_the_tray_is_taken_opened_with_its_addresses(console: Console) -> None:
    """A letter of Martin’s and one of nobody that the ledger knows, sealed: who sees his creditor takes his."""
    keys = new_entry("2026")
    house = replace(console.house, settings=replace(console.house.settings, payload_keys=keys))
    folder = folder_of(house)
    for message, name in ((FORMAL, "a.pdf"), ("<unknown@x.example>", "b.pdf")):
        folder.lay(LAID.date(), name, b"%PDF page", dict.fromkeys(COLUMNS, "") | {"fichier": name, "message": message})
    await lay_in_the_tray(console)
    async with console.browser("nadia") as nadia:
        assert (await nadia.get("/letters/tray.zip?day=2026-03-02")).status_code == 503, "without the keys"
        console.app.state.house = house
        assert "tray.zip?day=2026-03-02" in (await nadia.get("/letters/tray")).text
        answer = await nadia.get("/letters/tray.zip?day=2026-03-02")
        assert (await nadia.get("/letters/tray.zip?day=x")).status_code == 404
    async with console.browser("zoe") as zoe:
        assert (await zoe.get("/letters/tray.zip?day=2026-03-02")).status_code == 404
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert packed.namelist() == ["a.pdf", "adresses.csv"]
        assert packed.read("a.pdf") == b"%PDF page"
        assert b"b.pdf" not in packed.read("adresses.csv")


async def test_a_letter_withdrawn_during_the_download_is_left_out_and_told(console: Console) -> None:
    tray = folder_of(console.house)
    for name, message in (("a.pdf", "<a@x.example>"), ("b.pdf", FORMAL), ("c.pdf", "<c@x.example>")):
        tray.lay(LAID.date(), name, b"%PDF", dict.fromkeys(COLUMNS, "") | {"fichier": name, "message": message})
    first, second, third = tray.letters(LAID.date())
    parts = packed(tray, [first, second, third])
    got = next(parts)
    tray.take([first, second])
    with zipfile.ZipFile(io.BytesIO(got + b"".join(parts))) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == ["a.pdf", "c.pdf", "adresses.csv", "A-NE-PAS-POSTER.txt"]
        assert b"a.pdf" not in opened.read("adresses.csv")
        assert opened.read("A-NE-PAS-POSTER.txt").endswith(b"a.pdf\r\nb.pdf\r\n")


async def test_an_email_shows_as_it_left_in_a_frame_where_nothing_runs(console: Console) -> None:
    case = (await console.house.ledger.reads.case(MARTIN)).case  # type: ignore[union-attr]
    letter = (await draft(console.house, case, "relance_1")).letter
    mail = message_of(letter, console.house.renderer.render(letter))
    mail = mail.replace(b"Madame, Monsieur,", b"<script>alert(1)</script>", 2)
    document = FolderStore(console.house.settings.store).put("acme/relance.eml", mail)
    await entered(console, MAILED, "relance_1", "email", document)
    async with console.browser("nadia") as nadia:
        around = await nadia.get(f"/letter?id={MAILED}")
        assert 'sandbox title="Courriel"' in around.text
        assert "script>alert" not in around.text
        inside = await nadia.get(f"/letter/page?id={MAILED}")
    policy = inside.headers["content-security-policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'")


async def test_a_letter_of_a_creditor_not_granted_is_not_there(console: Console) -> None:
    await lay_in_the_tray(console)
    async with console.browser("zoe") as zoe:
        for path in ("/letter", "/letter/pdf", "/letter/page"):
            assert (await zoe.get(f"{path}?id={FORMAL}")).status_code == 404
        for path in ("/letters", "/letters/tray", "/letters/underway", "/debtors", "/judicial"):
            assert "Martin" not in (await zoe.get(path)).text
        for path in ("/debtors/acme/C-104", "/debtors/acme/C-104/statement.pdf", f"/judicial/{MARTIN}"):
            assert (await zoe.get(path)).status_code == 404
        assert (await zoe.get(f"/cases/{MARTIN}/letter/relance_1")).status_code == 404


@pytest.mark.parametrize("step", ["relance_2", "mise_en_demeure"])
async def test_a_letter_can_be_read_before_it_leaves(console: Console, step: str) -> None:
    async with console.browser("paul") as paul:
        assert "Rien n’est envoyé" in (await paul.get(f"/cases/{MARTIN}/letter/{step}")).text
        assert (await paul.get(f"/cases/{MARTIN}/letter/{step}/pdf")).content.startswith(b"%PDF")
    looks = await console.house.ledger.asked.looks(None, login="paul")
    assert (looks[0].what, looks[0].subject) == ("letter", f"{MARTIN}/{step}")
    assert not console.engine.heard


async def test_the_words_of_a_call_are_shown_with_the_names_of_the_answers(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        page = (await nadia.get(f"/cases/{MARTIN}/letter/appel")).text
    assert "AVANT D’APPELER" in page
    assert "payment_announced" not in page


async def test_a_statement_of_account_tells_every_open_invoice(console: Console) -> None:
    async with console.browser("paul") as paul:
        answer = await paul.get("/debtors/acme/C-104/statement.pdf")
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"] == 'inline; filename="releve-C-104.pdf"'


async def test_a_debtors_page_says_how_it_pays_and_from_what_that_follows(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        page = (await nadia.get("/debtors/acme/C-104")).text
    assert "nouveau client\u00a0: aucune facture payée connue" in page
    assert "Ordinaire" in page
    assert "F-2026-0042" in page


async def test_a_debtor_of_thousands_of_invoices_is_turned_page_by_page(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_case(console.engine, invoice("F-2026-0099", "Boulangerie Martin SARL"))
    monkeypatch.setattr("console.pages.debtors.INVOICES", 1)
    async with console.browser("nadia") as nadia:
        first = (await nadia.get("/debtors/acme/C-104")).text
        last = (await nadia.get("/debtors/acme/C-104?page=9")).text
    for page, shown, other in ((first, "0042", "0099"), (last, "0099", "0042")):
        assert f"/cases/invoice/acme/F-2026-{shown}" in page
        assert f"/cases/invoice/acme/F-2026-{other}" not in page
        assert "2 factures" in page
    assert 'href="/debtors/acme/C-104?page=2" rel="next"' in first


async def test_a_form_of_the_bench_goes_back_to_the_bench_and_nowhere_else(console: Console) -> None:
    note = f"/cases/{MARTIN}/actions/note"
    ways = {
        "/tasks/call?case=x": "/tasks/call?case=x&said=done",
        "https://evil.example/": f"/cases/{MARTIN}?said=done",
    }
    async with console.browser("nadia") as nadia:
        for back, wanted in ways.items():
            answer = await nadia.send(f"/cases/{MARTIN}", note, {"note": "vu", "back": back})
            assert answer.headers["location"] == wanted


async def test_the_report_on_letters_says_what_they_brought_and_how_sure_that_is(console: Console) -> None:
    await entered(console, MAILED, "relance_1", "email", Path("acme/relance.eml"))
    async with console.browser("claire") as claire:
        page = (await claire.get("/reports/letters?by=rung+variant+channel+profile")).text
        assert "Relance 1" in page
        assert "Courriel" in page
        assert "trop récents" in page
        later = console.house.today + timedelta(days=20)
        console.app.state.house = replace(console.house, now=lambda: datetime.combine(later, time(9), UTC))
        page = (await claire.get("/reports/letters")).text
        assert "0,0\u00a0%" in page
        assert "[0 ; 79] · 0 sur 1" in page
    async with console.browser("zoe") as zoe:
        assert "Relance 1" not in (await zoe.get("/reports/letters?creditor=acme")).text
