"""The door to a case: start one for an invoice, submit what happened to it. Doing it twice is harmless."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol

from babel.numbers import format_decimal
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import (
    ActivityIDConflictPolicy,
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from intake.answers import NotNow, Start
from intake.caller import Caller
from intake.new_terms import new_terms, terms_event_id
from rules.case import Outcome, Stage
from rules.invoice import Instalment, InvoiceIssued
from rules.refusals import Code, Refused
from rules.view import CaseView
from workflows import contracts, options

ANSWER_WITHIN = timedelta(seconds=30)
_SYMBOLS = {"EUR": "€"}
_NOT_NOW = (RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.UNAVAILABLE)


class KnownCase(Protocol):
    """What the door needs to see of a case in a list."""

    @property
    def stage(self) -> Stage: ...

    @property
    def outcome(self) -> str | None: ...

    @property
    def due_on(self) -> date: ...


class Shelf(Protocol):
    """The ledger's answer to « is it known? », and to what a closed case was about."""

    async def row(self, case_id: str) -> KnownCase | None: ...

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None: ...

    async def view(self, case_id: str) -> CaseView | None: ...

    async def schedule_of(self, case_id: str) -> tuple[Instalment, ...]: ...


class Door:
    """Starts and feeds cases through one client; looks in the ledger first. ``caller``: who speaks, as the door knows;
    without one events are marked as come to the engine by themselves."""

    def __init__(self, client: Client, shelf: Shelf, caller: Caller | None = None) -> None:
        self._client = client
        self._shelf = shelf
        self._caller = caller

    async def start(self, invoice: InvoiceIssued) -> Start:
        """Start the case of an invoice, once and for all; a closed case is not started again. An open one that is
        announced with other due dates is told so (``terms_changed``), once.

        Raises temporalio.service.RPCError when the server is away, Refused and NotNow as ``submit`` does.
        """
        case_id = contracts.case_id(invoice.creditor, invoice.number)
        known = await self._shelf.row(case_id)
        if known is not None:
            return await self._announced_again(case_id, invoice, known)
        try:
            handle = await self._client.start_workflow(
                contracts.WORKFLOW_TYPE,
                args=[invoice] if self._caller is None else [invoice, self._caller.opening()],
                id=case_id,
                task_queue=contracts.RECOVERY_QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=search_attributes_of(invoice),
                static_summary=summary(invoice),
                static_details=_details(invoice),
                priority=self._priority(invoice.creditor),
            )
        except WorkflowAlreadyStartedError:
            return Start.ALREADY_KNOWN
        # Only the server's answer tells a new run from an existing one, and the handle keeps it to itself.
        answer = getattr(handle, "_start_workflow_response", None)
        return Start.ACCEPTED if getattr(answer, "started", True) else Start.ALREADY_KNOWN

    def _priority(self, creditor: str) -> Priority:
        """A book from a file waits behind what is announced one by one."""
        batch = self._caller is not None and self._caller.via == "file"
        return options.fair(options.PRIORITY_BATCH if batch else options.PRIORITY_ORDINARY, creditor)

    async def _announced_again(self, case_id: str, invoice: InvoiceIssued, known: KnownCase) -> Start:
        single = len(invoice.schedule) == 1 and invoice.schedule[0].due_on == known.due_on
        if known.stage is Stage.CLOSED or single:
            return Start.ALREADY_KNOWN
        body = new_terms(await self._shelf.schedule_of(case_id), invoice.schedule)
        if body is None:
            return Start.ALREADY_KNOWN
        await self.submit(case_id, body, terms_event_id(invoice.schedule))
        return Start.TERMS_CHANGED

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        """Say to a case what happened (a checked command's JSON); the case after it.

        The same ``event_id`` twice is heard once. On a closed case, a reversed payment opens its continuation,
        anything else is entered as late. Raises Refused with the case's sentence, NotNow without an answer.
        """
        known = await self._shelf.row(case_id)
        body = body if self._caller is None else self._caller.signed(body)
        try:
            if known is None or known.stage is not Stage.CLOSED:
                return await self._update(case_id, body, event_id)
            return await self._on_closed(case_id, body, event_id)
        except WorkflowUpdateFailedError as error:
            raise _refused(error) from None
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            raise _not_now(case_id, event_id) from None
        except RPCError as error:
            if error.status in _NOT_NOW:
                raise _not_now(case_id, event_id) from None
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            closed = await self._shelf.row(case_id)
            if closed is None:
                raise Refused(f"{case_id} is not a case.", Code.NOT_ALLOWED_NOW) from None
            if closed.stage is not Stage.CLOSED:
                sentence = f"{case_id} is open in the ledger but does not run; ask whoever keeps Temporal to look."
                raise NotNow(sentence) from None
        return await self._on_closed(case_id, body, event_id)

    async def reconsider(self, case_id: str) -> bool:
        """Wake a case; False when it does not run."""
        try:
            await self._client.get_workflow_handle(case_id).signal(contracts.SIGNAL_RECONSIDER)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True

    async def _update(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        view: CaseView = await self._client.get_workflow_handle(case_id).execute_update(
            contracts.UPDATE_SUBMIT, dict(body), id=event_id, result_type=CaseView, rpc_timeout=ANSWER_WITHIN
        )
        return view

    async def _on_closed(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        if body.get("kind") == "payment_reversed" or await self._back_from_factor(case_id, body):
            return await self._continuation(case_id, body, event_id)
        return await self._late(case_id, body, event_id)

    async def _back_from_factor(self, case_id: str, body: Mapping[str, Any]) -> bool:
        """Whether the creditor takes back a debt whose case was closed by the assignment."""
        closed = await self._shelf.row(case_id) if body.get("kind") == "reassigned" else None
        return closed is not None and closed.outcome == Outcome.ASSIGNED

    async def _continuation(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        """The debt is back: a new run under the same id, started and told in one call."""
        invoice = await self._shelf.invoice_of(case_id)
        if invoice is None:
            raise Refused(f"{case_id} is not a case.", Code.NOT_ALLOWED_NOW)
        carried = contracts.Carried(continues=True)
        start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
            contracts.WORKFLOW_TYPE,
            args=[invoice, carried if self._caller is None else self._caller.opening(carried)],
            id=case_id,
            task_queue=contracts.RECOVERY_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=search_attributes_of(invoice),
            static_summary=summary(invoice),
            static_details=_details(invoice),
            priority=options.fair(options.PRIORITY_PERSON, invoice.creditor),
        )
        view: CaseView = await self._client.execute_update_with_start_workflow(
            contracts.UPDATE_SUBMIT,
            dict(body),
            start_workflow_operation=start,
            id=event_id,
            result_type=CaseView,
            rpc_timeout=ANSWER_WITHIN,
        )
        return view

    async def _late(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        """What reaches a closed case is entered by an activity of its own."""
        now = datetime.now(UTC)
        said = contracts.Said(id=event_id, name=str(body["kind"]), payload=dict(body), at=now, door="update")
        answer: contracts.Answer = await self._client.execute_activity(
            contracts.ACTIVITY_ENTER_LATE,
            contracts.Ask(case=case_id, known=0, now=now, said=(said,)),
            # Event ids are the case's own; activity ids are the namespace's.
            id=f"{case_id}/{event_id}",
            task_queue=contracts.RECOVERY_QUEUE,
            result_type=contracts.Answer,
            start_to_close_timeout=ANSWER_WITHIN,
            schedule_to_close_timeout=ANSWER_WITHIN * 2,
            id_conflict_policy=ActivityIDConflictPolicy.USE_EXISTING,
            priority=options.PRIORITY_PERSON,
            summary=f"{said.name}, after closure",
        )
        for reply in answer.replies:
            if reply.sentence is not None:
                raise Refused(reply.sentence, _code(reply.code))
        view = await self._shelf.view(case_id)
        if view is None:
            raise Refused(f"{case_id} is not a case.", Code.NOT_ALLOWED_NOW)
        return view


def summary(invoice: InvoiceIssued) -> str:
    """What lists of workflows show: number and amount, nothing personal; ``F-2026-0042 · 1 200,00 €``."""
    amount = format_decimal(invoice.total, format="#,##0.00", locale="fr")
    return f"{invoice.number} · {amount} {_SYMBOLS.get(invoice.currency, invoice.currency)}"[:200]


def _details(invoice: InvoiceIssued) -> str:
    parts = invoice.schedule
    days = ", ".join(f"{part.due_on:%d/%m/%Y}" for part in parts[:6])
    return f"créancier {invoice.creditor}, facture du {invoice.issued_on:%d/%m/%Y}, échéance : {days}"


def search_attributes_of(invoice: InvoiceIssued) -> TypedSearchAttributes:
    """What a case is found by from its start."""
    due = invoice.schedule[0].due_on
    return TypedSearchAttributes(
        [
            SearchAttributePair(options.CREDITOR, invoice.creditor),
            SearchAttributePair(options.DEBTOR, invoice.debtor.id),
            SearchAttributePair(options.CASE_STAGE, str(Stage.NOT_DUE)),
            SearchAttributePair(options.DUE_DATE, datetime(due.year, due.month, due.day, tzinfo=UTC)),
        ]
    )


def _refused(error: WorkflowUpdateFailedError) -> Exception:
    """The case's own refusal; any other failure of the update is a fault of ours and stays what it is."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type in set(Code):
        return Refused(cause.message, _code(cause.type))
    return error


def _code(code: str | None) -> Code:
    return Code(code) if code in set(Code) else Code.MALFORMED


def _not_now(case_id: str, event_id: str) -> NotNow:
    seconds = int(ANSWER_WITHIN.total_seconds())
    return NotNow(
        f"{case_id} did not answer within {seconds} seconds; it may have heard. "
        f"Is a worker running? Say it again with --id {event_id}: it is heard once."
    )
