"""What every event carries. Pure."""

from datetime import date, datetime

from rules.base import Private, Stored


class Event(Stored):
    """``on`` is the day it happened, in the creditor's time zone; ``at`` the moment it was entered (virtual UTC);
    ``by`` who said so, and ``actor`` what they are (operator, manager, system, billing, debtor), both as the door knew
    them;
    ``door`` how it came: command, console, api, file, mailbox; signal, update and start when it came to the engine by
    itself, from whom nobody knows; None: Relance itself."""

    kind: str
    id: str
    on: date
    at: datetime
    by: Private = None
    door: str | None = None
    actor: str | None = None
    note: Private = None
    after_closure: bool = False
