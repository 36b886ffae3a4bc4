"""The words of the chronology: every event has its sentence, cleaned, in French typography, in Paris time."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from evidence.sentences import LONGEST, sentence
from evidence.wording import actor, hour, local_day, of_step, step_name
from letters.typography import plain_spaces
from rules import events as e
from rules.invoice import Instalment

DAY = date(2026, 3, 5)
KINDS = get_args(get_args(e.AnyEvent)[0])
SAMPLES: dict[str, Any] = {
    "amount": "100.00",
    "missing": "100.00",
    "principal": "900.00",
    "claim": "950.00",
    "instalments": (Instalment(due_on=DAY, amount=Decimal("100.00")),),
    "outcome": "partial",
    "passage": 1,
    "details": {},
    "continues": False,
}


def _event(kind: type[BaseModel], **more: Any) -> e.Event:
    """An event of a kind, its required fields filled."""
    values: dict[str, Any] = {"id": "x", "on": DAY, "at": datetime(2026, 3, 5, 9, 5, tzinfo=UTC)}
    for name, field in kind.model_fields.items():
        if name in values or not field.is_required():
            continue
        values[name] = SAMPLES.get(name, DAY if field.annotation is date else "mise_en_demeure")
    made = kind.model_validate(values | more)
    assert isinstance(made, e.Event)
    return made


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_has_a_sentence_of_its_own(kind: type[BaseModel]) -> None:
    told = sentence(_event(kind), "EUR")

    assert told[0].isupper()
    assert "Événement" not in told
    assert "None" not in told
    assert "_" not in told.replace("mise_en_demeure", "")


def test_an_event_of_a_later_release_is_told_by_its_name() -> None:
    later = e.Event(kind="crypto_seized", id="x", on=DAY, at=datetime(2026, 3, 5, tzinfo=UTC))

    assert plain_spaces(sentence(later, "EUR")) == "Événement « crypto_seized »"


def test_a_free_text_is_one_line_and_not_endless() -> None:
    told = sentence(_event(e.DisputeOpened, reason="ligne\u2028deux\r\n\u202egauche " + "mot " * 900), "EUR")

    assert "\n" not in told
    assert "\u202e" not in told
    assert told.endswith("mot …")
    assert len(told) <= LONGEST + 2


def test_amounts_bear_the_currency_of_the_invoice() -> None:
    assert plain_spaces(sentence(_event(e.PaymentReceived, amount="1234.50"), "CHF")) == "Paiement de 1 234,50 CHF reçu"


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        (e.DisputeOpened, {"written": True}, "Contestation du débiteur par écrit pour le tout"),
        (e.DisputeSettled, {"credit": "10.00"}, "Contestation acceptée en partie par le créancier, 10,00 € abandonnés"),
        (e.CaseOpened, {"continues": True}, "Réouverture du dossier de recouvrement (politique « mise_en_demeure »)"),
        (e.LetterReturned, {"cause": "unclaimed", "step": "mise_en_demeure"}, "pli avisé et non réclamé"),
        (e.AccessoriesWaived, {"interest": "3.10"}, "Abandon par le créancier : intérêts 3,10 €"),
        (e.PromiseMade, {"announced": True, "amount": "5.00"}, "Paiement annoncé de 5,00 € pour le 05/03/2026"),
        (e.ContactChanged, {"email": "a@b.c", "phone": "1"}, "(courriel, téléphone)"),
        (e.CaseClosed, {"outcome": "paid", "after_closure": True}, "payé, après la clôture du dossier"),
        (e.Noted, {"what": "note", "note": "vu M. X"}, "Note au dossier : vu M. X"),
        (e.HoldPlaced, {"until": "2026-04-01", "note": "congés"}, "jusqu’au 01/04/2026. Note : congés"),
        (e.NoticeSent, {"channel": "email", "copies": ["letter"], "crossed": True}, "copie par lettre simple"),
    ],
)
def test_what_matters_is_said(kind: type[BaseModel], fields: dict[str, Any], said: str) -> None:
    assert said in plain_spaces(sentence(_event(kind, **fields), "EUR"))


def test_hours_are_those_of_paris_on_both_sides_of_summer_time() -> None:
    assert plain_spaces(hour(datetime(2026, 3, 28, 8, 5, tzinfo=UTC))) == "9 h 05"
    assert plain_spaces(hour(datetime(2026, 3, 29, 8, 5, tzinfo=UTC))) == "10 h 05"
    assert local_day(datetime(2026, 3, 5, 23, 30, tzinfo=UTC)) == date(2026, 3, 6)


@pytest.mark.parametrize(
    ("by", "door", "said"),
    [
        ("Claire", "console", "Claire (console)"),
        ("Claire", None, "Claire"),
        (None, "api", "auteur non précisé (API)"),
        (None, None, "Relance"),
        (None, "fax", "auteur non précisé (fax)"),
    ],
)
def test_who_said_so_is_shown(by: str | None, door: str | None, said: str) -> None:
    assert actor(by, door) == said


def test_a_creditors_own_step_keeps_its_name() -> None:
    assert step_name("avis_ferme") == "Avis ferme"
    assert of_step("avis_ferme") == "du courrier « Avis ferme »"
    assert of_step("mise_en_demeure") == "de la mise en demeure"
