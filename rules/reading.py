"""Reading what was said: a signal's name and JSON become a command, or a refusal with a sentence. Pure."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from rules.adopting import Adopt
from rules.bank import PaymentProposed
from rules.calling import CallOutcome
from rules.commands import (
    Assigned,
    Cancel,
    Command,
    ContactChanged,
    CreditNote,
    DebtorReplied,
    DebtorStatus,
    Decline,
    Dispute,
    DisputeSettled,
    DocumentAdded,
    Hold,
    Insolvency,
    LetterDelivered,
    LetterPosted,
    LetterReturned,
    Note,
    NoticeBounced,
    Offset,
    Owner,
    Paid,
    PaymentAnnounced,
    PaymentPlan,
    PaymentReversed,
    PlanRequested,
    Promise,
    Reassigned,
    Reconsider,
    Resume,
    Retention,
    Settlement,
    TaskDone,
    TermsChanged,
    Waive,
    WriteOff,
)
from rules.commands_judicial import Approve, Cost, FileOvertaken, HandOver, JudicialEvent, Mediation, Recall
from rules.refusals import Code, Refused
from rules.refusing import StopContact

AnyCommand = Annotated[
    Paid | PaymentReversed | CreditNote | Dispute | DisputeSettled | PaymentPlan | Promise | Hold | Resume
    | DebtorReplied | LetterPosted | LetterDelivered | LetterReturned | NoticeBounced | ContactChanged
    | Approve | Decline | Insolvency | JudicialEvent | WriteOff | Cancel | Waive | Settlement | Assigned
    | Reassigned | PlanRequested | PaymentAnnounced | DocumentAdded | TermsChanged | DebtorStatus | Offset
    | Retention | Note | Owner | TaskDone | CallOutcome | Adopt | StopContact | Reconsider | Recall | HandOver
    | FileOvertaken | Mediation | Cost | PaymentProposed,
    Field(discriminator="kind"),
]  # fmt: skip

COMMANDS: dict[str, type[Command]] = {
    str(model.model_fields["kind"].default): model for model in Command.__subclasses__()
}


def concerns_the_debtor(command: Command) -> bool:
    """Whether the debtor's other cases must hear it too: when it says so, and by itself what is true of the person."""
    if command.scope is not None:
        return command.scope == "debtor"
    return isinstance(command, Insolvency | ContactChanged | DebtorStatus | StopContact)


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
