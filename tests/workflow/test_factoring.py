"""A claim that the factor gives back: its closed case goes on where it stood, through the door that a person uses."""

from pathlib import Path

import pytest
from temporalio.client import Client

from commands.office import Shelf
from intake.caller import Caller
from intake.door import Door
from rules import events as e
from tests.workflow.house import house
from tests.workflow.test_acts import eventually, kinds
from tests.workflow.test_doors import CASE, ORIGIN, an_invoice
from workflows import contracts


@pytest.mark.slow
async def test_a_claim_given_back_by_the_factor_goes_on_where_it_stood(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.queue = contracts.RECOVERY_QUEUE  # where the door looks for whoever continues a case
        door = Door(client, Shelf(its.ledger), Caller("claire", "manager", "command"))
        handle = await its.start(an_invoice())
        await handle.signal("assigned", {"to": "Factor SA", "on": "2025-10-15"})
        async with its.open():
            assert (await handle.result()).outcome == "assigned"
            view = await door.submit(CASE, {"kind": "reassigned", "on": "2025-10-25"}, "back-1")
            assert (view.stage, view.outcome) == ("amicable", None)
            await eventually(its, "notice_sent", step="relance_2")
            await door.submit(CASE, {"kind": "reassigned", "on": "2025-10-25"}, "back-1")
            told = await its.ledger.reads.case_events(CASE)
            steps = [event.step for event in told if isinstance(event, e.NoticeSent)]
            assert steps[:3] == ["rappel", "relance_1", "relance_2"]
            assert (await kinds(its)).count("case_opened") == 2
            assert [event.id for event in told].count("back-1") == 1
            await client.get_workflow_handle(CASE).terminate()


@pytest.mark.slow
async def test_what_was_not_assigned_is_not_given_back(client: Client, tmp_path: Path) -> None:
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        its.queue = contracts.RECOVERY_QUEUE
        door = Door(client, Shelf(its.ledger), Caller("claire", "manager", "command"))
        handle = await its.start(an_invoice())
        await handle.signal("paid", {"on": "2025-10-15"})
        async with its.open():
            assert (await handle.result()).outcome == "paid"
            view = await door.submit(CASE, {"kind": "reassigned", "on": "2025-10-15"}, "back-2")
            assert (view.stage, view.outcome) == ("closed", "paid")
            assert (await kinds(its)).count("case_opened") == 1
            assert (await its.ledger.reads.case_events(CASE))[-1].after_closure
