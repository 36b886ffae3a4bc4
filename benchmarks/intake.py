"""Intake of a CSV book: parsed and checked, started against a bare loop of starts, imported a second time."""

import asyncio
import os
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

import devserver
from benchmarks.machine import Meter, Spent
from benchmarks.shape import BARE_QUEUE, invoice
from commands.office import Shelf
from intake.checks import Known
from intake.door import Door
from intake.importing import IN_FLIGHT, Tally, import_lines
from intake.lines import Accepted
from intake.reading import read_invoices
from ledger.migrate import migrate
from ledger.store import SqlLedger
from settings import read_settings

SLICES = 4
HEADER = (
    "creditor;number;issued_on;due_on;total;debtor_id;debtor_name;debtor_kind;debtor_siren;debtor_email;"
    "debtor_address_lines;debtor_postal_code;debtor_city;debtor_country\n"
)


@dataclass(frozen=True)
class Intake:
    """What was measured. Rates: rows or starts a second, of processor time for reading, of wall time for starting."""

    rows: int
    read_per_second: float
    started: list[Spent]
    bare: list[Spent]
    again: Spent

    def per_second(self, slices: list[Spent]) -> float:
        """Starts a second."""
        return self.rows / sum(spent.wall for spent in slices)

    def per_start(self, slices: list[Spent], part: str) -> float:
        """Processor milliseconds a start."""
        return sum(spent.by[part] for spent in slices) / self.rows * 1e3

    @property
    def ratio(self) -> float:
        """How fast the import is, the bare loop being 1."""
        return self.per_second(self.started) / self.per_second(self.bare)

    @property
    def judged(self) -> bool:
        """Whether no slice was disturbed."""
        return all(spent.judged for spent in (*self.started, *self.bare))


async def measure(rows: int) -> Intake:
    """A book of ``rows`` invoices in slices, each followed by as many bare starts; then all of it once more, which must
    start nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        slices = [_file(folder, number, rows // SLICES) for number in range(SLICES)]
        known = _known()
        rate = _reading(slices, known)
        url = f"sqlite:///{folder / 'relance.db'}"
        await migrate(url)
        ledger = await SqlLedger.open(url)
        try:
            async with devserver.running(folder) as server:
                client = await Client.connect(server.address, data_converter=pydantic_data_converter)
                door = Door(client, Shelf(ledger))
                pids = {"server": server.pid, "client": os.getpid()}
                started, bare = [], []
                for number, file in enumerate(slices):
                    started.append(await _spent(pids, _import([file], door, known, rows // SLICES)))
                    bare.append(await _spent(pids, _bare(client, number, rows // SLICES)))
                    print(f"  slice {number + 1}: {_line(rows // SLICES, started[-1], bare[-1])}", flush=True)
                again = await _spent(pids, _import(slices, door, known, 0))
        finally:
            await ledger.close()
    return Intake(rows // SLICES * SLICES, rate, started, bare, again)


def _known() -> Known:
    settings = read_settings({})
    return Known(settings.creditors(), {name: policy for name, (policy, _) in settings.policies().items()})


def _file(folder: Path, number: int, rows: int) -> Path:
    path = folder / f"book-{number}.csv"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(HEADER)
        for row in range(rows):
            n = number * rows + row
            stream.write(
                f"acme;F-{n:06d};05/09/2025;05/10/2025;1 {n % 900 + 100},50;C-{n // 3:05d};Société n° {n // 3} SARL;"
                f"business;;compta{n // 3}@exemple.example;12 rue de la Paix|Bâtiment C;75002;Paris;FR\n"
            )
    return path


def _reading(files: list[Path], known: Known) -> float:
    start, count = time.process_time(), 0
    for file in files:
        for line in read_invoices(file, None, known):
            assert isinstance(line, Accepted), line
            count += 1
    return count / (time.process_time() - start)


async def _spent(pids: dict[str, int], work: Coroutine[Any, Any, None]) -> Spent:
    meter = Meter(pids)
    await work
    return meter.read()


async def _import(files: list[Path], door: Door, known: Known, expected: int) -> None:
    tally = Tally()
    for file in files:
        await import_lines(read_invoices(file, None, known), door, tally)
    if (tally.accepted, tally.refused) != (expected, 0):
        raise AssertionError(f"{expected} starts were expected: {tally.accepted} accepted, {tally.refused} refused")


async def _bare(client: Client, number: int, starts: int) -> None:
    """As many starts in flight as the import has, of the same invoice, and nothing else."""
    gate = asyncio.Semaphore(IN_FLIGHT)
    announced = invoice(f"bare-{number}")

    async def start(row: int) -> None:
        async with gate:
            await client.start_workflow("Bare", announced, id=f"bare/{number}/{row}", task_queue=BARE_QUEUE)

    await asyncio.gather(*(start(row) for row in range(starts)))


def _line(rows: int, started: Spent, bare: Spent) -> str:
    note = "" if started.judged and bare.judged else "  NOT JUDGED: others took too much of the machine"
    others = max(started.foreign, bare.foreign)
    return f"import {rows / started.wall:.0f} starts/s, bare {rows / bare.wall:.0f} starts/s, others {others:.0%}{note}"
