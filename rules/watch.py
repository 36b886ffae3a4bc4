"""A moment that is waited for, and what happens then. Pure."""

from datetime import datetime
from typing import NamedTuple

from rules import events as e


class Watch(NamedTuple):
    """A moment (virtual UTC) and the event that happens then, if nothing came before. ``event`` lacks only its id."""

    at: datetime
    event: type[e.Event]
    fields: dict[str, object]
    because: str
