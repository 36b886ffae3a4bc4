"""What the rules answer: the next step, when, why, and the facts it was taken from. Pure values, kept in histories."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from rules.base import Stored
from rules.case import Pause, Stage
from rules.money import ZERO, Money
from rules.policy import Channel, Claims, Role
from rules.profile import PaymentRecord, Profiled

RULES_VERSION = "1"
"""Raised when the same facts would lead to another decision; an audit names the version a decision was taken under."""


class Wait(Stored):
    """Nothing to do until ``at``; then look again. ``step``: the rung that is ahead."""

    kind: Literal["wait"] = "wait"
    step: str | None = None


class Send(Stored):
    """Write to the debtor. ``as_of``: the day to which the amounts are drawn up; ``about``: the instalment of a
    plan; ``variant``: which of the rung's letters this debtor gets."""

    kind: Literal["send"] = "send"
    step: str
    passage: int
    channel: Channel
    copies: tuple[Channel, ...] = ()
    tone: str
    claims: Claims
    formal: bool = False
    as_of: date
    about: date | None = None
    variant: str | None = None


class Call(Stored):
    """Open a task for a person with a telephone. ``channel`` None: a call; sms: a text message to send."""

    kind: Literal["call"] = "call"
    step: str
    passage: int
    channel: Channel | None = None


class AskApproval(Stored):
    """Ask a person whether the step may be taken."""

    kind: Literal["ask_approval"] = "ask_approval"
    step: str
    passage: int
    role: Role


class PrepareFile(Stored):
    """Prepare the judicial file."""

    kind: Literal["prepare_file"] = "prepare_file"
    step: str
    passage: int


class Park(Stored):
    """The ladder stands: a named reason, and a task for a person. ``step``: the rung that is ahead. A moment beside it
    only says when a pause ends by itself."""

    kind: Literal["park"] = "park"
    step: str | None = None
    reason: str


class Close(Stored):
    """The case is over."""

    kind: Literal["close"] = "close"
    outcome: str


AnyStep = Annotated[Wait | Send | Call | AskApproval | PrepareFile | Park | Close, Field(discriminator="kind")]

Act = Send | PrepareFile
"""The steps that need an activity of their own; the others are entered by ``advance``."""

ActKind = Literal["send", "prepare_file"]
"""Those steps by their kind."""


class Claim(Stored):
    """What is owed by law on a day, net of payments, in the invoice's currency."""

    principal: Money = ZERO
    interest: Money = ZERO
    indemnity: Money = ZERO
    costs: Money = ZERO

    @property
    def total(self) -> Decimal:
        """Everything."""
        return self.principal + self.interest + self.indemnity + self.costs


class Suspension(Stored):
    """Why nothing is written, and until which day (None: until somebody says so)."""

    by: Pause
    until: date | None = None


class Task(Stored):
    """Something for a person. ``id`` is stable while the cause lasts; ``owner`` a role or a name."""

    id: str
    kind: str
    due_on: date
    summary: str
    owner: str = "operator"


OF_A_CREDITOR = frozenset({"bank_data"})
SHARED = OF_A_CREDITOR | {"publish_rate"}
"""Kinds of task of which one is for many cases, whichever asks: all of a creditor's, or the whole book's."""


class DebtorFacts(Stored):
    """What the ledger knows of the debtor beyond this case: ids, dates and numbers, nothing personal.

    ``written_on``: the day of the last letter about another case; ``contacts``: days of all contacts of the last
    seven days, ``by_channel`` the same by channel; ``held``: a hold on the whole debtor; ``record``: how it paid;
    ``bank_until``: the last day whose movements on the creditor's accounts are known."""

    written_on: date | None = None
    contacts: tuple[date, ...] = ()
    by_channel: dict[str, tuple[date, ...]] = Field(default_factory=dict)
    held: bool = False
    held_until: date | None = None
    record: PaymentRecord | None = None
    bank_until: date | None = None


class Coming(NamedTuple):
    """What comes next for a case: of a Decision the step, its moment, the next alert's and the reason, without what is
    told beside them."""

    step: AnyStep
    at: datetime | None
    alert_at: datetime | None
    because: str

    @property
    def moment(self) -> datetime | None:
        """When to look again: the step's moment, or an alert that comes before it."""
        return _first(self.at, self.alert_at)


def _first(*moments: datetime | None) -> datetime | None:
    return min((at for at in moments if at is not None), default=None)


class Facts(Stored):
    """What a decision was taken from, besides the events up to its position. ``creditor``: a digest of the creditor's
    terms that decisions depend on; empty in decisions older than it."""

    now: datetime
    rules: str = RULES_VERSION
    tables: str
    creditor: str = ""
    debtor: DebtorFacts = DebtorFacts()


class Decision(Stored):
    """The next step. ``due_on``: the due date the ladder counts from. ``alert_at``: when a person is to be warned.
    ``at``: its moment (virtual UTC), None when no clock leads there; ``position``: the last event it knows;
    ``because``: a sentence for a person."""

    step: AnyStep
    at: datetime | None = None
    alert_at: datetime | None = None
    because: str
    position: int
    as_of: date
    due_on: date
    stage: Stage
    claim: Claim
    tasks: tuple[Task, ...] = ()
    suspended: Suspension | None = None
    limitation_on: date | None = None
    profile: Profiled | None = None
    facts: Facts

    @property
    def moment(self) -> datetime | None:
        """When to look again: the step's moment, or an alert that comes before it."""
        return _first(self.at, self.alert_at)

    @property
    def acts(self) -> bool:
        """Whether the moment is that of a step which needs an act of its own."""
        return isinstance(self.step, Send | PrepareFile) and self.at == self.moment

    @property
    def name(self) -> str:
        """The step's name as lists show it: the rung that is ahead, or why there is none."""
        if isinstance(self.step, Close):
            return self.step.kind
        return self.step.step or (self.step.reason if isinstance(self.step, Park) else self.step.kind)
