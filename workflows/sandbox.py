"""The sandbox stays on for the small workflow module; everything it imports is passed through.

Re-importing the rules for each run would cost more than the run itself; their purity is a test's job.
"""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

PASSED_THROUGH = (
    "rules",
    "workflows.contracts",
    "workflows.inbox",
    "workflows.input",
    "workflows.mirror",
    "workflows.options",
    "holidays",
)


def sandbox() -> SandboxedWorkflowRunner:
    """The runner of every worker and replayer."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))
