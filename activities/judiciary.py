"""The judiciary: prepares the evidence file of a case whose mise en demeure went unanswered. Resumable, repeatable."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from temporalio import activity

from activities.answering import Desk, case_of, still_ordered
from activities.ports import Book, Cabinet
from rules import events as e
from rules.brief import Brief, NoticeCopy
from rules.calendars import local_day
from rules.case import Case
from rules.claim import Context, decompte_of
from rules.decision import RULES_VERSION
from rules.outbox import Message
from rules.procedure import proposal_of, route_to_prepare
from rules.settle import own
from workflows import contracts
from workflows.contracts import Answer, Order


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
            return _brief_of(book, context, order, now, await book.messages())


def _brief_of(book: Book, context: Context, order: Order, now: datetime, messages: Sequence[Message]) -> Brief:
    case = case_of(book)
    as_of = local_day(now, context.policy.zone)
    found = route_to_prepare(case, context, order.step, as_of)
    return Brief(
        case=case.id,
        step=order.step,
        passage=order.passage,
        as_of=as_of,
        invoice=case.invoice,
        debtor=case.debtor,
        creditor=context.creditor,
        decompte=decompte_of(case, context.creditor, context.tables, as_of),
        events=tuple(book.since(0)),
        notices=tuple(_copies(case, book.since(0), messages)),
        position=case.position,
        head=book.head or "",
        rules=RULES_VERSION,
        tables=context.tables.version,
        policy=case.version,
        procedure=found.procedure if found is not None else "",
        proposal=proposal_of(found, case, context, as_of) if found is not None else None,
        attempt=case.files + 1,
        insolvency=case.insolvency,
    )


def _copies(case: Case, events: Sequence[e.Event], messages: Sequence[Message]) -> list[NoticeCopy]:
    kept = {message.id: message for message in messages}
    copies = []
    for taken in case.steps:
        if not taken.written or taken.message_id is None:
            continue
        about = [event for event in events if _is_about(event, taken.step, taken.passage)]
        message = kept.get(taken.message_id)
        copies.append(
            NoticeCopy(
                step=taken.step,
                passage=taken.passage,
                at=taken.at,
                channel=taken.channel or "",
                message_id=taken.message_id,
                document=message.document if message else None,
                sha256=message.sha256 if message else None,
                posted_on=taken.posted_on,
                delivered_on=taken.answer_from,
                proofs=tuple(str(getattr(event, "proof", None)) for event in about if getattr(event, "proof", None)),
            )
        )
    return copies


def _is_about(event: e.Event, step: str, passage: int) -> bool:
    letters = (e.LetterPosted, e.LetterDelivered)
    return isinstance(event, letters) and (event.step, event.passage) == (step, passage)


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
