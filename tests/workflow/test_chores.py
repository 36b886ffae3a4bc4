"""What comes back regularly: one run at a time, ensured again and again without harm."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
import pytest_asyncio
from temporalio import activity
from temporalio.client import Client, ScheduleOverlapPolicy, WorkflowFailureError
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from workflows import contracts
from workflows.chores import WORKFLOW_TYPE, Chore, Errand
from workflows.sandbox import sandbox
from workflows.schedules import PREFIX, Regular, ensure_schedules

DAY = timedelta(days=1)


class Round:
    """Counts its runs; fails as often as told."""

    def __init__(self) -> None:
        self.runs = 0
        self.failures = 0

    @activity.defn(name="make_the_round")
    async def make_the_round(self) -> None:
        self.runs += 1
        if self.failures:
            self.failures -= 1
            raise ApplicationError("not yet", non_retryable=self.failures > 5)


@pytest_asyncio.fixture(loop_scope="session")
async def the_round(client: Client) -> AsyncIterator[Round]:
    made = Round()
    async with Worker(
        client,
        task_queue=contracts.RECOVERY_QUEUE,
        workflows=[Chore],
        activities=[made.make_the_round],
        workflow_runner=sandbox(),
    ):
        yield made


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.05)


async def start(client: Client) -> None:
    errand = Errand(activity="make_the_round", queue=contracts.RECOVERY_QUEUE)
    await client.execute_workflow(
        WORKFLOW_TYPE, errand, id=f"chore/{uuid.uuid4()}", task_queue=contracts.RECOVERY_QUEUE, result_type=type(None)
    )


async def test_a_chore_that_fails_is_tried_again(client: Client, the_round: Round) -> None:
    the_round.failures = 1
    await start(client)
    assert the_round.runs == 2


async def test_a_chore_that_fails_for_good_fails_its_run_only(client: Client, the_round: Round) -> None:
    the_round.failures = 9
    with pytest.raises(WorkflowFailureError):
        await start(client)
    the_round.failures = 0
    await start(client)


async def test_a_schedule_is_ensured_once_and_kept_up_to_date(
    environment: WorkflowEnvironment, the_round: Round
) -> None:
    client = environment.client
    errand = Errand(activity="make_the_round", queue=contracts.RECOVERY_QUEUE)
    name = f"round-{uuid.uuid4().hex[:8]}"
    await ensure_schedules(client, [Regular(name, errand, DAY)])
    handle = client.get_schedule_handle(PREFIX + name)
    await handle.pause(note="a person said so")
    await ensure_schedules(client, [Regular(name, errand, 2 * DAY)])
    found = (await handle.describe()).schedule
    assert found.spec.intervals[0].every == 2 * DAY
    assert found.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert (found.state.paused, found.state.note) == (True, "a person said so")
    await handle.trigger()
    await until(lambda: the_round.runs == 1)
    await handle.delete()
