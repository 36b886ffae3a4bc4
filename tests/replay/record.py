"""Record the histories of a release: ``python -m tests.replay.record``. It adds what is missing and overwrites nothing.

Every scenario is played through the real workflow; beside them, cases for what no scenario does.
"""

import asyncio
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle, WorkflowHistory, WorkflowUpdateFailedError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

import devserver
from rules.events import Event
from rules.invoice import InvoiceIssued
from tests.replay.shelf import FOLDER, RELEASE, store
from tests.scenarios import FILES, Scenario, json_of, line_of, read
from tests.workflow.house import House, house
from workflows.options import KEYS

_PATIENCE = 60.0
_FEW_EVENTS = "limit.historyCount.suggestContinueAsNew=150"
_HIDDEN = (f"{os.getpid()}@{socket.gethostname()}",)
Run = Callable[[Client, Path], Awaitable[dict[str, WorkflowHistory]]]


@asynccontextmanager
async def server() -> AsyncIterator[Client]:
    """A server that skips time, with the house's settings."""
    values = [*(f"{name}={value}" for name, value in devserver.DYNAMIC_CONFIG.items()), _FEW_EVENTS]
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        dev_server_existing_path=str(devserver.binary()),
        data_converter=pydantic_data_converter,
        search_attributes=list(KEYS),
        dev_server_log_level="error",
        dev_server_extra_args=[part for value in values for part in ("--dynamic-config-value", value)],
    )
    try:
        yield environment.client
    finally:
        await environment.shutdown()


async def scenario_history(scenario: Scenario, client: Client, folder: Path) -> WorkflowHistory:
    """The history of a scenario, taken once its timeline is whole; a case that goes on is then ended."""
    async with house(client, folder, origin=scenario.opened.isoformat(), alerts=scenario.tells_of_limitation) as its:
        handle = await its.start(scenario.invoice)
        for happening in scenario.happens:
            await handle.signal(happening["kind"], json_of(happening))
        async with its.open():
            await _until(its, scenario.case_id, lambda events: tuple(map(line_of, events)) == scenario.expected)
            if scenario.expected[-1].split()[1] == "case_closed":
                await handle.result()
            return await handle.fetch_history()


async def _until(its: House, case_id: str, whole: Callable[[Sequence[Event]], bool]) -> None:
    """Until the case's events are those that are waited for."""
    end = time.monotonic() + _PATIENCE
    while not whole(events := await its.ledger.reads.case_events(case_id)):
        if time.monotonic() > end:
            raise TimeoutError(f"{case_id} stands at {[line_of(event) for event in events]}")
        await asyncio.sleep(0.05)


async def long_case(client: Client, folder: Path) -> dict[str, WorkflowHistory]:
    """Updates accepted and refused, a cancel of the engine, a whole debtor disputed, and two runs of one case."""
    async with house(client, folder, origin="2025-09-06T08:00:00+02:00") as its:
        handle = await its.start(_invoice("F-LONG"))
        sibling = await its.start(_invoice("F-SIBLING"))
        for case in (handle, sibling):
            await case.signal("hold", {"on": "2025-09-06"})
        async with its.open():
            first = (await handle.describe()).run_id
            await _say(handle, kind="paid", amount="-1.00")
            await _say(handle, kind="dispute", amount="100.00", reason="avarie", scope="debtor")
            await _say(handle, kind="dispute_settled", outcome="rejected")
            await handle.cancel()
            await _until(its, handle.id, lambda events: any(event.kind == "signal_refused" for event in events))
            for number in range(45):
                await _say(handle, kind="paid", amount="1.00", reference=f"VIR-{number}")
            await _say(handle, kind="cancel")
            await client.get_workflow_handle(handle.id).result()
            assert (await client.get_workflow_handle(handle.id).describe()).run_id != first, "it never continued as new"
            return {
                "long_case_first_run": await client.get_workflow_handle(handle.id, run_id=first).fetch_history(),
                "long_case_last_run": await client.get_workflow_handle(handle.id).fetch_history(),
                "sibling_woken": await sibling.fetch_history(),
            }


async def continuation(client: Client, folder: Path) -> dict[str, WorkflowHistory]:
    """A payment reversed after the end: the run that continues a closed case."""
    async with house(client, folder, origin="2025-09-06T08:00:00+02:00") as its:
        handle = await its.start(_invoice("F-BACK"))
        await handle.signal("paid", {"on": "2025-09-08", "amount": "1200.00", "reference": "VIR-1"})
        async with its.open():
            await handle.result()
            again = await its.start(_invoice("F-BACK"), continues=True)
            await again.signal("payment_reversed", {"reference": "VIR-1", "on": "2025-10-20"})
            await again.signal("write_off", {"reason": "abandon", "on": "2025-11-03"})
            await again.result()
            return {"continuation_of_a_closed_case": await again.fetch_history()}


async def _say(handle: WorkflowHandle[Any, Any], **body: Any) -> None:
    """An update to whichever run is the current one; a refusal is an answer too."""
    try:
        await handle.execute_update("submit", body)
    except WorkflowUpdateFailedError as refused:
        print(f"  refused, as meant: {refused.cause}")


def _invoice(number: str) -> InvoiceIssued:
    scenario = read(FILES[0])
    return scenario.invoice.model_copy(update={"number": number})


def _bad(history: WorkflowHistory) -> WorkflowHistory:
    """The same history as if the first letter had been another activity: today's workflow cannot have made it."""
    changed = WorkflowHistory.from_json(history.workflow_id, history.to_json())
    for event in changed.events:
        if event.HasField("activity_task_scheduled_event_attributes"):
            event.activity_task_scheduled_event_attributes.activity_type.name = "send_reminder"
            return changed
    raise ValueError("the history holds no act")


async def record() -> int:
    """Record what the release's folder lacks; how many were added."""
    added = 0
    release = FOLDER / RELEASE
    async with server() as client:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            for file in FILES:
                if not (release / f"{file.stem}.json.gz").exists():
                    history = await scenario_history(read(file), client, folder)
                    added += _keep(release, {file.stem: history})
                    if file is FILES[0] and not (FOLDER / "bad").exists():
                        added += _keep(FOLDER / "bad", {"another_activity": _bad(history)})
            for run, mark in ((long_case, "long_case_last_run"), (continuation, "continuation_of_a_closed_case")):
                if not (release / f"{mark}.json.gz").exists():
                    added += _keep(release, await run(client, folder))
    return added


def _keep(folder: Path, histories: dict[str, WorkflowHistory]) -> int:
    for name, history in histories.items():
        store(folder / f"{name}.json.gz", history, hide=_HIDDEN)
        print(f"{folder.name}/{name}: {len(history.events)} events")
    return len(histories)


def main() -> None:
    """Record and say what was added."""
    added = asyncio.run(record())
    print(f"{added} histories added." if added else "Nothing is missing; histories are never overwritten.")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
