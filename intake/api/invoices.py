"""``POST`` and ``PUT /invoices``: one invoice or a batch, each checked, written down and answered for by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from intake.api.access import Desk, MayReadCases, MayWriteInvoices
from intake.api.body import canonical, json_body
from intake.api.desk import ApiDesk
from intake.api.once import fingerprint, once
from intake.api.problems import Problem
from intake.api.shapes import InvoiceResult, InvoiceResults, QueueState, one_or_many, refusals
from intake.jsonl_file import read_invoice
from intake.lines import Fault
from ledger.tokens import Token
from rules.invoice import InvoiceIssued
from workflows.contracts import case_id

BATCH = 1000
router = APIRouter(tags=["invoices"])
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


@dataclass
class _Batch:
    """What becomes of each item, and what is to be written down."""

    results: list[InvoiceResult] = field(default_factory=list)
    fresh: list[tuple[str, InvoiceIssued]] = field(default_factory=list)


@router.put(
    "/invoices", status_code=202, response_model=InvoiceResults, openapi_extra=one_or_many(), responses=refusals()
)
@router.post(
    "/invoices", status_code=202, response_model=InvoiceResults, openapi_extra=one_or_many(), responses=refusals()
)
async def take_invoices(request: Request, desk: Desk, token: MayWriteInvoices, key: Key = None) -> Response:
    """One invoice, or a list of up to 1 000. Each is `accepted` (its case starts), `already_known`, or `refused` with
    every fault. Said again, nothing starts twice; with other due dates the case is told so. 202: what was accepted is
    written down, and starts even when the engine is away for now."""
    data = await json_body(request)
    items = data if isinstance(data, list) else [data]
    if not 1 <= len(items) <= BATCH:
        raise Problem(422, f"A batch has 1 to {BATCH} invoices; this one has {len(items)}.", "malformed")

    async def answer() -> tuple[int, Any]:
        many = isinstance(data, list)
        taken = await _take(desk, token, items) if many else [await take_one(desk, token, data)]
        return 202, InvoiceResults.of(taken).model_dump(mode="json")

    return await once(desk, token.id, key, fingerprint("/invoices", canonical(data)), answer)


async def take_one(desk: ApiDesk, token: Token, item: Any) -> InvoiceResult:
    """One invoice, taken in; raises Problem with every fault when it is refused."""
    (taken,) = await _take(desk, token, [item])
    if taken.outcome == "refused":
        errors = [error.model_dump() for error in taken.errors]
        raise Problem(422, f"{errors[0]['field']}: {errors[0]['reason']}.", "invoice_refused", errors=errors)
    return taken


async def _take(desk: ApiDesk, token: Token, items: Sequence[Any]) -> list[InvoiceResult]:
    batch = _Batch()
    read = [_read(desk, token, item) for item in items]
    ids = [case_id(one.creditor, one.number) for one in read if isinstance(one, InvoiceIssued)]
    known = await desk.ledger.intake_queue.known(ids)
    first: dict[str, InvoiceIssued] = {}
    for index, (item, one) in enumerate(zip(items, read, strict=True)):
        if isinstance(one, InvoiceIssued):
            batch.results.append(_outcome(index, one, known, first, batch))
        else:
            batch.results.append(InvoiceResult.refused(index, item, one))
    await desk.ledger.intake_queue.put(token.id, batch.fresh, desk.now())
    if batch.fresh:
        desk.wake()
    return batch.results


def _read(desk: ApiDesk, token: Token, item: Any) -> InvoiceIssued | list[Fault]:
    if not isinstance(item, dict):
        return [Fault("row", 'is not a JSON object such as {"creditor": …}')]
    creditor = item.get("creditor")
    if isinstance(creditor, str) and not token.may_see(creditor):
        return [Fault("creditor", f"« {creditor[:80]} » was not granted to this token")]
    return read_invoice(item, desk.known)


def _outcome(
    index: int, invoice: InvoiceIssued, known: Mapping[str, Any], first: dict[str, InvoiceIssued], batch: _Batch
) -> InvoiceResult:
    """Known and with the due date it has: nothing to do. With another one, or several, the door looks closer."""
    its_id = case_id(invoice.creditor, invoice.number)
    before = first.setdefault(its_id, invoice)
    if before is not invoice:
        if before == invoice:
            return InvoiceResult(index=index, number=invoice.number, case=its_id, outcome="already_known")
        fault = Fault("number", f"« {invoice.number} » stands in this batch already, with other content")
        return InvoiceResult.refused(index, {"number": invoice.number}, [fault])
    stands = known.get(its_id)
    parts = invoice.schedule
    same = stands is not None and (stands.closed or (len(parts) == 1 and parts[0].due_on == stands.due_on))
    if not same:
        batch.fresh.append((its_id, invoice))
    outcome = "accepted" if stands is None else "already_known"
    return InvoiceResult(index=index, number=invoice.number, case=its_id, outcome=outcome)


@router.get("/intake", response_model=QueueState, responses=refusals())
async def intake_state(desk: Desk, token: MayReadCases) -> QueueState:
    """How many invoices were taken in and wait for the engine, and those that it would not start, with the reason."""
    queue = desk.ledger.intake_queue
    refused = await queue.refusals(token.creditors)
    return QueueState.model_validate(
        {
            "waiting": await queue.count(token.creditors),
            "refused": [{"case": one.case_id, "at": one.at, "reason": one.sentence} for one in refused],
        }
    )
