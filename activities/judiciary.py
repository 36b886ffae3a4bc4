"""The judiciary: prepares the evidence file of a case whose mise en demeure went unanswered. Resumable, repeatable."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import NamedTuple

from temporalio import activity

from activities.answering import Desk, case_of, still_ordered
from activities.ports import Book, Cabinet
from activities.turns import again_in
from rules import events as e
from rules.brief import Brief, FileReady
from rules.calendars import local_day
from rules.case import Case
from rules.claim import Context
from rules.common_file import common_brief, groups, joins
from rules.decision import Decision, PrepareFile
from rules.file_brief import FileMaterial, file_brief
from rules.settle import own
from workflows import contracts
from workflows.contracts import Answer, Order

_ON_ITS_WAY, _AGAIN = timedelta(seconds=20), timedelta(seconds=1)
PATIENCE = 30
"""Attempts for which a case waits for the one that prepares the common file, ten minutes; then it goes without it."""


class Decided(NamedTuple):
    """A case under lock, decided anew at ``now``."""

    book: Book
    context: Context
    decision: Decision
    now: datetime

    @property
    def case(self) -> Case:
        """The case as entered so far."""
        return case_of(self.book)


class Judiciary:
    """One act: ``prepare_judicial_file``. Built again from the same ledger, the file has the same bytes."""

    def __init__(self, desk: Desk, cabinet: Cabinet) -> None:
        self._desk = desk
        self._cabinet = cabinet

    @activity.defn(name=contracts.ACTIVITY_FILE)
    async def prepare_judicial_file(self, order: Order) -> Answer:
        """Build the file if the rules still say so, and answer with what comes next.

        Raises to be tried again when something was said of one of its invoices while it was built, and while the
        debtor's first case prepares a common one."""
        brief = await self._brief(order)
        if isinstance(brief, Answer):
            return brief
        async with _heartbeating():
            ready = await self._cabinet.prepare(brief)
        async with self._locked(order) as book:
            lead = await self._decided(book, self._desk.now_of(order))
            decision = lead.decision
            if still_ordered(decision, order, lead.now):
                covered = {claim.case for claim in brief.joined}
                joined = [one for one in await self._joining(lead, order.step) if one.case.id in covered]
                _check_unchanged((lead, *joined), brief)
                decision = await self._enter(lead, joined, brief, ready)
            return self._desk.answer(book, decision, order.known)

    def _locked(self, order: Order) -> AbstractAsyncContextManager[Book]:
        """The debtor, then the case: the other cases of a common file are locked after them."""
        return self._desk.ledger.book(order.case, debtor=(order.creditor, order.debtor))

    async def _decided(self, book: Book, now: datetime) -> Decided:
        now = max(now, case_of(book).last_at)
        context = await self._desk.context(book, case_of(book), now)
        return Decided(book, context, await self._desk.settle(book, context, now), now)

    async def _brief(self, order: Order) -> Brief | Answer:
        async with self._locked(order) as book:
            case = case_of(book)
            now = max(self._desk.now_of(order), case.last_at)
            await self._desk.absorb_messages(book, await self._desk.context(book, case, now), now)
            lead = await self._decided(book, now)
            if not still_ordered(lead.decision, order, lead.now):
                return self._desk.answer(book, lead.decision, order.known)
            joined = _led_by(lead, await self._joining(lead, order.step), activity.info().attempt)
            brief, *others = [await _brief_of(one, lead.now) for one in (lead, *joined)]
            return common_brief(brief, others, lead.case, lead.context)

    async def _joining(self, lead: Decided, step: str) -> list[Decided]:
        """The debtor's other invoices that stand in the lead's file, locked and decided anew."""
        if not groups(lead.context, step):
            return []
        siblings = await lead.book.siblings(lead.case.invoice.currency, lead.now, act="prepare_file")
        found = [await self._decided(sibling, lead.now) for sibling in siblings]
        return [one for one in found if joins(lead.case, (one.case, one.decision, one.context), lead.context, lead.now)]

    async def _enter(self, lead: Decided, joined: Sequence[Decided], brief: Brief, ready: FileReady) -> Decision:
        """Enter the file in each of its cases in one transaction: an invoice stands in one file, or in none. Returns
        the lead's next decision."""
        file = {
            "path": ready.path,
            "manifest": ready.manifest,
            "procedure": brief.procedure or None,
            "court": brief.proposal.court if brief.proposal is not None else None,
        }
        for one in joined:
            await self._enter_one(one, joined_to=lead.case.id, **file)
        return await self._enter_one(lead, covers=tuple(one.case.id for one in joined), **file)

    async def _enter_one(self, one: Decided, **fields: object) -> Decision:
        step = _step_of(one)
        prepared = own(one.case, one.context, one.now, e.FilePrepared, step=step.step, passage=step.passage, **fields)
        one.book.append(prepared)
        return await self._desk.settle(one.book, one.context, one.now)


def _step_of(one: Decided) -> PrepareFile:
    step = one.decision.step
    assert isinstance(step, PrepareFile)
    return step


def _check_unchanged(cases: Sequence[Decided], brief: Brief) -> None:
    """Raises to be tried again when the file was built from what is no longer true."""
    if {one.case.id: one.case.position for one in cases} != {claim.case: claim.position for claim in brief.claims}:
        raise again_in(_AGAIN, f"{brief.case}: something was said while its file was built; it is prepared again")


def _led_by(lead: Decided, due: Sequence[Decided], attempt: int) -> list[Decided]:
    """The cases that the lead's file speaks for. Of those whose file is due the first by id prepares it, and raises
    for the others to wait; one that was waited for in vain is left out: its run may be gone."""
    ahead = sorted(one.case.id for one in due if one.case.id < lead.case.id)
    left_out = ahead[: (attempt - 1) // PATIENCE]
    if len(left_out) < len(ahead):
        first = ahead[len(left_out)]
        raise again_in(_ON_ITS_WAY, f"{lead.case.id}: the common file is prepared by {first}")
    return [one for one in due if one.case.id not in left_out]


async def _brief_of(one: Decided, now: datetime) -> Brief:
    book, context = one.book, one.context
    material = FileMaterial(
        events=book.since(0), messages=await book.messages(), chain=await book.chain(), head=book.head or ""
    )
    return file_brief(one.case, context, material, _step_of(one).step, local_day(now, context.policy.zone))


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
