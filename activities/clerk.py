"""The clerk: enters what was said to a case, lets the rules draw the consequences, answers with the next decision."""

from datetime import date, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.answering import Desk
from activities.ports import Book
from rules import events as e
from rules.admit import admit, same_words
from rules.adopting import Adopt, pinned
from rules.calendars import local_day, noon_of
from rules.case import Case
from rules.claim import Context
from rules.commands_base import Command
from rules.common_file import for_the_others
from rules.decision import Decision
from rules.invoice import InvoiceIssued, check_invoice
from rules.outbox import MessageState
from rules.pauses import letter_lost
from rules.policy import Channel
from rules.precedence import ladder_of, policy_of
from rules.profile import profiled
from rules.reading import concerns_the_debtor, parse_command
from rules.refusals import Code, Refused
from rules.settle import own
from workflows import contracts
from workflows.contracts import Answer, Ask, Carried, Reply, Said


class Clerk:
    """Its one act, ``advance``, is a local activity: one transaction on one case."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @activity.defn(name=contracts.ACTIVITY_ADVANCE)
    async def advance(self, ask: Ask) -> Answer:
        """Open the case if it is new, enter what was said in the order it came, settle, answer.

        Raises nothing that the case could be failed by: what cannot be read or is refused becomes ``signal_refused``;
        a ledger that is away is retried by the engine."""
        debtor = (ask.invoice.creditor, ask.invoice.debtor.id) if ask.invoice is not None else None
        async with self._desk.ledger.book(ask.case, debtor=debtor) as book:
            if book.case is None or (
                ask.carried is not None and ask.carried.continues and book.case.closed is not None
            ):
                refused = await self._open(book, ask)
                if refused is not None:
                    replies = tuple(Reply(id=s.id, code=Code.NOT_ALLOWED_NOW, sentence=refused) for s in ask.said)
                    return Answer(since=0, position=0, replies=replies, refused=refused)
            return await _Sitting(self._desk, book, ask).run()

    @activity.defn(name=contracts.ACTIVITY_ENTER_LATE)
    async def enter_late(self, ask: Ask) -> Answer:
        """Enter what reached a case after its closure; a standalone activity, its id the event's."""
        async with self._desk.ledger.book(ask.case) as book:
            if book.case is None:
                raise ApplicationError(f"{ask.case} is not a case.", type=Code.NOT_ALLOWED_NOW, non_retryable=True)
            return await _Sitting(self._desk, book, ask).run()

    async def _open(self, book: Book, ask: Ask) -> str | None:
        """Enter the opening; the sentence of the refusal when there can be no such case."""
        invoice = ask.invoice
        if invoice is None:
            raise ApplicationError(f"{ask.case}: the ledger does not know it; restore the ledger from its backup.")
        now = self._desk.clock.virtual(ask.now)
        try:
            check_invoice(invoice)
            expected = contracts.case_id(invoice.creditor, invoice.number)
            if expected != ask.case:
                raise Refused(f"the workflow's id is {ask.case}; for this invoice it must be {expected}.")
            opening = await self._opening(book, invoice, now, ask.carried or Carried())
        except Refused as refused:
            return refused.sentence
        fresh = book.case is None
        book.append(opening)
        known = await book.insolvency() if fresh else None
        if known is not None:  # what was performed before it is declared, and no letter leaves
            own_words = {"id": "insolvency/known", "at": opening.at, "on": opening.on, "by": None, "door": None}
            book.append(known.model_copy(update={**own_words, "actor": None, "note": None}))
        return None

    async def _opening(self, book: Book, invoice: InvoiceIssued, now: datetime, carried: Carried) -> e.Event:
        reference = self._desk.reference
        creditor = reference.creditor(invoice.creditor)
        chosen = policy_of(invoice, creditor)
        first, _ = reference.policy_named(chosen.name)
        record = await book.payment_record(invoice.creditor, invoice.debtor.id)
        chosen = ladder_of(chosen, first, profiled(invoice.debtor.kind, record, 0, first.habits))
        policy, text = reference.policy_named(chosen.name)
        if policy.debtors and invoice.debtor.kind not in policy.debtors:
            raise Refused(f"policy {chosen.name} is not for a debtor of kind {invoice.debtor.kind}; name another one.")
        await self._desk.ledger.keep_policy(policy.version, policy.name, text)
        at = max(now, book.case.last_at) if book.case else now
        return e.CaseOpened(
            id=f"opened/{book.case.position + 1}" if book.case else "opened",
            on=local_day(at, policy.zone),
            at=at,
            by=carried.by,
            actor=carried.actor,
            door=carried.door or "start",
            invoice=invoice,
            policy=policy.name,
            version=policy.version,
            continues=book.case is not None,
            because=chosen.because,
        )


class _Sitting:
    """One ``advance``: what it enters, refuses and defers."""

    def __init__(self, desk: Desk, book: Book, ask: Ask) -> None:
        self.desk, self.book, self.ask = desk, book, ask
        self.replies: list[Reply] = []
        self.deferred: list[str] = []
        self.spread: list[Said] = []

    @property
    def case(self) -> Case:
        """The case as entered so far."""
        case = self.book.case
        assert case is not None
        return case

    async def run(self) -> Answer:
        """Enter all that was said, then decide."""
        now = self._now()
        context = await self.desk.context(self.book, self.case, now)
        await self.desk.absorb_messages(self.book, context, now)
        decision = await self.desk.settle(self.book, context, now)
        for place, said in enumerate(self.ask.said):
            moment = self._moment_of(said, context, now)
            decision, ready = await self._play_up_to(moment, context, decision)
            if not ready:
                self.deferred = [later.id for later in self.ask.said[place:]]
                break
            now = max(now, moment) if self.desk.clock.played else now
            await self._enter(said, context, now)
            if self.case.version != context.policy.version:
                context = await self.desk.context(self.book, self.case, now)
            decision = await self.desk.settle(self.book, context, now)
        known = self.ask.known
        return self.desk.answer(
            self.book, decision, known, replies=self.replies, deferred=self.deferred, spread=self.spread
        )

    def _now(self) -> datetime:
        """The case's now: real time, or under a played clock the moment that was awaited, never before its last."""
        if not self.desk.clock.played:
            return max(self.desk.clock.virtual(self.ask.now), self.case.last_at)
        if self.ask.awaited is not None:
            return max(self.ask.awaited, self.case.last_at)
        known = self.book.decision
        return max(known.facts.now if known is not None else self.case.last_at, self.case.last_at)

    def _moment_of(self, said: Said, context: Context, now: datetime) -> datetime:
        """Under a played clock: 12:00 of the day it carries, else when it reached the case; never before the last."""
        if not self.desk.clock.played:
            return now
        day = _day_of(said)
        return max(now, self.desk.clock.virtual(said.at) if day is None else noon_of(day, context.policy.zone))

    async def _play_up_to(self, moment: datetime, context: Context, decision: Decision) -> tuple[Decision, bool]:
        """Under a played clock, moments awaited before an event's time come first. Those that need no act are played
        here; the decision then, and whether nothing else must come before."""
        while self.desk.clock.played and decision.moment is not None and decision.moment < moment:
            if decision.acts:
                return decision, False
            decision = await self.desk.settle(self.book, context, max(decision.moment, self.case.last_at))
        return decision, not (self.desk.clock.played and self.ask.acting)

    async def _enter(self, said: Said, context: Context, now: datetime) -> None:
        """One thing said becomes events, or a refusal."""
        try:
            if said.name == "act_gave_up" and said.door == "engine":
                self.book.append(_gave_up(self.case, context, said, now))
            else:
                await self._admit(said, context, now)
        except Refused as refused:
            self._refuse(said, refused, context, now)
        else:
            self.replies.append(Reply(id=said.id))

    async def _admit(self, said: Said, context: Context, now: datetime) -> None:
        if said.fault is not None:
            raise Refused(said.fault)
        command = parse_command(said.name, {} if said.payload is None else said.payload)
        known = self.book.event(command.id or said.id)
        if known is not None:
            if not same_words(known, command):
                raise Refused(f"{said.name}: the id {known.id} is known with other content.", Code.ID_CONFLICT)
            return
        if isinstance(command, Adopt):
            policy, text = self.desk.reference.policy_named(command.policy)
            command = pinned(command, policy, self.case.invoice.debtor.kind)
            await self.desk.ledger.keep_policy(policy.version, policy.name, text)
        before, doubt = self.case, self.case.doubt
        entered = admit(self.case, command, context, now, said_id=said.id, door=said.door)
        for event in entered:
            message = letter_lost(self.case, event)
            self.book.append(event)
            if message is not None:
                await self._of_a_message(said, command, message)
        if doubt is not None and self.case.doubt is None:
            left = self.case.taken(doubt.step, doubt.passage) is not None
            state = MessageState.SENT if left else MessageState.FAILED
            self.book.conclude(doubt.message_id, state, now, None, None)
        if concerns_the_debtor(command):
            self.spread.append(said)
            return
        others = for_the_others(before, self.case, entered)
        if others is not None and getattr(command, "file", None) is None:
            name, words = others
            self.spread.append(
                said.model_copy(update={"name": name, "payload": words | ({"by": command.by} if command.by else {})})
            )

    async def _of_a_message(self, said: Said, command: Command, name: str) -> None:
        """What became of a message concerns every case that it speaks for; it speaks no more for one whose rung is
        ahead again. A copy bears its letter's name, marked."""
        letter = name.replace(f"<{Channel.EMAIL}.", "<", 1)
        message = next((one for one in await self.book.messages() if one.id == letter), None)
        shared = command.scope is None and message is not None and len((await self.book.whole(message)).covers) > 1
        if shared:
            self.spread.append(said.model_copy(update={"payload": {**said.payload, "message_id": name}}))
        if any(taken.message_id == name for taken in self.case.lost):
            self.book.release(name)

    def _refuse(self, said: Said, refused: Refused, context: Context, now: datetime) -> None:
        self.replies.append(Reply(id=said.id, code=refused.code, sentence=refused.sentence))
        reopened = self.case.reopened
        if reopened is not None:
            because = "rien ne rouvre le dossier"
            self.book.append(own(self.case, context, now, e.CaseClosed, outcome=reopened, because=because))
        if said.door == "update":
            return
        event_id = f"refused/{said.id}"
        if self.book.event(event_id) is not None:
            event_id = f"refused/{self.case.position + 1}"
        refusal = own(
            self.case,
            context,
            now,
            e.SignalRefused,
            name=said.name,
            code=refused.code,
            reason=refused.sentence[:2000],
        )
        self.book.append(refusal.model_copy(update={"id": event_id, "door": said.door}))


def _day_of(said: Said) -> date | None:
    on = said.payload.get("on") if isinstance(said.payload, dict) else None
    try:
        return date.fromisoformat(on) if isinstance(on, str) else None
    except ValueError:
        return None


def _gave_up(case: Case, context: Context, said: Said, now: datetime) -> e.Event:
    payload = said.payload if isinstance(said.payload, dict) else {}
    passage, _, step = str(payload.get("act", "")).partition("/")
    event = own(
        case, context, now, e.ActGaveUp,
        step=step, passage=int(passage or case.passage), because=str(payload.get("because", ""))[:2000],
    )  # fmt: skip
    return event.model_copy(update={"id": said.id})
