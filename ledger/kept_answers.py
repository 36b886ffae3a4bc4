"""Answers kept for those who ask again: one per owner and key, for a week; sealed, since some name people."""

import base64
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from ledger.api_tables import kept_answers
from ledger.database import Database, write
from ledger.seal import KeyRing, decrypt, encrypt
from ledger.search import search_key

KEPT_FOR = timedelta(days=7)
RUNS_FOR = timedelta(seconds=90)
"""Longer than any request: after it the first is taken for dead and the second may try."""


class Kept(NamedTuple):
    """What is known of a key: whose content it came with, and what was answered (None: it still runs)."""

    fingerprint: str
    at: datetime
    status: int | None
    body: str | None


class KeptAnswers:
    """The answers of this ledger."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring

    async def begin(self, owner: str, key: str, fingerprint: str, at: datetime) -> Kept | None:
        """Take a key: None when it is ours to answer, else what is known of it. A request that died leaves its key to
        the next one of the same content."""
        table = kept_answers.c
        the = (table.owner == owner, table.key == key)

        def beginning(connection: Connection) -> Kept | None:
            connection.execute(delete(kept_answers).where(table.at < at - KEPT_FOR))
            found = connection.execute(
                select(table.fingerprint, table.at, table.status, table.body).where(*the)
            ).one_or_none()
            known = None if found is None else Kept(*found[:3], self._opened(connection, found.body, owner, key))
            dead = known is not None and known.status is None and known.at < at - RUNS_FOR
            if known is None:
                row = {"owner": owner, "key": key, "fingerprint": fingerprint, "at": at}
                connection.execute(insert(kept_answers), row)
            elif dead and known.fingerprint == fingerprint:
                connection.execute(update(kept_answers).where(*the).values(at=at))
                known = None
            connection.commit()
            return known

        async with self._database.writing() as writer:
            return await writer.run(beginning)

    async def keep(self, owner: str, key: str, status: int, body: str) -> None:
        """Keep what was answered."""
        change = update(kept_answers).where(kept_answers.c.owner == owner, kept_answers.c.key == key)

        def keeping(connection: Connection) -> None:
            sealed = encrypt(search_key(connection, self._ring), body.encode(), _place(owner, key))
            connection.execute(change.values(status=status, body=base64.b64encode(sealed).decode()))

        await write(self._database, keeping)

    async def drop(self, owner: str, key: str) -> None:
        """Forget a key whose request did nothing, so that it may be tried again."""
        gone = delete(kept_answers).where(kept_answers.c.owner == owner, kept_answers.c.key == key)
        await write(self._database, lambda connection: connection.execute(gone))

    def _opened(self, connection: Connection, body: str | None, owner: str, key: str) -> str | None:
        if body is None:
            return None
        return decrypt(search_key(connection, self._ring), base64.b64decode(body), _place(owner, key)).decode()


def _place(owner: str, key: str) -> str:
    return f"kept/{owner}/{key}"
