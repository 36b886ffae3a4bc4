"""Who said a thing, and through which door. Pure."""

from enum import StrEnum

from rules import events as e


class Actor(StrEnum):
    """Who stands behind an event."""

    SYSTEM = "system"
    OPERATOR = "operator"
    MANAGER = "manager"
    BILLING = "billing"
    DEBTOR = "debtor"
    UNKNOWN = "unknown"


RAW = frozenset({"signal", "update", "start"})
"""Doors that authenticate nobody: a signal, an update or a start that came to the engine by itself."""

PEOPLE = frozenset({Actor.OPERATOR, Actor.MANAGER})
_DEBTOR = (e.DebtorReplied,)


def actor_of(event: e.Event) -> Actor:
    """Who stands behind an event: what its door said, else the house itself when it came through none, else unknown.
    What the debtor says is the debtor's, whoever wrote it down."""
    if isinstance(event, _DEBTOR):
        return Actor.DEBTOR
    if event.actor is not None:
        return Actor(event.actor) if event.actor in set(Actor) else Actor.UNKNOWN
    return Actor.SYSTEM if event.door in (None, "engine") else Actor.UNKNOWN


def authenticated(event: e.Event) -> bool:
    """Whether the door through which it came knew who spoke."""
    return event.door not in RAW
