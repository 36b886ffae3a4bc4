"""The judiciary: prepares the evidence file of a case whose mise en demeure went unanswered. Resumable, repeatable."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.answering import Desk, case_of, still_ordered
from activities.ports import Book, Cabinet
from rules import events as e
from rules.brief import Brief
from rules.calendars import local_day
from rules.claim import Context
from rules.common_file import common_brief, covering, groups, joins
from rules.file_brief import FileMaterial, file_brief
from rules.settle import own
from workflows import contracts
from workflows.contracts import Answer, Order

_ON_ITS_WAY = timedelta(seconds=20)


class Judiciary:
    """One act: ``prepare_judicial_file``. Built again from the same ledger, the file has the same bytes."""

    def __init__(self, desk: Desk, cabinet: Cabinet) -> None:
        self._desk = desk
        self._cabinet = cabinet

    @activity.defn(name=contracts.ACTIVITY_FILE)
    async def prepare_judicial_file(self, order: Order) -> Answer:
        """Build the file if the rules still say so, and answer with what comes next."""
        brief = await self._brief(order)
        if isinstance(brief, Answer):
            return brief
        async with _heartbeating():
            ready = await self._cabinet.prepare(brief)
        async with self._desk.ledger.book(order.case) as book:
            case = case_of(book)
            now = max(self._desk.now_of(order), case.last_at)
            context = await self._desk.context(book, case, now)
            if case.taken(order.step, order.passage) is None:
                event = own(
                    case,
                    context,
                    now,
                    e.FilePrepared,
                    step=order.step,
                    passage=order.passage,
                    path=ready.path,
                    manifest=ready.manifest,
                    procedure=brief.procedure or None,
                    court=brief.proposal.court if brief.proposal is not None else None,
                    covers=tuple(one.case for one in brief.joined),
                )
                book.append(event)
            return self._desk.answer(book, await self._desk.settle(book, context, now), order.known)

    async def _brief(self, order: Order) -> Brief | Answer:
        async with self._desk.ledger.book(order.case) as book:
            case = case_of(book)
            now = max(self._desk.now_of(order), case.last_at)
            context = await self._desk.context(book, case, now)
            await self._desk.absorb_messages(book, context, now)
            decision = await self._desk.settle(book, context, now)
            if not still_ordered(decision, order, now):
                return self._desk.answer(book, decision, order.known)
            brief = await _brief_of(book, context, order.step, now)
            return await self._with_others(book, context, brief, order, now) if groups(context, order.step) else brief

    async def _with_others(
        self, book: Book, context: Context, brief: Brief, order: Order, now: datetime
    ) -> Brief | Answer:
        """The debtor's other invoices whose file is due too stand in this one. The first by id prepares it; the others
        find themselves covered."""
        case = case_of(book)
        others = await book.others(case.invoice.currency)
        lead = covering(case, [case_of(other) for other in others])
        if lead is not None and lead.file is not None:
            fields = lead.file.model_dump(include={"path", "manifest", "procedure", "court"})
            book.append(
                own(
                    case, context, now, e.FilePrepared,
                    step=order.step, passage=order.passage, joined_to=lead.id, **fields,
                )
            )  # fmt: skip
            return self._desk.answer(book, await self._desk.settle(book, context, now), order.known)
        ready: list[tuple[Book, Context]] = []
        for other in others:
            its = await self._desk.context(other, case_of(other), now)
            if other.decision is not None and joins(case, (case_of(other), other.decision, its), context, now):
                ready.append((other, its))
        first = min((case_of(other).id for other, _ in ready), default=case.id)
        if first < case.id:
            raise ApplicationError(f"{case.id}: the common file is prepared by {first}", next_retry_delay=_ON_ITS_WAY)
        briefs = [await _brief_of(other, its, order.step, now) for other, its in ready]
        return common_brief(brief, briefs, case, context)


async def _brief_of(book: Book, context: Context, step: str, now: datetime) -> Brief:
    material = FileMaterial(
        events=book.since(0), messages=await book.messages(), chain=await book.chain(), head=book.head or ""
    )
    return file_brief(case_of(book), context, material, step, local_day(now, context.policy.zone))


@contextlib.asynccontextmanager
async def _heartbeating() -> AsyncIterator[None]:
    """Heartbeats at a third of the activity's own timeout, while the block runs."""
    timeout = activity.info().heartbeat_timeout
    every = timeout.total_seconds() / 3 if timeout else 10.0

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(every)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
