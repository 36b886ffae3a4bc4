"""What happened to a case, in the past tense: the ledger's words. Pure.

Every event is kept for ever, in histories and in the ledger: fields are only ever added, with defaults.
Fields marked ``Personal`` are encrypted under the debtor's own key before they are stored.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from rules.base import Personal, Private, Stored
from rules.invoice import Address, Instalment, InvoiceIssued
from rules.money import ZERO, Money


class Event(Stored):
    """``on`` is the day it happened, in the creditor's time zone; ``at`` the moment it was entered (virtual UTC);
    ``by`` who said so; ``door`` how it came: signal, update, command, file, api, console; None: Relance itself."""

    kind: str
    id: str
    on: date
    at: datetime
    by: Private = None
    door: str | None = None
    note: Private = None
    after_closure: bool = False


class CaseOpened(Event):
    kind: Literal["case_opened"] = "case_opened"
    invoice: InvoiceIssued | None = None
    policy: str
    version: str
    continues: bool = False


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


class CreditNoted(Event):
    kind: Literal["credit_noted"] = "credit_noted"
    number: str
    amount: Money


class DisputeOpened(Event):
    """``amount`` None: the whole. ``answer_by``: the day by which the creditor answers."""

    kind: Literal["dispute_opened"] = "dispute_opened"
    amount: Money | None = None
    reason: Private = None
    category: str | None = None
    written: bool = False
    answer_by: date | None = None
    owner: str | None = None


class DisputeSettled(Event):
    kind: Literal["dispute_settled"] = "dispute_settled"
    outcome: Literal["rejected", "accepted", "partial"]
    credit: Money | None = None


class PlanAgreed(Event):
    kind: Literal["plan_agreed"] = "plan_agreed"
    instalments: tuple[Instalment, ...]
    signed_on: date | None = None
    signed_by: Private = None
    document: str | None = None
    acceleration: bool = False
    interest: str = "runs"


class PlanMissed(Event):
    """An instalment of the plan is unpaid after its grace; the plan breaks on ``breaks_on`` unless it is paid."""

    kind: Literal["plan_missed"] = "plan_missed"
    due_on: date
    missing: Money
    breaks_on: date


class PlanBroken(Event):
    """``resumes``: where the ladder goes on, where it stood or straight to the mise en demeure."""

    kind: Literal["plan_broken"] = "plan_broken"
    because: str
    resumes: str = "where_it_stood"


class PlanCaughtUp(Event):
    kind: Literal["plan_caught_up"] = "plan_caught_up"


class PromiseMade(Event):
    kind: Literal["promise_made"] = "promise_made"
    pay_on: date
    amount: Money | None = None
    announced: bool = False


class PromiseBroken(Event):
    kind: Literal["promise_broken"] = "promise_broken"
    pay_on: date


class HoldPlaced(Event):
    kind: Literal["hold_placed"] = "hold_placed"
    until: date | None = None
    reason: Private = None


class HoldLifted(Event):
    kind: Literal["hold_lifted"] = "hold_lifted"


class DebtorReplied(Event):
    kind: Literal["debtor_replied"] = "debtor_replied"
    channel: str | None = None
    summary: Private = None
    review_by: date | None = None


class ReplyEscalated(Event):
    """Nobody coded the debtor's reply in time: the ladder goes on, and a manager is told."""

    kind: Literal["reply_escalated"] = "reply_escalated"


class LetterWithdrawn(Event):
    """A letter of the tray that nobody posted in time, or that an event has overtaken: it must not be posted, and its
    rung is ahead again."""

    kind: Literal["letter_withdrawn"] = "letter_withdrawn"
    step: str
    passage: int
    message_id: str
    because: str


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


class ContactChanged(Event):
    kind: Literal["contact_changed"] = "contact_changed"
    email: Private = None
    phone: Private = None
    address: Annotated[Address | None, Personal] = None
    language: str | None = None


class ApprovalRequested(Event):
    """``letter``: what the approval is for, a digest of all that the letter would say; ``as_of``: the day to which
    its amounts are drawn up."""

    kind: Literal["approval_requested"] = "approval_requested"
    step: str
    passage: int
    role: str
    letter: str
    as_of: date
    lapses_on: date


class ApprovalLapsed(Event):
    kind: Literal["approval_lapsed"] = "approval_lapsed"
    step: str
    passage: int
    because: str


class StepApproved(Event):
    kind: Literal["step_approved"] = "step_approved"
    step: str
    passage: int
    letter: str
    reason: Private = None


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


class RungSkipped(Event):
    kind: Literal["rung_skipped"] = "rung_skipped"
    step: str
    passage: int
    because: str


class CallRequested(Event):
    kind: Literal["call_requested"] = "call_requested"
    step: str
    passage: int
    lapses_on: date


class CallLapsed(Event):
    kind: Literal["call_lapsed"] = "call_lapsed"
    step: str
    passage: int


class NoticeSent(Event):
    """The letter has left (e-mail: the server took it; paper: it lies in the tray). ``message_id`` names the message,
    which may cover other cases of the debtor. ``principal`` and ``claim``: what it says is owed for this invoice."""

    kind: Literal["notice_sent"] = "notice_sent"
    step: str
    passage: int
    channel: str
    copies: tuple[str, ...] = ()
    message_id: str
    principal: Money
    claim: Money
    crossed: bool = False


class NoticeFailed(Event):
    """The world refused the letter for good on every channel of the rung."""

    kind: Literal["notice_failed"] = "notice_failed"
    step: str
    passage: int
    channel: str
    because: Private = None


class NoticeInDoubt(Event):
    """Nobody knows whether the letter left, and it must not be repeated: a person looks."""

    kind: Literal["notice_in_doubt"] = "notice_in_doubt"
    step: str
    passage: int
    channel: str
    message_id: str


class ActGaveUp(Event):
    """An act did not succeed within a day; the rules are asked again."""

    kind: Literal["act_gave_up"] = "act_gave_up"
    step: str
    passage: int
    because: Private = None


class FilePrepared(Event):
    """The evidence file is ready. ``manifest``: SHA-256 of its manifest."""

    kind: Literal["file_prepared"] = "file_prepared"
    step: str
    passage: int
    path: str
    manifest: str


class DeliveryOverdue(Event):
    """A posted letter of which nobody has heard for too long: a person asks the post."""

    kind: Literal["delivery_overdue"] = "delivery_overdue"
    step: str
    passage: int


class LimitationNear(Event):
    """The claim will be time-barred after ``last_day``: the policy asked to be told ``distance`` ahead."""

    kind: Literal["limitation_near"] = "limitation_near"
    distance: str
    last_day: date


class PassageOpened(Event):
    """The ladder starts again at its foot, on the instalment due on ``due_on``."""

    kind: Literal["passage_opened"] = "passage_opened"
    passage: int
    due_on: date


class JudicialEventNoted(Event):
    kind: Literal["judicial_event_noted"] = "judicial_event_noted"
    event: str
    court: str | None = None
    reference: str | None = None
    hearing_on: date | None = None
    details: Annotated[dict[str, Any], Personal] = Field(default_factory=dict)


class PolicyAdopted(Event):
    kind: Literal["policy_adopted"] = "policy_adopted"
    policy: str
    version: str


class Noted(Event):
    """Something an operator or a billing system said that changes no amount and no clock by itself.

    ``what`` is the signal's name; ``pauses``: nothing is written until a person has dealt with it."""

    kind: Literal["noted"] = "noted"
    what: str
    pauses: bool = False
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


AnyEvent = Annotated[
    CaseOpened | PaymentReceived | PaymentReversed | CreditNoted | DisputeOpened | DisputeSettled
    | PlanAgreed | PlanMissed | PlanBroken | PlanCaughtUp | PromiseMade | PromiseBroken | HoldPlaced | HoldLifted
    | DebtorReplied | ReplyEscalated | LetterWithdrawn | LetterPosted | LetterDelivered | LetterReturned | NoticeBounced
    | ContactChanged | ApprovalRequested | ApprovalLapsed | StepApproved | StepDeclined | InsolvencyOpened
    | AccessoriesWaived | RungSkipped | CallRequested | CallLapsed | NoticeSent | NoticeFailed | NoticeInDoubt
    | ActGaveUp | FilePrepared | DeliveryOverdue | LimitationNear | PassageOpened | JudicialEventNoted
    | PolicyAdopted | Noted | TaskClosed | SignalRefused | CaseClosed,
    Field(discriminator="kind"),
]  # fmt: skip

_ANY: TypeAdapter[Event] = TypeAdapter(AnyEvent)


def read_event(data: Any) -> Event:
    """The event of parsed JSON; raises pydantic.ValidationError (a stored row that cannot be read is a broken
    ledger)."""
    return _ANY.validate_python(data)
