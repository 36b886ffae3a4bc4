"""What a book of invoices lacks before it is recovered: dates, identities, proofs, time. Pure.

It refuses nothing: every finding is something that a letter, a judge or a limitation would meet later."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Final, NamedTuple

from rules.invoice import InvoiceIssued
from rules.law import LimitationFacts, Tables, add_months, limitation
from rules.law.kinds import ClaimKind, DebtorKind
from rules.money import ZERO

FINDINGS: Final[dict[str, str]] = {
    "barred": "the limitation has run out: a letter asks for what no judge grants",
    "limitation_near": "the limitation runs out within six months",
    "limitation_unsure": "its start is not known: give performed_on (or the claim), or the earliest is taken",
    "due_on_missing": "no due date: the legal 30 days are taken, and a judge asks for the agreed term",
    "performed_on_missing": "no date of delivery or performance: needed in insolvency and for limitation",
    "received_on_missing": "a public body owes from its receipt of the invoice: give received_on",
    "claim_missing": "what was sold is not said (goods, services, transport …): the limitation depends on it",
    "kind_unknown": "business, consumer or public body? Until it is said only the principal is asked",
    "siren_missing": "a business without SIREN: no check of insolvency, no request to a court",
    "address_missing": "no whole postal address: no letter, no mise en demeure",
    "email_missing": "no e-mail: every relance goes by post",
    "invoice_missing": "no copy of the invoice among the documents",
    "proof_missing": "no order, quote or delivery among the documents: the judicial file will lack its blocking piece",
    "late_intake": "taken in more than 30 days after it was issued: the first relances are already late",
}
URGENT: Final = ("barred", "limitation_near")
LATE_DAYS = 30
_PROOFS = frozenset({"order", "quote", "delivery", "contract"})


class Finding(NamedTuple):
    """What an invoice lacks. ``last_day``: of the limitation, where it is about it."""

    case: str
    code: str
    last_day: date | None = None


@dataclass
class BookAudit:
    """The findings of a book. ``lags``: days from issue to ``as_of``, of every invoice."""

    as_of: date
    invoices: int = 0
    owed: dict[str, Decimal] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    lags: list[int] = field(default_factory=list)

    def add(self, invoice: InvoiceIssued, tables: Tables) -> None:
        """One more invoice."""
        self.invoices += 1
        owed = invoice.total - invoice.already_paid
        self.owed[invoice.currency] = self.owed.get(invoice.currency, ZERO) + owed
        self.lags.append((self.as_of - invoice.issued_on).days)
        for code, last_day in (*_of_time(invoice, self.as_of, tables), *((code, None) for code in _lacks(invoice))):
            self.counts[code] += 1
            self.findings.append(Finding(f"{invoice.creditor}/{invoice.number}", code, last_day))

    @property
    def lag_days(self) -> tuple[float, int]:
        """The median and the longest time from issue to intake, in days; zeros for an empty book."""
        return (median(self.lags), max(self.lags)) if self.lags else (0, 0)


def _of_time(invoice: InvoiceIssued, as_of: date, tables: Tables) -> Iterator[tuple[str, date | None]]:
    found = [
        limitation(
            LimitationFacts(
                due_on=part.due_on,
                performed_on=invoice.performed_on,
                debtor_kind=invoice.debtor.kind,
                claim=invoice.claim or ClaimKind.SERVICES,
                term_agreed=not invoice.due_by_default,
            ),
            tables,
        )
        for part in invoice.schedule
    ]
    first = min(found, key=lambda one: one.last_day)
    if first.last_day < as_of:
        yield "barred", first.last_day
    elif first.last_day <= add_months(as_of, 6):
        yield "limitation_near", first.last_day
    if any(one.start_unknown for one in found):
        yield "limitation_unsure", first.last_day
    if (as_of - invoice.issued_on).days > LATE_DAYS:
        yield "late_intake", None


def _lacks(invoice: InvoiceIssued) -> Iterator[str]:
    debtor, kinds = invoice.debtor, {document.kind for document in invoice.documents}
    missing = {
        "due_on_missing": invoice.due_by_default,
        "performed_on_missing": invoice.performed_on is None,
        "received_on_missing": debtor.kind is DebtorKind.PUBLIC_BODY and invoice.received_on is None,
        "claim_missing": invoice.claim is None,
        "kind_unknown": debtor.kind is DebtorKind.UNKNOWN,
        "siren_missing": debtor.kind is DebtorKind.BUSINESS and debtor.siren is None,
        "address_missing": debtor.address is None or not debtor.address.complete,
        "email_missing": debtor.email is None,
        "invoice_missing": "invoice" not in kinds,
        "proof_missing": not kinds & _PROOFS,
    }
    return (code for code, lacks in missing.items() if lacks)
