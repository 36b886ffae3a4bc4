"""What a décompte is made from: invoices, payments, credit notes, rates agreed, a judgment. Pure values."""

from datetime import date
from decimal import Decimal

from rules.base import Frozen
from rules.law.kinds import CreditorKind, DebtorKind, IndemnityPlace
from rules.money import ZERO, Money


class Owed(Frozen):
    """One invoice or one instalment of it, VAT included. Instalments share the invoice's number."""

    invoice: str
    due_on: date
    amount: Money


class Paid(Frozen):
    """A payment on the day the funds reached the creditor; ``invoice`` when the debtor said which he was
    paying.
    """

    on: date
    amount: Money
    invoice: str | None = None
    reference: str | None = None


class Credited(Frozen):
    """A credit note: lowers the principal from its date, never the interest."""

    on: date
    amount: Money
    invoice: str | None = None
    number: str | None = None


class Waived(Frozen):
    """Interest or indemnity given up by the creditor on a day; at most what is then due is dropped."""

    on: date
    interest: Money = ZERO
    indemnity: Money = ZERO
    invoice: str | None = None


class AgreedRate(Frozen):
    """A contractual yearly rate in percent, from a date (absent: from the start).

    ``over_ecb``: the figure is points above the ECB refinancing rate of the semester.
    """

    rate: Decimal
    since: date | None = None
    over_ecb: bool = False


class Suspended(Frozen):
    """Days that bear no interest, both included: a plan that says so, or délais de grâce (1343-5 C. civ.)."""

    from_on: date
    to_on: date | None = None
    because: str = ""


class Judgment(Frozen):
    """A decision. ``rate`` None: the legal rate; ``interest_from`` when the decision names an earlier start.

    ``enforceable_on``: the day it became exécutoire, fût-ce par provision (usually its service); the five
    points of L313-3 CMF run two months later. None: not known, no majoration.
    """

    on: date
    enforceable_on: date | None = None
    rate: Decimal | None = None
    interest_from: date | None = None


class DecompteFacts(Frozen):
    """Everything a décompte depends on, besides the tables."""

    owed: tuple[Owed, ...]
    payments: tuple[Paid, ...] = ()
    credits: tuple[Credited, ...] = ()
    waived: tuple[Waived, ...] = ()
    debtor_kind: DebtorKind
    as_of: date
    rates: tuple[AgreedRate, ...] = ()
    principal_first: bool = False
    formal_notice_on: date | None = None
    judgment: Judgment | None = None
    creditor: CreditorKind = "professional"
    insolvency_on: date | None = None
    suspended: tuple[Suspended, ...] = ()
    capitalise: bool = False
    indemnity_place: IndemnityPlace = "last"
    tolerance: Money = ZERO
