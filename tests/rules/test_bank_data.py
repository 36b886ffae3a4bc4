"""The bank's word: letters wait while it is too old, and a credit that may be the debtor's holds them."""

from datetime import date, timedelta
from typing import Any

import pytest

from rules.case import StepOutcome
from rules.decision import DebtorFacts
from tests.rules.samples import after_reminder, fresh
from tests.rules.test_admission import tell
from tests.scenarios import Play, policy

GUARDED = policy("standard").model_copy(update={"bank_data_max_age_days": 4})
PROPOSAL: dict[str, Any] = {"amount": "1200.00", "received_on": "2025-10-09", "reference": "VIR-1", "method": "bank"}


def guarded(known: date | None) -> Play:
    """The bakery's case on the day of its first relance, the bank's word known to that day."""
    played = Play.start(fresh().case.invoice, fresh().case.opened_at, GUARDED)
    played.context = played.context.model_copy(update={"debtor": DebtorFacts(bank_until=known)})
    played.until(played.case.opened_at + timedelta(days=365))
    return played


def pause_of(played: Play) -> str | None:
    return None if played.decision.suspended is None else played.decision.suspended.by


def kinds(played: Play) -> list[str]:
    return [task.kind for task in played.decision.tasks]


@pytest.mark.parametrize(("known", "says"), [(None, "aucun relevé"), (date(2025, 9, 1), "01/09/2025, plus de 4 jours")])
def test_a_letter_waits_for_the_bank_and_says_why(known: date | None, says: str) -> None:
    played = guarded(known)
    assert [s for s in played.case.steps if s.written] == []
    assert says in played.decision.because
    assert (played.decision.at, kinds(played)) == (None, ["bank_data"])


def test_the_letter_leaves_once_the_statement_came() -> None:
    played = guarded(None)
    now = played.decision.facts.now
    fresh_word = DebtorFacts(bank_until=played.decision.as_of - timedelta(days=4))
    played.context = played.context.model_copy(update={"debtor": fresh_word})
    played.act(now)
    assert [s.step for s in played.case.steps if s.outcome is StepOutcome.SENT][:1] != []
    assert "bank_data" not in kinds(played)


def test_without_the_guard_nobody_asks_for_a_statement() -> None:
    assert after_reminder().case.last_written is not None


def test_a_proposed_payment_holds_the_letters_until_it_is_confirmed() -> None:
    played = after_reminder()
    tell(played, "payment_proposed", **PROPOSAL)
    assert pause_of(played) == "hold"
    assert kinds(played) == ["payment_proposed"]
    assert "1200.00 EUR" in played.decision.tasks[0].summary
    tell(played, "paid", amount="500.00", received_on="2025-10-09", reference="VIR-1")
    assert pause_of(played) is None
    assert kinds(played) == []


def test_a_proposal_set_aside_lets_the_ladder_go_on_and_one_already_paid_is_none() -> None:
    played = after_reminder()
    (proposed,) = tell(played, "payment_proposed", **PROPOSAL)
    tell(played, "task_done", task=f"payment_proposed/{proposed.id}")
    assert pause_of(played) is None
    tell(played, "paid", amount="100.00", received_on="2025-10-09", reference="VIR-2")
    assert tell(played, "payment_proposed", **{**PROPOSAL, "reference": "VIR-2", "amount": "100.00"}) == ()


def test_two_transfers_under_one_reference_are_two_questions() -> None:
    played = after_reminder()
    tell(played, "payment_proposed", **{**PROPOSAL, "amount": "500.00"})
    tell(played, "payment_proposed", **{**PROPOSAL, "amount": "500.00", "received_on": "2025-10-10"})
    tell(played, "paid", amount="500.00", received_on="2025-10-10", reference="VIR-1")
    assert kinds(played) == ["payment_proposed"]
    tell(played, "paid", amount="500.00", received_on="2025-10-09", reference="VIR-1")
    assert kinds(played) == []
    again = {**PROPOSAL, "amount": "500.00", "received_on": "2025-10-11"}
    assert [event.kind for event in tell(played, "payment_proposed", **again)] == ["noted"]


def test_a_payment_of_the_proposed_sum_answers_the_proposal() -> None:
    played = after_reminder()
    tell(played, "payment_proposed", **{**PROPOSAL, "amount": "500.00"})
    tell(played, "paid", amount="1.00")
    assert pause_of(played) == "hold"
    tell(played, "paid", amount="500.00")
    assert (pause_of(played), kinds(played)) == (None, [])


def test_a_credit_proposed_again_after_the_bank_took_it_back_is_proposed() -> None:
    played = after_reminder()
    tell(played, "paid", amount="500.00", reference="V1")
    tell(played, "payment_reversed", reference="V1")
    tell(played, "payment_proposed", amount="500.00", reference="V1", received_on="2025-10-10")
    assert any(task.kind == "payment_proposed" for task in played.decision.tasks)
