"""The ledger on PostgreSQL: READ COMMITTED and row locks, over asyncpg; reads are single statements."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from ledger.database import BUSY_SECONDS, T, Work
from ledger.errors import LedgerBusy

SETTINGS = {
    "application_name": "relance",
    "lock_timeout": f"{BUSY_SECONDS}s",
    # A worker that stopped in the middle must not keep a case locked.
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",
    # Whatever the server is set to: the engine is answered once a transaction is committed, and never asks again. A
    # commit that a crash could still take away would leave a case further than its ledger for good.
    "synchronous_commit": "on",
}


_LOCK_NOT_AVAILABLE = "55P03"


class _Transaction:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(self, work: Work[T], *, quick: bool = False) -> T:  # noqa: ARG002 - each statement crosses the wire
        try:
            return await self._connection.run_sync(work)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                raise LedgerBusy from error
            raise


class Postgres:
    """A Database on PostgreSQL."""

    def __init__(self, url: URL) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=20,
            # A database that was restarted leaves dead connections behind: found here, not by whoever asks next.
            pool_pre_ping=True,
            # Under READ COMMITTED each statement of a read sees what was committed before it, with a transaction around
            # them or without: beginning and ending one would be two more ways over the wire, and two more for the ping.
            isolation_level="AUTOCOMMIT",
            connect_args={"server_settings": SETTINGS},
        )
        self._writing = self._engine.execution_options(isolation_level="READ COMMITTED")

    async def read(self, work: Work[T]) -> T:
        """Read without locks; each statement sees what was committed before it."""
        async with self._engine.connect() as connection:
            return await connection.run_sync(work)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[_Transaction]:
        """A write transaction; what it must not share it locks row by row."""
        async with self._writing.connect() as connection:
            yield _Transaction(connection)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
