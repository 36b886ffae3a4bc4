"""Events that somebody said: billing systems, operators, the debtor, the post, the courts. Pure."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.base import Personal, Private
from rules.events_base import Event
from rules.invoice import Address, Instalment, InvoiceIssued
from rules.law.kinds import DebtorKind
from rules.money import ZERO, Money


class CaseOpened(Event):
    """``because``: who named the policy, or the profile that chose its ladder."""

    kind: Literal["case_opened"] = "case_opened"
    invoice: InvoiceIssued | None = None
    policy: str
    version: str
    continues: bool = False
    because: str | None = None


class PaymentReceived(Event):
    kind: Literal["payment_received"] = "payment_received"
    amount: Money
    received_on: date
    reference: str | None = None
    method: str | None = None


class PaymentReversed(Event):
    """``payment``: the id of the payment taken back; ``amount`` what is back in the debt."""

    kind: Literal["payment_reversed"] = "payment_reversed"
    payment: str
    amount: Money
    reference: str | None = None
    reason: Private = None


REMISSION = "remise "
"""Begins the number of a credit that is no credit note: a part of the principal that the creditor gave up."""


def is_remission(number: str | None) -> bool:
    """Whether a credit of that number is a waiver; its number is Relance's own, and shown to nobody."""
    return number is not None and number.startswith(REMISSION)


class CreditNoted(Event):
    kind: Literal["credit_noted"] = "credit_noted"
    number: str
    amount: Money


EVERY = "all"
"""Names every open dispute at once."""


class DisputeOpened(Event):
    """``amount`` None: the whole. ``answer_by``: the day by which the creditor answers; ``lines``: which lines of the
    invoice are meant, and ``channel``: how the debtor said so."""

    kind: Literal["dispute_opened"] = "dispute_opened"
    amount: Money | None = None
    reason: Private = None
    category: str | None = None
    written: bool = False
    channel: str | None = None
    lines: Annotated[tuple[str, ...], Personal] = ()
    answer_by: date | None = None
    owner: str | None = None


class DisputeSettled(Event):
    """``answer``: why it was rejected, in the words that go to the debtor; ``dispute``: which one ended, None or
    ``all`` for every one."""

    kind: Literal["dispute_settled"] = "dispute_settled"
    dispute: str | None = None
    outcome: Literal["rejected", "accepted", "partial"]
    credit: Money | None = None
    answer: Private = None

    def ends(self, dispute: DisputeOpened) -> bool:
        """Whether it is the end of that one."""
        return self.dispute in (None, EVERY, dispute.id)


class PlanAgreed(Event):
    kind: Literal["plan_agreed"] = "plan_agreed"
    instalments: tuple[Instalment, ...]
    signed_on: date | None = None
    signed_by: Private = None
    document: str | None = None
    acceleration: bool = False
    interest: str = "runs"


class PromiseMade(Event):
    kind: Literal["promise_made"] = "promise_made"
    pay_on: date
    amount: Money | None = None
    announced: bool = False


class HoldPlaced(Event):
    kind: Literal["hold_placed"] = "hold_placed"
    until: date | None = None
    reason: Private = None


class HoldLifted(Event):
    kind: Literal["hold_lifted"] = "hold_lifted"


class DebtorReplied(Event):
    """``document``: where the whole of the reply is kept, ``sha256``: what it was, None in what was told before."""

    kind: Literal["debtor_replied"] = "debtor_replied"
    channel: str | None = None
    document: str | None = None
    sha256: str | None = None
    summary: Private = None
    review_by: date | None = None


class LetterPosted(Event):
    kind: Literal["letter_posted"] = "letter_posted"
    step: str
    passage: int
    posted_on: date
    tracking: str | None = None
    proof: str | None = None


class LetterDelivered(Event):
    kind: Literal["letter_delivered"] = "letter_delivered"
    step: str
    passage: int
    delivered_on: date
    tracking: str | None = None
    proof: str | None = None


class LetterReturned(Event):
    kind: Literal["letter_returned"] = "letter_returned"
    step: str
    passage: int
    cause: str
    presented_on: date | None = None


class NoticeBounced(Event):
    kind: Literal["notice_bounced"] = "notice_bounced"
    message_id: str
    address: Private = None
    diagnostic: Private = None


class CallEnded(Event):
    """What a call brought, coded (``rules.calling.CallOutcome``). ``again_on``: the day of the next attempt, when
    nobody answered and the policy gives another; ``phone``: the number found to be wrong."""

    kind: Literal["call_ended"] = "call_ended"
    step: str
    passage: int
    outcome: str
    pay_on: date | None = None
    amount: Money | None = None
    attempt: int = 1
    again_on: date | None = None
    phone: Private = None


class ContactRefused(Event):
    """The debtor asks not to be reached by ``channel`` any more, or (``lifted``) takes it back; ``address``: the e-mail
    address that is meant."""

    kind: Literal["contact_refused"] = "contact_refused"
    channel: str
    address: Private = None
    lifted: bool = False
    reason: Private = None


class ContactChanged(Event):
    kind: Literal["contact_changed"] = "contact_changed"
    email: Private = None
    phone: Private = None
    address: Annotated[Address | None, Personal] = None
    language: str | None = None
    debtor_kind: DebtorKind | None = None


class StepApproved(Event):
    """``procedure``: the one a person picked for the judicial file, when it is not the one proposed."""

    kind: Literal["step_approved"] = "step_approved"
    step: str
    passage: int
    letter: str
    reason: Private = None
    procedure: str | None = None


class StepDeclined(Event):
    kind: Literal["step_declined"] = "step_declined"
    step: str
    passage: int
    reason: Private = None


class InsolvencyOpened(Event):
    kind: Literal["insolvency_opened"] = "insolvency_opened"
    procedure: str
    opened_on: date
    published_on: date | None = None
    court: str | None = None
    representative: Private = None
    declare_by: date | None = None


class AccessoriesWaived(Event):
    """Interest and indemnity dropped because the principal is paid and the policy says so; a remainder of the
    principal within tolerance goes with them."""

    kind: Literal["accessories_waived"] = "accessories_waived"
    interest: Money = ZERO
    indemnity: Money = ZERO
    remainder: Money = ZERO


class PolicyAdopted(Event):
    kind: Literal["policy_adopted"] = "policy_adopted"
    policy: str
    version: str


class Noted(Event):
    """Something an operator or a billing system said that changes no amount and no clock by itself.

    ``what`` is the signal's name; ``pauses``: nothing is written until a person has dealt with it; ``asks``: the role
    that must grant it before it takes effect, and ``because``: why it must; ``payments``: how many payments the case
    knew then, for what is granted later counts from here."""

    kind: Literal["noted"] = "noted"
    what: str
    pauses: bool = False
    asks: str | None = None
    because: str | None = None
    payments: int | None = None
    details: Annotated[dict[str, Any], Personal] = Field(default_factory=dict)


class TaskClosed(Event):
    kind: Literal["task_closed"] = "task_closed"
    task: str
    outcome: str | None = None


class SignalRefused(Event):
    """What was said could not be read or was refused; nothing else changed. ``name`` is the signal's name."""

    kind: Literal["signal_refused"] = "signal_refused"
    name: Annotated[str, Personal]
    code: str
    reason: Private = None


class CaseClosed(Event):
    kind: Literal["case_closed"] = "case_closed"
    outcome: str
    because: Private = None
