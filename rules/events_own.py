"""Events of Relance's own making: what the clock entails, what was sent, asked for, prepared, passed over. Pure."""

from datetime import date
from typing import Annotated, Literal

from rules.base import Personal, Private
from rules.events_base import Event
from rules.money import Money
from rules.proposal import Proposal


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


class PromiseBroken(Event):
    kind: Literal["promise_broken"] = "promise_broken"
    pay_on: date


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


class ApprovalRequested(Event):
    """``letter``: what the approval is for, a digest of all that the letter would say; ``as_of``: the day to which
    its amounts are drawn up; ``route``: the procedure proposed, of a judicial file."""

    kind: Literal["approval_requested"] = "approval_requested"
    step: str
    passage: int
    role: str
    letter: str
    as_of: date
    lapses_on: date
    route: Annotated[Proposal | None, Personal] = None


class ApprovalLapsed(Event):
    kind: Literal["approval_lapsed"] = "approval_lapsed"
    step: str
    passage: int
    because: str


class RungSkipped(Event):
    kind: Literal["rung_skipped"] = "rung_skipped"
    step: str
    passage: int
    because: str


class ContactDeferred(Event):
    """A contact whose day had come was not made: a guard rail moves it to ``until``."""

    kind: Literal["contact_deferred"] = "contact_deferred"
    step: str
    passage: int
    guard: str
    until: date
    because: str


class CallRequested(Event):
    """A person is asked to call, or (``channel`` sms) to send a text message. The event is always the first attempt;
    ``attempt`` and ``again_on`` move on in the case as nobody answers."""

    kind: Literal["call_requested"] = "call_requested"
    step: str
    passage: int
    lapses_on: date
    channel: str | None = None
    attempt: int = 1
    again_on: date | None = None


class CallLapsed(Event):
    kind: Literal["call_lapsed"] = "call_lapsed"
    step: str
    passage: int


class NoticeSent(Event):
    """The letter has left (e-mail: the server took it; paper: it lies in the tray). ``message_id`` names the message,
    which may cover other cases of the debtor. ``principal`` and ``claim``: what it says is owed for this invoice;
    ``variant`` and ``profile``: in which of its wordings, and to what kind of payer. ``carrier``: who took a registered
    letter to deliver it; nobody has to post it then."""

    kind: Literal["notice_sent"] = "notice_sent"
    step: str
    passage: int
    channel: str
    copies: tuple[str, ...] = ()
    message_id: str
    principal: Money
    claim: Money
    crossed: bool = False
    carrier: str | None = None
    variant: str | None = None
    profile: str | None = None


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
    """The evidence file is ready. ``manifest``: SHA-256 of its manifest; ``covers``: the other cases it speaks for;
    ``joined_to``: the case whose file this one stands in."""

    kind: Literal["file_prepared"] = "file_prepared"
    step: str
    passage: int
    path: str
    manifest: str
    procedure: str | None = None
    court: str | None = None
    covers: tuple[str, ...] = ()
    joined_to: str | None = None


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
