"""What the ledger asks of a database, whichever it is, and the URLs that name one."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from rules.refusals import Refused

T = TypeVar("T")
Work = Callable[[Connection], T]
"""What is done with a connection. It is written once, without await, and runs as a whole: on SQLite in the thread of
the file, on PostgreSQL over the asynchronous driver."""

BUSY_SECONDS = 30

_SQLITE = frozenset({"sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"})
_POSTGRES = frozenset({"postgres", "postgresql", "postgresql+asyncpg"})


class Writer(Protocol):
    """One write transaction. It ends with the block it was got in; without a commit it leaves nothing."""

    async def run(self, work: Work[T], *, quick: bool = False) -> T:
        """Do some of it; ``work`` may commit, unless it is ``quick``: statements of a transaction that has begun."""
        ...


class Database(Protocol):
    """A SQLite file or a PostgreSQL database."""

    async def read(self, work: Work[T]) -> T:
        """Read without locks, from one state of the database or from several that follow each other."""
        ...

    def writing(self) -> AbstractAsyncContextManager[Writer]:
        """A write transaction. Raises LedgerBusy when its turn does not come in 30 seconds."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


async def write(database: Database, work: Work[T]) -> T:
    """Do a piece of work in a transaction of its own, and commit. Raises LedgerBusy."""

    def writing(connection: Connection) -> T:
        answer = work(connection)
        connection.commit()
        return answer

    async with database.writing() as writer:
        return await writer.run(writing)


def normalise_url(url: str) -> URL:
    """The URL with its driver.

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
        return parsed.set(drivername="sqlite+pysqlite")
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
