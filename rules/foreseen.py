"""What a preview is told, and what it foresees. Pure."""

from datetime import date
from decimal import Decimal

from rules.base import Frozen
from rules.case import Case
from rules.commands import Command

Day = date
"""A name for the type where a field is called ``date``."""


class Foreseen(Frozen):
    """A notice that would be sent for one invoice; ``covers``: all the invoices of the same message."""

    date: Day
    creditor: str
    debtor: str
    number: str
    due_on: Day
    step: str
    channel: str
    principal: Decimal
    claim: Decimal
    covers: tuple[str, ...]
    because: str


class Dated(Frozen):
    """Something that happens to a case on a day."""

    on: date
    case: str
    command: Command


class Outlook(Frozen):
    """A preview's result: the notices in order, the events that were refused, the cases as they end."""

    notices: tuple[Foreseen, ...]
    refused: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
