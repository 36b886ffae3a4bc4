"""A mise en demeure that came back: only an address, given or confirmed, sends it again."""

from datetime import UTC, datetime

import pytest

from evidence.sentences import sentence
from rules import events as e
from rules.decision import Park
from tests.rules.samples import after_formal_notice
from tests.rules.test_admission import tell
from tests.rules.test_sums_in_doubt import sent
from tests.rules.test_tasks import kinds
from tests.scenarios import Play

ADDRESS = {"lines": ["4 rue de la Gare"], "postal_code": "69120", "city": "Vaulx-en-Velin"}
SAME = {"lines": ["12 rue des Lilas"], "postal_code": "69003", "city": "Lyon"}


def returned(cause: str) -> Play:
    played = after_formal_notice()
    tell(played, "letter_posted", step="mise_en_demeure")
    tell(played, "letter_returned", step="mise_en_demeure", cause=cause)
    return played


@pytest.mark.parametrize("cause", ["unknown_address", "incomplete_address", "deceased"])
def test_a_resume_sends_nothing_to_the_address_it_came_back_from(cause: str) -> None:
    played = returned(cause)
    tell(played, "resume")
    assert played.case.postal is None
    assert isinstance(played.decision.step, Park)
    assert kinds(played) == ["find_contact"]
    assert "revenue sans avoir atteint le débiteur" in played.decision.because
    played.until(datetime(2026, 6, 1, tzinfo=UTC))
    assert sent(played).count("mise_en_demeure") == 1


@pytest.mark.parametrize("address", [ADDRESS, SAME])
def test_an_address_given_or_confirmed_sends_it_again_once_it_is_approved_anew(address: dict[str, object]) -> None:
    played = returned("unknown_address")
    tell(played, "contact_changed", address=address)
    assert played.case.approved is None
    assert "approval_lapsed" not in [event.kind for event in played.history]
    while played.case.approval is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    tell(played, "approve", step="mise_en_demeure")
    while played.case.taken("mise_en_demeure") is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    assert sent(played).count("mise_en_demeure") == 2


def test_of_a_debtor_who_has_died_only_a_person_resumes() -> None:
    played = returned("deceased")
    tell(played, "contact_changed", address=ADDRESS)
    assert kinds(played) == ["check_address"]
    assert played.case.taken("mise_en_demeure") is not None
    tell(played, "resume")
    assert kinds(played) == ["approve"]


def test_the_chronology_says_of_a_withdrawal_no_more_than_is_true() -> None:
    played = returned("unknown_address")
    tell(played, "contact_changed", address=ADDRESS)
    (gone,) = [event for event in played.history if isinstance(event, e.LetterWithdrawn)]
    told = sentence(gone, "EUR")
    assert told.startswith("Retrait de la mise en demeure, motif\u00a0: revenue")
    assert "avant envoi" not in told
