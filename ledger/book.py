"""One case under lock inside one transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ledger.debtors import Who, debtor_facts, known_of
from ledger.errors import DuplicateEvent
from ledger.history import Row, chain_of, contact_row, event_row
from ledger.movements import movement
from ledger.outbox import OF_CASE, WHOLE, Conclusion, begin, conclude, read_messages, release
from ledger.projection import closing_columns, decision_columns, fold_columns, opening_columns, state_of
from ledger.seal import Seal
from rules.brief import ChainLink
from rules.case import Case
from rules.decision import ActKind, DebtorFacts, Decision
from rules.events import CaseOpened, Event, InsolvencyOpened
from rules.fold import fold, fold_all, open_case
from rules.outbox import Message, MessageState
from rules.profile import PaymentRecord

if TYPE_CHECKING:
    from ledger.desk import Desk


class SqlBook:
    """What the activities know as a Book. Writes wait in memory until the transaction reads or commits."""

    def __init__(self, desk: "Desk", case_id: str, head: Any | None, history: list[Event], seal: Seal) -> None:
        self.case_id = case_id
        self.seal = seal
        self.stored = head is not None
        self._desk = desk
        self._events = history
        self._ids = {event.id: event for event in history}
        self._case = fold_all(case_id, history) if history else None
        self._head: str | None = head.head if head is not None else None
        self._decision_text: str | None = head.decision if head is not None else None
        self._decision_position: int = head.decision_position if head is not None else 0
        self._decision: Decision | None = None
        self._decided = False
        # The debtor is locked, so that no other case of it can be opened, and it was found to have none.
        self._alone = False
        self._insolvent: str | None = None
        self._messages: Sequence[Message] | None = None
        self._new_events: list[Row] = []
        self._new_contacts: list[Row] = []
        self._new_movements: list[Row] = []

    @property
    def case(self) -> Case | None:
        """The fold of all events, those appended here included; None before the first."""
        return self._case

    @property
    def head(self) -> str | None:
        """The hash of the last event, hexadecimal; None before the first."""
        return self._head

    @property
    def decision(self) -> Decision | None:
        """The decision last kept."""
        if self._decision is None and self._decision_text is not None:
            self._decision = Decision.model_validate_json(self._decision_text)
        return self._decision

    @property
    def who(self) -> Who:
        """The debtor; raises ValueError before the first event."""
        if self._case is None:
            raise ValueError(f"{self.case_id}: the case has no debtor before its first event")
        return Who(self._case.invoice.creditor, self._case.invoice.debtor.id)

    def event(self, event_id: str) -> Event | None:
        """The event of that id, if the case has it."""
        return self._ids.get(event_id)

    def since(self, position: int) -> Sequence[Event]:
        """The events after a position, in order."""
        return tuple(self._events[position:])

    def append(self, event: Event) -> None:
        """Enter an event at the next position and chain it.

        Raises DuplicateEvent on an id the case has, ValueError when the first is not a complete case_opened.
        """
        if event.id in self._ids:
            raise DuplicateEvent(self.case_id, event.id)
        case = self._opened(event) if self._case is None else fold(self._case, event)
        row = event_row(self.case_id, case.position, self._head, event, self.seal)
        contact = contact_row(self.case_id, case.position, case.invoice.creditor, case.invoice.debtor.id, event)
        moved = movement(self._case, case, event)
        self._case, self._head = case, row["hash"]
        self._events.append(event)
        self._ids[event.id] = event
        self._new_events.append(row)
        if contact is not None:
            self._new_contacts.append(contact)
        if moved is not None:
            self._new_movements.append(moved)

    def _opened(self, event: Event) -> Case:
        if not isinstance(event, CaseOpened):
            raise ValueError(f"{self.case_id}: the first event must be case_opened, not {event.id}")
        case = open_case(self.case_id, event)
        self._desk.check_debtor(self.case_id, Who(case.invoice.creditor, case.invoice.debtor.id))
        return case

    def project(self, decision: Decision) -> None:
        """Keep the decision for lists and views; ignored when a later one is already kept: of a later position, or of
        the same one drawn at a later moment, as when an answer comes from an attempt that the engine gave up."""
        if decision.position < self._decision_position:
            return
        known = self.decision if decision.position == self._decision_position else None
        if known is not None and decision.facts.now < known.facts.now:
            return
        self._decision = decision
        self._decision_position = decision.position
        self._decided = True

    async def chain(self) -> Sequence[ChainLink]:
        """Every event as the chain has it, those appended here included, in order."""
        return await self._desk.ask(lambda connection: chain_of(connection, self.case_id))

    async def debtor_facts(self, on: date) -> DebtorFacts:
        """The debtor's facts on a day, this case's own letters left out."""
        who, currency = self.who, self._case.invoice.currency if self._case is not None else ""
        facts, open_cases = await self._desk.ask(
            lambda connection: debtor_facts(connection, who, self.case_id, currency, on)
        )
        self._alone = self._desk.debtor_locked and open_cases == 0
        return facts

    async def payment_record(self, creditor: str, debtor: str) -> PaymentRecord | None:
        """How a debtor paid the creditor's other invoices; also before the first event of the case."""
        who = Who(creditor, debtor)
        record, self._insolvent = await self._desk.ask(lambda connection: known_of(connection, who, self.case_id))
        return record

    async def insolvency(self) -> InsolvencyOpened | None:
        """The debtor's insolvency as another case knows it, found when the payment record was read."""
        case_id = self._insolvent
        if case_id is None:
            return None
        known = await self._desk.ask(lambda connection: self._desk.read(connection, case_id))
        return None if known.case is None else known.case.insolvency

    async def others(self, currency: str) -> Sequence["SqlBook"]:
        """The debtor's other open cases in that currency, read and not locked, in the order of their ids."""
        if self._alone:
            return ()
        return await self._desk.ask(lambda connection: self._desk.others(connection, self, currency), quick=False)

    async def message(self, step: str, passage: int) -> Message | None:
        """The message that speaks, or spoke, for that rung of this case; one that failed speaks for nothing."""
        for message in await self.messages():
            covered = message.of(self.case_id)
            speaks = covered is not None and (covered.step, covered.passage) == (step, passage)
            if speaks and message.state is not MessageState.FAILED:
                return message
        return None

    async def messages(self) -> Sequence[Message]:
        """All messages that speak for this case, in the order they were begun, with what they say of it alone."""
        if self._messages is None:
            case = {"case": self.case_id}
            self._messages = await self._desk.ask(lambda connection: read_messages(connection, OF_CASE, case))
        return self._messages

    async def whole(self, message: Message) -> Message:
        """The same message with all the cases that it speaks for."""
        asked = {"message": message.id}
        return (await self._desk.ask(lambda connection: read_messages(connection, WHOLE, asked)))[0]

    def begin(self, message: Message) -> None:
        """Write the message as ``sending`` with its coverage. AlreadyCovered is raised, at the next read or at
        the end, when another message has one of its rungs and has not failed."""
        self._messages = None
        self._desk.later(lambda connection: begin(connection, message))

    def release(self, message_id: str) -> None:
        """The message speaks for this case no more: its rung may be taken by another."""
        self._messages = None
        self._desk.later(lambda connection: release(connection, message_id, self.case_id))

    def conclude(
        self,
        message_id: str,
        state: MessageState,
        at: datetime,
        document: str | None,
        sha256: str | None,
        carrier: str | None = None,
    ) -> None:
        """Write what became of a message. LedgerError is raised, at the next read or at the end, when there
        is none of that id."""
        what = Conclusion(message_id, state, at, document, sha256, carrier)
        self._messages = None
        self._desk.later(lambda connection: conclude(connection, what))

    async def siblings(
        self, currency: str, until: datetime, *, act: ActKind = "send", again: str = ""
    ) -> Sequence["SqlBook"]:
        """The debtor's other open cases in that currency whose next step is that act, awaited by ``until``, and that no
        message speaks for yet, but the one of the id ``again``; locked in the order of their ids. Raises ValueError
        when the debtor was not locked first."""
        if not self._desk.debtor_locked:
            raise ValueError(f"{self.case_id}: lock the debtor first; book(case, debtor=…)")
        if self._alone:
            return ()
        wanted = {"currency": currency, "until": until, "act": act, "again": again}
        # Not here: a thousand of them would keep the loop from its heartbeats.
        return await self._desk.ask(lambda connection: self._desk.siblings(connection, self, wanted), quick=False)

    @property
    def changed(self) -> bool:
        """Whether something waits to be written in the case's own row."""
        return bool(self._new_events) or self._decided

    def take_rows(self) -> tuple[Row, list[Row], list[Row], list[Row]]:
        """The columns of the head row that changed, the new events, contacts and movements; they count as written."""
        if self._case is None:
            raise ValueError(f"{self.case_id}: a decision cannot be kept before the first event")
        columns: Row = {} if self.stored else opening_columns(self._case)
        if self._new_events:
            columns |= fold_columns(self._case) | {"head": self._head}
        if self._decided and self._decision is not None:
            columns |= decision_columns(self._decision) | {"state": state_of(self._case, self._decision)}
        if self._case.closed is not None:
            columns |= closing_columns(self._case.closed.outcome)
        rows = (columns, self._new_events, self._new_contacts, self._new_movements)
        self._new_events, self._new_contacts, self._new_movements = [], [], []
        self._decided, self.stored = False, True
        return rows
