"""The guard before the doors: whatever a signal or an update brings, the case neither fails nor sticks."""

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import (
    HandleSignalInput,
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

with workflow.unsafe.imports_passed_through():
    from workflows.contracts import Said


class Guard(Interceptor):
    """Registered by the worker."""

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,
    ) -> type[WorkflowInboundInterceptor] | None:
        """The inbound half, made for each workflow."""
        del input
        return GuardInbound


class GuardInbound(WorkflowInboundInterceptor):
    """Turns a handler's failure into a refused signal, or a clean refusal of an update."""

    async def handle_signal(self, input: HandleSignalInput) -> None:
        """A signal that breaks its handler is kept as one that could not be read."""
        try:
            await super().handle_signal(input)
        except Exception as error:
            inbox = workflow.instance().inbox
            said = Said(
                id=inbox.next_id(),
                name=input.signal[:200],
                fault=f"{input.signal}: {error!r}"[:2000],
                at=workflow.now(),
                door="signal",
            )
            inbox.put(said)

    async def handle_update_handler(self, input: HandleUpdateInput) -> Any:
        """A bug in an update fails the update, never the case."""
        try:
            return await super().handle_update_handler(input)
        except (FailureError, asyncio.CancelledError):
            raise
        except Exception as error:
            raise ApplicationError(str(error)[:2000], type="malformed", non_retryable=True) from error
