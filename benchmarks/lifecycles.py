"""Whole lifecycles of a case against the bare engine: five rungs and a payment, with effects stubbed and with all of
them."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, WorkflowHandle, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

import devserver
from benchmarks.footprint import Footprint, footprint_of
from benchmarks.machine import Meter, Spent
from benchmarks.shape import BARE_QUEUE, HURRIED, RUNGS, STEADY, invoice
from benchmarks.side import FRESH
from benchmarks.sink import open_sink
from intake.door import search_attributes_of
from workflows.attributes import register_search_attributes
from workflows.contracts import RECOVERY_QUEUE, WORKFLOW_TYPE, case_id

SIDES = ("bare", "engine", "stages", "relance", "full")
HURRIED_SIDES = ("bare", "engine", "full")
IN_FLIGHT = 10
_PATIENCE = 300.0
_NEW_NAMESPACE = 30.0  # seconds until a server knows one


@dataclass
class Side:
    """One side's worker process."""

    name: str
    process: asyncio.subprocess.Process
    client: Client
    rounds: list[Spent] = field(default_factory=list)
    hurried: list[Spent] = field(default_factory=list)
    told: dict[str, float] = field(default_factory=dict)

    async def hear(self, word: str) -> None:
        """Wait for a word; acts that are told are kept, what else is said passed on."""
        assert self.process.stdout is not None
        async with asyncio.timeout(_PATIENCE):
            while line := (await self.process.stdout.readline()).decode():
                if line.strip() == word:
                    return
                first, *rest = line.split()
                if first == FRESH and len(rest) == 2:
                    self.told[rest[0]] = float(rest[1])
                else:
                    sys.stderr.write(line)
        raise RuntimeError(f"the worker of {self.name} ended before it said « {word} »")

    def expect(self, acts: int, pause: timedelta) -> None:
        """Tell it how many acts will come, and how long a case waits before each."""
        self._tell(f"{acts} {pause.total_seconds()}")

    def expect_at(self, acts: int, moment: float) -> None:
        """Tell it how many acts will come, all due at one moment (seconds since 1970)."""
        self._tell(f"{acts} @{moment}")

    def _tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n".encode())


@dataclass(frozen=True)
class Lifecycles:
    """What was measured: rounds by side, and a case's footprint of each."""

    cases: int
    rounds: dict[str, list[Spent]]
    hurried: dict[str, list[Spent]]
    footprints: dict[str, Footprint]
    histories: dict[str, WorkflowHistory]

    def _judged(self) -> list[int]:
        """The rounds in which no side was disturbed; all of them when there is none."""
        every = range(len(self.rounds["bare"]))
        return [at for at in every if all(spent[at].judged for spent in self.rounds.values())] or list(every)

    def per_case(self, side: str, part: str) -> float:
        """Processor milliseconds a case, median of the rounds."""
        return statistics.median(self.rounds[side][at].by[part] for at in self._judged()) / self.cases * 1e3

    def total(self, side: str) -> float:
        """Processor milliseconds a case, everything."""
        return statistics.median(sum(self.rounds[side][at].by.values()) for at in self._judged()) / self.cases * 1e3

    def ratio(self, side: str, part: str | None = None) -> float:
        """The side over the bare engine, each round by itself: the machine is never as fast twice. Their median."""

        def of(name: str, at: int) -> float:
            by = self.rounds[name][at].by
            return sum(by.values()) if part is None else by[part]

        return statistics.median(of(side, at) / of("bare", at) for at in self._judged())

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
    """Rounds A B C D E A B C D E on one server, all workers up all the while: steady ones for the cost of a case, then
    hurried ones for cases a second."""
    with tempfile.TemporaryDirectory() as scratch:
        async with AsyncExitStack() as held:
            folder = Path(scratch)
            server = await held.enter_async_context(devserver.running(folder))
            sink = await held.enter_async_context(open_sink())
            sides = [await _enter(held, name, server.address, folder, sink.url) for name in SIDES]
            for side in sides:
                await _round(side, "warm", min(30, cases), HURRIED)
            idle = (sink.process.pid, *(side.process.pid for side in sides))
            for number in range(rounds + hurried):
                for side in sides:
                    if number < rounds or side.name in HURRIED_SIDES:
                        await _measured(side, number, cases, number >= rounds, server.pid, idle)
            handles = {side.name: side.client.get_workflow_handle(_id(side.name, "r0", cases // 2)) for side in sides}
            histories = {name: await handle.fetch_history() for name, handle in handles.items()}
            prints = {name: await footprint_of(handle, histories[name]) for name, handle in handles.items()}
    if len({found.shape for found in prints.values()}) > 1:
        raise AssertionError(f"the sides no longer have the same shape (timers, activities): {prints}")
    steady, hurry = ({side.name: side.rounds for side in sides}, {side.name: side.hurried for side in sides})
    return Lifecycles(cases, steady, hurry, prints, histories)


async def _enter(held: AsyncExitStack, name: str, address: str, folder: Path, smtp: str) -> Side:
    """A side in a namespace and a folder of its own: all serve queues and cases of the same names."""
    await _namespace(address, name)
    own = folder / name
    own.mkdir()
    return await held.enter_async_context(
        side_of(name, address, own, namespace=name, smtp=smtp if name == "full" else None)
    )


async def _namespace(address: str, name: str) -> None:
    """Open a namespace and wait until the server knows it and its search attributes."""
    client = await Client.connect(address, namespace=name)
    retention = Duration()
    retention.FromTimedelta(timedelta(days=1))
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=retention)
    )
    end = time.monotonic() + _NEW_NAMESPACE
    while True:
        try:
            await register_search_attributes(client)
            await client.count_workflows('CaseStage = "closed"')
        except RPCError:
            if time.monotonic() > end:
                raise
            await asyncio.sleep(0.5)
        else:
            return


async def _measured(side: Side, number: int, cases: int, hurried: bool, server: int, idle: tuple[int, ...]) -> None:
    pids = {"server": server, "worker": side.process.pid, "driver": os.getpid()}
    meter = Meter(pids, tuple(pid for pid in idle if pid != side.process.pid))
    await _round(side, f"r{number}", cases, HURRIED if hurried else STEADY)
    kept = side.hurried if hurried else side.rounds
    kept.append(meter.read())
    print(_line(side.name, number, kept[-1], cases), flush=True)


def _line(name: str, number: int, spent: Spent, cases: int) -> str:
    parts = ", ".join(f"{part} {seconds / cases * 1e3:.1f}" for part, seconds in spent.by.items())
    note = "" if spent.judged else "  NOT JUDGED: others took too much of the machine"
    total = sum(spent.by.values()) / cases * 1e3
    return (
        f"  round {number + 1} {name:<8} {total:6.1f} CPU-ms a case ({parts}), {cases / spent.wall:5.1f} cases/s, "
        f"others {spent.foreign:.0%}, calibration {spent.calibration:.0f} ms{note}"
    )


@asynccontextmanager
async def side_of(
    name: str, address: str, folder: Path, *, namespace: str = "default", smtp: str | None = None
) -> AsyncIterator[Side]:
    """The side's worker process, ready; ``smtp``: the mail server of the side ``full``."""
    client = await Client.connect(address, namespace=namespace, data_converter=pydantic_data_converter)
    told = (name, address, str(folder), namespace, *(() if smtp is None else (smtp,)))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.side", *told, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    side = Side(name, process, client)
    try:
        await side.hear("ready")
        yield side
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def _id(side: str, mark: str, number: int) -> str:
    return f"bare/{mark}-{number}" if side == "bare" else case_id("acme", f"{mark}-{number}")


async def play(side: Side, mark: str, cases: int) -> list[str]:
    """Play so many cases to their payment, as fast as the machine goes; their ids."""
    await _round(side, mark, cases, HURRIED)
    return [_id(side.name, mark, number) for number in range(cases)]


async def _round(side: Side, mark: str, cases: int, pause: timedelta) -> None:
    """Start so many cases, let each climb its five rungs, pay it, wait for its end."""
    side.expect(cases * RUNGS, pause)
    gate = asyncio.Semaphore(IN_FLIGHT)
    handles: list[WorkflowHandle[Any, Any]] = []

    async def start(number: int) -> None:
        own, announced = _id(side.name, mark, number), invoice(f"{mark}-{number}")
        async with gate:
            if side.name == "bare":
                handle = await side.client.start_workflow(
                    "Bare", args=[announced, pause], id=own, task_queue=BARE_QUEUE
                )
            else:
                found_by = search_attributes_of(announced)
                handle = await side.client.start_workflow(
                    WORKFLOW_TYPE, announced, id=own, task_queue=RECOVERY_QUEUE, search_attributes=found_by
                )
        handles.append(handle)

    async def pay(handle: WorkflowHandle[Any, Any]) -> None:
        async with gate:
            if side.name == "bare":
                await handle.signal("pay", "VIR-1")
            else:
                await handle.signal("paid", {"reference": "VIR-1"})

    await asyncio.gather(*(start(number) for number in range(cases)))
    await side.hear("done")
    await asyncio.gather(*(pay(handle) for handle in handles))
    await _all_closed(side, mark)


async def _all_closed(side: Side, mark: str) -> None:
    prefix = _id(side.name, mark, 0)[:-1]
    query = f'WorkflowId STARTS_WITH "{prefix}" AND ExecutionStatus = "Running"'
    end = time.monotonic() + _PATIENCE
    while (await side.client.count_workflows(query)).count:
        if time.monotonic() > end:
            raise TimeoutError(f"cases of {side.name} stay open")
        await asyncio.sleep(0.25)
