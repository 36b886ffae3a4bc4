"""Many cases due at one instant: how long a case that is announced meanwhile waits for its letter, how long the rest
take, and how soon a paid case is closed when nothing else is to be done. Each side on a server of its own, by turns."""

import asyncio
import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHandle

import devserver
from benchmarks.footprint import kinds_of
from benchmarks.lifecycles import IN_FLIGHT, Side, side_of
from benchmarks.machine import Meter, Spent
from benchmarks.shape import BARE_QUEUE, invoice
from benchmarks.side import FRESH
from intake.door import search_attributes_of
from workflows import options
from workflows.attributes import register_search_attributes
from workflows.contracts import RECOVERY_QUEUE, WORKFLOW_TYPE, case_id

SIDES = ("bare", "relance")
EVERY = 1.5  # seconds between two fresh cases
FRESH_CASES = 10
PAID = 20
_STARTS_A_SECOND, _SOON = 20, 10.0
_PATIENCE = 600.0


@dataclass(frozen=True)
class Burst:
    """One side. Seconds; ``drain``: from the instant to the last act; ``fresh``: from a start to its act, meanwhile;
    ``closed``: from a payment to the end of its case, afterwards; ``tasks``: workflow tasks of a case up to its act."""

    cases: int
    drain: float
    spent: Spent
    fresh: list[float]
    closed: list[float]
    tasks: float
    shape: set[tuple[int, int]]

    @property
    def per_second(self) -> float:
        """Acts a second."""
        return (self.cases + len(self.fresh)) / self.drain

    def per_case(self, part: str) -> float:
        """Processor milliseconds a case."""
        return self.spent.by[part] / (self.cases + len(self.fresh)) * 1e3


@dataclass(frozen=True)
class Bursts:
    """What was measured: the turns of each side."""

    bare: list[Burst]
    relance: list[Burst]

    def judged(self) -> list[tuple[Burst, Burst]]:
        """Ours and theirs of the turns in which neither was disturbed; all of them when there is none."""
        every = list(zip(self.relance, self.bare, strict=True))
        return [turn for turn in every if all(one.spent.judged for one in turn)] or every

    @property
    def refused(self) -> int:
        """Sides that were measured and not judged."""
        return sum(not one.spent.judged for one in (*self.bare, *self.relance))


def p95(values: list[float]) -> float:
    """The value that one in twenty is above."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


async def measure(cases: int, turns: int) -> Bursts:
    """Both sides by turns (A B A B): the machine is never as fast twice."""
    taken: dict[str, list[Burst]] = {name: [] for name in SIDES}
    for _ in range(turns):
        for name in SIDES:
            taken[name].append(await _burst(name, cases))
    if len(shapes := {shape for one in (*taken["bare"], *taken["relance"]) for shape in one.shape}) > 1:
        raise AssertionError(f"the sides no longer have the same shape (timers, activities): {shapes}")
    return Bursts(**taken)


async def _burst(name: str, cases: int) -> Burst:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        async with devserver.running(folder) as server, side_of(name, server.address, folder) as side:
            await register_search_attributes(side.client)
            due = time.time() + cases / _STARTS_A_SECOND + _SOON
            side.expect_at(cases + FRESH_CASES, due)
            await _announce(side, cases, due)
            if time.time() > due:
                raise AssertionError(f"{cases} cases were not announced in {cases / _STARTS_A_SECOND + _SOON:.0f} s")
            await asyncio.sleep(due - time.time())
            meter = Meter({"server": server.pid, "worker": side.process.pid}, (os.getpid(),))
            began, _ = await asyncio.gather(_fresh(side, due), side.hear("done"))
            drain, spent = time.time() - due, meter.read()
            fresh = [side.told[case] - start for case, start in began.items()]
            seen = [await _seen(side, number) for number in range(0, cases, max(1, cases // 20))]
            closed = [await _paid(side, number) for number in range(min(PAID, cases))]
    tasks = statistics.mean(kinds["WORKFLOW_TASK_COMPLETED"] for kinds in seen)
    shape = {(kinds["TIMER_STARTED"], kinds["ACTIVITY_TASK_SCHEDULED"]) for kinds in seen}
    found = Burst(cases, drain, spent, fresh, closed, tasks, shape)
    print(
        f"  {name}: {found.per_second:.1f} acts/s, fresh p95 {p95(fresh):.1f} s, paid to closed p95 "
        f"{p95(closed):.2f} s, others {spent.foreign:.0%}",
        flush=True,
    )
    return found


async def _announce(side: Side, cases: int, due: float) -> None:
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def start(number: int) -> None:
        async with gate:
            await _start(side, f"{number}", due, batch=True)

    await asyncio.gather(*(start(number) for number in range(cases)))


async def _start(side: Side, mark: str, due: float, *, batch: bool) -> str:
    """Start a case as the door does: a book behind what is announced one by one."""
    own, announced = _id(side, mark), invoice(f"b-{mark}")
    if side.name == "bare":
        told = [announced, datetime.fromtimestamp(due, UTC)]
        await side.client.start_workflow("BareMorning", args=told, id=own, task_queue=BARE_QUEUE)
    else:
        priority = options.fair(options.PRIORITY_BATCH if batch else options.PRIORITY_ORDINARY, "acme")
        await side.client.start_workflow(
            WORKFLOW_TYPE,
            announced,
            id=own,
            task_queue=RECOVERY_QUEUE,
            priority=priority,
            search_attributes=search_attributes_of(announced),
        )
    return own


def _id(side: Side, mark: str) -> str:
    return f"bare/b-{mark}" if side.name == "bare" else case_id("acme", f"b-{mark}")


async def _fresh(side: Side, due: float) -> dict[str, float]:
    """Cases announced one by one meanwhile, whose letter is due at once; when each was started."""
    began: dict[str, float] = {}
    for number in range(FRESH_CASES):
        await asyncio.sleep(EVERY)
        start = time.time()
        began[await _start(side, f"{FRESH}-{number}", due, batch=False)] = start
    return began


async def _seen(side: Side, number: int) -> Counter[str]:
    """A case's events by kind."""
    return kinds_of(await _handle(side, number).fetch_history())


async def _paid(side: Side, number: int) -> float:
    """Seconds from the payment of a case to its end."""
    handle, start = _handle(side, number), time.time()
    if side.name == "bare":
        await handle.signal("pay", "VIR-1")
    else:
        await handle.signal("paid", {"reference": "VIR-1"})
    async with asyncio.timeout(_PATIENCE):
        await handle.result()
    return time.time() - start


def _handle(side: Side, number: int) -> WorkflowHandle[Any, Any]:
    return side.client.get_workflow_handle(_id(side, f"{number}"))


def rows(found: Bursts) -> list[tuple[str, str, str, str]]:
    """As the report has them: of the turns' medians, and the ratio of each turn by itself."""
    turns = found.judged()
    burst = f"B6 {turns[0][0].cases:,} due at one instant"

    def line(label: str, of: Callable[[Burst], float], form: str, aim: str | None = None) -> tuple[str, str, str, str]:
        ours, bare = (statistics.median(of(turn[side]) for turn in turns) for side in (0, 1))
        ratio = f"{statistics.median(of(turn[0]) / of(turn[1]) for turn in turns):.2f}"
        return label, format(ours, form), format(bare, form), ratio if aim is None else aim.format(ratio)

    return [
        line(f"{burst}: seconds until a fresh case has its letter, p95", lambda one: p95(one.fresh), ".1f", "aim ≤ 3"),
        line("B6 idle: seconds from paid to closed, p95", lambda one: p95(one.closed), ".2f", "aim ≤ 1"),
        line(f"{burst}: acts a second until the last", lambda one: one.per_second, ".1f", "**{}** (aim ≥ 0.9)"),
        line("– CPU-ms a case, the server's", lambda one: one.per_case("server"), ".0f"),
        line("– CPU-ms a case, the worker's", lambda one: one.per_case("worker"), ".0f"),
        line("– workflow tasks of a case up to its letter", lambda one: one.tasks, ".1f", "–"),
    ]
