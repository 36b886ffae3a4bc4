"""Cases that only wait: what each takes in the engine's database, in the server's and in the worker's memory."""

import asyncio
import os
import sqlite3
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil  # type: ignore[import-untyped]
from temporalio.client import Client

import devserver
from benchmarks.lifecycles import IN_FLIGHT, Side, side_of
from benchmarks.machine import Meter, Spent
from benchmarks.shape import BARE_QUEUE, invoice
from workflows.contracts import RECOVERY_QUEUE, WORKFLOW_TYPE, case_id

_FAR = timedelta(days=30)
_PATIENCE = 3600.0  # seconds


@dataclass(frozen=True)
class Waiting:
    """What so many open cases take on one side. Bytes a case; ``ledger`` 0 for the bare engine."""

    cases: int
    database: float
    server: float
    worker: float
    ledger: float
    opening: Spent

    @property
    def cpu(self) -> float:
        """Processor milliseconds to open a case and have it wait, server and worker."""
        return sum(self.opening.by.values()) / self.cases * 1e3


@dataclass(frozen=True)
class Idle:
    """Both sides."""

    relance: Waiting
    bare: Waiting

    @property
    def bytes_ratio(self) -> float:
        """The engine's database: ours over theirs."""
        return self.relance.database / self.bare.database


async def measure(cases: int) -> Idle:
    """Each side on a server of its own: so many cases opened and asleep."""
    return Idle(*[await _waiting(name, cases) for name in ("relance", "bare")])


async def _waiting(name: str, cases: int) -> Waiting:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        async with devserver.running(folder) as server, side_of(name, server.address, folder) as side:
            client = side.client
            side.expect(1, _FAR)
            await _open(client, side, 20, "warm")
            before = _sizes(folder, server.pid, side)
            meter = Meter({"server": server.pid, "worker": side.process.pid}, (os.getpid(),))
            await _open(client, side, cases, "idle")
            spent, after = meter.read(), _sizes(folder, server.pid, side)
    database, memory, worker, ledger = ((now - then) / cases for now, then in zip(after, before, strict=True))
    return Waiting(cases, database, memory, worker, ledger, spent)


async def _open(client: Client, side: Side, cases: int, mark: str) -> None:
    """Start them and wait until each has set its timer."""
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def start(number: int) -> str:
        announced = invoice(f"{mark}-{number}")
        async with gate:
            if side.name == "relance":
                own = case_id("acme", announced.number)
                await client.start_workflow(WORKFLOW_TYPE, announced, id=own, task_queue=RECOVERY_QUEUE)
            else:
                own = f"bare/{mark}-{number}"
                await client.start_workflow("Bare", args=[announced, _FAR], id=own, task_queue=BARE_QUEUE)
        return own

    for own in await asyncio.gather(*(start(number) for number in range(cases))):
        await _asleep(client, own)


async def _asleep(client: Client, own: str) -> None:
    """Until the case's first workflow task is done: it waits for nothing but time then."""
    handle, end = client.get_workflow_handle(own), time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        info = (await handle.describe()).raw_description
        if info.workflow_execution_info.history_length > 3 and not info.HasField("pending_workflow_task"):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{own} never fell asleep")


def _sizes(folder: Path, server: int, side: Side) -> tuple[float, float, float, float]:
    """Bytes: the engine's database, the server's memory, the worker's, the ledger."""
    memory = (psutil.Process(pid).memory_info().rss for pid in (server, side.process.pid))
    return (_used(folder / "temporal.db"), *memory, _used(folder / "relance.db"))


def _used(file: Path) -> float:
    """Bytes in use in a SQLite file, what still lies in its journal included."""
    if not file.exists():
        return 0.0
    with sqlite3.connect(file, timeout=30) as database:
        pages, free, size = (
            database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
        )
    return float((pages - free) * size)
