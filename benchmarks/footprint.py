"""What one whole case of five rungs leaves in the engine, payloads sealed: the same on every machine."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHandle, WorkflowHistory

import devserver
from benchmarks.shape import RUNGS, invoice
from benchmarks.side import Counting, SteppingClock, serving
from sealing.keys import new_entry
from workflows.contracts import RECOVERY_QUEUE, WORKFLOW_TYPE, case_id

_PAUSE = timedelta(seconds=1.5)
_PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Footprint:
    """What one whole case leaves in the engine."""

    events: int
    transitions: int
    bytes: int
    kinds: dict[str, int]

    @property
    def shape(self) -> tuple[int, int]:
        """Timers set and activities scheduled: what both sides must have alike."""
        return self.kinds.get("TIMER_STARTED", 0), self.kinds.get("ACTIVITY_TASK_SCHEDULED", 0)


def kinds_of(history: WorkflowHistory) -> Counter[str]:
    """The events of a history by kind."""
    return Counter(EventType.Name(event.event_type).removeprefix("EVENT_TYPE_") for event in history.events)


async def footprint_of(handle: WorkflowHandle[Any, Any], history: WorkflowHistory) -> Footprint:
    """What the server counts for a run, and its events by kind."""
    info = (await handle.describe()).raw_description.workflow_execution_info
    kinds = dict(kinds_of(history))
    return Footprint(info.history_length, info.state_transition_count, info.history_size_bytes, kinds)


async def measure() -> Footprint:
    """Play one case under master keys on a server of its own."""
    clock, counting, number = SteppingClock(), Counting(), "F-1"
    clock.pause, counting.left = _PAUSE, RUNGS
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        async with (
            devserver.running(folder) as server,
            serving("relance", server.address, folder, clock, counting, keys=new_entry("bench")) as client,
            asyncio.timeout(_PATIENCE),
        ):
            handle = await client.start_workflow(
                WORKFLOW_TYPE, invoice(number), id=case_id("acme", number), task_queue=RECOVERY_QUEUE
            )
            await counting.all_taken.wait()
            await handle.signal("paid", {"reference": "VIR-1"})
            await handle.result()
            return await footprint_of(handle, await handle.fetch_history())
