"""Whole lifecycles of a case against the bare engine: five rungs and a payment, effects stubbed, the ledger real."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter

import devserver
from benchmarks.footprint import Footprint, footprint_of
from benchmarks.machine import Meter, Spent
from benchmarks.shape import BARE_QUEUE, HURRIED, RUNGS, STEADY, invoice
from workflows.contracts import RECOVERY_QUEUE, WORKFLOW_TYPE, case_id

SIDES = ("relance", "bare")
IN_FLIGHT = 10
_PATIENCE = 300.0


@dataclass
class Side:
    """One side's worker process."""

    name: str
    process: asyncio.subprocess.Process
    rounds: list[Spent] = field(default_factory=list)
    hurried: list[Spent] = field(default_factory=list)

    async def hear(self, word: str) -> None:
        """Wait for a word; what else is said (the engine's core logs there) is passed on."""
        assert self.process.stdout is not None
        async with asyncio.timeout(_PATIENCE):
            while line := (await self.process.stdout.readline()).decode():
                if line.strip() == word:
                    return
                sys.stderr.write(line)
        raise RuntimeError(f"the worker of {self.name} ended before it said « {word} »")

    def expect(self, acts: int, pause: timedelta) -> None:
        """Tell it how many acts will come, and how long a case waits before each."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{acts} {pause.total_seconds()}\n".encode())


@dataclass(frozen=True)
class Lifecycles:
    """What was measured: rounds by side, and a case's footprint of each."""

    cases: int
    rounds: dict[str, list[Spent]]
    hurried: dict[str, list[Spent]]
    footprints: dict[str, Footprint]
    histories: dict[str, WorkflowHistory]

    def judged(self, side: str) -> list[Spent]:
        """The rounds that count; all of them when none does."""
        return [spent for spent in self.rounds[side] if spent.judged] or self.rounds[side]

    def per_case(self, side: str, part: str) -> float:
        """Processor milliseconds a case, median of the rounds."""
        return statistics.median(spent.by[part] for spent in self.judged(side)) / self.cases * 1e3

    def total(self, side: str) -> float:
        """Processor milliseconds a case, everything."""
        return statistics.median(sum(spent.by.values()) for spent in self.judged(side)) / self.cases * 1e3

    def per_second(self, side: str) -> float | None:
        """Cases a second, the best of the hurried rounds: others can only have slowed it. None when all were
        disturbed."""
        walls = [spent.wall for spent in self.hurried[side] if spent.judged]
        return self.cases / min(walls) if walls else None

    @property
    def refused(self) -> int:
        """Rounds that were measured and not judged."""
        every = [*self.rounds.values(), *self.hurried.values()]
        return sum(not spent.judged for rounds in every for spent in rounds)


async def measure(cases: int, rounds: int, hurried: int) -> Lifecycles:
    """Rounds A B A B on one server, both workers up all the while: steady ones for the cost of a case, then hurried
    ones for cases a second."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        async with (
            devserver.running(folder) as server,
            side_of("relance", server.address, folder) as ours,
            side_of("bare", server.address, folder) as bare,
        ):
            client = await Client.connect(server.address, data_converter=pydantic_data_converter)
            for side in (ours, bare):
                await _round(client, side, "warm", min(30, cases), HURRIED)
            for number in range(rounds + hurried):
                pause = STEADY if number < rounds else HURRIED
                for side, other in ((ours, bare), (bare, ours)):
                    pids = {"server": server.pid, "worker": side.process.pid, "driver": os.getpid()}
                    meter = Meter(pids, (other.process.pid,))
                    await _round(client, side, f"r{number}", cases, pause)
                    kept = side.rounds if number < rounds else side.hurried
                    kept.append(meter.read())
                    print(_line(side.name, number, kept[-1], cases), flush=True)
            handles = {side.name: client.get_workflow_handle(_id(side.name, "r0", cases // 2)) for side in (ours, bare)}
            histories = {name: await handle.fetch_history() for name, handle in handles.items()}
            prints = {name: await footprint_of(handle, histories[name]) for name, handle in handles.items()}
    if prints["relance"].shape != prints["bare"].shape:
        raise AssertionError(f"the two sides no longer have the same shape (timers, activities): {prints}")
    sides = (ours, bare)
    steady, hurry = ({side.name: side.rounds for side in sides}, {side.name: side.hurried for side in sides})
    return Lifecycles(cases, steady, hurry, prints, histories)


def _line(name: str, number: int, spent: Spent, cases: int) -> str:
    parts = ", ".join(f"{part} {seconds / cases * 1e3:.1f}" for part, seconds in spent.by.items())
    note = "" if spent.judged else "  NOT JUDGED: others took too much of the machine"
    total = sum(spent.by.values()) / cases * 1e3
    return (
        f"  round {number + 1} {name:<8} {total:6.1f} CPU-ms a case ({parts}), {cases / spent.wall:5.1f} cases/s, "
        f"others {spent.foreign:.0%}, calibration {spent.calibration:.0f} ms{note}"
    )


@asynccontextmanager
async def side_of(name: str, address: str, folder: Path) -> AsyncIterator[Side]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.side", name, address, str(folder),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    side = Side(name, process)
    try:
        await side.hear("ready")
        yield side
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _id(side: str, mark: str, number: int) -> str:
    return case_id("acme", f"{mark}-{number}") if side == "relance" else f"bare/{mark}-{number}"


async def play(client: Client, side: Side, mark: str, cases: int) -> list[str]:
    """Play so many cases to their payment, as fast as the machine goes; their ids."""
    await _round(client, side, mark, cases, HURRIED)
    return [_id(side.name, mark, number) for number in range(cases)]


async def _round(client: Client, side: Side, mark: str, cases: int, pause: timedelta) -> None:
    """Start so many cases, let each climb its five rungs, pay it, wait for its end."""
    side.expect(cases * RUNGS, pause)
    gate = asyncio.Semaphore(IN_FLIGHT)
    handles: list[WorkflowHandle[Any, Any]] = []

    async def start(number: int) -> None:
        own, announced = _id(side.name, mark, number), invoice(f"{mark}-{number}")
        async with gate:
            if side.name == "relance":
                handle = await client.start_workflow(WORKFLOW_TYPE, announced, id=own, task_queue=RECOVERY_QUEUE)
            else:
                handle = await client.start_workflow("Bare", args=[announced, pause], id=own, task_queue=BARE_QUEUE)
        handles.append(handle)

    async def pay(handle: WorkflowHandle[Any, Any]) -> None:
        async with gate:
            if side.name == "relance":
                await handle.signal("paid", {"reference": "VIR-1"})
            else:
                await handle.signal("pay", "VIR-1")

    await asyncio.gather(*(start(number) for number in range(cases)))
    await side.hear("done")
    await asyncio.gather(*(pay(handle) for handle in handles))
    await _all_closed(client, side, mark)


async def _all_closed(client: Client, side: Side, mark: str) -> None:
    prefix = _id(side.name, mark, 0)[:-1]
    query = f'WorkflowId STARTS_WITH "{prefix}" AND ExecutionStatus = "Running"'
    end = time.monotonic() + _PATIENCE
    while (await client.count_workflows(query)).count:
        if time.monotonic() > end:
            raise TimeoutError(f"cases of {side.name} stay open")
        await asyncio.sleep(0.25)
