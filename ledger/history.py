"""Events to rows and back."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, bindparam, select

from ledger.chain import canonical, link
from ledger.errors import UnreadableEvent
from ledger.seal import Seal
from ledger.tables import events
from rules.brief import ChainLink
from rules.events import CallRequested, Event, NoticeSent, read_event, read_event_text
from rules.privacy import join, split

Row = dict[str, Any]

WRITTEN = "written"
CALL = "call"


class StoredEvent(NamedTuple):
    """What is needed to read an event back."""

    position: int
    readable: str
    sealed: bytes | None


def read_history(case_id: str, stored: Iterable[StoredEvent], seal: Seal) -> list[Event]:
    """The events, opened and parsed; raises UnreadableEvent on one that was altered."""
    return [_read(case_id, row, seal) for row in stored]


def _read(case_id: str, row: StoredEvent, seal: Seal) -> Event:
    try:
        if row.sealed is None and seal.key is not None:
            return read_event_text(row.readable)  # as it stands: there is nothing to put together
        return read_event(join(json.loads(row.readable), seal.open(row.sealed, row.position)))
    except (InvalidTag, ValueError) as error:
        raise UnreadableEvent(case_id, row.position) from error


def chain_of(connection: Connection, case_id: str) -> tuple[ChainLink, ...]:
    """A case's events as the chain has them, in order; what is sealed by its digest alone."""
    found = connection.execute(_CHAIN, {"case": case_id})
    return tuple(
        ChainLink(
            position=row.position,
            readable=row.readable,
            sealed=None if row.sealed is None else hashlib.sha256(row.sealed).hexdigest(),
            hash=row.hash,
        )
        for row in found
    )


_CHAIN = (
    select(events.c.position, events.c.readable, events.c.sealed, events.c.hash)
    .where(events.c.case_id == bindparam("case"))
    .order_by(events.c.position)
)


def event_row(case_id: str, position: int, previous: str | None, event: Event, seal: Seal) -> Row:
    """The row of a new event, its personal part sealed, chained to the one before."""
    parts, personal = split(event)
    readable = canonical(parts)
    sealed = seal.seal(personal, position)
    return {
        "case_id": case_id,
        "position": position,
        "event_id": event.id,
        "kind": parts["kind"],
        "happened_on": event.on,
        "entered_at": event.at,
        "readable": readable,
        "sealed": sealed,
        "hash": link(case_id, position, previous, readable, sealed),
    }


def contact_row(case_id: str, position: int, creditor: str, debtor: str, event: Event) -> Row | None:
    """The contact that an event is, None when it is none."""
    if isinstance(event, NoticeSent) and event.channel != CALL:
        kind, message_id = WRITTEN, event.message_id
    elif isinstance(event, CallRequested):
        kind, message_id = CALL, None
    else:
        return None
    return {
        "case_id": case_id,
        "position": position,
        "creditor": creditor,
        "debtor": debtor,
        "day": event.on,
        "kind": kind,
        "step": event.step,
        "message_id": message_id,
    }
