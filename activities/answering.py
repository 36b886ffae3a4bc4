"""What every activity that touches a case does alike: find its context, settle it, keep the decision, answer."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import activity

from activities.ports import Book, Clock, Ledger, Reference
from rules import events as e
from rules.calendars import end_of, local_day
from rules.case import Case
from rules.claim import Context
from rules.decision import Decision, PrepareFile, Send
from rules.outbox import Covered, Message, MessageState
from rules.pauses import lies_in_tray, withdrawal
from rules.settle import own, settle
from workflows.contracts import Answer, Order, Reply, Said


class Desk:
    """The ledger, the configuration and the clock, and what is done with them everywhere. ``stages_only``: cases are
    found in the engine by their stage, and no longer by their next step."""

    def __init__(self, ledger: Ledger, reference: Reference, clock: Clock, *, stages_only: bool = False) -> None:
        self.ledger = ledger
        self.reference = reference
        self.clock = clock
        self._stages_only = stages_only

    def now_of(self, order: Order) -> datetime:
        """The now of an act: the workflow's, plus the time since the act was scheduled, never this machine's clock;
        under a played clock the moment that was awaited."""
        if self.clock.played:
            return order.at
        info = activity.info()
        return self.clock.virtual(order.now + max(timedelta(0), info.started_time - info.scheduled_time))

    async def context(self, book: Book, case: Case, now: datetime) -> Context:
        """The rules' context of a case at ``now`` (virtual UTC)."""
        policy = await self.reference.policy(case.version)
        # Not checked again: each part was when it was read, and the policy's checks cost more than the decision's wait.
        return Context.model_construct(
            creditor=self.reference.creditor(case.invoice.creditor),
            policy=policy,
            tables=self.reference.tables(),
            debtor=await book.debtor_facts(local_day(now, policy.zone)),
        )

    async def settle(self, book: Book, context: Context, now: datetime) -> Decision:
        """Enter what follows at ``now``, decide, and keep the decision for lists."""
        case = case_of(book)
        entered, _, decision = settle(case, context, now)
        for event in entered:
            case = case_of(book)
            book.append(event)
            if isinstance(event, e.LetterWithdrawn):
                self._withdrawn(book, case, event, now)
        book.project(decision)
        return decision

    def _withdrawn(self, book: Book, before: Case, event: e.LetterWithdrawn, now: datetime) -> None:
        """A letter of the tray will not leave at all; one that came back did leave, and only gives this rung free."""
        taken = before.taken(event.step, event.passage)
        if taken is not None and lies_in_tray(taken, event.message_id):
            book.conclude(event.message_id, MessageState.FAILED, now, None, None)
        else:
            book.release(event.message_id)

    async def absorb_messages(self, book: Book, context: Context, now: datetime) -> bool:
        """Enter the letters that have left and speak for this case, though another case sent them. Returns whether one
        is on its way at this very moment."""
        on_its_way = False
        for message in await book.messages():
            case = case_of(book)
            covered = message.of(case.id)
            if covered is None:
                continue
            taken = case.taken(covered.step, covered.passage)
            if any(lost.message_id == message.id for lost in case.lost):
                book.release(message.id)
                continue
            if taken is not None:
                if message.state is MessageState.FAILED and lies_in_tray(taken, message.id):
                    said = withdrawal(taken, "le courrier commun a été retiré : une autre facture a changé")
                    book.append(own(case, context, max(now, case.last_at), e.LetterWithdrawn, **said))
                continue
            if message.state is MessageState.SENT:
                book.append(notice_sent(case, context, message, covered, now))
            elif message.state is MessageState.IN_DOUBT:
                book.append(_in_doubt(case, context, message, covered, now))
            on_its_way = on_its_way or message.state is MessageState.SENDING
        return on_its_way

    async def bounced_for_all(
        self, book: Book, message: Message, said: dict[str, str], context: Context, now: datetime
    ) -> None:
        """The debtor's other invoices of the message hear it in the same transaction, so that the letter that replaces
        it speaks for them all, and none tries the dead address again."""
        zone = context.policy.zone
        tonight = end_of(local_day(now, zone), zone)
        for sibling in await book.siblings(message.currency, tonight, again=message.id):
            await asyncio.sleep(0)  # of a thousand invoices the heartbeats are heard in between
            case = case_of(sibling)
            if message.of(case.id) is None or case.email != said["address"]:
                continue
            at = max(now, case.last_at)
            its = await self.context(sibling, case, at)
            sibling.append(own(case, its, at, e.NoticeBounced, **said))
            await self.settle(sibling, its, at)

    def answer(
        self,
        book: Book,
        decision: Decision,
        since: int,
        *,
        replies: Sequence[Reply] = (),
        deferred: Sequence[str] = (),
        spread: Sequence[Said] = (),
    ) -> Answer:
        """What the loop is told: the events after ``since``, without the invoice that it holds itself."""
        case = case_of(book)
        return Answer(
            since=since,
            events=tuple(_without_invoice(event) for event in book.since(since)),
            position=case.position,
            head=book.head,
            decision=decision,
            wake_at=None if decision.moment is None else self.clock.real(decision.moment),
            replies=tuple(replies),
            deferred=tuple(deferred),
            spread=tuple(spread),
            withdrawn=_withdrawn(book, since),
            stages_only=self._stages_only or None,
        )


def case_of(book: Book) -> Case:
    """The case of a book that was opened before: an act is only ever ordered for one."""
    case = book.case
    assert case is not None
    return case


def still_ordered(decision: Decision, order: Order, now: datetime) -> bool:
    """Whether the rules still ask, at ``now``, for the very step that the act was ordered to take."""
    step = decision.step
    same = isinstance(step, Send | PrepareFile) and (step.step, step.passage) == (order.step, order.passage)
    return same and decision.at is not None and decision.at <= now


def notice_sent(case: Case, context: Context, message: Message, covered: Covered, now: datetime) -> e.Event:
    """The event of a letter that left for a case. It is marked as crossed when what it says was paid meanwhile."""
    at = max(message.sent_at or now, case.last_at)
    return own(
        case, context, at, e.NoticeSent,
        step=covered.step,
        passage=covered.passage,
        channel=message.channel,
        copies=message.copies,
        message_id=message.id,
        principal=covered.balance,
        claim=covered.claim,
        variant=message.variant,
        profile=message.profile,
        crossed=case.closed is not None or case.open_principal < covered.balance,
        carrier=message.carrier,
    )  # fmt: skip


def _in_doubt(case: Case, context: Context, message: Message, covered: Covered, now: datetime) -> e.Event:
    """The event of a letter of which nobody knows whether it left, for another case that it spoke for."""
    at = max(now, case.last_at)
    return own(
        case, context, at, e.NoticeInDoubt,
        step=covered.step, passage=covered.passage, channel=message.channel, message_id=message.id,
    )  # fmt: skip


def _withdrawn(book: Book, since: int) -> tuple[str, ...]:
    """The letters that lie in the tray and must not be posted. A run that begins again is told of none: by then they
    are gone, and one drawn up anew may bear the same name."""
    gone: dict[str, None] = {}
    for event in book.since(since) if since else ():
        if isinstance(event, e.LetterWithdrawn):
            gone[event.message_id] = None
        elif isinstance(event, e.NoticeSent):
            gone.pop(event.message_id, None)
    return tuple(gone)


def _without_invoice(event: e.Event) -> e.Event:
    return event.model_copy(update={"invoice": None}) if isinstance(event, e.CaseOpened) else event
