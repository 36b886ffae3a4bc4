"""The JSON that the API answers with, and what its OpenAPI document says of bodies and refusals."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from intake.lines import Fault
from rules.invoice import InvoiceIssued
from rules.money import Money
from rules.reading import COMMANDS
from rules.view import CaseView

T = TypeVar("T")


class Shape(BaseModel):
    """An answer; amounts are strings with two decimals, moments UTC."""

    model_config = ConfigDict(frozen=True)


class ProblemShape(Shape):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str


class ItemError(Shape):
    field: str
    reason: str


class InvoiceResult(Shape):
    """What became of one invoice of a batch. ``index`` counts from 0."""

    index: int
    number: str | None
    case: str | None
    outcome: Literal["accepted", "already_known", "refused"]
    errors: tuple[ItemError, ...] = ()

    @classmethod
    def refused(cls, index: int, item: Any, faults: Sequence[Fault]) -> "InvoiceResult":
        """A refusal with every fault."""
        number = item.get("number") if isinstance(item, dict) else None
        errors = tuple(ItemError(field=fault.field, reason=fault.reason) for fault in faults)
        shown = number[:200] if isinstance(number, str) else None
        return cls(index=index, number=shown, case=None, outcome="refused", errors=errors)


class InvoiceResults(Shape):
    accepted: int
    already_known: int
    refused: int
    results: tuple[InvoiceResult, ...]

    @classmethod
    def of(cls, results: Sequence[InvoiceResult]) -> "InvoiceResults":
        """The results with their counts."""
        counts = {
            name: sum(one.outcome == name for one in results) for name in ("accepted", "already_known", "refused")
        }
        return cls(**counts, results=tuple(results))


class QueueRefusal(Shape):
    case: str
    at: datetime
    reason: str


class QueueState(Shape):
    waiting: int
    refused: tuple[QueueRefusal, ...]


class CaseItem(Shape):
    """A case as lists show it."""

    id: str
    creditor: str
    debtor: str
    name: str
    number: str
    currency: str
    stage: str
    outcome: str | None
    suspended_by: str | None
    suspended_until: date | None
    next_step: str | None
    next_at: datetime | None
    because: str | None
    total: Money
    principal: Money
    outstanding: Money
    recovered: Money
    due_on: date
    opened_on: date
    closed_on: date | None
    limitation_on: date | None
    policy: str
    tasks: int


class TaskItem(Shape):
    case: str
    creditor: str
    debtor: str
    name: str
    number: str
    id: str
    kind: str
    due_on: date
    summary: str
    owner: str


class LetterItem(Shape):
    """A message to a debtor. ``covers``: the cases it speaks for."""

    id: str
    creditor: str
    debtor: str
    day: date
    channel: str
    state: str
    started_at: datetime
    sent_at: datetime | None
    sha256: str | None
    covers: tuple[str, ...]


class DebtorView(Shape):
    """A debtor of a creditor: its cases and what it owes in each currency."""

    creditor: str
    id: str
    name: str
    open: int
    outstanding: dict[str, Decimal]
    cases: tuple[CaseItem, ...]


class HeardView(Shape):
    """What each case of a debtor answered. ``left_over``: what of a payment no invoice took."""

    cases: tuple[CaseView, ...]
    left_over: Money


class OutstandingRow(Shape):
    """Open cases of a creditor in one currency at one stage, by days overdue."""

    creditor: str
    currency: str
    stage: str
    cases: int
    principal: Money
    outstanding: Money
    not_due: Money
    days_1_30: Money
    days_31_60: Money
    days_61_90: Money
    days_91: Money


class Outstanding(Shape):
    as_of: date
    rows: tuple[OutstandingRow, ...]


class StatusResult(Shape):
    """What a life-cycle status of an e-invoice meant here. ``event``: None when it means nothing to a recovery."""

    case: str
    code: int
    event: str | None
    because: str


class Page(Shape, Generic[T]):
    """A page of a list. ``next``: the offset of the page after it; None at the end."""

    items: tuple[T, ...]
    next: int | None


_PROBLEM = {"application/problem+json": {"schema": ProblemShape.model_json_schema()}}


def refusals(*more: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with."""
    said = {
        400: "Malformed request",
        401: "No valid token",
        403: "The token has not the scope, or not the creditor",
        404: "Not known",
        409: "It contradicts what is known",
        413: "The body is too large",
        415: "Not application/json",
        422: "Refused, with the reason",
        429: "Too often",
        503: "The engine or the ledger is away; ask again",
    }
    wanted = {400, 401, 403, 413, 415, 422, 429, 503, *more}
    return {status: {"description": said[status], "content": _PROBLEM} for status in sorted(wanted)}


def body_of(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    """What OpenAPI says of a body that the route reads by itself."""
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}


INVOICE_EXAMPLE = {
    "creditor": "acme",
    "number": "F-2026-0042",
    "issued_on": "2026-01-05",
    "due_on": "2026-02-04",
    "total": "1200.00",
    "debtor": {"id": "C-104", "name": "Boulangerie Martin SARL", "kind": "business", "email": "compta@martin.example"},
}


def one_or_many() -> dict[str, Any]:
    """The body of ``/invoices``."""
    one = inlined(InvoiceIssued.model_json_schema(mode="validation"))
    return body_of({"oneOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 1000}]}, INVOICE_EXAMPLE)


def an_event() -> dict[str, Any]:
    """The body of ``/events``: the name of a signal as ``kind``, and its payload."""
    schema = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"enum": sorted(COMMANDS)}, "id": {"type": "string", "maxLength": 200}},
    }
    return body_of(schema, {"kind": "paid", "amount": "1200.00", "received_on": "2026-03-02", "reference": "VIR-17"})


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without references, for a body that OpenAPI knows by no name."""
    known = schema.pop("$defs", {})

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return walk(known[value["$ref"].rsplit("/", 1)[-1]])
            return {key: walk(inside) for key, inside in value.items()}
        return [walk(inside) for inside in value] if isinstance(value, list) else value

    found: dict[str, Any] = walk(schema)
    return found
