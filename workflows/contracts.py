"""Names, ids and message types that other programs rely on: stable. Imports no engine."""

from datetime import datetime
from typing import Any

from rules.base import Stored
from rules.decision import Decision
from rules.events import AnyEvent
from rules.invoice import InvoiceIssued
from rules.view import CaseView

WORKFLOW_TYPE = "InvoiceRecovery"
RECOVERY_QUEUE = "recovery"
CORRESPONDENCE_QUEUE = "correspondence"
JUDICIARY_QUEUE = "judiciary"
QUEUES = (RECOVERY_QUEUE, CORRESPONDENCE_QUEUE, JUDICIARY_QUEUE)

QUERY_CASE = "case"
UPDATE_SUBMIT = "submit"
SIGNAL_RECONSIDER = "reconsider"

ACTIVITY_ADVANCE = "advance"
ACTIVITY_SEND = "send_notice"
ACTIVITY_FILE = "prepare_judicial_file"
ACTIVITY_WAKE = "wake_siblings"
ACTIVITY_WITHDRAW = "withdraw_letters"
ACTIVITY_ENTER_LATE = "enter_late"
ACTIVITY_MAILBOX = "read_mailbox"
ACTIVITY_KEEP = "keep_histories"


def case_id(creditor: str, number: str) -> str:
    """The id of a case, which is its workflow's: ``invoice/{creditor}/{number}``."""
    return f"invoice/{creditor}/{number}"


class Said(Stored):
    """One thing that was said to a case and waits to be entered. ``payload`` is the raw JSON object; ``fault``: why it
    could not even be read; ``at``: when it reached the case (engine's UTC); ``door``: signal or update."""

    id: str
    name: str
    payload: Any = None
    fault: str | None = None
    at: datetime
    door: str


class Carried(Stored):
    """What a case takes with it when it continues as new, or when it is started to continue a closed one. ``view``:
    what a query answers until the new run has asked the ledger; ``by``, ``actor``, ``door``: who opens the case."""

    continues: bool = False
    position: int = 0
    inbox: tuple[Said, ...] = ()
    signals: int = 0
    series: str = ""
    view: CaseView | None = None
    by: str | None = None
    actor: str | None = None
    door: str | None = None


class Ask(Stored):
    """What the loop asks of the clerk. ``known``: the last position the loop has; ``awaited``: the virtual moment whose
    timer ended; ``now``: the engine's UTC; ``acting``: an act is in flight; ``invoice`` and ``carried``: only while the
    loop knows nothing yet."""

    case: str
    known: int
    now: datetime
    awaited: datetime | None = None
    said: tuple[Said, ...] = ()
    acting: bool = False
    carried: Carried | None = None
    invoice: InvoiceIssued | None = None


class Reply(Stored):
    """What became of one thing said: refused with a sentence and a code, or entered."""

    id: str
    code: str | None = None
    sentence: str | None = None


class Answer(Stored):
    """What the ledger and the rules answer. ``events``: those after ``since``; ``position`` and ``head``: the chain's
    end; ``wake_at``: the engine's UTC moment of the decision's; ``deferred``: things said that must wait for a moment
    that comes first; ``spread``: what the debtor's other cases must hear too;
    ``withdrawn``: letters that must be taken out of the tray; ``refused``: why there is no case at
    all; ``stages_only``: leave what changes at each step out of the search attributes."""

    since: int
    events: tuple[AnyEvent, ...] = ()
    position: int
    head: str | None = None
    decision: Decision | None = None
    wake_at: datetime | None = None
    replies: tuple[Reply, ...] = ()
    deferred: tuple[str, ...] = ()
    spread: tuple[Said, ...] = ()
    withdrawn: tuple[str, ...] = ()
    refused: str | None = None
    stages_only: bool | None = None


class Spread(Stored):
    """What was said to a case and concerns all the debtor's cases."""

    case: str
    said: tuple[Said, ...]


class Order(Stored):
    """What an act is told: which case of whom, which step, and the moment it was decided for (virtual and engine's
    UTC)."""

    case: str
    creditor: str
    debtor: str
    step: str
    passage: int
    known: int
    at: datetime
    now: datetime


class Ending(Stored):
    """What a case's workflow returns: how the case ended and where its chain does."""

    case: str
    outcome: str | None = None
    position: int
    head: str | None = None
    refused: str | None = None
