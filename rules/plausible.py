"""Whether what was said can be true at all: dates of this age, facts that have happened, ids that are free. Pure."""

from datetime import date

from rules.commands import Command
from rules.refusals import Code, Refused

_AGES = range(1900, 2200)
"""Years outside are slips of the keyboard; inside, no computation leaves the calendar."""


def check_words(command: Command) -> None:
    """Refuses a date of another age, and an id that Relance gives to its own events."""
    name = _name(command)
    if command.id is not None and command.id.startswith("relance/"):
        raise Refused(f"{name}: id {command.id} is one that Relance gives itself; choose another.")
    days = [(field, value) for field, value in command if isinstance(value, date)]
    days += [("instalments", part.due_on) for part in getattr(command, "instalments", ())]
    for field, value in days:
        if value.year not in _AGES:
            raise Refused(f"{name}: {field} {value} is not of this age; check the year.", Code.DATE_INVALID)


def not_ahead(command: Command, today: date, *fields: str) -> None:
    """Refuses a fact dated after today: it cannot have happened."""
    for field in fields:
        day = getattr(command, field)
        if day is not None and day > today:
            raise Refused(f"{_name(command)}: {field} {day} lies ahead of today, {today}.", Code.DATE_INVALID)


def _name(command: Command) -> str:
    return str(getattr(command, "kind", "event"))
