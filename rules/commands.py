"""What a billing system or an operator may say: one model per signal, strict, imperative. Pure.

The names are the signals' names and the ``kind`` of ``submit`` (the public interface, stable).
"""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from rules.commands_base import Command, Name, Positive, Text
from rules.invoice import Address, Instalment
from rules.money import ZERO, Money

__all__ = [
    "Assigned", "Cancel", "Command", "ContactChanged", "CreditNote", "DebtorReplied",
    "DebtorStatus", "Decline", "Dispute", "DisputeSettled", "DocumentAdded", "Hold", "Insolvency",
    "LetterDelivered", "LetterPosted", "LetterReturned", "Name", "Note", "NoticeBounced",
    "Offset", "Owner", "Paid", "PaymentAnnounced", "PaymentPlan", "PaymentReversed", "PlanRequested",
    "Positive", "Promise", "Reassigned", "Reconsider", "Resume", "Retention", "Settlement", "TaskDone",
    "TermsChanged", "Text", "Waive", "WriteOff",
]  # fmt: skip


class Paid(Command):
    """Money received. Without ``amount``: the principal outstanding."""

    kind: Literal["paid"] = "paid"
    amount: Positive | None = None
    received_on: date | None = None
    reference: Name | None = None
    method: Name | None = None


class PaymentReversed(Command):
    """A payment taken back by the bank; found by its reference, else by its amount."""

    kind: Literal["payment_reversed"] = "payment_reversed"
    reference: Name | None = None
    amount: Positive | None = None
    reason: Text | None = None


class CreditNote(Command):
    kind: Literal["credit_note"] = "credit_note"
    number: Name
    amount: Positive


class Dispute(Command):
    """Without ``amount``: the whole is disputed."""

    kind: Literal["dispute"] = "dispute"
    reason: Text | None = None
    category: Name | None = None
    amount: Positive | None = None
    channel: Name | None = None
    written: bool = False
    lines: tuple[Name, ...] = ()
    owner: Name | None = None


class DisputeSettled(Command):
    """``answer``: the reasons of a rejection, which go out in a letter before the ladder goes on. ``dispute``: the id
    of the one that is meant, or ``all``; needed when several are open."""

    kind: Literal["dispute_settled"] = "dispute_settled"
    dispute: Name | None = None
    outcome: Literal["rejected", "accepted", "partial"]
    credit: Positive | None = None
    answer: Text | None = None

    @model_validator(mode="after")
    def _partial_says_how_much(self) -> "DisputeSettled":
        if self.outcome == "partial" and self.credit is None:
            raise ValueError("a partial outcome needs credit, the amount given up")
        if self.outcome == "rejected" and self.credit is not None:
            raise ValueError("a rejected dispute gives no credit; write partial, or leave credit out")
        if self.answer is not None and self.outcome != "rejected":
            raise ValueError("answer goes with the outcome rejected: it says why")
        return self


class PaymentPlan(Command):
    kind: Literal["payment_plan"] = "payment_plan"
    instalments: tuple[Instalment, ...] = Field(min_length=1, max_length=120)
    signed_on: date | None = None
    signed_by: Name | None = None
    document: Name | None = None
    acceleration: bool = False
    interest: Literal["runs", "suspended", "waived_if_kept"] = "runs"


class Promise(Command):
    kind: Literal["promise"] = "promise"
    pay_on: date
    amount: Positive | None = None


class Hold(Command):
    kind: Literal["hold"] = "hold"
    until: date | None = None
    reason: Text | None = None


class Resume(Command):
    kind: Literal["resume"] = "resume"


class DebtorReplied(Command):
    """``sha256``: the fingerprint of the document, so that an audit sees whether it was changed."""

    kind: Literal["debtor_replied"] = "debtor_replied"
    channel: Name | None = None
    document: Text | None = None
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    summary: Text | None = None


class LetterPosted(Command):
    kind: Literal["letter_posted"] = "letter_posted"
    step: Name
    passage: int | None = None
    posted_on: date | None = None
    tracking: Name | None = None
    proof: Name | None = None


class LetterDelivered(Command):
    kind: Literal["letter_delivered"] = "letter_delivered"
    step: Name
    passage: int | None = None
    delivered_on: date | None = None
    tracking: Name | None = None
    proof: Name | None = None


class LetterReturned(Command):
    kind: Literal["letter_returned"] = "letter_returned"
    step: Name
    passage: int | None = None
    cause: Literal["unclaimed", "refused", "unknown_address", "incomplete_address", "deceased"]
    presented_on: date | None = None


class NoticeBounced(Command):
    kind: Literal["notice_bounced"] = "notice_bounced"
    message_id: Name
    diagnostic: Text | None = None


class ContactChanged(Command):
    """``debtor_kind``: what the debtor is, when the invoice did not say, or said it wrongly."""

    kind: Literal["contact_changed"] = "contact_changed"
    email: Name | None = None
    phone: Name | None = None
    address: Address | None = None
    language: Name | None = None
    debtor_kind: Literal["business", "consumer", "public_body", "unknown"] | None = None


class Decline(Command):
    kind: Literal["decline"] = "decline"
    step: Name
    passage: int | None = None
    reason: Text | None = None


class Insolvency(Command):
    """``procedure`` is the payload's own ``kind`` (safeguard, reorganisation …): see ``parse_command``."""

    kind: Literal["insolvency"] = "insolvency"
    procedure: Literal["safeguard", "reorganisation", "liquidation", "consumer_over_indebtedness"]
    opened_on: date
    published_on: date | None = None
    court: Name | None = None
    representative: Name | None = None


class WriteOff(Command):
    kind: Literal["write_off"] = "write_off"
    reason: Text | None = None


class Cancel(Command):
    kind: Literal["cancel"] = "cancel"
    reason: Text | None = None


class Waive(Command):
    kind: Literal["waive"] = "waive"
    interest: Money = ZERO
    indemnity: Money = ZERO
    principal: Money = ZERO
    reason: Text | None = None


class Settlement(Command):
    kind: Literal["settlement"] = "settlement"
    amount: Positive
    pay_by: date
    document: Name | None = None


class Assigned(Command):
    kind: Literal["assigned"] = "assigned"
    to: Name
    notified: bool = True
    payee_iban: Name | None = None
    since: date | None = None


class Reassigned(Command):
    kind: Literal["reassigned"] = "reassigned"


class PlanRequested(Command):
    kind: Literal["plan_requested"] = "plan_requested"
    summary: Text | None = None


class PaymentAnnounced(Command):
    kind: Literal["payment_announced"] = "payment_announced"
    amount: Positive | None = None


class DocumentAdded(Command):
    """``piece`` is the payload's own ``kind`` (invoice, order, delivery …): see ``parse_command``; ``issued_on``: the
    day it bears."""

    kind: Literal["document"] = "document"
    piece: Name
    file: Name
    sha256: Name | None = None
    issued_on: date | None = None


class TermsChanged(Command):
    """``interruption``: a public buyer has interrupted the period of payment, which it may do once (R2192-27 CCP)."""

    kind: Literal["terms_changed"] = "terms_changed"
    interruption: bool = False
    due_on: date | None = None
    instalments: tuple[Instalment, ...] = ()
    reason: Text | None = None


class DebtorStatus(Command):
    kind: Literal["debtor_status"] = "debtor_status"
    status: Literal["deceased", "struck_off", "dissolved", "merged"]


class Offset(Command):
    kind: Literal["offset"] = "offset"
    amount: Positive | None = None
    reason: Text | None = None


class Retention(Command):
    kind: Literal["retention"] = "retention"
    amount: Positive | None = None
    until: date | None = None
    reason: Text | None = None


class Note(Command):
    kind: Literal["note"] = "note"


class Owner(Command):
    kind: Literal["owner"] = "owner"
    owner: Name


class TaskDone(Command):
    """A person has dealt with a task that no event closes by itself."""

    kind: Literal["task_done"] = "task_done"
    task: Name
    outcome: Name | None = None


class Reconsider(Command):
    kind: Literal["reconsider"] = "reconsider"
