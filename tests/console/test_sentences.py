"""Whatever the rules say to people has its English, and its values come through, whatever anybody is called."""

import ast
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from console.formats import NBSP
from console.rendering import environment
from console.sentences import PLACE, catalogue
from rules import events as e
from rules.admit_tasks import OUTCOMES
from rules.reading import COMMANDS
from rules.settle import settle
from tests import scenarios
from tests.console.conftest import MARTIN
from tests.console.house import NOW, Console

HOUSE = Path(__file__).parents[2]
FRENCH: Any = environment("fr").globals["said"]
ENGLISH: Any = environment("en").globals["said"]
VALUES = {
    "because": ("un avoir du 04/03/2026", "un avoir du 04/03/2026", "a credit note of 04/03/2026"),
    "name": ("Miel & Fils : à examiner", "Miel &amp; Fils : à examiner", "Miel &amp; Fils : à examiner"),
    "text": ("856 CPC", "856 CPC", "856 CPC"),
    "refusal": ("task_done: X is no open task.", "Cette tâche n’est plus ouverte.", "This task is no longer open."),
    "day": ("04/03/2026", "04/03/2026", "04/03/2026"),
    "days": ("12 jours", "12 jours", "12 days"),
    "months": ("3 mois", "3 mois", "3 months"),
    "semester": ("2026-S2", "2026-S2", "H2 2026"),
    "count": ("7", "7", "7"),
    "money": ("1234.50 EUR", "1\u202f234,50\u00a0€", "€1,234.50"),
    "sum": ("1234.50", "1\u202f234,50", "1,234.50"),
    "euros": ("1\u202f234,50\u00a0€", "1\u202f234,50\u00a0€", "€1,234.50"),
    "step": ("relance_2", "«\u00a0relance 2\u00a0»", "“reminder 2”"),
    "act": ("waive", "remise", "waiver"),
    "court": ("served", "signifié", "served"),
    "cause": ("unclaimed", "non réclamé", "unclaimed"),
    "role": ("manager", "responsable", "manager"),
    "channels": ("email, letter", "courriel, lettre simple", "e-mail, letter"),
}
"""What may stand in a place: as the rules say it, in French, in English."""


def filled(template: str, language: int) -> str:
    """A sentence with a value in each place."""
    return PLACE.sub(lambda place: VALUES[place["kind"]][language], template)


@pytest.mark.parametrize(("language", "say", "at"), [("fr", FRENCH, 1), ("en", ENGLISH, 2)])
def test_each_sentence_is_told_with_its_values(language: str, say: Any, at: int) -> None:
    wrong = {
        said: told for said, shown in catalogue(language).items() if (told := say(filled(said, 0))) != filled(shown, at)
    }
    assert len(catalogue(language)) > 300
    assert wrong == {}


def test_english_keeps_the_places_and_leaves_no_french() -> None:
    for said, shown in catalogue("en").items():
        assert sorted(PLACE.findall(said)) == sorted(PLACE.findall(shown)), said
        assert "%" not in PLACE.sub("", shown), said
        assert "'" not in shown, said
        if not said[0].isupper():  # else the title of a piece, or a name
            assert said != shown


def test_a_name_that_looks_like_a_sentence_does_no_harm() -> None:
    for name in ("%(day)s", "X depuis le 01/01/2026", "litige en cours", "relance_1 : à poster en recommandé", "<b>"):
        shown = name.replace("<b>", "&lt;b&gt;")
        assert ENGLISH(f"dossier confié à {name} depuis le 02/03/2026") == (
            f"case entrusted to {shown} since 02/03/2026"
        )
        assert f"the consent of {shown} is" in ENGLISH(
            f"mise_en_demeure : accord de {name} attendu (cession confidentielle)"
        )


def test_what_a_person_wrote_is_shown_as_it_is() -> None:
    assert ENGLISH("Accord du <gérant> : 3 fois") == '<span lang="fr">Accord du &lt;gérant&gt; : 3 fois</span>'
    assert FRENCH("Accord du gérant : 3 fois") == f"Accord du gérant{NBSP}: 3 fois"


async def test_a_refused_signal_and_a_reversal_are_told_in_the_readers_language(console: Console) -> None:
    said = {"on": NOW.date(), "at": NOW}
    refusal = "dispute: 1500.00 is more than is open, 1200.00."
    async with console.house.ledger.book(MARTIN) as book:
        book.append(e.SignalRefused(**said, id="r1", name="dispute", code="amount_invalid", reason=refusal))
        book.append(e.PaymentReceived(**said, id="p1", amount=Decimal(9), received_on=NOW.date()))
        book.append(e.PaymentReversed(**said, id="r2", payment="p1", amount=Decimal(9), reason="repris par la banque"))
        book.append(e.Noted(**said, id="r3", what="note", note="relance_1 est en cours"))
    async with console.browser("nadia") as nadia:
        french = (await nadia.get(f"/cases/{MARTIN}")).text
        await nadia.get("/language/en")
        english = (await nadia.get(f"/cases/{MARTIN}")).text
    assert "est plus que le principal ouvert, 1\u202f200,00." in french
    assert "1500.00 is more than the open principal, 1200.00." in english
    assert ("repris par la banque" in french, "taken back by the bank" in english) == (True, True)
    assert '<p class="reason">relance_1 est en cours</p>' in english


def test_no_sentence_tells_an_operator_what_to_type() -> None:
    codes = {*COMMANDS, *(code for answers in OUTCOMES.values() for code in answers)} - {"document", "note", "hold"}
    typed = re.compile(rf"\((?:{'|'.join(codes)})\)|\bdire (?:{'|'.join(codes)})\b|\w+_\w+|docs/")
    shown = [PLACE.sub("", said) for language in ("fr", "en") for said in catalogue(language).values()]
    assert [said for said in shown if typed.search(said)] == []


def test_whatever_a_scenario_decides_is_told_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[str] = set()

    def heard(*given: Any) -> Any:
        entered, case, decision = settle(*given)
        by_the_rules = {getattr(event, "because", None) or decision.because for event in entered}
        said.update({decision.because, *by_the_rules, *(task.summary for task in decision.tasks)})
        return entered, case, decision

    monkeypatch.setattr(scenarios, "settle", heard)
    for file in scenarios.FILES:
        scenarios.play(scenarios.read(file))
    words = {happening.get("reason") for file in scenarios.FILES for happening in scenarios.read(file).happens}
    assert len(said) > 100
    assert sorted(one for one in said - words if "<span" in ENGLISH(one)) == []


UNSEEN = {
    "explain.py", "cautions.py", "interruptions.py", "limitation.py", "terms.py", "rates.py", "precedence.py",
}  # fmt: skip
"""What a terminal or a letter alone shows: no page of the console does."""
FRENCH_WORDS = re.compile(
    r"[éèêàçùîôûœ]|\b(?:les?|la|[ldn]'|du?|des?|une?|est|pas|par|aux?|pour|sans|sur|dans|ne|en|il|elle|avocat)\b"
)
CITED = re.compile(r"[LR]?\d|Cass\. 2e|Décret|service-public\.fr")
"""An article, which is quoted in French on every page."""


def _said(file: Path) -> Iterator[str]:
    """What a module says, as a pattern: docstrings and what it raises left out."""
    silent: set[int] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        refusal = isinstance(node, ast.Raise) or getattr(getattr(node, "func", None), "id", "") == "Refused"
        spec = getattr(node, "format_spec", None)
        if refusal or spec or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            silent |= {id(one) for one in ast.walk(spec or node)}
        if id(node) in silent or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        silent |= {id(part) for part in getattr(node, "values", ())}
        parts = [str(part.value) for part in getattr(node, "values", [node]) if isinstance(part, ast.Constant)]
        text = "".join(parts).strip()
        if " " in text and FRENCH_WORDS.search(text) and not CITED.match(text) and "\\" not in text:
            yield ".*".join(map(re.escape, parts))


NAMED = ("label", "note")
SOURCES = [
    *(file for file in (HOUSE / "rules").glob("*.py") if file.name not in UNSEEN),
    *(file for file in (HOUSE / "rules/law").glob("*.py") if file.name not in UNSEEN),
    *(HOUSE / "intake/bank" / name for name in ("matching.py", "posting.py", "saying.py")),
    *(HOUSE / name for name in ("activities/clerk.py", "audit/timeline.py", "evidence/completeness.py")),
]


def test_whatever_the_source_can_say_has_its_english() -> None:
    known = [filled(said, 0) for said in catalogue("en")]
    unknown = {
        f"{file.name}: {said}"
        for file in SOURCES
        for said in _said(file)
        if not any(re.search(said, one, re.DOTALL) for one in known)
    }
    assert sorted(unknown) == []


@pytest.mark.parametrize("table", ["clock", "fee"])
def test_whatever_the_tables_call_by_a_name_has_its_english(table: str) -> None:
    rows = tomllib.loads((HOUSE / f"rules/law/tables/{table}.toml").read_text(encoding="utf-8"))
    told = {row.get(field) for kind in rows.values() if isinstance(kind, list) for row in kind for field in NAMED}
    assert len(told) > 10
    assert sorted(told - catalogue("en").keys() - {None}) == []
