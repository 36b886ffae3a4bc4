"""A case: the loop that waits. It decides nothing, sums nothing, and knows no law, no calendar, no time zone.

Something happened: ``advance`` enters it and answers with the next decision. The moment has come: the act that the
decision named is started, and asks the rules once more before it acts. Otherwise: asleep.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from rules.decision import Close
    from rules.invoice import InvoiceIssued
    from rules.reading import COMMANDS
    from rules.view import CaseView
    from workflows import contracts, options
    from workflows.inbox import Inbox, describe_failure, said_of
    from workflows.input import Unreadable, read_carried, read_invoice
    from workflows.mirror import Mirror, known_at_start


@workflow.defn(name=contracts.WORKFLOW_TYPE)
class InvoiceRecovery:
    """One unpaid invoice, from its announcement to its payment or its judicial file."""

    @workflow.init
    def __init__(self, invoice: InvoiceIssued, carried: contracts.Carried | None = None) -> None:
        self.carried = read_carried(carried)
        self.id = workflow.info().workflow_id
        read = read_invoice(invoice)
        self.unreadable = read if isinstance(read, Unreadable) else None
        self.invoice = None if isinstance(read, Unreadable) else read
        self.inbox = Inbox(self.carried)
        self.mirror = Mirror(self.id, self.invoice, self.carried.view)
        self.act: asyncio.Task[contracts.Answer] | None = None
        self.acted: str | None = None
        self.errand: asyncio.Task[None] | None = None
        self.awaited = False
        self.asked = False
        self.attributes = known_at_start(workflow.info())

    @workflow.run
    async def run(
        self,
        invoice: InvoiceIssued,  # noqa: ARG002 - the SDK hands both to __init__ and to run
        carried: contracts.Carried | None = None,  # noqa: ARG002
    ) -> contracts.Ending:
        """The loop; returns when the case is over and everything said to it is answered."""
        if self.unreadable is not None:
            raise self.unreadable.failure()
        ending: contracts.Ending | None = None
        while ending is None:
            try:
                ending = await self._turn()
            except (asyncio.CancelledError, ActivityError) as error:
                # A cancel that strikes a running ``advance`` comes out as the activity's own failure.
                if not is_cancelled_exception(error):
                    raise
                self.inbox.cancelled()
        return ending

    async def _turn(self) -> contracts.Ending | None:
        """The one thing to do now."""
        if self.act is not None and self.act.done():
            self._absorb_act()
        elif self.inbox.ready or not self.asked:
            await self._advance()
        elif self.awaited and self.act is None:
            await self._moment_has_come()
        elif self._over():
            return self.mirror.ending() if await self._settled() else None
        elif workflow.info().is_continue_as_new_suggested() and self.act is None:
            await self._continue()
        else:
            await self._sleep()
        return None

    # -- the three things the loop does

    async def _advance(self) -> None:
        """Enter what happened and ask what comes next."""
        self.asked = True
        said = self.inbox.take()
        awaited, self.awaited = self.awaited, False
        decision = self.mirror.decision
        ask = contracts.Ask(
            case=self.id,
            known=self.mirror.position,
            now=workflow.now(),
            awaited=decision.moment if awaited and decision is not None else None,
            said=said,
            acting=self.act is not None,
            carried=self.carried if self.mirror.position == 0 else None,
            invoice=self.invoice if self.mirror.position == 0 else None,
        )
        answer = await workflow.execute_local_activity(
            contracts.ACTIVITY_ADVANCE,
            ask,
            result_type=contracts.Answer,
            start_to_close_timeout=options.ADVANCE_TIMEOUT,
            local_retry_threshold=options.ADVANCE_WAITS_HERE,
            retry_policy=options.ADVANCE_RETRY,
            summary=self.mirror.heading(said),
        )
        self._absorb(answer)

    async def _moment_has_come(self) -> None:
        """Start the act that the decision names; what needs no act of its own is entered by ``advance``."""
        order = self.mirror.order(workflow.now())
        if order is None:
            await self._advance()
            return
        self.awaited = False
        self.acted = f"{order.passage}/{order.step}"
        self.act = asyncio.create_task(self._prepare(order) if self.mirror.prepares else self._send(order))

    async def _sleep(self) -> None:
        """Until something happens, the act ends, or the next moment comes; 31 days at most."""
        left = self.mirror.wake_at - workflow.now() if self.mirror.wake_at is not None else None
        if self.act is not None:
            left = None
        elif left is not None and left <= timedelta(0):
            self.awaited = True
            return
        try:
            await workflow.wait_condition(
                lambda: self.inbox.ready or (self.act is not None and self.act.done()),
                timeout=None if left is None else min(left, options.LONGEST_SLEEP),
                timeout_summary=self.mirror.because,
            )
        except TimeoutError:
            if left is not None and left <= options.LONGEST_SLEEP:
                self.awaited = True
            else:
                self.asked = False

    # -- acts

    async def _send(self, order: contracts.Order) -> contracts.Answer:
        answer: contracts.Answer = await workflow.execute_activity(
            contracts.ACTIVITY_SEND,
            order,
            result_type=contracts.Answer,
            task_queue=contracts.CORRESPONDENCE_QUEUE,
            start_to_close_timeout=options.NOTICE_TIMEOUT,
            schedule_to_close_timeout=options.NOTICE_GIVES_UP,
            heartbeat_timeout=options.NOTICE_HEARTBEAT,
            retry_policy=options.NOTICE_RETRY,
            priority=options.fair(options.PRIORITY_OF_ITS_CASE, order.creditor),
            summary=self.mirror.because,
        )
        return answer

    async def _prepare(self, order: contracts.Order) -> contracts.Answer:
        answer: contracts.Answer = await workflow.execute_activity(
            contracts.ACTIVITY_FILE,
            order,
            result_type=contracts.Answer,
            task_queue=contracts.JUDICIARY_QUEUE,
            start_to_close_timeout=options.FILE_TIMEOUT,
            schedule_to_close_timeout=options.FILE_GIVES_UP,
            heartbeat_timeout=options.FILE_HEARTBEAT,
            retry_policy=options.FILE_RETRY,
            priority=options.fair(options.PRIORITY_OF_ITS_CASE, order.creditor),
            summary=self.mirror.because,
        )
        return answer

    def _run_errand(self, errand: Coroutine[Any, Any, None]) -> None:
        """What follows from an answer and the loop need not wait for; one after the other, in order."""

        async def after(before: asyncio.Task[None] | None) -> None:
            if before is not None:
                await before
            await errand

        self.errand = asyncio.create_task(after(self.errand))

    async def _wake_siblings(self, said: tuple[contracts.Said, ...]) -> None:
        await workflow.execute_activity(
            contracts.ACTIVITY_WAKE,
            contracts.Spread(case=self.id, said=said),
            start_to_close_timeout=options.WAKE_TIMEOUT,
            heartbeat_timeout=options.WAKE_HEARTBEAT,
            retry_policy=options.WAKE_RETRY,
            priority=options.PRIORITY_BATCH,
            summary="prévient les autres dossiers du débiteur",
        )

    async def _withdraw(self, messages: tuple[str, ...]) -> None:
        await workflow.execute_activity(
            contracts.ACTIVITY_WITHDRAW,
            list(messages),
            task_queue=contracts.CORRESPONDENCE_QUEUE,
            start_to_close_timeout=options.NOTICE_TIMEOUT,
            retry_policy=options.WAKE_RETRY,
            priority=options.PRIORITY_PERSON,
            summary="retire de la corbeille un courrier à ne plus poster",
        )

    def _absorb_act(self) -> None:
        """The act's answer, or its giving up, which the rules are told."""
        act, acted = self.act, self.acted
        self.act = self.acted = None
        if act is None:
            return
        try:
            self._absorb(act.result())
        except ActivityError as error:
            self.inbox.act_gave_up(acted or "", describe_failure(error))

    def _absorb(self, answer: contracts.Answer) -> None:
        self.mirror.absorb(answer)
        self.inbox.absorb(answer)
        self.awaited = False
        changed = self.mirror.attributes(self.attributes)
        if changed:
            workflow.upsert_search_attributes(changed)
        workflow.set_current_details(self.mirror.details())
        if answer.spread:
            self._run_errand(self._wake_siblings(answer.spread))
        if answer.withdrawn:
            self._run_errand(self._withdraw(answer.withdrawn))

    # -- the end

    def _over(self) -> bool:
        closed = self.mirror.decision is not None and isinstance(self.mirror.decision.step, Close)
        return self.act is None and (closed or self.mirror.refused is not None)

    async def _settled(self) -> bool:
        """Whether nothing is left to answer; False when something more was said meanwhile."""
        await workflow.wait_condition(lambda: self.inbox.ready or self._quiet())
        return not self.inbox.ready

    def _quiet(self) -> bool:
        return workflow.all_handlers_finished() and (self.errand is None or self.errand.done())

    async def _continue(self) -> None:
        if await self._settled():
            carried = contracts.Carried(
                position=self.mirror.position,
                inbox=self.inbox.waiting,
                signals=self.inbox.signals,
                series=self.inbox.series,
                view=self.mirror.view(),
            )
            workflow.continue_as_new(args=[self.invoice, carried])

    # -- the doors

    @workflow.signal(dynamic=True)
    def signal(self, name: str, args: Sequence[RawValue]) -> None:
        """Every signal: kept as it came; what it means, the clerk says. Nothing is lost, nothing is raised."""
        self.inbox.put(said_of(name, args, self.inbox.next_id(), workflow.now(), door="signal"))

    @workflow.update(name=contracts.UPDATE_SUBMIT)
    async def submit(self, body: Any) -> CaseView:
        """One event command; refused with a sentence, or the case as it stands after it."""
        said = self.inbox.said_by_update(body, workflow.current_update_info(), workflow.now())
        self.inbox.put(said)
        await workflow.wait_condition(lambda: self.inbox.replied(said.id))
        reply = self.inbox.reply(said.id)
        if reply.sentence is not None:
            raise ApplicationError(reply.sentence, type=reply.code, non_retryable=True)
        return self.mirror.view()

    @submit.validator
    def validate_submit(self, body: Any) -> None:
        """Shape only: one JSON object whose ``kind`` is known."""
        if not isinstance(body, dict) or body.get("kind") not in COMMANDS:
            kind = body.get("kind") if isinstance(body, dict) else body
            raise ApplicationError(
                f'« {kind} » is not an event of a case; send {{"kind": "paid", …}}.',
                type="unknown_event" if isinstance(body, dict) and "kind" in body else "malformed",
                non_retryable=True,
            )

    @workflow.query(name=contracts.QUERY_CASE)
    def case(self) -> CaseView:
        """The case as it stands."""
        return self.mirror.view()
