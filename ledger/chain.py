"""The hash chain of a case. Pure.

The hash of an event is the SHA-256 of one line of canonical JSON (sorted keys, no spaces, UTF-8):
``{"case":…,"position":…,"previous":…,"readable":{…},"sealed":…}`` where ``previous`` is the hash before it
(null for the first), ``readable`` the event without its personal fields, and ``sealed`` the SHA-256 of the
ciphertext of those (null when there is none). The key of the ciphertext takes no part, so the chain
outlives it."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple


class ChainRow(NamedTuple):
    """An event as it is stored. ``readable`` is canonical JSON, ``sealed`` a ciphertext, ``hash``
    hexadecimal."""

    case_id: str
    position: int
    readable: str
    sealed: bytes | None
    hash: str


class Head(NamedTuple):
    """The last position of a case and its hash, kept apart from the chain: a chain cut short shows against
    it."""

    position: int
    hash: str | None


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and no escapes but the necessary."""
    return _ENCODER.encode(value)


def link(case_id: str, position: int, previous: str | None, readable: str, sealed: bytes | None) -> str:
    """The hash of an event, 64 hexadecimal digits; ``readable`` is already canonical."""
    digest = None if sealed is None else hashlib.sha256(sealed).hexdigest()
    line = (
        f'{{"case":{canonical(case_id)},"position":{position},"previous":{canonical(previous)}'
        f',"readable":{readable},"sealed":{canonical(digest)}}}'
    )
    return hashlib.sha256(line.encode()).hexdigest()


def verify(rows: Iterable[ChainRow], head: Head | None = None) -> int | None:
    """The first position at which the chain is broken, None when it holds.

    A missing row breaks at its own position. With ``head``, rows missing from the end are found too.
    """
    previous: str | None = None
    expected = 1
    for row in rows:
        if row.position != expected:
            return expected
        if row.hash != link(row.case_id, row.position, previous, row.readable, row.sealed):
            return row.position
        previous = row.hash
        expected += 1
    last = expected - 1
    if head is None or head == (last, previous):
        return None
    return min(last, head.position) + (0 if last == head.position else 1)
