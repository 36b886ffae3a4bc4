"""Every file of a message in the store: its own copy, those of its copies by another channel, those of earlier tries.

The ledger names one file a message; the others bear its mark in their names.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from rules.policy import Channel

_TOKEN = re.compile(r"[0-9a-f]{12,}")


class Copies:
    """The letters' folders of one store, looked through once a creditor."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._known: dict[str, dict[str, list[Path]]] = {}

    def of(self, creditor: str, message_id: str) -> list[Path]:
        """The files of a message and of its copies, in order."""
        if creditor not in self._known:
            self._known[creditor] = _index(self._store / creditor)
        known = self._known[creditor]
        return sorted({path for token in _tokens(message_id) for path in known.get(token, ()) if path.exists()})


def _index(folder: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in folder.rglob("*"):
        if path.is_file():
            for token in _TOKEN.findall(path.name):
                found.setdefault(token, []).append(path)
    return found


def _tokens(message_id: str) -> Iterator[str]:
    """What a file of the message is named by: the mark in its id, or the digest of its name or of a copy's."""
    yield from _TOKEN.findall(message_id.partition("@")[0])
    for name in (message_id, *(message_id.replace("<", f"<{channel.value}.", 1) for channel in Channel)):
        yield hashlib.sha256(name.encode()).hexdigest()[:12]
