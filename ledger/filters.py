"""What lists are asked for."""

from datetime import date, datetime

from rules.base import Frozen
from rules.case import Stage
from rules.outbox import MessageState


class CaseFilter(Frozen):
    """Which cases a list shows; None means all. ``creditors``: those granted; ``next_before``: those awaited
    before that moment."""

    creditors: frozenset[str] | None = None
    stage: Stage | None = None
    creditor: str | None = None
    debtor: str | None = None
    next_before: datetime | None = None
    limit: int = 100
    offset: int = 0


class MessageFilter(Frozen):
    """Which messages a list shows; None means all. ``creditors``: those granted; ``since``: those of that day and
    later."""

    creditors: frozenset[str] | None = None
    state: MessageState | None = None
    creditor: str | None = None
    debtor: str | None = None
    since: date | None = None
    limit: int = 100
    offset: int = 0
