"""Plans and settlements that meet other facts: money taken back, other terms, a manager's word, another agreement."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from rules import events as e
from rules.claim import Context, claimed_decompte, suable_decompte
from rules.compose import compose
from rules.decision import Send
from rules.policy import Policy
from rules.refusals import Refused
from tests.rules.samples import CLAIRE, after_reminder, fresh
from tests.rules.test_admission import tell
from tests.rules.test_found_by_the_laws import changed
from tests.rules.test_sums_in_doubt import guarded, sent, under
from tests.rules.test_tasks import kinds, the
from tests.scenarios import Play

AUTUMN, SPRING = datetime(2025, 11, 16, 12, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)


def settled(played: Play, amount: str = "600.00", pay_by: str = "2025-10-20") -> Play:
    tell(played, "settlement", amount=amount, pay_by=pay_by)
    return played


def go_on(played: Play) -> None:
    """A closed case goes on, as the door starts it."""
    fields = {"policy": "standard", "version": "1", "continues": True}
    played.own(e.CaseOpened, played.case.last_at, **fields)
    played.settle(played.case.last_at)


def planned(*parts: tuple[str, str], one: Policy | None = None, **fields: Any) -> Play:
    """The bakery's plan, agreed on 10 October 2025."""
    played = after_reminder() if one is None else under(one)
    tell(played, "payment_plan", instalments=[{"due_on": day, "amount": amount} for day, amount in parts], **fields)
    return played


def outcome_of(played: Play) -> str | None:
    return played.case.closed.outcome if played.case.closed is not None else None


HALVES = (("2025-11-03", "600.00"), ("2026-02-05", "600.00"))


def broken(**fields: Any) -> Play:
    """600 on 3 November was not paid; 600 more were agreed for 5 February."""
    return planned(*HALVES, **fields).until(AUTUMN)


def asked(played: Play) -> Decimal:
    """What the next letter asks for."""
    step, at = played.decision.step, played.decision.at
    assert isinstance(step, Send)
    assert at is not None
    return compose((played.case, step), (), played.context, at, message_id="<m>").items[0].asked


def test_a_settlement_paid_before_a_manager_grants_it_is_kept() -> None:
    played = settled(under(guarded()), "800.00")
    played.say("paid", amount="800.00", on="2025-10-15")
    assert outcome_of(played) is None
    tell(played, "task_done", task=the(played, "grant").id, outcome="granted", **CLAIRE)
    assert outcome_of(played) == "settled"


def test_what_was_paid_before_a_settlement_was_asked_for_is_no_part_of_it() -> None:
    played = under(guarded())
    tell(played, "paid", amount="300.00")
    settled(played, "600.00")
    tell(played, "task_done", task=the(played, "grant").id, outcome="granted", **CLAIRE)
    assert (played.case.settlement_base, played.case.closed) == (1, None)


def test_a_settlement_is_not_kept_on_money_that_was_taken_back() -> None:
    played = after_reminder()
    tell(played, "paid", amount="300.00", reference="P0")
    tell(settled(played), "paid", amount="600.00")
    assert outcome_of(played) == "settled"
    go_on(played)
    tell(played, "payment_reversed", reference="P0")
    assert outcome_of(played) is None
    task = the(played, "settlement_shaken")
    assert (task.owner, played.decision.claim.principal > 0) == ("manager", True)
    played.until(SPRING)
    assert len(sent(played)) == 2
    with pytest.raises(Refused, match="stands or void"):
        tell(played, "task_done", task=task.id)


@pytest.mark.parametrize(("ruling", "outcome"), [("stands", "settled"), ("void", None)])
def test_a_manager_says_whether_a_settlement_stands(ruling: str, outcome: str | None) -> None:
    played = after_reminder()
    tell(played, "paid", amount="300.00", reference="P0")
    settled(played)
    tell(played, "payment_reversed", reference="P0")
    tell(played, "paid", amount="600.00")
    assert outcome_of(played) is None
    tell(played, "task_done", task=the(played, "settlement_shaken").id, outcome=ruling)
    assert outcome_of(played) == outcome
    assert kinds(played) == []
    assert played.decision.suspended is None


@pytest.mark.parametrize("accessories", ["waive", "invoice", "pursue"])
def test_a_settlement_above_the_principal_is_kept_and_nothing_is_given_back(accessories: str) -> None:
    played = under(changed(accessories=accessories))
    tell(settled(played, "1220.00"), "paid", amount="1220.00")
    assert outcome_of(played) == "settled"
    assert kinds(played) == []
    assert played.decision.claim.total == 0


def test_what_is_paid_beyond_a_settlement_above_the_principal_is_given_back() -> None:
    played = after_reminder()
    tell(settled(played, "1220.00"), "paid", amount="1230.00")
    assert the(played, "refund").summary.startswith("trop-perçu de 10.00")


def test_a_settlement_within_the_tolerance_is_paid_all_the_same() -> None:
    played = under(changed(tolerance=Decimal("50.00")))
    settled(played, "40.00")
    assert outcome_of(played) is None
    tell(played, "paid", amount="40.00")
    assert outcome_of(played) == "settled"


@pytest.mark.parametrize("name", ["payment_plan", "handed_over"])
def test_a_settlement_ends_with_what_takes_its_place(name: str) -> None:
    parts = [{"due_on": "2025-10-20", "amount": "1000.00"}, {"due_on": "2025-11-20", "amount": "200.00"}]
    instead: dict[str, dict[str, Any]] = {
        "payment_plan": {"instalments": parts},
        "handed_over": {"to": "Me X", "role": "avocat"},
    }
    played = settled(after_reminder(), "1000.00", "2025-11-03")
    tell(played, name, **instead[name])
    played.say("paid", amount="1000.00", on="2025-10-20")
    assert played.case.settlement is None
    assert (played.case.closed, played.case.open_principal) == (None, Decimal("200.00"))


def test_a_settlement_takes_the_place_of_a_plan() -> None:
    played = settled(planned(*HALVES), "900.00", "2025-12-20")
    played.until(AUTUMN)
    assert (played.case.plan, len(sent(played))) == (None, 2)


def test_a_plan_does_not_ask_for_what_is_lawfully_withheld() -> None:
    played = planned(("2025-11-03", "600.00"), ("2025-11-05", "600.00"))
    tell(played, "retention", amount="300.00", until="2026-03-02")
    played.say("paid", amount="600.00", reference="a", on="2025-11-03")
    played.say("paid", amount="300.00", reference="b", on="2025-11-05")
    played.until(SPRING)
    assert "plan_missed" not in [event.kind for event in played.history]
    played.until(datetime(2026, 3, 12, tzinfo=UTC))
    missed = next(event for event in played.history if isinstance(event, e.PlanMissed))
    assert (missed.due_on, missed.missing) == (date(2026, 3, 2), Decimal("300.00"))
    assert sent(played)[-1] == "plan_missed_20260302"


def test_an_instalment_missed_anew_is_told_anew_before_the_plan_breaks() -> None:
    played = planned(*HALVES)
    played.say("paid", amount="600.00", reference="V", on="2025-11-10")
    assert sent(played)[-1] == "plan_missed_20251103"
    assert played.case.plan_missed is None
    played.say("payment_reversed", reference="V", on="2025-11-20")
    played.until(datetime(2025, 11, 25, tzinfo=UTC))
    assert sent(played)[-1] == "plan_missed_20251120"
    told = next(event for event in reversed(played.history) if isinstance(event, e.NoticeSent))
    played.until(datetime(2025, 12, 3, tzinfo=UTC))
    ended = next(event for event in played.history if isinstance(event, e.PlanBroken))
    assert (told.on, ended.on) == (date(2025, 11, 20), date(2025, 11, 30))


def test_a_plan_does_not_ask_for_what_is_disputed() -> None:
    played = planned(("2025-11-03", "600.00"), ("2025-11-05", "600.00"))
    tell(played, "dispute", amount="300.00", reason="abîmée")
    played.say("paid", amount="900.00", on="2025-11-03")
    played.until(SPRING)
    assert "plan_missed" not in [event.kind for event in played.history]
    played.say("dispute_settled", outcome="rejected", on="2025-11-20")
    assert played.case.plan_missed is not None
    assert played.case.plan_missed.missing == Decimal("300.00")


def test_a_sum_is_withheld_until_after_it_was_due() -> None:
    with pytest.raises(Refused, match="nothing is withheld until before it is due"):
        tell(fresh(), "retention", amount="300.00", until="2025-10-05")
    assert tell(fresh(), "retention", amount="300.00", until="2025-10-06")


def test_a_broken_plan_leaves_the_later_instalments_their_days() -> None:
    played = broken()
    assert played.case.plans_broken == 1
    assert asked(played) == Decimal("600.00")
    assert played.decision.claim.principal == Decimal("1200.00")
    day = date(2025, 12, 1)
    in_court = suable_decompte(played.case, played.context.creditor, played.context.tables, day)
    assert in_court.principal == claimed_decompte(played.case, played.context, day).principal == Decimal("600.00")
    played.until(datetime(2026, 2, 5, 12, tzinfo=UTC))
    assert played.case.due_principal(date(2026, 2, 5)) == Decimal("1200.00")


def test_what_a_broken_plan_still_leaves_begins_a_ladder_of_its_own() -> None:
    played = broken()
    played.say("paid", amount="600.00", on="2025-12-02")
    assert (played.case.passage, played.case.anchor_on) == (2, date(2026, 2, 5))
    before = len(sent(played))
    played.until(datetime(2026, 1, 25, tzinfo=UTC))
    assert len(sent(played)) == before
    played.until(datetime(2026, 2, 12, tzinfo=UTC))
    assert len(sent(played)) > before


def test_with_acceleration_the_whole_is_asked_at_once() -> None:
    assert asked(broken(acceleration=True)) == Decimal("1200.00")


def test_acceleration_takes_from_later_instalments_of_the_invoice_their_term() -> None:
    played = after_reminder()
    halves = [{"due_on": "2025-10-05", "amount": "600.00"}, {"due_on": "2026-06-05", "amount": "600.00"}]
    tell(played, "terms_changed", instalments=halves)
    parts = [{"due_on": "2025-11-03", "amount": "600.00"}, {"due_on": "2026-06-05", "amount": "600.00"}]
    tell(played, "payment_plan", instalments=parts, acceleration=True)
    played.until(AUTUMN)
    ended = next(event for event in played.history if isinstance(event, e.PlanBroken))
    assert [part.due_on for part in played.case.balances()] == [date(2025, 10, 5), ended.on]
    assert asked(played) == Decimal("1200.00")


def interest(context: Context, played: Play, day: date) -> Decimal:
    return claimed_decompte(played.case, context, day).interest


def test_a_plan_may_suspend_interest_until_it_ends() -> None:
    ran, stood = broken(acceleration=True), broken(acceleration=True, interest="suspended")
    until, ended = date(2025, 10, 9), next(x for x in stood.history if isinstance(x, e.PlanBroken)).on
    assert [line.to_on for line in claimed_decompte(stood.case, stood.context, ended).lines] == [until, ended]
    later = date(2025, 12, 31)
    apart = interest(ran.context, ran, later) - interest(stood.context, stood, later)
    days = (ended - until).days - 1
    assert apart == (Decimal(1200) * days * Decimal("0.1215") / 365).quantize(Decimal("0.01"))


@pytest.mark.parametrize("accessories", ["waive", "invoice"])
def test_a_kept_plan_may_waive_the_interest(accessories: str) -> None:
    played = planned(*HALVES, one=changed(accessories=accessories), interest="waived_if_kept")
    played.say("paid", amount="600.00", on="2025-11-03")
    assert played.decision.claim.interest + played.decision.claim.principal > Decimal("600.00")
    played.say("paid", amount="600.00", reference="b", on="2026-02-05")
    waived = next(event for event in played.history if isinstance(event, e.AccessoriesWaived))
    assert waived.interest + waived.remainder > 0
    assert played.case.closed is not None


def test_a_plan_that_waives_interest_is_refused_where_interest_is_pursued() -> None:
    with pytest.raises(Refused, match="leave interest out"):
        planned(*HALVES, one=changed(accessories="pursue"), interest="waived_if_kept")
