"""What each event moves of the principal owed. Pure: rows for reports, derived from the chain and rebuilt from it."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from rules import events as e
from rules.case import Case
from rules.events import Event
from rules.fold import fold, open_case
from rules.money import ZERO


def movement(before: Case | None, after: Case, event: Event) -> dict[str, Any] | None:
    """The row of an event between two folds of its case; None when it moves no money."""
    amount = _left(after) - (_left(before) if before is not None else ZERO)
    if amount == ZERO:
        return None
    written = before.last_written if before is not None else None
    return {
        "case_id": after.id,
        "position": after.position,
        "creditor": after.invoice.creditor,
        "currency": after.invoice.currency,
        "kind": _KINDS.get(type(event), "adjusted"),
        "day": _day(before, after, event),
        "due_on": after.anchor_on,
        "amount": amount,
        "step": written.step if written else None,
    }


def movements_of(case_id: str, events: Iterable[Event]) -> list[dict[str, Any]]:
    """The rows of a whole history."""
    case: Case | None = None
    found = []
    for event in events:
        if case is None:
            assert isinstance(event, e.CaseOpened)
            after = open_case(case_id, event)
        else:
            after = fold(case, event)
        row = movement(case, after, event)
        if row is not None:
            found.append(row)
        case = after
    return found


def _day(before: Case | None, after: Case, event: Event) -> date:
    """The day the debt moved: an invoice's own date, a payment's, else the event's."""
    if before is None:
        return after.invoice.issued_on
    return event.received_on if isinstance(event, e.PaymentReceived) else event.on


def _left(case: Case) -> Decimal:
    return ZERO if case.closed is not None else case.open_principal


_KINDS: dict[type[Event], str] = {
    e.CaseOpened: "opened",
    e.PaymentReceived: "paid",
    e.PaymentReversed: "reversed",
    e.CreditNoted: "credited",
    e.CaseClosed: "closed",
}
