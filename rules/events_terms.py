"""Events that change what is due and when: payments in doubt, settlements, other due dates. Pure."""

from datetime import date
from typing import Literal

from rules.base import Private
from rules.events_base import Event
from rules.invoice import Instalment
from rules.money import Money


class PaymentHeld(Event):
    """A payment that looks like one already known, ``like``, said by another source: not posted, not dropped, until a
    person has ruled whether it is another one."""

    kind: Literal["payment_held"] = "payment_held"
    amount: Money
    received_on: date
    reference: str | None = None
    method: str | None = None
    like: str


class SettlementAgreed(Event):
    """``amount`` paid by ``pay_by`` ends the case; unpaid by then, the whole debt is back. ``payments``: of one that a
    manager granted later, how many payments were known as it was first said."""

    kind: Literal["settlement_agreed"] = "settlement_agreed"
    amount: Money
    pay_by: date
    document: str | None = None
    payments: int | None = None


class SettlementLapsed(Event):
    """The settlement was not paid by its day: what it gave up is owed again. ``missing``: what was not paid of it."""

    kind: Literal["settlement_lapsed"] = "settlement_lapsed"
    pay_by: date
    missing: Money


class TermsChanged(Event):
    """The invoice falls due otherwise: ``instalments`` are all of it. ``retained``: the part of it that is lawfully
    withheld until the last of these days; ``interruption``: a public buyer has interrupted its period."""

    kind: Literal["terms_changed"] = "terms_changed"
    interruption: bool | None = None
    instalments: tuple[Instalment, ...]
    retained: Money | None = None
    reason: Private = None
