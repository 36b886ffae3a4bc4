"""Check 1: today's workflow code, fed with the recorded history, issues the commands that were recorded."""

from collections.abc import AsyncIterator, Sequence

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails
from temporalio.workflow import NondeterminismError

from audit.story import Story
from workflows.guard import Guard
from workflows.recovery import InvoiceRecovery
from workflows.sandbox import Plain

LONGEST = 600


class _Unguarded(UnsandboxedWorkflowRunner):
    """Runs without the sandbox, as plainly as the workers' own runner."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return Plain(super().create_instance(det))


def replayer() -> Replayer:
    """A replayer of cases. Without the sandbox, which guards what workflow code may call and costs half the time: the
    code that is replayed here is the code that the worker runs in it."""
    return Replayer(
        workflows=[InvoiceRecovery],
        workflow_runner=_Unguarded(),
        data_converter=pydantic_data_converter,
        interceptors=[Guard()],
        debug_mode=True,  # no deadlock detection: on a machine that is busy a slow replay is not a wrong one
    )


async def replayed(stories: Sequence[Story]) -> dict[str, str]:
    """Why each run that does not replay does not, by its run id. Empty: all do."""
    failures: dict[str, str] = {}
    if not stories:
        return failures
    async with replayer().workflow_replay_iterator(_histories(stories)) as results:
        place = 0
        async for result in results:
            if result.replay_failure is not None:
                failures[stories[place].run.run] = _reason(result.replay_failure)
            place += 1
    return failures


async def _histories(stories: Sequence[Story]) -> AsyncIterator[WorkflowHistory]:
    for story in stories:
        yield WorkflowHistory(story.run.case, list(story.history.events))


def _reason(failure: BaseException) -> str:
    kind = "the commands differ" if isinstance(failure, NondeterminismError) else type(failure).__name__
    return f"{kind}: {failure}"[:LONGEST]
