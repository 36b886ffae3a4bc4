"""What an admission is made from. Pure."""

from datetime import date, datetime
from typing import Any, NamedTuple

from rules import commands as c
from rules import events as e
from rules.calendars import local_day
from rules.case import Case
from rules.claim import Context


class Admission(NamedTuple):
    """What an admission is made from. ``day``: the day the thing happened; ``id``: the event's."""

    case: Case
    context: Context
    now: datetime
    id: str
    day: date
    door: str

    @property
    def today(self) -> date:
        """The day of the admission in the creditor's time zone."""
        return local_day(self.now, self.context.policy.zone)

    def actor(self, command: c.Command) -> str | None:
        """What stands behind a command, as its door knew it; None of a raw signal, which proves nothing."""
        return None if self.door == "signal" else command.actor

    def event(self, kind: type[e.Event], command: c.Command, **fields: Any) -> e.Event:
        """The event of that kind, with what every command carries."""
        raw = self.door == "signal"
        common = {
            "id": self.id,
            "on": self.day,
            "at": self.now,
            "by": command.by,
            "actor": self.actor(command),
            "door": self.door if raw else command.via or self.door,
            "note": command.note,
        }
        return kind.model_validate({**common, **fields})


def name_of(command: c.Command) -> str:
    return str(getattr(command, "kind", "event"))
