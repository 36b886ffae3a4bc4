"""What a billing system or an operator may say: one model per signal, strict, imperative. Pure.

The names are the signals' names and the ``kind`` of ``submit`` (the public interface, stable).
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from rules.base import Frozen
from rules.invoice import Address, Instalment
from rules.money import ZERO, Money
from rules.refusals import Code, Refused

Text = Annotated[str, Field(max_length=4000)]
Name = Annotated[str, Field(max_length=200)]
Positive = Annotated[Money, Field(gt=Decimal(0))]


class Command(Frozen):
    """Fields every signal may carry. ``id`` is the dedupe key; ``on`` the day it happened (default: today); ``scope``
    extends what concerns a person to all the debtor's cases."""

    id: Name | None = None
    by: Name | None = None
    on: date | None = None
    note: Text | None = None
    scope: Literal["case", "debtor"] | None = None


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
    kind: Literal["dispute_settled"] = "dispute_settled"
    outcome: Literal["rejected", "accepted", "partial"]
    credit: Positive | None = None

    @model_validator(mode="after")
    def _partial_says_how_much(self) -> "DisputeSettled":
        if self.outcome == "partial" and self.credit is None:
            raise ValueError("a partial outcome needs credit, the amount given up")
        if self.outcome == "rejected" and self.credit is not None:
            raise ValueError("a rejected dispute gives no credit; write partial, or leave credit out")
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
    kind: Literal["debtor_replied"] = "debtor_replied"
    channel: Name | None = None
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
    kind: Literal["contact_changed"] = "contact_changed"
    email: Name | None = None
    phone: Name | None = None
    address: Address | None = None
    language: Name | None = None


class Approve(Command):
    kind: Literal["approve"] = "approve"
    step: Name
    passage: int | None = None
    reason: Text | None = None


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


class JudicialEvent(Command):
    kind: Literal["judicial_event"] = "judicial_event"
    event: Literal[
        "filed", "ordered", "served", "opposed", "enforceable", "rejected", "paid",
        "hearing", "withdrawn", "lapsed", "not_opposed", "appealed",
    ]  # fmt: skip
    court: Name | None = None
    reference: Name | None = None
    principal: Positive | None = None
    interest_from: date | None = None
    rate: Name | None = None
    indemnity: Positive | None = None
    costs: Positive | None = None
    served_to_person: bool | None = None
    hearing_on: date | None = None
    document: Name | None = None


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
    """``piece`` is the payload's own ``kind`` (invoice, order, delivery …): see ``parse_command``."""

    kind: Literal["document"] = "document"
    piece: Name
    file: Name
    sha256: Name | None = None


class TermsChanged(Command):
    kind: Literal["terms_changed"] = "terms_changed"
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


AnyCommand = Annotated[
    Paid | PaymentReversed | CreditNote | Dispute | DisputeSettled | PaymentPlan | Promise | Hold | Resume
    | DebtorReplied | LetterPosted | LetterDelivered | LetterReturned | NoticeBounced | ContactChanged
    | Approve | Decline | Insolvency | JudicialEvent | WriteOff | Cancel | Waive | Settlement | Assigned
    | Reassigned | PlanRequested | PaymentAnnounced | DocumentAdded | TermsChanged | DebtorStatus | Offset
    | Retention | Note | Owner | TaskDone | Reconsider,
    Field(discriminator="kind"),
]  # fmt: skip

COMMANDS: dict[str, type[Command]] = {
    str(model.model_fields["kind"].default): model for model in Command.__subclasses__()
}


def concerns_the_debtor(command: Command) -> bool:
    """Whether the debtor's other cases must hear it too: when it says so, and by itself what is true of the person."""
    if command.scope is not None:
        return command.scope == "debtor"
    return isinstance(command, Insolvency | ContactChanged | DebtorStatus)


# Two signals have a payload field that is itself named ``kind``.
_INNER_KIND = {"insolvency": "procedure", "document": "piece"}
_ANY: TypeAdapter[Command] = TypeAdapter(AnyCommand)


def parse_command(name: str, payload: Any) -> Command:
    """The command that a signal named ``name`` with this JSON object means.

    Raises Refused: unknown_event, malformed, amount_invalid or date_invalid, naming the field and the reason.
    """
    if name not in COMMANDS:
        raise Refused(
            f"« {name} » is not an event of a case; known: {', '.join(sorted(COMMANDS))}.", Code.UNKNOWN_EVENT
        )
    if not isinstance(payload, dict):
        raise Refused(f"{name}: the payload must be one JSON object such as {{}}, not {type(payload).__name__}.")
    data = dict(payload)
    inner = _INNER_KIND.get(name)
    if inner is not None and inner not in data and data.get("kind") != name:
        data[inner] = data.get("kind")
    data["kind"] = name
    try:
        return COMMANDS[name].model_validate(data, extra="forbid")
    except ValidationError as error:
        raise _refused(name, error) from None


def read_command(data: Any) -> Command:
    """The command of a ``submit`` body, ``{"kind": "paid", …}``; for ``insolvency`` and ``document`` the body's
    own kind is given as ``procedure`` and ``piece``. Raises Refused."""
    if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
        raise Refused('the body must be one JSON object with "kind", such as {"kind": "paid", "amount": "100.00"}.')
    return parse_command(data["kind"], data)


def _refused(name: str, error: ValidationError) -> Refused:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    if first["type"] == "extra_forbidden":
        return Refused(f"{name}: « {field} » is not a field of it.")
    code = Code.MALFORMED
    if field.endswith(("amount", "credit")):
        code = Code.AMOUNT_INVALID
    elif "date" in first["type"]:
        code = Code.DATE_INVALID
    return Refused(f"{name}: {field + ': ' if field else ''}{message}.", code)
