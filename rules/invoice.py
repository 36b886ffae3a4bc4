"""What a billing system announces: the invoice, its debtor, its instalments. Names are those of EN 16931. Pure."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from rules.base import Personal, Private, Stored
from rules.law.kinds import ClaimKind, DebtorKind
from rules.money import ZERO, Money, total
from rules.refusals import Code, Refused

LEGAL_TERM_DAYS = 30  # art. L441-10 I C. com., checked 2026-11-22: 30 days when nothing was agreed


class Address(Stored):
    """A postal address. ``country`` is ISO 3166-1 alpha-2."""

    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = "FR"

    @property
    def complete(self) -> bool:
        """Whether a letter can be posted to it."""
        return bool(self.lines and self.city and (self.postal_code or self.country != "FR"))


class Contact(Stored):
    """A person at the debtor's."""

    role: str | None = None
    email: str | None = None
    phone: str | None = None


class Debtor(Stored):
    """Who owes. ``id`` is the creditor's customer number; a debtor is (creditor, id)."""

    id: str
    name: Annotated[str, Personal]
    kind: DebtorKind
    siren: Private = None
    email: Private = None
    phone: Private = None
    language: str = "fr"
    merchant: bool | None = None
    address: Annotated[Address | None, Personal] = None
    legal_name: Private = None
    legal_form: str | None = None
    rcs: Private = None
    contacts: Annotated[tuple[Contact, ...], Personal] = ()
    lre_consent: bool = False


class Instalment(Stored):
    """A part of the invoice (or of a plan) with its own due date."""

    due_on: date
    amount: Money


class Document(Stored):
    """A piece that proves the claim. ``kind``: invoice, order, quote, delivery, terms, contract, identity, other;
    ``issued_on``: the day it bears."""

    kind: str
    uri: str
    sha256: str | None = None
    issued_on: date | None = None


class Payee(Stored):
    """The account to pay to when it is not the creditor's own (factoring)."""

    name: str
    iban: str
    mention: str | None = None


class InvoiceIssued(Stored):
    """The input of ``InvoiceRecovery``. ``total`` includes VAT, in ``currency``; dates are calendar dates."""

    creditor: str
    number: str
    issued_on: date
    total: Money
    debtor: Debtor
    due_on: date | None = None
    currency: str = "EUR"
    already_paid: Money = ZERO
    instalments: tuple[Instalment, ...] = ()
    order_reference: str | None = None
    policy: str | None = None
    documents: tuple[Document, ...] = ()
    performed_on: date | None = None
    received_on: date | None = None
    claim: ClaimKind | None = None
    subject: Private = None
    payee: Annotated[Payee | None, Personal] = None
    segment: str | None = None
    owner: str | None = None

    @property
    def due_by_default(self) -> bool:
        """Whether the due date is the legal default because none was announced."""
        return self.due_on is None and not self.instalments

    @property
    def schedule(self) -> tuple[Instalment, ...]:
        """The instalments in order of their due dates; one, of the whole, when none were announced."""
        if self.instalments:
            return tuple(sorted(self.instalments, key=lambda part: part.due_on))
        due_on = self.due_on or self.issued_on + timedelta(days=LEGAL_TERM_DAYS)
        return (Instalment(due_on=due_on, amount=self.total),)


def check_invoice(invoice: InvoiceIssued) -> InvoiceIssued:
    """The invoice itself when it can become a case; raises Refused naming the field otherwise."""
    where = f"invoice {invoice.number or '(no number)'}"
    for field, text in (
        ("creditor", invoice.creditor),
        ("number", invoice.number),
        ("debtor.id", invoice.debtor.id),
    ):
        _check_identifier(where, field, text)
    if not invoice.debtor.name.strip():
        raise Refused(f"{where}: debtor.name is empty; give the debtor's name.")
    if len(invoice.currency) != 3 or not invoice.currency.isalpha() or not invoice.currency.isupper():
        raise Refused(f"{where}: currency « {invoice.currency} » is not an ISO 4217 code such as EUR.")
    _check_amounts(where, invoice)
    if invoice.due_on is not None and invoice.due_on < invoice.issued_on:
        raise Refused(
            f"{where}: due_on {invoice.due_on} is before issued_on {invoice.issued_on}; correct one of them.",
            Code.DATE_INVALID,
        )
    return invoice


def _check_identifier(where: str, field: str, text: str) -> None:
    if not text.strip():
        raise Refused(f"{where}: {field} is empty; it identifies the case and must be given.")
    if len(text) > 200 or any(not letter.isprintable() for letter in text):
        raise Refused(f"{where}: {field} holds unprintable characters or more than 200; correct it.")


def _check_amounts(where: str, invoice: InvoiceIssued) -> None:
    if invoice.total <= ZERO:
        raise Refused(
            f"{where}: total {invoice.total} is not above zero; a credit note is not recovered.",
            Code.AMOUNT_INVALID,
        )
    if invoice.already_paid < ZERO:
        raise Refused(f"{where}: already_paid {invoice.already_paid} is negative.", Code.AMOUNT_INVALID)
    if not invoice.instalments:
        return
    parts: Decimal = total(part.amount for part in invoice.instalments)
    if parts != invoice.total:
        raise Refused(f"{where}: the instalments add up to {parts}, not to total {invoice.total}.", Code.AMOUNT_INVALID)
    if any(part.amount <= ZERO for part in invoice.instalments):
        raise Refused(f"{where}: an instalment is not above zero.", Code.AMOUNT_INVALID)
    days = [part.due_on for part in invoice.instalments]
    if len(set(days)) != len(days):
        raise Refused(f"{where}: two instalments fall due on one day; add them up.", Code.DATE_INVALID)
