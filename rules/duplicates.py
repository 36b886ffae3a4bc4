"""Whether a payment is one that is known already, or looks like one. Pure."""

from datetime import date
from decimal import Decimal

from rules import events as e
from rules.admission import Admission
from rules.case import Case
from rules.claim import region
from rules.commands import Paid
from rules.law.days import add_business_days
from rules.money import ZERO

NEAR_DAYS = 5
"""Banking days within which the same amount from another source is looked at by a person: practice, no law."""


def is_known(case: Case, known: e.PaymentReceived | e.PaymentHeld, command: Paid, received: date) -> bool:
    """The same reference, amount and day, or no word of amount or day, is said twice; once the payment was taken back,
    only the same day is, for the debtor may pay again under his reference."""
    if command.reference is None or known.reference != command.reference:
        return False
    if command.amount is not None and command.amount != known.amount:
        return False
    standing = case.reversed.get(known.id, ZERO) < known.amount
    return known.received_on == received or (command.received_on is None and standing)


def ruled_the_same(ruled: e.PaymentHeld, command: Paid, amount: Decimal, received: date) -> bool:
    """Whether the very words are said again that a person has ruled to tell of a payment already known."""
    said = (command.reference, command.method, amount, received)
    return said == (ruled.reference, ruled.method, ruled.amount, ruled.received_on)


def looks_like(a: Admission, command: Paid, amount: Decimal, received: date) -> e.PaymentReceived | None:
    """A standing payment of the same amount, received within five banking days, that another source has told: another
    door, another person, another means of payment. None when there is none."""
    said = a.event(e.PaymentReceived, command, amount=amount, received_on=received, method=command.method)
    assert isinstance(said, e.PaymentReceived)
    for known in a.case.payments:
        standing = a.case.reversed.get(known.id, ZERO) < known.amount
        alike = standing and known.amount == amount and _source(known) != _source(said)
        if alike and _near(a, known.received_on, received):
            return known
    return None


def _source(payment: e.PaymentReceived) -> tuple[str | None, ...]:
    return (payment.door, payment.by, payment.method)


def _near(a: Admission, one: date, other: date) -> bool:
    first, second = sorted((one, other))
    return second <= add_business_days(first, NEAR_DAYS, region(a.case))
