"""Histories on the live server: listed, fetched, their payloads opened."""

from collections.abc import AsyncIterator
from datetime import UTC

from temporalio.api.history.v1 import History
from temporalio.client import Client, WorkflowExecution
from temporalio.service import RPCError, RPCStatusCode

from audit.packing import pack
from rules.runs import Run
from sealing.payloads import readable
from workflows.contracts import WORKFLOW_TYPE

_CASES = f"WorkflowType = '{WORKFLOW_TYPE}'"


class LiveHistories:
    """The cases' runs that the server still has."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def closed(self) -> AsyncIterator[Run]:
        """Every run of a case that is no longer running."""
        async for found in self._client.list_workflows(f"{_CASES} AND ExecutionStatus != 'Running'"):
            yield _run_of(found)

    async def all(self) -> AsyncIterator[Run]:
        """Every run of a case, those that go on included."""
        async for found in self._client.list_workflows(_CASES):
            yield _run_of(found)

    async def of_case(self, case_id: str) -> list[Run]:
        """The runs of a case, the first first. A run that began a moment ago may not be listed yet: the current one is
        asked for by its id."""
        quoted = case_id.replace("\\", "\\\\").replace("'", "\\'")
        listed = self._client.list_workflows(f"{_CASES} AND WorkflowId = '{quoted}'")
        found = {execution.run_id: _run_of(execution) async for execution in listed}
        try:
            current = _run_of(await self._client.get_workflow_handle(case_id).describe())
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
        else:
            found[current.run] = current
        return sorted(found.values(), key=lambda run: (run.started_at, run.run))

    async def history(self, run: Run) -> History | None:
        """The history of a run with its payloads opened; None when the server has deleted it. Raises UnknownKey."""
        handle = self._client.get_workflow_handle(run.case, run_id=run.run)
        try:
            fetched = await handle.fetch_history()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise
        return await readable(History(events=fetched.events), self._client.data_converter)

    async def packed(self, run: Run) -> tuple[bytes, int, Run] | None:
        """The history of a run as it is kept, how many events it has, and the run with the moments of its first and
        last event (a server's lists may round them); None when the server has deleted it."""
        history = await self.history(run)
        if history is None:
            return None
        began, ended = (history.events[place].event_time.ToDatetime(tzinfo=UTC) for place in (0, -1))
        exact = run.model_copy(update={"started_at": began, "closed_at": ended})
        return pack(history), len(history.events), exact


def _run_of(found: WorkflowExecution) -> Run:
    return Run(
        case=found.id,
        run=found.run_id,
        status=found.status.name.lower() if found.status is not None else "unknown",
        started_at=found.start_time,
        closed_at=found.close_time,
    )
