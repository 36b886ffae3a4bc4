"""Calls and text messages: a task with coded outcomes, each with its effect."""

from datetime import UTC, datetime

import pytest

from rules.case import StepOutcome
from rules.policy import Policy
from rules.policy_file import parse_policy
from rules.refusals import Refused
from tests.rules.samples import fresh
from tests.rules.test_admission import tell
from tests.scenarios import HOUSE, Play, policy


def at_call(one: Policy | None = None) -> Play:
    """The bakery's case on the day its call task is open."""
    played = fresh() if one is None else Play.start(fresh().case.invoice, fresh().case.opened_at, one)
    while played.case.call is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    assert played.case.call is not None
    return played


def texting() -> Policy:
    """The standard ladder with a text message in the place of the call."""
    text = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8")
    return parse_policy(text.replace('channel = ["call"]', 'channel = ["sms"]'), file="sms.toml")


def outcome_of(played: Play) -> StepOutcome | None:
    taken = played.case.taken("appel")
    return None if taken is None else taken.outcome


def phone_of(played: Play) -> str | None:
    return played.case.phone


def kinds(played: Play) -> list[str]:
    return [task.kind for task in played.decision.tasks]


def test_a_promise_by_telephone_pauses_until_its_day_and_grace() -> None:
    played = at_call()
    day = played.decision.as_of
    tell(played, "call_outcome", outcome="promise", pay_on=str(day))
    assert played.decision.suspended is not None
    assert played.decision.suspended.by == "promise"
    assert kinds(played) == []
    assert [event.kind for event in played.history[-2:]] == ["call_ended", "promise_made"]
    assert played.case.promises_made == 1


def test_a_dispute_by_telephone_pauses_and_asks_for_an_answer() -> None:
    played = at_call()
    tell(played, "call_outcome", outcome="dispute", reason="marchandise abîmée", category="quality")
    assert played.decision.suspended is not None
    assert played.decision.suspended.by == "dispute"
    assert kinds(played) == ["answer_dispute"]


def test_a_payment_on_its_way_gets_five_banking_days_and_is_no_promise() -> None:
    played = at_call()
    tell(played, "call_outcome", outcome="payment_announced")
    assert played.decision.suspended is not None
    assert played.decision.suspended.by == "promise"
    assert played.case.promises_made == 0


def test_nobody_answers_once_and_the_call_is_tried_again_the_next_business_day() -> None:
    played = at_call()
    (before,) = played.decision.tasks
    tell(played, "call_outcome", outcome="no_answer", id="n1")
    (task,) = played.decision.tasks
    assert (task.id, task.kind) == (before.id, "call")
    assert "essai n° 2" in task.summary
    assert task.due_on > played.decision.as_of
    tell(played, "call_outcome", outcome="no_answer", id="n2")
    taken = played.case.taken("appel")
    assert taken is not None
    assert taken.outcome is StepOutcome.LAPSED
    assert kinds(played) == []
    assert played.decision.name == "derniere_relance"


def test_a_policy_may_give_one_attempt_only() -> None:
    played = at_call(policy("standard").model_copy(update={"call_attempts": 1}))
    tell(played, "call_outcome", outcome="no_answer")
    assert played.case.call is None
    assert kinds(played) == []


def test_a_wrong_number_marks_the_telephone_until_another_is_known() -> None:
    played = at_call()
    tell(played, "contact_changed", phone="+33472000000", id="c1")
    assert phone_of(played) == "+33472000000"
    tell(played, "call_outcome", outcome="wrong_number")
    assert phone_of(played) is None
    assert kinds(played) == ["fix_phone"]
    assert outcome_of(played) is StepOutcome.FAILED
    tell(played, "contact_changed", phone="+33472999999", id="c2")
    assert phone_of(played) == "+33472999999"
    assert kinds(played) == []


@pytest.mark.parametrize("outcome", ["reached", "message_left"])
def test_a_call_that_agreed_nothing_ends_the_task_and_the_ladder_goes_on(outcome: str) -> None:
    played = at_call()
    tell(played, "call_outcome", outcome=outcome)
    assert kinds(played) == []
    assert played.decision.suspended is None
    taken = played.case.taken("appel")
    assert taken is not None
    assert taken.outcome is StepOutcome.CALLED


def test_a_text_message_is_a_task_with_the_text_to_send() -> None:
    played = at_call(texting())
    assert kinds(played) == ["sms"]
    assert played.decision.tasks[0].summary.startswith("envoyer un SMS")
    taken = played.case.taken("appel")
    assert taken is not None
    assert taken.channel == "sms"
    tell(played, "call_outcome", outcome="sent")
    assert kinds(played) == []


def test_an_outcome_without_a_call_is_refused_with_what_to_say_instead() -> None:
    with pytest.raises(Refused, match="say promise, dispute or note directly"):
        tell(fresh(), "call_outcome", outcome="reached")


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"outcome": "promise"}, "pay_on"),
        ({"outcome": "reached", "pay_on": "2025-11-20"}, "pay_on"),
        ({"outcome": "reached", "reason": "x"}, "reason and category"),
        ({"outcome": "no_answer", "amount": "10.00"}, "amount goes with"),
        ({"outcome": "hung_up"}, "outcome"),
    ],
)
def test_fields_that_do_not_fit_the_outcome_are_refused(payload: dict[str, str], why: str) -> None:
    with pytest.raises(Refused, match=why):
        tell(at_call(), "call_outcome", **payload)


def test_a_call_that_nobody_makes_lapses_after_its_last_attempt_too() -> None:
    played = at_call()
    tell(played, "call_outcome", outcome="no_answer")
    played.until(datetime(2026, 1, 31, tzinfo=UTC))
    taken = played.case.taken("appel")
    assert taken is not None
    assert taken.outcome is StepOutcome.LAPSED
