"""After the file was lodged: the clocks and the tasks of each stage, payments, costs and interest."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from rules import events as e
from rules.claim import claim_of, decompte_of
from rules.judicial import judgment_of
from rules.judicial_clocks import running
from rules.procedure import criteria
from tests.rules.test_judicial import OPENED, claim, kinds, lodged, refusals, to_the_file, with_title
from tests.scenarios import Play

WAY = (
    ("2026-05-04", {"event": "ordered", "principal": "12000.00"}),
    ("2026-05-18", {"event": "served", "served_to_person": True, "costs": "55.10"}),
    ("2026-06-22", {"event": "enforceable"}),
)


def at_stage(stages: int, **ordered: Any) -> Play:
    """An order asked for, then as many of: rendered, served to the person, enforceable."""
    its = lodged()
    for day, said in WAY[:stages]:
        its.say("judicial_event", on=day, **(said | (ordered if said["event"] == "ordered" else {})))
    return its


def sums(its: Play, on: date) -> Any:
    return claim_of(its.case, its.context.creditor, its.context.tables, on)


@pytest.mark.parametrize(
    ("stages", "day", "task"),
    [
        (0, "2026-04-20", "follow_court"),
        (1, "2026-05-10", "serve_order"),
        (2, "2026-06-19", "ask_certificate"),
        (2, "2026-06-19", "ask_title"),
        (3, "2026-06-25", "enforce"),
    ],
)
def test_each_stage_has_its_task(stages: int, day: str, task: str) -> None:
    its = at_stage(stages).until(datetime.fromisoformat(day).replace(tzinfo=UTC))
    assert task in kinds(its)


def test_an_order_that_is_not_served_is_told_ahead_and_then_alarms() -> None:
    """1411 CPC: six months for an order of May 2026."""
    its = at_stage(1).until(datetime(2026, 11, 6, tzinfo=UTC))
    near = [x for x in its.history if isinstance(x, e.DeadlineNear) and x.clock == "order_service"]
    assert [event.distance for event in near] == ["1m", "14d", "7d", "2d"]
    assert "order_lapsed" in kinds(its)
    its.say("judicial_event", on="2026-11-06", event="lapsed")
    assert its.case.file is None
    asked = [event.route for event in its.history if isinstance(event, e.ApprovalRequested) and event.route]
    assert len(asked) == 2


def test_the_greffe_is_paid_within_fifteen_days_of_the_requete() -> None:
    """1425 CPC: told ahead until the cost, the order or a person says that it was; asked again on an opposition."""
    its = lodged()
    its.until(datetime(2026, 4, 30, tzinfo=UTC))
    ahead = [(str(x.on), x.distance) for x in its.history if isinstance(x, e.DeadlineNear)]
    assert ahead == [("2026-04-14", "1m"), ("2026-04-15", "14d"), ("2026-04-22", "7d"), ("2026-04-27", "2d")]
    assert {"order_deposit", "follow_court"} == set(kinds(its))
    its.say("cost", on="2026-04-30", nature="court_fee", amount="30.23")
    assert kinds(its) == ["follow_court"]
    assert "order_deposit" not in kinds(at_stage(1))
    its = at_stage(2)
    its.say("judicial_event", on="2026-06-01", event="opposed")
    assert "opposition_deposit" in kinds(its)


@pytest.mark.parametrize(("day", "late"), [("2026-06-18", False), ("2026-06-19", True)])
def test_an_opposition_on_the_last_day_is_in_time_and_a_day_later_is_not(day: str, *, late: bool) -> None:
    """1416 CPC: served to the person on 18 May, open until 18 June at midnight."""
    its = at_stage(2)
    its.until(datetime(2026, 6, 19, 5, tzinfo=UTC))
    its.say("judicial_event", on=day, event="opposed")
    assert ("late_opposition" in kinds(its)) is late
    assert "opposition_deposit" in kinds(its)


@pytest.mark.parametrize(("stages", "event"), [(0, "ordered"), (2, "enforceable")])
def test_what_a_court_did_comes_in_its_order(stages: int, event: str) -> None:
    its = at_stage(stages)
    its.say("judicial_event", on="2026-04-13", event=event)
    assert f"{event} on 2026-04-13 is before" in refusals(its)[-1]


def test_an_opposition_leads_to_a_hearing_that_has_its_task_and_alerts() -> None:
    its = at_stage(2)
    its.say("judicial_event", on="2026-06-01", event="opposed", hearing_on="2026-09-10")
    assert "hearing" in kinds(its)
    its.until(datetime(2026, 9, 9, tzinfo=UTC))
    told = [event.distance for event in its.history if isinstance(event, e.DeadlineNear) and event.clock == "hearing"]
    assert told == ["1m", "14d", "7d", "2d"]


def test_the_days_of_a_summons_bind_the_merits_and_are_only_prudence_for_a_refere() -> None:
    """856 and 857 CPC."""
    for way, law in (("assignation", True), ("refere_provision", False)):
        its = to_the_file()
        its.say("approve", on="2026-04-10", step="dossier_judiciaire", procedure=way)
        its.until(datetime(2026, 4, 11, tzinfo=UTC))
        its.say("judicial_event", on="2026-04-14", event="hearing", hearing_on="2026-06-09")
        summons = [one for one in running(its.case, its.context) if one.name.startswith("summons")]
        assert [str(one.last_day) for one in summons] == ["2026-05-25", "2026-06-01"]
        assert [one.article != "–" for one in summons] == [law, law]
        assert [one.single_source for one in summons] == [not law, not law]


def test_a_refere_is_enforceable_by_the_service_of_its_decision_and_not_of_its_assignation() -> None:
    """L313-3 CMF: the two months run from the enforceable decision, never from before it was rendered."""
    its = to_the_file()
    its.say("approve", on="2026-04-10", step="dossier_judiciaire", procedure="refere_provision")
    its.until(datetime(2026, 4, 11, tzinfo=UTC))
    for day, event in (("2026-04-20", "served"), ("2026-04-24", "filed"), ("2026-06-16", "ordered")):
        its.say("judicial_event", on=day, event=event)
    judged = judgment_of(its.case, date(2026, 6, 20))
    assert (judged and judged.enforceable_on, kinds(its)) == (None, ["serve_decision"])
    its.say("judicial_event", on="2026-06-22", event="served")
    judged = judgment_of(its.case, date(2026, 6, 30))
    assert judged is not None
    assert judged.enforceable_on == date(2026, 6, 22)
    clocks = [(one.name, str(one.last_day)) for one in running(its.case, its.context)]
    assert (clocks, kinds(its)) == ([("majoration", "2026-08-22"), ("title", "2036-06-22")], ["enforce"])


def test_a_part_granted_leaves_the_choice_of_1409() -> None:
    assert "partial_order" in kinds(at_stage(1, principal="9000.00"))
    assert "partial_order" not in kinds(at_stage(1))


@pytest.mark.parametrize(
    ("stages", "left"),
    [
        (0, ["stop_procedure"]),
        (1, ["stop_procedure"]),
        (2, ["stop_procedure", "recover_costs"]),
        (3, ["stop_procedure", "recover_costs"]),
    ],
)
def test_a_payment_stops_everything_at_any_stage(stages: int, left: list[str]) -> None:
    its = at_stage(stages)
    its.say("paid", on="2026-07-01", amount="12000.00", reference="V")
    assert its.case.closed is not None
    assert (its.decision.moment, kinds(its)) == (None, left)


def test_a_part_payment_after_lodging_lowers_what_is_owed_and_stops_nothing() -> None:
    its = at_stage(1)
    its.say("paid", on="2026-05-10", amount="2000.00", reference="V")
    assert its.case.closed is None
    assert "serve_order" in kinds(its)
    assert sums(its, date(2026, 5, 11)).principal < Decimal("12000.00")


def test_costs_enter_the_claim_as_the_law_allows_and_no_sooner() -> None:
    """L111-8 CPCE: those of the procedure once a decision grants them, an agency's commission never."""
    its = at_stage(0)
    its.say("cost", on="2026-04-14", nature="court_fee", amount="30.23")
    its.say("cost", on="2026-04-15", nature="agency", amount="500.00")
    assert sums(its, date(2026, 4, 20)).costs == 0
    for day, said in WAY:
        its.say("judicial_event", on=day, **said)
    assert sums(its, date(2026, 6, 25)).costs == Decimal("85.33")


def test_interest_after_the_title_runs_at_the_rate_of_the_judgment() -> None:
    """1231-7 C. civ. and L313-3 CMF, line by line of the décompte."""
    its = with_title()
    drawn = decompte_of(its.case, its.context.creditor, its.context.tables, date(2026, 10, 1))
    articles = [line.article for line in drawn.lines if line.from_on > date(2026, 5, 4)]
    assert articles
    assert all("1231-7" in article or "L313-3" in article for article in articles)
    assert any("L313-3" in article for article in articles)


@pytest.mark.parametrize(
    ("name", "payload", "fails"),
    [
        ("note", {"note": "rien"}, None),
        ("dispute", {"written": True}, "certain"),
        ("insolvency", {"procedure": "liquidation", "opened_on": "2026-04-09"}, "solvent"),
        ("letter_returned", {"step": "mise_en_demeure", "cause": "unknown_address"}, "address"),
        ("credit_note", {"number": "AV-1", "amount": "12000.00"}, "due"),
    ],
)
def test_each_condition_of_a_judicial_recovery_is_met_or_not(
    name: str, payload: dict[str, Any], fails: str | None
) -> None:
    its = to_the_file()
    its.say(name, on="2026-04-10", **payload)
    drawn = decompte_of(its.case, its.context.creditor, its.context.tables, date(2026, 4, 10))
    found = {one.name: one.met for one in criteria(its.case, its.context, drawn, date(2026, 4, 10))}
    assert set(found) == {"certain", "liquid", "due", "in_time", "solvent", "address", "formal_notice"}
    assert all(found.values()) is (fails is None)
    assert fails is None or not found[fails]


def test_a_claim_near_its_limitation_is_told_so() -> None:
    old = claim().model_copy(update={"issued_on": date(2021, 5, 20), "due_on": date(2021, 6, 19)})
    its = Play.start(old, OPENED)
    drawn = decompte_of(its.case, its.context.creditor, its.context.tables, date(2026, 4, 10))
    found = {one.name: one for one in criteria(its.case, its.context, drawn, date(2026, 4, 10))}
    assert not found["in_time"].met
    assert not found["formal_notice"].met


def test_a_file_that_is_declined_waits_for_a_person() -> None:
    its = to_the_file()
    its.say("decline", on="2026-04-10", step="dossier_judiciaire", reason="client historique")
    assert "decide" in kinds(its)
    assert its.case.file is None
    its.say("recall", on="2026-04-11")
    assert "no file waits" in refusals(its)[-1]


def test_a_case_that_stands_is_never_left_with_an_unrelated_task_alone() -> None:
    its = with_title()
    (enforce,) = [task for task in its.decision.tasks if task.kind == "enforce"]
    its.say("task_done", on="2026-06-23", task=enforce.id)
    its.until(datetime(2026, 8, 25, tzinfo=UTC))
    assert kinds(its) == ["decide"]
    its.say("paid", on="2026-08-26", amount="-1")
    assert sorted(kinds(its)) == ["decide", "signal_refused"]
    its.say("hold", on="2026-08-27", until="2026-12-01")
    assert "decide" not in kinds(its)
