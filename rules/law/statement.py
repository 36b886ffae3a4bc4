"""The décompte as a value: what letters, files, histories, the console and commands all print. Pure.

Amounts are computed here, to the cent, never typed in: plain Decimals, which pydantic reads back unchanged.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict, Field

from rules.base import Frozen
from rules.money import ZERO


class Line(Frozen):
    """Interest of one debt over days ``from`` to ``to``, both included, on one base at one rate."""

    model_config = ConfigDict(populate_by_name=True)

    invoice: str
    due_on: date
    from_on: date = Field(alias="from")
    to_on: date = Field(alias="to")
    days: int
    base: Decimal
    rate: Decimal
    interest: Decimal
    article: str
    label: str = ""
    single_source: bool = False


class Share(Frozen):
    """What one debt received of a payment."""

    invoice: str
    due_on: date
    to_interest: Decimal = ZERO
    to_principal: Decimal = ZERO
    to_indemnity: Decimal = ZERO


class Imputed(Frozen):
    """A payment and where it went: to_interest + to_principal + to_indemnity + remainder = amount."""

    on: date
    amount: Decimal
    to_interest: Decimal = ZERO
    to_principal: Decimal = ZERO
    to_indemnity: Decimal = ZERO
    remainder: Decimal = ZERO
    invoice: str | None = None
    reference: str | None = None
    shares: tuple[Share, ...] = ()


class CreditApplied(Frozen):
    """A credit note: what it took off the principal, and what it could not."""

    on: date
    amount: Decimal
    to_principal: Decimal = ZERO
    remainder: Decimal = ZERO
    invoice: str | None = None
    number: str | None = None


class GivenUp(Frozen):
    """What the creditor gave up on a day: by waiver, or a remainder within his tolerance."""

    on: date
    invoice: str | None = None
    principal: Decimal = ZERO
    interest: Decimal = ZERO
    indemnity: Decimal = ZERO
    because: Literal["waiver", "tolerance"] = "waiver"


class Indemnity(Frozen):
    """The fixed indemnity of one late invoice."""

    invoice: str
    amount: Decimal
    article: str


class Balance(Frozen):
    """What remains of one debt on the day of the décompte."""

    invoice: str
    due_on: date
    amount: Decimal
    principal: Decimal
    interest: Decimal
    indemnity: Decimal = ZERO


class Warning_(Frozen):  # noqa: N801 - the builtin keeps its name
    """Something the reader must know; ``code`` is stable."""

    code: str
    text: str


class Decompte(Frozen):
    """The itemised claim on a day, net of payments, in the currency of the invoices.

    ``principal`` counts what is not yet due too (``not_yet_due``, said in a warning); ``accrued`` is the sum
    of all lines, ``interest`` what remains of it after payments and waivers. ``daily``: what each further day adds.
    """

    as_of: date
    interest_to: date
    principal: Decimal
    interest: Decimal
    indemnity: Decimal
    total: Decimal
    daily: Decimal
    accrued: Decimal = ZERO
    not_yet_due: Decimal = ZERO
    balances: tuple[Balance, ...] = ()
    lines: tuple[Line, ...] = ()
    payments: tuple[Imputed, ...] = ()
    credits: tuple[CreditApplied, ...] = ()
    given_up: tuple[GivenUp, ...] = ()
    indemnities: tuple[Indemnity, ...] = ()
    warnings: tuple[Warning_, ...] = ()
    tables: str = ""

    @property
    def exigible(self) -> Decimal:
        """The total without what is not yet due."""
        return self.total - self.not_yet_due
