"""What happened to a case, in the past tense: the ledger's words. Pure.

Every event is kept for ever, in histories and in the ledger: fields are only ever added, with defaults.
Fields marked ``Personal`` are encrypted under the debtor's own key before they are stored.
"""

from typing import Annotated, Any, Final, get_args

from pydantic import Field, TypeAdapter

from rules.events_base import Event
from rules.events_judicial import (
    CostIncurred,
    DeadlineNear,
    DeadlinePassed,
    FileOvertaken,
    FileRecalled,
    HandedOver,
    JudicialEventNoted,
    MediationEnded,
    MediationOpened,
    TakenBack,
)
from rules.events_own import (
    ActGaveUp,
    ApprovalLapsed,
    ApprovalRequested,
    CallLapsed,
    CallRequested,
    ContactDeferred,
    DeliveryOverdue,
    FilePrepared,
    LetterWithdrawn,
    LimitationNear,
    NoticeFailed,
    NoticeInDoubt,
    NoticeSent,
    PassageOpened,
    PlanBroken,
    PlanCaughtUp,
    PlanMissed,
    PromiseBroken,
    ReplyEscalated,
    RungSkipped,
)
from rules.events_said import (
    AccessoriesWaived,
    CallEnded,
    CaseClosed,
    CaseOpened,
    ContactChanged,
    ContactRefused,
    CreditNoted,
    DebtorReplied,
    DisputeOpened,
    DisputeSettled,
    HoldLifted,
    HoldPlaced,
    InsolvencyOpened,
    LetterDelivered,
    LetterPosted,
    LetterReturned,
    Noted,
    NoticeBounced,
    PaymentReceived,
    PaymentReversed,
    PlanAgreed,
    PolicyAdopted,
    PromiseMade,
    SignalRefused,
    StepApproved,
    StepDeclined,
    TaskClosed,
)
from rules.events_terms import PaymentHeld, SettlementAgreed, SettlementLapsed, TermsChanged

__all__ = [
    "AccessoriesWaived",
    "ActGaveUp",
    "AnyEvent",
    "ApprovalLapsed",
    "ApprovalRequested",
    "CallEnded",
    "CallLapsed",
    "CallRequested",
    "CaseClosed",
    "CaseOpened",
    "ContactChanged",
    "ContactDeferred",
    "ContactRefused",
    "CostIncurred",
    "CreditNoted",
    "DeadlineNear",
    "DeadlinePassed",
    "DebtorReplied",
    "DeliveryOverdue",
    "DisputeOpened",
    "DisputeSettled",
    "Event",
    "FileOvertaken",
    "FilePrepared",
    "FileRecalled",
    "HandedOver",
    "HoldLifted",
    "HoldPlaced",
    "InsolvencyOpened",
    "JudicialEventNoted",
    "LetterDelivered",
    "LetterPosted",
    "LetterReturned",
    "LetterWithdrawn",
    "LimitationNear",
    "MediationEnded",
    "MediationOpened",
    "Noted",
    "NoticeBounced",
    "NoticeFailed",
    "NoticeInDoubt",
    "NoticeSent",
    "PassageOpened",
    "PaymentHeld",
    "PaymentReceived",
    "PaymentReversed",
    "PlanAgreed",
    "PlanBroken",
    "PlanCaughtUp",
    "PlanMissed",
    "PolicyAdopted",
    "PromiseBroken",
    "PromiseMade",
    "ReplyEscalated",
    "RungSkipped",
    "SettlementAgreed",
    "SettlementLapsed",
    "SignalRefused",
    "StepApproved",
    "StepDeclined",
    "TakenBack",
    "TaskClosed",
    "TermsChanged",
    "read_event",
    "read_event_text",
]

AnyEvent = Annotated[
    CaseOpened | PaymentReceived | PaymentReversed | CreditNoted | DisputeOpened | DisputeSettled
    | PlanAgreed | PlanMissed | PlanBroken | PlanCaughtUp | PromiseMade | PromiseBroken | HoldPlaced | HoldLifted
    | DebtorReplied | ReplyEscalated | LetterWithdrawn | LetterPosted | LetterDelivered | LetterReturned | NoticeBounced
    | ContactDeferred | ContactRefused
    | ContactChanged | ApprovalRequested | ApprovalLapsed | StepApproved | StepDeclined | InsolvencyOpened
    | AccessoriesWaived | RungSkipped | CallRequested | CallLapsed | NoticeSent | NoticeFailed | NoticeInDoubt
    | ActGaveUp | FilePrepared | DeliveryOverdue | LimitationNear | PassageOpened | JudicialEventNoted
    | DeadlineNear | DeadlinePassed | FileOvertaken | FileRecalled | HandedOver | TakenBack
    | MediationOpened | MediationEnded | PaymentHeld | SettlementAgreed | SettlementLapsed | TermsChanged
    | CostIncurred | PolicyAdopted | CallEnded | Noted | TaskClosed | SignalRefused | CaseClosed,
    Field(discriminator="kind"),
]  # fmt: skip

KINDS: Final = frozenset(str(one.model_fields["kind"].default) for one in get_args(get_args(AnyEvent)[0]))
"""What an event may be called in the ledger."""

_ANY: TypeAdapter[Event] = TypeAdapter(AnyEvent)


def read_event(data: Any) -> Event:
    """The event of parsed JSON; raises pydantic.ValidationError (a stored row that cannot be read is a broken
    ledger)."""
    return _ANY.validate_python(data)


def read_event_text(text: str) -> Event:
    """The event of a JSON text; raises pydantic.ValidationError."""
    return _ANY.validate_json(text)
