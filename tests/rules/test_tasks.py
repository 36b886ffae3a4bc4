"""Each kind of task appears with its cause and goes with it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from rules import events as e
from rules.decision import Task
from rules.refusals import Refused
from tests.rules.samples import after_formal_notice, after_reminder, at_approval, closed_paid
from tests.rules.test_admission import tell
from tests.scenarios import Play


def kinds(played: Play) -> list[str]:
    return [task.kind for task in played.decision.tasks]


def the(played: Play, kind: str) -> Task:
    (task,) = [task for task in played.decision.tasks if task.kind == kind]
    return task


@pytest.mark.parametrize(
    ("name", "payload", "kind", "ends", "its"),
    [
        ("dispute", {}, "answer_dispute", "dispute_settled", {"outcome": "rejected"}),
        ("debtor_replied", {}, "code_reply", "promise", {"pay_on": "2025-10-20"}),
        ("hold", {}, "review_hold", "resume", {}),
        ("hold", {}, "review_hold", "hold", {"until": "2025-10-20"}),
        ("plan_requested", {}, "plan_requested", "resume", {}),
        ("terms_changed", {"reason": "à préciser"}, "terms_changed", "terms_changed", {"due_on": "2025-12-01"}),
        ("debtor_status", {"status": "deceased"}, "debtor_status", "resume", {}),
        ("offset", {"amount": "10.00"}, "offset", "resume", {}),
        ("retention", {"amount": "10.00"}, "retention", "resume", {}),
        ("notice_bounced", {"message_id": "<1/relance_1>"}, "fix_contact", "contact_changed", {"email": "b@m.example"}),
        ("paid", {"amount": "1250.00", "reference": "V"}, "refund", "payment_reversed", {"reference": "V"}),
    ],
)
def test_a_task_comes_and_goes_with_its_cause(
    name: str, payload: dict[str, Any], kind: str, ends: str, its: dict[str, Any]
) -> None:
    played = after_reminder()
    assert kinds(played) == []
    tell(played, name, **payload)
    assert kind in kinds(played)
    if played.case.closed is None:
        tell(played, ends, **its)
        assert kind not in kinds(played)


def test_an_insolvency_asks_for_the_declaration_within_two_months_of_its_publication() -> None:
    played = after_reminder()
    tell(played, "insolvency", procedure="liquidation", opened_on="2025-10-01", published_on="2025-10-08")
    assert f"{the(played, 'declare_claim').due_on}" == "2025-12-08"
    tell(played, "paid")
    assert kinds(played) == []


def test_an_approval_is_asked_of_its_role_until_it_is_given() -> None:
    played = at_approval()
    assert the(played, "approve").owner == "operator"
    tell(played, "approve", step="mise_en_demeure")
    assert "approve" not in kinds(played)


def test_an_approval_that_nobody_gives_goes_to_a_manager() -> None:
    played = at_approval()
    lapses = played.decision.moment
    assert lapses is not None
    played.act(lapses)
    while played.case.approval is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    assert the(played, "approve").owner == "manager"


def test_a_declined_step_waits_for_a_decision() -> None:
    played = at_approval()
    tell(played, "decline", step="mise_en_demeure")
    assert "decide" in kinds(played)
    tell(played, "resume")
    assert "decide" not in kinds(played)


def test_a_letter_in_the_tray_is_to_be_posted() -> None:
    played = after_formal_notice()
    assert kinds(played) == ["post_letter"]
    tell(played, "letter_posted", step="mise_en_demeure")
    assert kinds(played) == []


def test_a_letter_that_came_back_asks_for_an_address() -> None:
    played = after_formal_notice()
    tell(played, "letter_returned", step="mise_en_demeure", cause="unknown_address")
    assert "check_address" in kinds(played)
    tell(played, "contact_changed", phone="0400000000")
    assert "check_address" in kinds(played)
    address = {"lines": ["2 quai"], "postal_code": "69002", "city": "Lyon"}
    tell(played, "contact_changed", address=address)
    assert "check_address" not in kinds(played)


def test_a_call_is_asked_for_until_it_is_made_or_lapses() -> None:
    played = after_reminder()
    while played.case.call is None and played.decision.moment is not None:
        played.act(played.decision.moment)
    task = the(played, "call")
    with pytest.raises(Refused, match="no open task"):
        tell(played, "task_done", task="call/another")
    assert "call" in kinds(played)
    tell(played, "task_done", task=task.id, outcome="joined")
    assert "call" not in kinds(played)


def test_a_letter_the_world_refused_is_looked_at() -> None:
    played = after_reminder()
    fields = {"step": "relance_2", "passage": 1, "channel": "email"}
    played.own(e.NoticeFailed, played.decision.facts.now, **fields, because="554 spam")
    played.settle(played.decision.facts.now)
    tell(played, "task_done", task=the(played, "notice_failed").id)
    assert kinds(played) == []


def test_an_act_that_gave_up_is_looked_at() -> None:
    played = after_reminder()
    played.own(e.ActGaveUp, played.decision.facts.now, step="relance_2", passage=1)
    played.settle(played.decision.facts.now)
    assert kinds(played) == ["act_gave_up"]


def test_a_refused_signal_is_looked_at_and_put_away_alone() -> None:
    played = after_reminder()
    for place in (1, 11):
        fields = {"name": "payed", "code": "unknown_event", "id": f"{place}"}
        played.enter(e.SignalRefused.model_validate({"on": "2025-10-10", "at": played.case.last_at, **fields}))
    played.settle(played.decision.facts.now)
    assert kinds(played) == ["signal_refused", "signal_refused"]
    tell(played, "task_done", task="signal_refused/11")
    assert [task.id for task in played.decision.tasks] == ["signal_refused/1"]


def test_without_an_address_a_contact_is_to_be_found() -> None:
    played = after_reminder()
    nowhere = {"lines": [], "postal_code": "", "city": ""}
    tell(played, "contact_changed", address=nowhere)
    tell(played, "notice_bounced", message_id="<1/relance_1>")
    assert played.decision.step.kind == "park"
    assert "find_contact" in kinds(played)
    tell(played, "contact_changed", email="neuve@martin.example")
    assert kinds(played) == []


def test_a_missed_instalment_is_told_and_then_the_broken_plan() -> None:
    played = after_reminder()
    parts = [{"due_on": "2025-10-20", "amount": "600.00"}, {"due_on": "2025-12-20", "amount": "600.00"}]
    tell(played, "payment_plan", instalments=parts)
    assert kinds(played) == []
    played.until(datetime(2025, 10, 24, 12, tzinfo=UTC))
    assert "plan_missed" in kinds(played)
    tell(played, "paid", amount="600.00")
    assert "plan_missed" not in kinds(played)
    played.until(datetime(2026, 1, 20, tzinfo=UTC))
    assert "plan_broken" in kinds(played)


def test_a_closed_case_has_only_what_reached_it_late() -> None:
    played = closed_paid()
    assert kinds(played) == []
    tell(played, "dispute")
    assert kinds(played) == ["dispute"]


def test_what_any_operator_could_do_is_for_the_one_who_looks_after_the_case() -> None:
    played = at_approval()
    tell(played, "hold")
    assert (the(played, "review_hold").owner, the(played, "approve").owner) == ("operator", "operator")
    tell(played, "owner", owner="ZB")
    assert (the(played, "review_hold").owner, the(played, "approve").owner) == ("ZB", "ZB")


def test_a_rung_names_who_does_what_it_asks_for() -> None:
    played = after_formal_notice()
    rungs = tuple(rung.model_copy(update={"owner": "accueil"}) for rung in played.context.policy.rung)
    played.context = played.context.model_copy(
        update={"policy": played.context.policy.model_copy(update={"rung": rungs})}
    )
    played.settle(played.case.last_at)
    assert the(played, "post_letter").owner == "accueil"
