"""Everything a letter says, as data: who, to whom, which invoices, what is asked. The words are in letters/. Pure."""

from datetime import date, datetime
from decimal import Decimal

from rules.base import Frozen
from rules.creditor import Creditor
from rules.invoice import Debtor, Payee
from rules.law import Decompte
from rules.money import ZERO, Money, total
from rules.policy import Channel, Claims


class Previous(Frozen):
    """An earlier notice about the invoice."""

    step: str
    on: date
    channel: str


class LetterItem(Frozen):
    """One invoice of the letter. ``asked`` is what the letter asks for it, within ``balance`` unless interest is
    claimed (``claims``: its own rung's); ``disputed`` is left out of what is asked; ``aside``: why the invoice is named
    for information only."""

    case: str
    step: str
    passage: int
    claims: Claims | None = None
    number: str
    issued_on: date
    due_on: date
    total: Money
    paid: Money
    credited: Money = ZERO
    balance: Money
    disputed: Money = ZERO
    asked: Money
    days_late: int
    order_reference: str | None = None
    subject: str | None = None
    performed_on: date | None = None
    previous: tuple[Previous, ...] = ()
    aside: str | None = None

    @property
    def has_history(self) -> bool:
        """Whether something was paid or credited."""
        return bool(self.paid or self.credited)


class PlanNotice(Frozen):
    """The instalment that a ``plan_reminder`` or ``plan_missed`` speaks of: part ``part`` of ``parts``.

    ``remaining`` is what the plan still has to bring, this instalment included; ``notice_days`` what the debtor is
    given before a missed plan ends; with ``acceleration`` the whole balance then falls due."""

    due_on: date
    amount: Money
    part: int | None = None
    parts: int | None = None
    agreed_on: date | None = None
    remaining: Money | None = None
    notice_days: int = 8
    acceleration: bool = False


class Letter(Frozen):
    """A letter as it goes out on ``on``. Amounts are in ``currency`` and add up: ``asked`` is the sum of the items'.

    ``decompte`` is the itemised claim to ``as_of`` when the rung claims or mentions more than the principal;
    ``set_aside``: invoices of the debtor named for information only, outside the total. ``moment``: the instant of
    the case's clock, with its zone, that the message is dated by (None: noon UTC of ``on``). ``enclosures``: titles of
    the documents that really accompany the letter. ``plan``: what a plan notice speaks of;
    ``reasons``: why a dispute was rejected, in the creditor's words."""

    message_id: str
    on: date
    as_of: date
    language: str
    step: str
    passage: int
    tone: str
    variant: str | None = None
    channel: Channel
    claims: Claims
    formal: bool = False
    copy_of: Channel | None = None
    creditor: Creditor
    debtor: Debtor
    payee: Payee | None = None
    currency: str
    items: tuple[LetterItem, ...]
    set_aside: tuple[LetterItem, ...] = ()
    decompte: Decompte | None = None
    answer_within: int | None = None
    pay_by: date | None = None
    moment: datetime | None = None
    enclosures: tuple[str, ...] = ()
    plan: PlanNotice | None = None
    reasons: str | None = None

    @property
    def asked(self) -> Decimal:
        """What the letter asks for in all."""
        return total(item.asked for item in self.items)

    @property
    def balance(self) -> Decimal:
        """The open principal of the invoices asked for."""
        return total(item.balance for item in self.items)

    @property
    def reserved(self) -> bool:
        """Whether a disputed part is left aside: the letter then says « sous réserve du surplus »."""
        return any(item.disputed for item in self.items)

    @property
    def before_due(self) -> bool:
        """Whether no invoice of the letter is due yet: a reminder ahead of the date."""
        return all(item.days_late <= 0 for item in self.items)

    @property
    def iban(self) -> str | None:
        """The account to pay to."""
        return self.payee.iban if self.payee else self.creditor.iban


class Dispatched(Frozen):
    """What became of a letter handed over: ``document`` is where the copy is kept, ``sha256`` its fingerprint;
    ``carrier``: who took a registered letter to deliver it (None: it lies in the tray, for a person to post)."""

    document: str
    sha256: str
    carrier: str | None = None
