"""What every event carries. Pure."""

from datetime import date, datetime

from rules.base import Private, Stored


class Event(Stored):
    """``on`` is the day it happened, in the creditor's time zone; ``at`` the moment it was entered (virtual UTC);
    ``by`` who said so; ``door`` how it came: signal, update, command, file, api, console; None: Relance itself."""

    kind: str
    id: str
    on: date
    at: datetime
    by: Private = None
    door: str | None = None
    note: Private = None
    after_closure: bool = False
