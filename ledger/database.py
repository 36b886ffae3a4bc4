"""Opening SQLite and PostgreSQL the same way: one kind of write transaction, one kind of read."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ledger.errors import LedgerBusy
from rules.refusals import Refused

BUSY_SECONDS = 30
WRITING = {"writing": True}

_SQLITE = frozenset({"sqlite", "sqlite+aiosqlite"})
_POSTGRES = frozenset({"postgres", "postgresql", "postgresql+asyncpg"})


def normalise_url(url: str) -> URL:
    """The URL with its asynchronous driver.

    Raises Refused on anything but ``sqlite:///FILE`` and ``postgresql://…``; a ledger in memory would forget.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise Refused(
            "The database URL cannot be read; write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME."
        ) from None
    if parsed.drivername in _SQLITE:
        if parsed.database in (None, "", ":memory:") or "mode" in parsed.query:
            raise Refused("The ledger cannot live in memory; name a file, as in sqlite:///var/relance.db.")
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed.drivername in _POSTGRES:
        return _asyncpg(parsed)
    raise Refused(
        f"« {parsed.drivername} » is not a database the ledger knows; write sqlite:///FILE or postgresql://…."
    )


def _asyncpg(url: URL) -> URL:
    """libpq's ``sslmode`` is called ``ssl`` by asyncpg."""
    query = dict(url.query)
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    return url.set(drivername="postgresql+asyncpg", query=query)


class Database:
    """An engine with its manners. SQLite: WAL, one writer at a time; PostgreSQL: READ COMMITTED and row
    locks."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        self._writer = asyncio.Lock()

    @classmethod
    def of(cls, url: str) -> "Database":
        """A database by its URL; nothing is connected yet. Creates the folder of a SQLite file. Raises
        Refused."""
        parsed = normalise_url(url)
        if parsed.drivername.startswith("sqlite"):
            Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
            engine = create_async_engine(parsed, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None})
            event.listen(engine.sync_engine, "connect", _on_sqlite_connect)
            event.listen(engine.sync_engine, "begin", _on_sqlite_begin)
            return cls(engine)
        settings = {
            "application_name": "relance",
            "lock_timeout": f"{BUSY_SECONDS}s",
            # A worker that stopped in the middle must not keep a case locked.
            "idle_in_transaction_session_timeout": "60s",
            "jit": "off",
        }
        return cls(
            create_async_engine(
                parsed,
                pool_size=10,
                max_overflow=20,
                isolation_level="READ COMMITTED",
                connect_args={"server_settings": settings},
            )
        )

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for plain reads: no lock, and nothing is kept."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A connection in one write transaction; the caller commits, leaving without a commit rolls back.

        SQLite admits one writer: those of this process queue here in order, those of others at the file.
        Raises LedgerBusy when the turn does not come in 30 seconds.
        """
        if not self.sqlite:
            async with self.engine.connect() as connection:
                yield connection
            return
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._writer.acquire()
        except TimeoutError:
            raise LedgerBusy(f"another transaction kept the ledger for {BUSY_SECONDS} seconds") from None
        try:
            async with self.engine.connect() as connection:
                yield await connection.execution_options(**WRITING)
        finally:
            self._writer.release()


def _on_sqlite_connect(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_sqlite_begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that reads first and writes later could find itself
    refused."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
