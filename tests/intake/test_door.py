"""The door: a start twice is one case, refusals are the case's own words, closed cases are told another way."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from intake.answers import NotNow, Start
from intake.door import Door, summary
from intake.importing import IN_FLIGHT, Tally, import_lines
from intake.lines import Accepted, Credited, Line, Rejected
from rules.case import Stage
from rules.invoice import Instalment, InvoiceIssued
from rules.refusals import Code, Refused
from rules.view import CaseView
from tests.intake.files import invoice
from workflows import contracts

CASE = "invoice/acme/F-1"
VIEW = CaseView(id=CASE, stage="amicable", currency="EUR")


def issued(number: str = "F-1") -> InvoiceIssued:
    return InvoiceIssued.model_validate(invoice(number=number, due_on="2026-02-04"))


@dataclass
class FakeShelf:
    """What the ledger knows: the stage of each case."""

    stages: dict[str, Stage] = field(default_factory=dict)

    async def row(self, case_id: str) -> Any:
        return SimpleNamespace(stage=self.stages[case_id], due_on=date(2026, 2, 4)) if case_id in self.stages else None

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        return issued() if case_id in self.stages else None

    async def schedule_of(self, case_id: str) -> tuple[Instalment, ...]:
        return issued().schedule if case_id in self.stages else ()

    async def view(self, case_id: str) -> CaseView | None:
        return VIEW if case_id in self.stages else None


@dataclass
class FakeClient:
    """An engine that remembers its calls and fails as it is told."""

    running: set[str] = field(default_factory=set)
    failure: Exception | None = None
    answer: contracts.Answer | None = None
    calls: list[tuple[str, Any, dict[str, Any]]] = field(default_factory=list)

    async def start_workflow(self, name: str, *, args: list[Any], **options: Any) -> Any:
        self.calls.append((name, args[0] if len(args) == 1 else args, options))
        if self.failure is not None:
            raise self.failure
        fresh = options["id"] not in self.running
        self.running.add(options["id"])
        return SimpleNamespace(_start_workflow_response=SimpleNamespace(started=fresh))

    def get_workflow_handle(self, case_id: str) -> Any:
        async def execute_update(name: str, body: Any, **options: Any) -> CaseView:
            self.calls.append((name, body, {**options, "case": case_id}))
            if self.failure is not None:
                raise self.failure
            return VIEW

        async def signal(name: str) -> None:
            self.calls.append((name, None, {"case": case_id}))
            if self.failure is not None:
                raise self.failure

        return SimpleNamespace(execute_update=execute_update, signal=signal)

    async def execute_activity(self, name: str, arg: Any, **options: Any) -> Any:
        self.calls.append((name, arg, options))
        return self.answer or contracts.Answer(since=0, position=1)

    async def execute_update_with_start_workflow(self, name: str, body: Any, **options: Any) -> CaseView:
        self.calls.append((name, body, options))
        return VIEW


def door(client: FakeClient, stage: Stage | None = None) -> Door:
    """A door to a ledger that has the case at that stage, or not at all."""
    return Door(client, FakeShelf({} if stage is None else {CASE: stage}))  # type: ignore[arg-type]


def rpc(status: RPCStatusCode) -> RPCError:
    return RPCError("away", status, b"")


async def test_a_start_names_the_case_and_shows_nothing_personal() -> None:
    client = FakeClient()
    assert await door(client).start(issued()) is Start.ACCEPTED
    ((name, arg, options),) = client.calls
    assert (name, options["id"], options["task_queue"]) == ("InvoiceRecovery", CASE, "recovery")
    assert arg == issued()
    seen = f"{options['static_summary']} {options['static_details']} {options['search_attributes']}"
    assert "Martin" not in seen
    assert "C-104" in seen


async def test_a_start_twice_is_one_case() -> None:
    client = FakeClient()
    assert await door(client).start(issued()) is Start.ACCEPTED
    assert await door(client).start(issued()) is Start.ALREADY_KNOWN


async def test_a_case_that_the_ledger_knows_is_not_started() -> None:
    client = FakeClient()
    assert await door(client, Stage.CLOSED).start(issued()) is Start.ALREADY_KNOWN
    assert client.calls == []


async def test_an_invoice_announced_again_with_another_due_date_says_so_once() -> None:
    client = FakeClient()
    later = issued().model_copy(update={"due_on": date(2026, 3, 15)})
    assert await door(client, Stage.AMICABLE).start(later) is Start.TERMS_CHANGED
    assert await door(client, Stage.AMICABLE).start(later) is Start.TERMS_CHANGED
    (first, again) = client.calls
    assert first[1] == {
        "kind": "terms_changed",
        "due_on": "2026-03-15",
        "reason": "nouvel import : échéance du 04/02/2026 devient échéance du 15/03/2026",
    }
    assert first[2]["id"] == again[2]["id"]  # the engine hears one update id once


async def test_the_same_terms_or_another_sum_change_no_terms() -> None:
    client = FakeClient()
    dearer = issued().model_copy(update={"due_on": date(2026, 3, 15), "total": Decimal("900.00")})
    for invoice_again in (issued(), dearer):
        assert await door(client, Stage.AMICABLE).start(invoice_again) is Start.ALREADY_KNOWN
    assert client.calls == []


async def test_a_closed_run_that_the_engine_still_holds_is_already_known() -> None:
    client = FakeClient(failure=WorkflowAlreadyStartedError(CASE, "InvoiceRecovery"))
    assert await door(client).start(issued()) is Start.ALREADY_KNOWN


async def test_an_event_is_an_update_under_its_own_id() -> None:
    client = FakeClient()
    assert await door(client, Stage.AMICABLE).submit(CASE, {"kind": "paid"}, "VIR-1") == VIEW
    ((name, body, options),) = client.calls
    assert (name, body, options["id"], options["case"]) == ("submit", {"kind": "paid"}, "VIR-1", CASE)
    assert options["rpc_timeout"].total_seconds() == 30


async def test_the_refusal_is_the_cases_own_sentence() -> None:
    cause = ApplicationError("paid: nothing is due.", type="not_allowed_now", non_retryable=True)
    client = FakeClient(failure=WorkflowUpdateFailedError(cause))
    with pytest.raises(Refused) as caught:
        await door(client, Stage.AMICABLE).submit(CASE, {"kind": "paid"}, "1")
    assert (caught.value.sentence, caught.value.code) == ("paid: nothing is due.", Code.NOT_ALLOWED_NOW)


async def test_a_fault_of_the_workflow_is_not_taken_for_a_refusal() -> None:
    cause = ApplicationError("boom", type="UpdateBug")
    client = FakeClient(failure=WorkflowUpdateFailedError(cause))
    with pytest.raises(WorkflowUpdateFailedError):
        await door(client, Stage.AMICABLE).submit(CASE, {"kind": "paid"}, "1")


@pytest.mark.parametrize("status", [RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.UNAVAILABLE])
async def test_no_answer_says_how_to_repeat_harmlessly(status: RPCStatusCode) -> None:
    with pytest.raises(NotNow, match="--id VIR-1"):
        await door(FakeClient(failure=rpc(status)), Stage.AMICABLE).submit(CASE, {"kind": "paid"}, "VIR-1")


async def test_a_case_that_nobody_knows_is_refused() -> None:
    with pytest.raises(Refused, match="is not a case"):
        await door(FakeClient(failure=rpc(RPCStatusCode.NOT_FOUND))).submit(CASE, {"kind": "paid"}, "1")


async def test_a_case_open_in_the_ledger_that_does_not_run_is_said() -> None:
    client = FakeClient(failure=rpc(RPCStatusCode.NOT_FOUND))
    with pytest.raises(NotNow, match="does not run"):
        await door(client, Stage.AMICABLE).submit(CASE, {"kind": "paid"}, "1")


async def test_what_reaches_a_closed_case_is_entered_late() -> None:
    client = FakeClient()
    assert await door(client, Stage.CLOSED).submit(CASE, {"kind": "note", "note": "x"}, "N-1") == VIEW
    ((name, ask, options),) = client.calls
    assert (name, options["task_queue"], options["id"]) == ("enter_late", "recovery", f"{CASE}/N-1")
    assert (ask.case, ask.said[0].id, ask.said[0].name) == (CASE, "N-1", "note")


async def test_a_late_event_may_be_refused() -> None:
    reply = contracts.Reply(id="N-1", code="amount_invalid", sentence="paid: too much.")
    client = FakeClient(answer=contracts.Answer(since=0, position=1, replies=(reply,)))
    with pytest.raises(Refused, match="too much"):
        await door(client, Stage.CLOSED).submit(CASE, {"kind": "paid"}, "N-1")


async def test_a_reversed_payment_opens_the_continuation_of_a_closed_case() -> None:
    client = FakeClient()
    await door(client, Stage.CLOSED).submit(CASE, {"kind": "payment_reversed"}, "R-1")
    ((name, body, options),) = client.calls
    assert (name, body, options["id"]) == ("submit", {"kind": "payment_reversed"}, "R-1")
    operation = options["start_workflow_operation"]._start_workflow_input
    assert operation.id == CASE
    assert operation.args[1] == contracts.Carried(continues=True)


async def test_reconsider_says_whether_the_case_runs() -> None:
    assert await door(FakeClient()).reconsider(CASE)
    assert not await door(FakeClient(failure=rpc(RPCStatusCode.NOT_FOUND))).reconsider(CASE)


def test_the_summary_is_number_and_amount() -> None:
    assert summary(issued()).replace("\u202f", " ") == "F-1 · 1 200,00 €"


def lines(count: int) -> Iterator[Line]:
    for number in range(1, count + 1):
        yield Accepted("f", number, issued(f"F-{number}"))


class Slow:
    """Starts that take a moment, and how many were under way at once."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.now = self.most = self.done = 0
        self.fails_at = fails_at

    async def start(self, _invoice: InvoiceIssued) -> Start:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        self.now -= 1
        self.done += 1
        if self.done == self.fails_at:
            raise rpc(RPCStatusCode.UNAVAILABLE)
        return Start.ACCEPTED

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object:
        raise AssertionError(f"{case_id} was told {body} ({event_id})")


async def test_ten_starts_are_in_flight_and_no_more() -> None:
    slow, tally = Slow(), Tally()
    await import_lines(lines(35), slow, tally)
    assert (slow.most, tally.accepted) == (IN_FLIGHT, 35)


async def test_a_failing_engine_ends_the_import_with_nothing_left_under_way() -> None:
    slow, tally = Slow(fails_at=7), Tally()
    with pytest.raises(RPCError):
        await import_lines(lines(35), slow, tally)
    assert slow.now == 0
    assert slow.done < 35


async def test_a_line_with_two_faults_is_refused_once() -> None:
    tally = Tally()
    faults = [Rejected("f", 2, "total", "x"), Rejected("f", 2, "issued_on", "y"), Rejected("f", 3, "total", "z")]
    await import_lines(faults, None, tally)
    assert (tally.refused, len(tally.refusals)) == (2, 3)


class Heard(Slow):
    """A door that remembers what it was told of cases, and refuses one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[tuple[str, Mapping[str, Any], str]] = []

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object:
        assert self.now == 0
        if case_id.endswith("F-404"):
            raise Refused(f"{case_id} is not a case.")
        self.said.append((case_id, body, event_id))
        return None


async def test_credit_notes_are_entered_after_the_invoices_and_lost_ones_are_named() -> None:
    heard, tally = Heard(), Tally()
    known = Credited("f", 1, "acme", "F-1", "A-7", Decimal("300.00"), date(2026, 3, 1))
    lost = Credited("f", 2, "acme", "F-404", "A-8", Decimal("10.00"), date(2026, 3, 1))
    await import_lines([known, lost, *lines(3)], heard, tally)
    assert (tally.accepted, tally.credited, tally.refused) == (3, 1, 1)
    ((case, body, event_id),) = heard.said
    assert (case, body["kind"], body["amount"], event_id) == (CASE, "credit_note", "300.00", "credit/A-7")
