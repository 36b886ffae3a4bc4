"""What comes back regularly: Temporal Schedules ensured at worker start. Asked for again, nothing changes."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import NamedTuple

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from workflows import chores, contracts

PREFIX = "relance/"
CATCH_UP = timedelta(minutes=10)
"""After an outage a chore runs once, not once for each time it missed: it looks at everything anyway."""


class Regular(NamedTuple):
    """A chore and how often it comes. ``name`` makes the schedule's id, ``relance/{name}``."""

    name: str
    errand: chores.Errand
    every: timedelta


async def ensure_schedules(client: Client, wanted: Sequence[Regular]) -> None:
    """Create what is missing, bring the rest up to date. One that a person paused stays paused; a run that is still
    going on is never joined by a second (SKIP). Nothing else is touched: a schedule that is wanted no more is
    deleted by hand."""
    for regular in wanted:
        try:
            await client.create_schedule(PREFIX + regular.name, _schedule(regular))
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(PREFIX + regular.name).update(_renewed(regular))


def _schedule(regular: Regular) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            chores.WORKFLOW_TYPE,
            regular.errand,
            id=f"chore/{regular.name}",
            task_queue=contracts.RECOVERY_QUEUE,
            execution_timeout=timedelta(seconds=2 * regular.errand.seconds),
        ),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=regular.every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP, pause_on_failure=False),
    )


def _renewed(regular: Regular) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    def renew(found: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule = _schedule(regular)
        schedule.state = found.description.schedule.state
        return ScheduleUpdate(schedule=schedule)

    return renew
