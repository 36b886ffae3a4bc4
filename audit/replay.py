"""Check 1: today's workflow code, fed with the recorded history, issues the commands that were recorded."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails
from temporalio.workflow import NondeterminismError

from audit.story import Story, parsed
from rules.invoice import InvoiceIssued
from sealing.payloads import READABLE, ContextFree
from workflows.contracts import Answer
from workflows.guard import Guard
from workflows.recovery import InvoiceRecovery
from workflows.sandbox import Plain

LONGEST = 600
_NOTHING = Payload(metadata={"encoding": b"json/plain"}, data=b"null")
_SHARED = (Answer, InvoiceIssued)
"""Values that never change, most of what a history says: read once for the story and the replay."""


class _OnlyReads(ContextFree):
    """Reads payloads as the workers' converter does and writes none: what a command carries is not compared with the
    history, so that a twentieth of a replay would be spent on bytes that nobody looks at."""

    def to_payloads(self, values: Sequence[Any]) -> list[Payload]:
        """One payload of nothing for each value."""
        return [_NOTHING for _ in values]

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        """The values; raises what pydantic raises."""
        if type_hints is not None and len(payloads) == 1 and type_hints[0] in _SHARED:
            return [parsed(type_hints[0], payloads[0].data)]
        return super().from_payloads(payloads, type_hints)


_CONVERTER = replace(READABLE, payload_converter_class=_OnlyReads)


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
        data_converter=_CONVERTER,
        interceptors=[Guard()],
        debug_mode=True,  # no deadlock detection: on a machine that is busy a slow replay is not a wrong one
    )


async def replayed(stories: Sequence[Story]) -> dict[str, str]:
    """Why each run that does not replay does not, by its run id. Empty: all do. What the stories and the replay shared
    is let go."""
    failures: dict[str, str] = {}
    if not stories:
        return failures
    async with replayer().workflow_replay_iterator(_histories(stories)) as results:
        place = 0
        async for result in results:
            if result.replay_failure is not None:
                failures[stories[place].run.run] = _reason(result.replay_failure)
            place += 1
    parsed.cache_clear()
    return failures


async def _histories(stories: Sequence[Story]) -> AsyncIterator[WorkflowHistory]:
    for story in stories:
        yield WorkflowHistory(story.run.case, list(story.history.events))


def _reason(failure: BaseException) -> str:
    kind = "the commands differ" if isinstance(failure, NondeterminismError) else type(failure).__name__
    return f"{kind}: {failure}"[:LONGEST]
