"""The sandbox stays on for the small workflow module; everything it imports is passed through.

Re-importing the rules for each run would cost more than the run itself; their purity is a test's job.
"""

from collections.abc import Sequence
from typing import Any

from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

PASSED_THROUGH = (
    "rules",
    "workflows.contracts",
    "workflows.inbox",
    "workflows.input",
    "workflows.mirror",
    "workflows.options",
    "holidays",
)

_NOWHERE = StorageDriverStoreContext(target=None)


class Plain(WorkflowInstance):
    """An instance whose payloads have no context.

    The SDK asks for contexts once per payload, and each time enters the sandbox: a tenth of the worker's Python time,
    for answers that nothing in this house looks at: its codec knows none, and payloads are stored nowhere else."""

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed

    def activate(self, act: Any) -> Any:
        """Run the workflow, in the sandbox."""
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: Any) -> None:
        """Nothing: see the class."""

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:  # noqa: ARG002
        """Nothing: see the class."""
        return _NOWHERE

    def get_info(self) -> Info:
        """As the SDK says."""
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        """As the SDK says."""
        return self._sandboxed.get_thread_id()


class Sandbox(WorkflowRunner):
    """The SDK's sandboxed runner, with plain instances."""

    def __init__(self) -> None:
        restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
        self._runner = SandboxedWorkflowRunner(restrictions=restrictions)

    def prepare_workflow(self, defn: Any) -> None:
        """Load the workflow once, so that what the sandbox forbids is known at start."""
        self._runner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """An instance for one run."""
        return Plain(self._runner.create_instance(det))

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        """As the SDK says."""
        self._runner.set_worker_level_failure_exception_types(types)


def sandbox() -> Sandbox:
    """The runner of every worker and replayer."""
    return Sandbox()
