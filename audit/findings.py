"""What an audit says: mismatches, decisions that today's rules would take differently, remarks. Pure values."""

from enum import StrEnum
from typing import Any

from rules.base import Frozen


class Check(StrEnum):
    """The five checks."""

    REPLAY = "replay"
    CHAIN = "chain"
    EVENTS = "events"
    DECISIONS = "decisions"
    PROMISES = "promises"


class Finding(Frozen):
    """One thing that is not as it must be. ``position``: of the event in the ledger, None for the case as a whole;
    ``field``: what differs; ``here``: what the ledger says; ``there``: what it is held against."""

    check: Check
    position: int | None = None
    field: str
    said: str
    here: str | None = None
    there: str | None = None


class Difference(Frozen):
    """A recorded decision that today's rules would not take, with both reasons. ``facts``: what changed since it was
    taken (rules, tables, creditor), from which the difference comes."""

    position: int
    at: str
    fields: tuple[str, ...]
    recorded: str
    today: str
    because_recorded: str
    because_today: str
    facts: tuple[str, ...]


def short(value: Any) -> str:
    """A value in a line."""
    text = value if isinstance(value, str) else repr(value) if value is None else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def differing(here: dict[str, Any], there: dict[str, Any], prefix: str = "") -> list[tuple[str, Any, Any]]:
    """The fields, by their path, in which two JSON objects differ, with both values."""
    found: list[tuple[str, Any, Any]] = []
    for name in sorted({*here, *there}):
        one, other = here.get(name), there.get(name)
        if isinstance(one, dict) and isinstance(other, dict):
            found += differing(one, other, f"{prefix}{name}.")
        elif one != other:
            found.append((f"{prefix}{name}", one, other))
    return found
