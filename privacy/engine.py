"""The copies of a forgotten person's histories that Temporal still holds."""

from collections.abc import Sequence

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from workflows.contracts import WORKFLOW_TYPE


class EngineCopies:
    """Deletes closed runs from the server, before its retention would."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def delete(self, case_ids: Sequence[str]) -> int:
        """Ask the server to delete the runs of these cases that have ended; how many."""
        count = 0
        for case_id in case_ids:
            quoted = case_id.replace("\\", "\\\\").replace("'", "\\'")
            ended = f"WorkflowType = '{WORKFLOW_TYPE}' AND WorkflowId = '{quoted}' AND ExecutionStatus != 'Running'"
            async for run in self._client.list_workflows(ended):
                count += await self._delete(case_id, run.run_id)
        return count

    async def _delete(self, case_id: str, run_id: str) -> int:
        execution = WorkflowExecution(workflow_id=case_id, run_id=run_id)
        request = DeleteWorkflowExecutionRequest(namespace=self._client.namespace, workflow_execution=execution)
        try:
            await self._client.workflow_service.delete_workflow_execution(request)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return 0
            raise
        return 1
