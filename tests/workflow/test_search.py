"""By what a case is found in the engine: at each step, or by its stage alone."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from activities.answering import Desk
from intake.door import search_attributes_of
from keepers import warn_of_another_ledger
from ledger.store import SqlLedger
from tests.empty_ledger import empty_ledger_at
from tests.workflow.house import house
from tests.workflow.test_doors import ORIGIN, an_invoice, closed, held, submit


async def a_life(
    client: Client, folder: Path, *, stages_only: bool, by_the_door: bool = False
) -> WorkflowHandle[Any, Any]:
    """Two relances and a payment; announced as the door does, or to the engine alone."""
    async with house(client, folder, origin=ORIGIN, patient=True) as its:
        its.desk = Desk(its.ledger, its.desk.reference, its.desk.clock, stages_only=stages_only)
        invoice = an_invoice()
        handle = await its.start(invoice, found_by=search_attributes_of(invoice) if by_the_door else None)
        await handle.signal("paid", {"on": "2025-10-25"})
        async with its.open():
            await handle.result()
        assert len(its.post.letters) > 1
        return handle


async def written(handle: WorkflowHandle[Any, Any]) -> list[set[str]]:
    """The names written at each writing."""
    wanted = EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES
    events = [event async for event in handle.fetch_history_events() if event.event_type == wanted]
    every = (event.upsert_workflow_search_attributes_event_attributes.search_attributes for event in events)
    return [set(attributes.indexed_fields) for attributes in every]


async def test_a_case_is_found_by_its_next_step(client: Client, tmp_path: Path) -> None:
    found = await written(await a_life(client, tmp_path, stages_only=False))
    assert all("NextStep" in names for names in found)
    assert {"Creditor", "Debtor", "CaseStage", "DueDate", "NextStepAt", "Outstanding"} < found[0]


async def test_found_by_stage_alone_a_case_is_written_when_its_stage_changes(client: Client, tmp_path: Path) -> None:
    handle = await a_life(client, tmp_path, stages_only=True)
    assert await written(handle) == [{"Creditor", "Debtor", "CaseStage", "DueDate"}, {"CaseStage"}, {"CaseStage"}]
    last = (await handle.describe()).typed_search_attributes
    assert {pair.key.name: pair.value for pair in last}["CaseStage"] == "closed"


async def test_what_a_case_was_started_with_is_not_written_again(client: Client, tmp_path: Path) -> None:
    found = await written(await a_life(client, tmp_path / "steps", stages_only=False, by_the_door=True))
    assert found[0] == {"CaseStage", "NextStep", "NextStepAt", "Outstanding"}


async def test_the_first_writing_stays_so_that_older_histories_replay(client: Client, tmp_path: Path) -> None:
    handle = await a_life(client, tmp_path, stages_only=True, by_the_door=True)
    assert await written(handle) == [{"CaseStage"}, {"CaseStage"}, {"CaseStage"}]


async def test_an_empty_ledger_under_cases_that_run_is_said_at_start(
    client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    another = await SqlLedger.open(await empty_ledger_at(tmp_path / "another.db"))
    async with house(client, tmp_path, origin=ORIGIN) as its:
        handle = await held(its)
        async with its.open(), asyncio.timeout(20):
            await submit(handle, kind="note")
            await warn_of_another_ledger(client, its.ledger)
            assert caplog.messages == []
            while not caplog.messages:  # the engine lists a case a moment after it moved
                await warn_of_another_ledger(client, another)
            await closed(handle)
    await another.close()
    assert "THE LEDGER HOLDS NO CASE" in caplog.messages[0]
