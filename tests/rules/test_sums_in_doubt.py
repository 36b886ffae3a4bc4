"""Payments said twice, settlements, other due dates, sums withheld or set off, waivers that a manager grants."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules import events as e
from rules.policy import ApprovalAbove, Policy, Role
from rules.refusals import Refused
from tests.rules.samples import CLAIRE, after_formal_notice, after_reminder
from tests.rules.test_admission import tell
from tests.rules.test_tasks import kinds, the
from tests.scenarios import Play, policy


def sent(played: Play) -> list[str]:
    return [event.step for event in played.history if isinstance(event, e.NoticeSent)]


def told_by_the_bank(played: Play, amount: str = "600.00") -> None:
    tell(played, "paid", amount=amount, reference="VIR-1", method="virement", received_on="2025-10-09")


def guarded() -> Policy:
    above = ApprovalAbove(amount=Decimal(100), by=Role.MANAGER)
    return policy("standard").model_copy(update={"waiver_above": above})


def under(one: Policy) -> Play:
    played = after_reminder()
    played.context = played.context.model_copy(update={"policy": one})
    played.settle(played.case.last_at)
    return played


def test_the_same_payment_told_by_the_bank_and_by_the_platform_is_posted_once() -> None:
    played = after_reminder()
    told_by_the_bank(played)
    tell(played, "paid", amount="600.00", method="einvoice", received_on="2025-10-10")
    assert played.case.received == Decimal("600.00")
    assert kinds(played) == ["probable_duplicate"]
    played.until(datetime(2025, 12, 1, tzinfo=UTC))
    assert sent(played) == ["rappel", "relance_1"]


@pytest.mark.parametrize(("ruling", "received"), [("same", "600.00"), ("another", "1200.00")])
def test_a_person_rules_whether_a_payment_is_another_one(ruling: str, received: str) -> None:
    played = after_reminder()
    told_by_the_bank(played)
    tell(played, "paid", amount="600.00", method="einvoice", received_on="2025-10-10")
    with pytest.raises(Refused, match="same or another"):
        tell(played, "task_done", task=the(played, "probable_duplicate").id)
    tell(played, "task_done", task=the(played, "probable_duplicate").id, outcome=ruling)
    assert played.case.received == Decimal(received)
    assert played.case.payments_held == ()
    assert kinds(played) == []


def test_two_lines_of_one_bank_statement_are_two_payments() -> None:
    played = after_reminder()
    told_by_the_bank(played, "500.00")
    tell(played, "paid", amount="500.00", reference="VIR-2", method="virement", received_on="2025-10-09")
    assert played.case.received == Decimal("1000.00")


def test_the_last_payment_told_again_after_closure_is_no_excess() -> None:
    """The commonest case: the statement closes it, the platform's status 212 follows the next day."""
    played = after_reminder()
    told_by_the_bank(played, "1200.00")
    assert played.case.closed is not None
    tell(played, "paid", amount="1200.00", method="einvoice", received_on="2025-10-10")
    assert played.case.excess == 0
    assert kinds(played) == ["probable_duplicate"]


def test_a_settlement_paid_by_its_day_ends_the_case() -> None:
    played = after_reminder()
    tell(played, "settlement", amount="900.00", pay_by="2025-11-03")
    assert played.decision.suspended is not None
    assert f"{played.decision.suspended.until}" == "2025-11-03"
    played.until(datetime(2025, 11, 4, tzinfo=UTC))
    played.say("paid", amount="900.00", received_on="2025-11-03", on="2025-11-04")
    assert played.case.closed is not None
    assert played.case.closed.outcome == "settled"
    assert played.decision.claim.total == 0


def test_a_settlement_unpaid_by_its_day_leaves_the_whole_debt() -> None:
    played = after_reminder()
    tell(played, "settlement", amount="900.00", pay_by="2025-11-03")
    tell(played, "paid", amount="300.00")
    played.until(datetime(2025, 11, 7, tzinfo=UTC))
    assert played.case.settlement_lapsed
    assert played.case.open_principal == Decimal("900.00")
    assert sent(played)[-1] == "relance_2"


def test_a_settlement_of_all_that_is_owed_is_none() -> None:
    with pytest.raises(Refused, match="less than"):
        tell(after_reminder(), "settlement", amount="5000.00", pay_by="2025-11-03")


def test_another_due_date_takes_back_the_ladder_and_the_interest() -> None:
    played = after_reminder()
    tell(played, "terms_changed", due_on="2025-12-05", reason="interruption du délai")
    assert played.case.passage == 2
    assert played.decision.claim.interest == played.decision.claim.indemnity == 0
    played.until(datetime(2025, 12, 12, tzinfo=UTC))
    assert sent(played) == ["rappel", "relance_1", "rappel", "relance_1"]


def test_an_earlier_due_date_is_late_at_once() -> None:
    played = after_reminder()
    tell(played, "terms_changed", due_on="2025-09-20")
    assert f"{played.case.anchor_on}" == "2025-09-20"
    assert played.case.passage == 1


def test_other_terms_add_up_to_the_invoice() -> None:
    parts = [{"due_on": "2025-12-05", "amount": "600.00"}]
    with pytest.raises(Refused, match="add up"):
        tell(after_reminder(), "terms_changed", instalments=parts)


def test_a_mise_en_demeure_in_the_tray_is_taken_out_when_the_due_date_moves() -> None:
    played = after_formal_notice()
    tell(played, "terms_changed", due_on="2026-01-05")
    assert "letter_withdrawn" in [event.kind for event in played.history]


def test_a_sum_withheld_is_asked_for_on_its_own_day_only() -> None:
    played = after_reminder()
    tell(played, "retention", amount="60.00", until="2026-10-05")
    assert played.case.due_principal(date(2025, 11, 1)) == Decimal("1140.00")
    assert played.case.open_principal == Decimal("1200.00")
    tell(played, "paid", amount="1140.00")
    assert played.case.closed is None
    assert played.case.passage == 2
    assert f"{played.case.anchor_on}" == "2026-10-05"


@pytest.mark.parametrize(("ruling", "left"), [("accepted", "900.00"), ("rejected", "1200.00")])
def test_a_set_off_pays_once_a_person_accepts_it(ruling: str, left: str) -> None:
    played = after_reminder()
    tell(played, "offset", amount="300.00")
    assert played.decision.suspended is not None
    tell(played, "task_done", task=the(played, "offset").id, outcome=ruling)
    assert played.case.open_principal == Decimal(left)
    assert played.decision.suspended is None


def test_a_waiver_above_the_threshold_waits_for_a_manager() -> None:
    played = under(guarded())
    tell(played, "waive", principal="150.00")
    assert played.case.open_principal == Decimal("1200.00")
    assert (the(played, "grant").owner, played.decision.suspended is not None) == ("manager", True)
    tell(played, "task_done", task=the(played, "grant").id, outcome="granted", **CLAIRE)
    assert played.case.open_principal == Decimal("1050.00")
    assert kinds(played) == []


def test_a_waiver_that_a_manager_refuses_changes_nothing() -> None:
    played = under(guarded())
    tell(played, "waive", principal="150.00")
    with pytest.raises(Refused, match="nothing that resume could end"):
        tell(played, "resume")
    tell(played, "task_done", task=the(played, "grant").id, outcome="refused")
    assert (played.case.open_principal, played.decision.suspended) == (Decimal("1200.00"), None)


def test_a_small_waiver_takes_effect_at_once() -> None:
    played = under(guarded())
    tell(played, "waive", principal="50.00")
    assert played.case.open_principal == Decimal("1150.00")


def test_no_pause_ends_close_to_the_limitation_without_a_manager() -> None:
    played = after_reminder()
    tell(played, "hold", until="2030-08-01")
    assert played.case.hold is None
    assert the(played, "grant").owner == "manager"
    tell(played, "task_done", task=the(played, "grant").id, outcome="granted", **CLAIRE)
    assert played.case.hold is not None


def test_a_refund_that_was_made_leaves_the_task_list() -> None:
    played = after_reminder()
    tell(played, "paid", amount="1250.00")
    tell(played, "task_done", task=the(played, "refund").id)
    assert kinds(played) == []
    tell(played, "paid", amount="10.00")
    assert kinds(played) == ["refund"]


def test_three_small_waivers_are_one_large_one() -> None:
    played = under(guarded())
    for _ in range(3):
        tell(played, "waive", principal="90.00")
    assert played.case.open_principal == Decimal("1110.00")
    assert kinds(played) == ["grant", "grant"]
    assert {task.summary for task in played.decision.tasks} == {
        "waive à accorder : 180.00 EUR abandonnés, au-dessus de 100.00"
    }


def test_what_was_granted_says_who_granted_it_and_no_program_grants() -> None:
    played = under(guarded())
    tell(played, "waive", principal="150.00", by="anne", actor="operator", via="console")
    task = the(played, "grant").id
    with pytest.raises(Refused, match="a manager grants"):
        tell(played, "task_done", task=task, outcome="granted", by="api/erp", actor="billing", via="api")
    granted = tell(played, "task_done", task=task, outcome="granted", **CLAIRE)
    assert {(event.by, event.door) for event in granted} == {("claire", "console")}
    assert played.case.open_principal == Decimal("1050.00")


def test_a_payment_ruled_to_be_the_same_is_not_asked_about_again() -> None:
    played = after_reminder()
    told_by_the_bank(played)
    for expected in (["probable_duplicate"], []):
        tell(played, "paid", amount="600.00", method="einvoice", received_on="2025-10-10")
        assert kinds(played) == expected
        if expected:
            tell(played, "task_done", task=the(played, "probable_duplicate").id, outcome="same")
    assert played.case.received == Decimal("600.00")
