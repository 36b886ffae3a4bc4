"""Notices: an act in two transactions. The letter is written down as ``sending``, handed over, written down as
``sent``.

Before each hand-over the rules are asked once more with the facts of that instant: nothing leaves on a stale decision.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.answering import Desk, case_of, notice_sent, still_ordered
from activities.attempts import alive, handed_over, known_not_left, tell_handed_over, tell_not_left, told_if_late
from activities.ports import Book, Dispatchers
from activities.turns import again_in
from rules import events as e
from rules.calendars import end_of, local_day
from rules.claim import Context
from rules.compose import Aside, Spoken, compose, covered_of, message_id
from rules.decision import Decision, Send
from rules.dispatch import NotNow, NotTaken, OutcomeUnknown, Refusal
from rules.grouping import gathers, joins, lead_of, left_out
from rules.letter import Dispatched, Letter
from rules.outbox import Message, MessageState
from rules.refusals import Refused
from rules.settle import own
from workflows import contracts
from workflows.contracts import Answer, Order

_ON_ITS_WAY, _LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=10)


class Prepared(NamedTuple):
    """A message written down as ``sending``, with the letters to hand over: the main one first, then its copies."""

    message: Message
    letters: tuple[Letter, ...]


class Notices:
    """E-mails and letters. Idempotent by the outbox row's key, (case, passage, step)."""

    def __init__(self, desk: Desk, dispatchers: Dispatchers) -> None:
        self._desk = desk
        self._dispatchers = dispatchers

    @activity.defn(name=contracts.ACTIVITY_SEND)
    async def send_notice(self, order: Order) -> Answer:
        """Send what the order names if the rules still say so, and answer with what comes next.

        Raises to be retried while the world is away; a letter refused for good becomes ``notice_failed``."""
        async with alive():
            return await self._send(order, self._desk.now_of(order))

    async def _send(self, order: Order, now: datetime) -> Answer:
        prepared = await self._write_down(order, now)
        if isinstance(prepared, Answer):
            return prepared
        try:
            kept = await self._deliver(prepared)
        except NotTaken as refused:
            return await self._refused(order, prepared, refused, now)
        except NotNow as later:
            raise again_in(later.pause, str(later)) from later
        except Refused as refused:
            # A template or a configuration of the creditor's is wrong: no retry mends it, a person does.
            raise ApplicationError(refused.sentence, type=refused.code, non_retryable=True) from refused
        with told_if_late(kept, len(prepared.letters) - 1):
            return await self._sent(order, prepared, kept, self._desk.now_of(order))

    @activity.defn(name=contracts.ACTIVITY_WITHDRAW)
    async def withdraw_letters(self, messages: list[str]) -> None:
        """Take letters out of the trays they lie in; one that is not there is passed over."""
        for dispatcher in {id(one): one for one in self._dispatchers.values()}.values():
            for message in messages:
                await dispatcher.withdraw(message)

    async def _write_down(self, order: Order, now: datetime) -> Prepared | Answer:
        """The first transaction: decide again, and write the message down as ``sending``; or the answer, when there is
        nothing to hand over."""
        async with self._desk.ledger.book(order.case, debtor=(order.creditor, order.debtor)) as book:
            case = case_of(book)
            now = max(now, case.last_at)
            context = await self._desk.context(book, case, now)
            if await self._desk.absorb_messages(book, context, now) and await self._sent_by_another(book, order):
                pause = min(_LONGEST_WAIT, _ON_ITS_WAY * activity.info().attempt)
                raise again_in(pause, f"{order.case}: the debtor's message of the day is on its way")
            decision = await self._desk.settle(book, context, now)
            begun = await book.message(order.step, order.passage)
            if begun is not None and begun.state is MessageState.SENDING:
                return await self._resume(book, begun, context, decision, order, now)
            if begun is not None or not still_ordered(decision, order, now):
                return self._desk.answer(book, decision, order.known)
            return await self._begin(book, context, decision, now)

    async def _sent_by_another(self, book: Book, order: Order) -> bool:
        message = await book.message(order.step, order.passage)
        return message is not None and message.state is MessageState.SENDING and message.sender != order.case

    async def _begin(self, book: Book, context: Context, decision: Decision, now: datetime) -> Prepared:
        """The message of the day to the debtor: it speaks for every case whose own letter is due that day."""
        case, step = case_of(book), decision.step
        assert isinstance(step, Send)
        spoken: list[tuple[Spoken, Context]] = [((case, step), context)]
        if gathers(step, context.policy):
            spoken += await self._joining(book, (case, step), context, now)
        aside = await self._left_out(book, spoken, context, now)
        letter, lead = _composed(spoken, now, message_id(case, step, context.creditor.email), aside)
        message = Message(
            id=letter.message_id,
            creditor=case.invoice.creditor,
            debtor=case.invoice.debtor.id,
            currency=case.invoice.currency,
            day=letter.on,
            channel=step.channel,
            copies=tuple(lead.copies),
            state=MessageState.SENDING,
            started_at=now,
            sender=case.id,
            rung=lead.step,
            variant=lead.variant,
            profile=None if decision.profile is None else decision.profile.name,
            covers=tuple(covered_of(*pair, letter) for pair, _ in spoken),
        )
        book.begin(message)
        return Prepared(message, _with_copies(letter, lead))

    async def _joining(
        self, book: Book, lead: Spoken, context: Context, now: datetime, *, again: str = ""
    ) -> list[tuple[Spoken, Context]]:
        zone = context.policy.zone
        found: list[tuple[Spoken, Context]] = []
        tonight = end_of(local_day(now, zone), zone)
        for sibling in await book.siblings(lead[0].invoice.currency, tonight, again=again):
            await asyncio.sleep(0)  # of a thousand invoices the heartbeats are heard in between
            case = case_of(sibling)
            at = max(now, case.last_at)
            its = await self._desk.context(sibling, case, at)
            decision = await self._desk.settle(sibling, its, at)
            if joins(lead, (case_of(sibling), decision, its.policy), now, zone) and isinstance(decision.step, Send):
                found.append(((case_of(sibling), decision.step), its))
        return found

    async def _left_out(
        self, book: Book, spoken: Sequence[tuple[Spoken, Context]], context: Context, now: datetime
    ) -> tuple[Aside, ...]:
        """The debtor's invoices that the letter names for information, as their last decisions have them."""
        case, step = spoken[0][0]
        if not gathers(step, context.policy):
            return ()
        named = {pair[0].id for pair, _ in spoken}
        others = [(case_of(other), other.decision) for other in await book.others(case.invoice.currency)]
        known = [(one, decision) for one, decision in others if decision is not None and one.id not in named]
        return left_out(step, known, local_day(now, context.policy.zone))

    async def _resume(
        self, book: Book, begun: Message, context: Context, decision: Decision, order: Order, now: datetime
    ) -> Prepared | Answer:
        """An earlier attempt got as far as ``sending`` and nobody knows more. A reminder still due goes again under the
        same Message-ID, at the next opening if the day is over; what is no longer due, or must never be sent twice, is
        left to a person."""
        begun = await book.whole(begun)
        case = case_of(book)
        step = decision.step
        if handed_over()[0] is not None:
            letters = (await self._again(book, begun, context, step, now)).letters if isinstance(step, Send) else ()
            return Prepared(begun, letters if still_ordered(decision, order, now) else ())
        repeatable = self._dispatchers[begun.channel].repeatable
        same = isinstance(step, Send) and (step.step, step.passage) == (order.step, order.passage)
        if isinstance(step, Send) and same and (repeatable or not step.formal or known_not_left()):
            if still_ordered(decision, order, now):
                return await self._again(book, begun, context, step, now)
            return self._desk.answer(book, decision, order.known)
        event = own(
            case, context, now, e.NoticeInDoubt,
            step=order.step, passage=order.passage, channel=begun.channel, message_id=begun.id,
        )  # fmt: skip
        book.append(event)
        book.conclude(begun.id, MessageState.IN_DOUBT, now, None, None)
        return self._desk.answer(book, await self._desk.settle(book, context, now), order.known)

    async def _again(self, book: Book, begun: Message, context: Context, step: Send, now: datetime) -> Prepared:
        """The same message once more: the same invoices, but for those that were paid or disputed meanwhile."""
        spoken: list[tuple[Spoken, Context]] = [((case_of(book), step), context)]
        if gathers(step, context.policy):
            joining = await self._joining(book, (case_of(book), step), context, now, again=begun.id)
            spoken += [(pair, its) for pair, its in joining if begun.of(pair[0].id) is not None]
        aside = await self._left_out(book, spoken, context, now)
        letter, lead = _composed(spoken, now, begun.id, aside)
        return Prepared(begun, _with_copies(letter, lead))

    async def _deliver(self, prepared: Prepared) -> Dispatched:
        """Hand over the letter, then its copies. Before a copy the engine is told what was handed over, so that a copy
        tried again does not send the letter twice."""
        kept, copied = handed_over()
        if kept is None:
            kept = await self._hand_over_first(prepared.letters[0])
            if prepared.letters[1:]:
                tell_handed_over(kept, 0)
        for place, copy in enumerate(prepared.letters[1:], 1):
            if place > copied:
                await self._copy(copy)
                tell_handed_over(kept, place)
        return kept

    async def _hand_over_first(self, letter: Letter) -> Dispatched:
        """Whatever is neither a doubt nor a refusal is known not to have left: told to the engine, so that the attempt
        that follows need not ask a person."""
        try:
            return await self._dispatchers[letter.channel].hand_over(letter)
        except (NotTaken, Refused, OutcomeUnknown):
            raise
        except Exception:
            tell_not_left()
            raise

    async def _copy(self, letter: Letter) -> None:
        """A copy is a courtesy: refused for good, the letter stands all the same."""
        try:
            await self._dispatchers[letter.channel].hand_over(letter)
        except (NotTaken, Refused) as refused:
            why = refused.refusal if isinstance(refused, NotTaken) else refused.code
            activity.logger.warning("copy not taken", extra={"message_id": letter.message_id, "why": str(why)})

    async def _sent(self, order: Order, prepared: Prepared, kept: Dispatched, now: datetime) -> Answer:
        """The second transaction: the message is written down as ``sent`` and the case remembers its letter."""
        async with self._desk.ledger.book(order.case) as book:
            case = case_of(book)
            now = max(now, case.last_at)
            context = await self._desk.context(book, case, now)
            covered = prepared.message.of(case.id)
            if covered is not None and not _entered(book, prepared.message):
                message = prepared.message.model_copy(update={"sent_at": now, "carrier": kept.carrier})
                book.append(notice_sent(case, context, message, covered, now))
            book.conclude(prepared.message.id, MessageState.SENT, now, kept.document, kept.sha256, kept.carrier)
            return self._desk.answer(book, await self._desk.settle(book, context, now), order.known)

    async def _refused(self, order: Order, prepared: Prepared, refused: NotTaken, now: datetime) -> Answer:
        """The world will not take it: a dead address is marked and the rules choose another channel or a task; a letter
        refused for what it says fails, and a person looks."""
        message = prepared.message
        async with self._desk.ledger.book(order.case, debtor=(order.creditor, order.debtor)) as book:
            case = case_of(book)
            now = max(now, case.last_at)
            context = await self._desk.context(book, case, now)
            address = case.debtor.email if message.channel == "email" else None
            if refused.refusal is Refusal.ADDRESS and address is not None:
                said = {"message_id": message.id, "address": address, "diagnostic": refused.diagnostic[:2000]}
                event = own(case, context, now, e.NoticeBounced, **said)
                await self._desk.bounced_for_all(book, message, said, context, now)
            else:
                event = own(
                    case, context, now, e.NoticeFailed,
                    step=order.step, passage=order.passage, channel=message.channel, because=refused.diagnostic[:2000],
                )  # fmt: skip
            book.append(event)
            book.conclude(message.id, MessageState.FAILED, now, None, None)
            return self._desk.answer(book, await self._desk.settle(book, context, now), order.known)


def _composed(
    spoken: Sequence[tuple[Spoken, Context]], now: datetime, message: str, aside: Sequence[Aside]
) -> tuple[Letter, Send]:
    """The letter in the tone of the most severe, with that one's step."""
    place = lead_of([(pair, its.policy) for pair, its in spoken])
    lead, leading = spoken[place]
    rest = [pair for at, (pair, _) in enumerate(spoken) if at != place]
    return compose(lead, rest, leading, now, message_id=message, aside=aside), lead[1]


def _entered(book: Book, message: Message) -> bool:
    case = book.case
    return case is not None and any(s.message_id == message.id for s in case.steps)


def _with_copies(letter: Letter, step: Send) -> tuple[Letter, ...]:
    copies = tuple(
        letter.model_copy(
            update={
                "channel": channel,
                "copy_of": letter.channel,
                "message_id": letter.message_id.replace("<", f"<{channel}.", 1),
            }
        )
        for channel in step.copies
    )
    return (letter, *copies)
