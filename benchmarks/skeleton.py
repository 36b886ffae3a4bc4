"""The bare engine with the shape of a case: five times a wait and one activity on a second queue, then one signal.

No rules, no ledger: what any program on this engine pays.
"""

from datetime import datetime, timedelta

from temporalio import activity, workflow
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

with workflow.unsafe.imports_passed_through():
    from benchmarks.shape import BARE_ACTS, NEXT_RUNG, RUNGS
    from rules.base import Stored
    from rules.invoice import InvoiceIssued
    from workflows.sandbox import PASSED_THROUGH


def bare_sandbox() -> SandboxedWorkflowRunner:
    """The engine's own runner, with the same modules passed through as ours."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH))


class Bid(Stored):
    """What the bare act is told."""

    case: str
    step: str
    passage: int


class Receipt(Stored):
    """What the bare act answers."""

    case: str
    message_id: str


@activity.defn(name="bare_act")
async def bare_act(bid: Bid) -> Receipt:
    """Nothing but the way to it and back."""
    return Receipt(case=bid.case, message_id=f"<{bid.case}.{bid.step}@bare.example>")


@workflow.defn(name="Bare")
class Bare:
    """The workflow that a case is compared with."""

    def __init__(self) -> None:
        self.paid = False

    @workflow.run
    async def run(self, invoice: InvoiceIssued, pause: timedelta) -> int:
        """Five rungs, then the payment."""
        done = 0 if invoice.number else -1
        for rung in range(RUNGS):
            await workflow.sleep(pause)
            bid = Bid(case=workflow.info().workflow_id, step=f"rung_{rung + 1}", passage=1)
            receipt = await workflow.execute_activity(
                bare_act, bid, task_queue=BARE_ACTS, start_to_close_timeout=timedelta(seconds=30)
            )
            done += receipt.case == bid.case
        await workflow.wait_condition(lambda: self.paid)
        return done

    @workflow.signal
    def pay(self, reference: str) -> None:
        """The payment."""
        self.paid = bool(reference)


@workflow.defn(name="BareMorning")
class BareMorning:
    """One wait to an instant and one act, then the next wait: what a case does on a batch morning."""

    def __init__(self) -> None:
        self.paid = False

    @workflow.run
    async def run(self, invoice: InvoiceIssued, due: datetime) -> str:
        """The act, then the payment, before the next rung is due."""
        await workflow.sleep(max(timedelta(0), due - workflow.now()))
        bid = Bid(case=workflow.info().workflow_id, step=invoice.number, passage=1)
        receipt = await workflow.execute_activity(
            bare_act, bid, task_queue=BARE_ACTS, start_to_close_timeout=timedelta(seconds=30)
        )
        await workflow.wait_condition(lambda: self.paid, timeout=NEXT_RUNG)
        return receipt.message_id

    @workflow.signal
    def pay(self, reference: str) -> None:
        """The payment."""
        self.paid = bool(reference)
