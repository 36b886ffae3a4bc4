"""What is said about each invoice of a book, and on which day. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from demo.book.data import Settled
from rules.invoice import Debtor, InvoiceIssued, check_invoice

CREDITOR = "acme"


@dataclass
class Day:
    """What happens on a day, in this order."""

    issued: list[InvoiceIssued] = field(default_factory=list)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True)
class Script:
    """A book as days. ``disputes``: disputed invoices that are played as such; ``undisputed``: disputed in the file,
    but paid too soon for a dispute and its answer to come before."""

    days: dict[date, Day]
    first: date
    last: date
    disputes: int
    undisputed: int


def script_of(book: Iterable[Settled]) -> Script:
    """Each invoice starts on its date; a dispute comes the day after, its answer the day before the payment."""
    days: defaultdict[date, Day] = defaultdict(Day)
    disputes = undisputed = 0
    for one in book:
        days[one.issued_on].issued.append(announced(one))
        fits = one.dispute_days
        disputes += fits is not None
        undisputed += one.disputed and fits is None
        if fits is not None:
            raised, answered = fits
            days[raised].said.append((one.number, {"kind": "dispute", "reason": "litige du fichier"}))
            days[answered].said.append((one.number, {"kind": "dispute_settled", "outcome": "rejected"}))
        days[one.settled_on].said.append((one.number, _payment(one)))
    return Script(dict(days), min(days), max(days), disputes, undisputed)


def announced(one: Settled) -> InvoiceIssued:
    """The invoice as a billing system announces it. The file gives no name and no address: those here are made up, each
    customer with a mail domain of its own, so that the pace by domain, which counts real minutes, slows nothing."""
    email = f"compta@{one.customer.lower()}.example"
    debtor = Debtor(id=one.customer, name=f"Client {one.customer}", kind="business", email=email)
    return check_invoice(
        InvoiceIssued(
            creditor=CREDITOR,
            number=one.number,
            issued_on=one.issued_on,
            due_on=one.due_on,
            total=one.amount,
            debtor=debtor,
        )
    )


def _payment(one: Settled) -> dict[str, Any]:
    reference = f"VIR-{one.number}"
    return {
        "kind": "paid",
        "amount": str(one.amount),
        "received_on": one.settled_on.isoformat(),
        "reference": reference,
    }
