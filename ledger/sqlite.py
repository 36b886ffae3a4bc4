"""The ledger in a SQLite file: WAL, one writer at a time.

A statement on a file takes microseconds, a hop to another thread and back ten times that. So a whole piece of work
makes one hop: reads to a few threads, writes to a single one. A write transaction hops to begin, when it may have to
wait for another process, and to end, when the file is written; what it asks between waits for nobody and stays.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import OperationalError

from ledger.database import BUSY_SECONDS, T, Work
from ledger.errors import LedgerBusy, LedgerError

READERS = 4


class _Transaction:
    def __init__(self, sqlite: "Sqlite") -> None:
        self._sqlite = sqlite

    async def run(self, work: Work[T], *, quick: bool = False) -> T:
        try:
            return self._sqlite.write_here(work) if quick else await self._sqlite.write(work)
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) == SQLITE_BUSY:
                raise LedgerBusy from error
            raise


class Immediate(SQLiteDialect_pysqlite):
    """The writer's dialect: a transaction takes the file as it begins, since one that read first and wrote later could
    find itself refused the lock. No event does it: each statement of a connection that has events takes a third longer.
    """

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Begin, or raise the driver's OperationalError when another process keeps the file for too long."""
        dbapi_connection.execute("BEGIN IMMEDIATE").close()


class Sqlite:
    """A Database in a file."""

    def __init__(self, url: URL) -> None:
        Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
        registry.register("sqlite.immediate", __name__, Immediate.__name__)
        self._engine = _engine(url)
        self._writers = _engine(url.set(drivername="sqlite+immediate"))
        self._turn = asyncio.Lock()
        self._writer_thread = ThreadPoolExecutor(1, "ledger-writer")
        self._reader_threads = ThreadPoolExecutor(READERS, "ledger-reader")
        self._writer: Connection | None = None
        # Taken and put back by hand: a page reads three times, and the pool's way out and back is half of a short read.
        self._idle: list[Connection] = []

    async def read(self, work: Work[T]) -> T:
        """Read one state of the file; a writer is neither waited for nor kept waiting."""

        def reading() -> T:
            connection = self._reader()
            try:
                with closing(connection.begin()):
                    _begin(connection)
                    return work(connection)
            finally:
                self._idle.append(connection)

        return await _in(self._reader_threads, reading)

    def _reader(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._engine.connect()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[_Transaction]:
        """The turn to write: those of this process wait for it here in order, those of others at the file."""
        try:
            async with asyncio.timeout(BUSY_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise LedgerBusy from None
        try:
            yield _Transaction(self)
        except BaseException:
            # Also after a cancellation, when work may still be running in the thread: this comes after it.
            await _in(self._writer_thread, self._roll_back)
            raise
        else:
            if self._writer is not None and self._writer.in_transaction():
                await _in(self._writer_thread, self._roll_back)
        finally:
            self._turn.release()

    def _roll_back(self) -> None:
        if self._writer is not None:
            self._writer.rollback()

    async def write(self, work: Work[T]) -> T:
        """Do the work on the writer's connection, in its thread."""

        def writing() -> T:
            if self._writer is None:
                self._writer = self._writers.connect()
            return work(self._writer)

        return await _in(self._writer_thread, writing)

    def write_here(self, work: Work[T]) -> T:
        """The same without the hop, for statements of a transaction that holds the file already: none of them waits
        for anybody."""
        if self._writer is None or not self._writer.in_transaction():
            raise LedgerError("quick work belongs to a transaction that has begun")
        return work(self._writer)

    async def close(self) -> None:
        """Close every connection and end the threads."""
        if self._writer is not None:
            await _in(self._writer_thread, self._writer.close)
        self._writer_thread.shutdown()
        self._reader_threads.shutdown()
        for connection in self._idle:
            connection.close()
        self._engine.dispose()
        self._writers.dispose()


def _engine(url: URL) -> Engine:
    connect = {"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    engine = create_engine(url, connect_args=connect)
    event.listen(engine, "connect", _on_connect)
    return engine


async def _in(threads: Executor, work: Callable[[], T]) -> T:
    """Shielded: work that has begun ends by itself even when nobody waits for it any more, and a rollback that was
    asked for is never dropped."""
    return await asyncio.shield(asyncio.get_running_loop().run_in_executor(threads, work))


def _on_connect(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # synchronous: a payment that was answered for, or a letter that the engine was told of, must survive a power cut.
    # secure_delete: a key that was destroyed must not linger in the free parts of a page.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """One state of the file from here on; by the driver: SQLAlchemy's way to a statement is longer than this one."""
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN").close()
