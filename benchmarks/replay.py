"""Replay: processor time of one history through today's workflow code, ours and the bare engine's by turns.

It is what a worker pays for a case that its cache no longer holds, and most of what an audit pays for a case.
"""

import statistics
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, WorkflowRunner

from benchmarks.skeleton import Bare, bare_sandbox
from workflows.recovery import InvoiceRecovery
from workflows.sandbox import sandbox

_AT_ONCE = 20
_SIDES: dict[str, tuple[type, Callable[[], WorkflowRunner]]] = {
    "full": (InvoiceRecovery, sandbox),
    "bare": (Bare, bare_sandbox),
}


@dataclass(frozen=True)
class Replays:
    """Processor milliseconds a replay, median of the turns, by side."""

    relance: float
    bare: float

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.relance / self.bare


async def measure(histories: dict[str, WorkflowHistory], turns: int) -> Replays:
    """Replay each history twenty times a turn, one worker a turn as an audit has it. Raises what the Replayer raises
    when one does not replay."""
    taken: dict[str, list[float]] = {name: [] for name in _SIDES}
    for turn in range(turns + 1):
        for name in _SIDES:
            start = time.process_time()
            await _replay(name, histories[name])
            if turn:  # the first loads modules
                taken[name].append((time.process_time() - start) / _AT_ONCE * 1e3)
    return Replays(*(statistics.median(taken[name]) for name in ("full", "bare")))


async def _replay(name: str, history: WorkflowHistory) -> None:
    async def often() -> AsyncIterator[WorkflowHistory]:
        for _ in range(_AT_ONCE):
            yield history

    workflow, runner = _SIDES[name]
    replayer = Replayer(workflows=[workflow], workflow_runner=runner(), data_converter=pydantic_data_converter)
    await replayer.replay_workflows(often())
