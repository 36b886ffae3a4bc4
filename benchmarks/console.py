"""The console on a book of a hundred thousand cases: list, search, case and dashboard, on SQLite and on PostgreSQL.

``python -m console`` itself answers on a port of this machine, one process; the requests come over connections that
stay open, a handful at a time. Its processor time is counted by the system, its background work included.
"""

import asyncio
import contextlib
import http.client
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import devserver
from benchmarks.console_book import Book, fill
from benchmarks.kept import Row
from benchmarks.ledger import postgres
from benchmarks.machine import Meter, Spent
from configuration import Configuration
from console.guard import digest
from ledger.accounts import Account, Role
from ledger.migrate import migrate
from ledger.passwords import hashed
from ledger.store import SqlLedger
from settings import HOUSE, read_settings

FIRST = "case seen for the first time"
AIMS = {"list": 10, "search": 20, FIRST: 5, "case": 5, "dashboard": 15}
"""CPU-ms a page."""
AT_ONCE = 4
_TOKEN = "session of the benchmark"
_READY = 60.0


@dataclass(frozen=True)
class Pages:
    """What was measured on one database, by kind of page. ``counts``: requests of each; ``summing``: seconds the
    figures took to be summed anew."""

    name: str
    counts: dict[str, int]
    spent: dict[str, Spent]
    bytes: dict[str, int]
    summing: float

    def cpu(self, kind: str) -> float:
        """CPU-ms of the console a page."""
        return self.spent[kind].by["console"] / self.counts[kind] * 1e3

    def per_second(self, kind: str) -> float:
        """Pages a second."""
        return self.counts[kind] / self.spent[kind].wall

    @property
    def disturbed(self) -> int:
        """Kinds of page during which others took too much of the machine."""
        return sum(not spent.judged for spent in self.spent.values())


async def measure(cases: int, requests: int) -> list[Pages]:
    """Fill each database with ``cases``, then ask for ``requests`` of each page. Raises AssertionError on any answer
    but the page."""
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        found.append(await _on("SQLite", f"sqlite:///{Path(scratch) / 'relance.db'}", Path(scratch), cases, requests))
    with postgres() as url, tempfile.TemporaryDirectory() as scratch:
        if url is None:
            print("  PostgreSQL: its wheel is not installed", flush=True)
        else:
            found.append(await _on("PostgreSQL", url, Path(scratch), cases, requests))
    return found


async def _on(name: str, url: str, folder: Path, cases: int, requests: int) -> Pages:
    today = datetime.now(UTC).date()
    began = time.perf_counter()
    await migrate(url)
    settings = read_settings({"RELANCE_DATABASE_URL": url, "RELANCE_STORE": str(folder / "store")})
    ledger = await SqlLedger.open(url)
    try:
        book = await fill(url, Configuration(settings, ledger), cases, today)
        await _admit(ledger)
        filled = time.perf_counter() - began
        summing = await _summed(ledger, today)
        print(f"  {name}: {cases} cases in {filled:.0f} s, figures summed in {summing:.1f} s", flush=True)
        async with devserver.running(folder) as server:
            with _console(url, folder, server.address) as (port, pid):
                await asyncio.to_thread(_ready, port)
                spent, sizes = await asyncio.to_thread(_ask, port, pid, book, requests)
    finally:
        await ledger.close()
    counts = {kind: len(paths) for kind, paths in _paths(book, requests).items()}
    return Pages(name, counts, spent, sizes, summing)


async def _admit(ledger: SqlLedger) -> None:
    """Somebody who may read, and is logged in."""
    now = datetime.now(UTC).replace(microsecond=0)
    reader = Account(login="bench", role=Role.OPERATOR, creditors=None, language="fr", active=True, created_at=now)
    await ledger.accounts.add(reader, hashed("nobody logs in with it"))
    await ledger.accounts.open_session(digest(_TOKEN), "bench", "127.0.0.1", now, now - timedelta(hours=8))


async def _summed(ledger: SqlLedger, today: date) -> float:
    began = time.perf_counter()
    await ledger.figures.refresh(today)
    return time.perf_counter() - began


@contextlib.contextmanager
def _console(url: str, folder: Path, engine: str) -> Iterator[tuple[int, int]]:
    """The console's own program; its port and its process."""
    with devserver.claimed_port() as port:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("RELANCE_", "TEMPORAL_"))
        }
        environment |= {
            "RELANCE_DATABASE_URL": url, "RELANCE_STORE": str(folder / "store"), "TEMPORAL_ADDRESS": engine,
        }  # fmt: skip
        command = [sys.executable, "-m", "console", "--port", str(port)]
        program = subprocess.Popen(command, cwd=HOUSE, env=environment, stderr=subprocess.DEVNULL)
        try:
            yield port, program.pid
        finally:
            program.terminate()
            program.wait(timeout=20)


def _ready(port: int) -> None:
    """Wait until it answers, and until its first sums are done."""
    until = time.monotonic() + _READY
    while time.monotonic() < until:
        try:
            _get(http.client.HTTPConnection("127.0.0.1", port, timeout=30), "/")
        except OSError:
            time.sleep(0.2)
        else:
            time.sleep(6)
            return
    raise AssertionError("the console did not answer within a minute")


def _ask(port: int, pid: int, book: Book, requests: int) -> tuple[dict[str, Spent], dict[str, int]]:
    spent, sizes = {}, {}
    for kind, paths in _paths(book, requests).items():
        if kind != FIRST:
            _several(port, paths[: 4 * AT_ONCE])
        meter = Meter({"console": pid, "browsers": os.getpid()})
        sizes[kind] = _several(port, paths)
        spent[kind] = meter.read()
        each = spent[kind].by["console"] / len(paths) * 1e3
        print(f"  {kind}: {each:.1f} CPU-ms, others {spent[kind].foreign:.0%}", flush=True)
    return spent, sizes


def _paths(book: Book, requests: int) -> dict[str, list[str]]:
    """What is asked for: pages near and far, sorted each way; words with and without accents."""
    lists = [
        f"/cases?sort={sort}&page={page}" + more
        for page in (1, 2, 40, 900)
        for sort in ("next_at", "-outstanding", "due_on", "number")
        for more in ("", "&view=all", "&state=relance_2")
        if not (more.startswith("&state") and page > 40)
    ]
    kinds = {
        "list": lists,
        "search": [f"/cases?q={quote(word)}" for word in book.words],
        FIRST: [f"/cases/{case}" for case in book.whole],
        "case": [f"/cases/{case}" for case in book.whole],
        "dashboard": ["/"],
    }
    many = {kind: [paths[n % len(paths)] for n in range(requests)] for kind, paths in kinds.items()}
    return many | {FIRST: kinds[FIRST][:requests]}


def _several(port: int, paths: Sequence[str]) -> int:
    """Ask for all of them, a few at a time; the mean of their sizes, as they travel."""

    def one(first: int) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            return sum(_get(connection, path) for path in paths[first::AT_ONCE])
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(one, range(AT_ONCE))) // len(paths)


def _get(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path, headers={"Cookie": f"session={_TOKEN}", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise AssertionError(f"{path}: answered {answer.status}")
    return len(body)


def rows(found: Sequence[Pages]) -> list[Row]:
    """What the page says."""
    return [
        line
        for one in found
        for line in (
            *(
                (
                    f"**console on {one.name}: {kind}, CPU-ms**",
                    f"{one.cpu(kind):.1f}",
                    "–",
                    f"aim {AIMS[kind]}",
                )
                for kind in AIMS
            ),
            *((f"– {kind} pages a second", f"{one.per_second(kind):.0f}", "–", "–") for kind in AIMS),
            ("– seconds to sum the figures anew", f"{one.summing:.1f}", "–", "–"),
        )
    ]
