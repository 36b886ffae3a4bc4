"""Cases live longer than programs: one opened by version 1 under policy 1 is finished by version 2 with rules 2."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import pytest_asyncio
from temporalio import workflow
from temporalio.client import Client, WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner
from temporalio.workflow import NondeterminismError

from rules.decision import Facts
from rules.events import CaseOpened, Event, NoticeSent
from rules.invoice import InvoiceIssued
from rules.policy import Policy
from rules.policy_file import parse_policy
from tests.audit.book import invoice
from tests.replay.shelf import answers
from tests.workflow.house import House, house
from workflows.contracts import WORKFLOW_TYPE, Carried, Ending
from workflows.guard import Guard
from workflows.recovery import InvoiceRecovery


@workflow.defn(name=WORKFLOW_TYPE)
class Careless(InvoiceRecovery):
    """Version 2 as it must not be written: one command more at its beginning."""

    @workflow.init
    def __init__(self, invoice: InvoiceIssued, carried: Carried | None = None) -> None:
        super().__init__(invoice, carried)

    @workflow.run
    async def run(self, invoice: InvoiceIssued, carried: Carried | None = None) -> Ending:
        await workflow.sleep(timedelta(seconds=1))
        return await super().run(invoice, carried)


@workflow.defn(name=WORKFLOW_TYPE)
class Patched(InvoiceRecovery):
    """Version 2 as docs/decisions/0006 says: the same command behind ``workflow.patched``."""

    @workflow.init
    def __init__(self, invoice: InvoiceIssued, carried: Carried | None = None) -> None:
        super().__init__(invoice, carried)

    @workflow.run
    async def run(self, invoice: InvoiceIssued, carried: Carried | None = None) -> Ending:
        if workflow.patched("a-breath-before-the-first-decision"):
            await workflow.sleep(timedelta(seconds=1))
        return await super().run(invoice, carried)


class Finished:
    """A case that two versions worked on, the policy it was opened under; the history of one that version 2 opened."""

    def __init__(self, policy: str, events: list[Event], history: WorkflowHistory, fresh: WorkflowHistory) -> None:
        self.policy, self.events, self.history, self.fresh = policy, events, history, fresh


async def _until(its: House, case: str, kind: str) -> None:
    for _ in range(1200):
        if any(event.kind == kind for event in await its.ledger.reads.case_events(case)):
            return
        await asyncio.sleep(0.05)
    raise TimeoutError(f"{case}: no {kind} came")


async def _version_2(its: House, patch: pytest.MonkeyPatch) -> None:
    """Another workflow, other rules, another ladder under the same name; the old one is only in the ledger."""

    async def pinned(version: str) -> Policy:
        text = await its.ledger.policy_text(version)
        return parse_policy(text or "", file="ledger")

    its.workflow = Patched
    reference: Any = its.desk.reference
    text = reference.named["standard"][1].replace("after(relance_1) + 10", "after(relance_1) + 20")
    reference.named["standard"] = (parse_policy(text, file="standard"), text)
    patch.setattr(reference, "policy", pinned)
    patch.setattr("rules.decide.Facts", partial(Facts, rules="2"))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def finished(client: Client, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Finished]:
    """Held after its first letter under version 1; resumed and paid under version 2."""
    with pytest.MonkeyPatch.context() as patch:
        async with house(client, tmp_path_factory.mktemp("old"), origin="2025-09-01T08:00:00+02:00") as its:
            handle = await its.start(invoice("F-OLD"))
            await handle.signal("hold", {"on": "2025-09-15"})
            async with its.open():
                await _until(its, handle.id, "hold_placed")
            policy = its.desk.reference.policy_named("standard")[0].version
            await _version_2(its, patch)
            await handle.signal("resume", {"on": "2025-09-16"})
            await handle.signal("paid", {"on": "2025-10-20", "amount": "1200.00"})
            fresh = await its.start(invoice("F-NEW", "C-105"))
            await fresh.signal("cancel", {"on": "2025-09-17"})
            async with its.open(), asyncio.timeout(60):
                await handle.result()
                await fresh.result()
            events = await its.ledger.reads.case_events(handle.id)
            yield Finished(policy, events, await handle.fetch_history(), await fresh.fetch_history())


async def test_what_version_1_opened_version_2_finishes_under_its_own_policy(finished: Finished) -> None:
    opened = finished.events[0]
    assert isinstance(opened, CaseOpened)
    assert opened.version == finished.policy
    sent = {event.step: event.on.isoformat() for event in finished.events if isinstance(event, NoticeSent)}
    assert sent["relance_2"] == "2025-09-22", "ten days after relance_1 of the 11th, as policy 1 says, in its days"
    assert finished.events[-1].kind == "case_closed"
    rules = [told.decision.facts.rules for told in answers(finished.history) if told.decision is not None]
    assert rules == sorted(rules)
    assert set(rules) == {"1", "2"}


def _replayer(kind: type[Any]) -> Replayer:
    return Replayer(
        workflows=[kind],
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=pydantic_data_converter,
        interceptors=[Guard()],
    )


async def test_a_patched_change_leaves_running_cases_as_they_were(finished: Finished) -> None:
    await _replayer(Patched).replay_workflow(finished.history)
    await _replayer(Patched).replay_workflow(finished.fresh)
    marked = [b"a-breath-before-the-first-decision" in event.SerializeToString() for event in finished.history.events]
    assert not any(marked), "the old case never met the new command"
    assert any(b"a-breath" in event.SerializeToString() for event in finished.fresh.events)


async def test_the_same_change_without_a_patch_stops_them(finished: Finished) -> None:
    with pytest.raises(NondeterminismError, match="TMPRL1100"):
        await _replayer(Careless).replay_workflow(finished.history)
