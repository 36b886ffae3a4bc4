"""Where a case stands, how it ended, why it waits, and what became of a rung. Pure."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from rules.base import Frozen
from rules.money import ZERO


class Stage(StrEnum):
    """Where a case stands."""

    NOT_DUE = "not_due"
    AMICABLE = "amicable"
    FORMAL_NOTICE = "formal_notice"
    PRE_JUDICIAL = "pre_judicial"
    JUDICIAL = "judicial"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    PAID = "paid"
    CREDITED = "credited"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    INSOLVENCY = "insolvency"
    TIME_BARRED = "time_barred"
    CANCELLED = "cancelled"
    ASSIGNED = "assigned"


class Pause(StrEnum):
    """Why nothing is written for now."""

    DISPUTE = "dispute"
    PAYMENT_PLAN = "payment_plan"
    PROMISE = "promise"
    HOLD = "hold"
    REPLY = "reply"
    RETURNED_LETTER = "returned_letter"


class StepOutcome(StrEnum):
    """What became of a rung."""

    SENT = "sent"
    IN_TRAY = "in_tray"
    POSTED = "posted"
    DELIVERED = "delivered"
    RETURNED = "returned"
    SKIPPED = "skipped"
    CALL = "call"
    CALLED = "called"
    LAPSED = "lapsed"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    PREPARED = "prepared"


WRITTEN = frozenset(
    {StepOutcome.SENT, StepOutcome.IN_TRAY, StepOutcome.POSTED, StepOutcome.DELIVERED, StepOutcome.RETURNED}
)


class StepTaken(Frozen):
    """A rung of a passage that was climbed or skipped. ``answer_from``: the day the answer period runs from; ``asked``:
    the principal its letter asks for, ``given_up``: what of the accessories was waived before it;
    ``lost_on``: the day on which it was known that it had not reached the debtor."""

    step: str
    passage: int
    at: datetime
    on: date
    outcome: StepOutcome
    channel: str | None = None
    message_id: str | None = None
    claim: Decimal = ZERO
    posted_on: date | None = None
    answer_from: date | None = None
    principal: Decimal = ZERO
    disputed: Decimal = ZERO
    asked: Decimal = ZERO
    given_up: Decimal = ZERO
    crossed: bool = False
    copies: tuple[str, ...] = ()
    lost_on: date | None = None
    because: str | None = None
    overdue: bool = False

    @property
    def written(self) -> bool:
        """Whether a letter left or lies ready to leave."""
        return self.outcome in WRITTEN
