"""A chore: one activity that takes no argument and comes back regularly, such as keeping closed histories.

It is no case: it waits for nothing, decides nothing and carries no search attribute. When it fails for good the run
fails, visibly, and the schedule starts the next one at its own time.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy

with workflow.unsafe.imports_passed_through():
    from rules.base import Stored

WORKFLOW_TYPE = "Chore"
RETRY = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=1), maximum_attempts=4)
HEARTBEAT = timedelta(minutes=2)
PRIORITY = Priority(priority_key=4)


class Errand(Stored):
    """Which activity, on which queue, and how many seconds all its attempts may take together. The activity heartbeats
    at least every two minutes."""

    activity: str
    queue: str
    seconds: int = 900


@workflow.defn(name=WORKFLOW_TYPE)
class Chore:
    """Runs one errand to its end."""

    @workflow.run
    async def run(self, errand: Errand) -> None:
        """Raises ActivityError when every attempt failed or the time is over."""
        await workflow.execute_activity(
            errand.activity,
            task_queue=errand.queue,
            schedule_to_close_timeout=timedelta(seconds=errand.seconds),
            heartbeat_timeout=HEARTBEAT,
            retry_policy=RETRY,
            priority=PRIORITY,
            summary=errand.activity,
        )
