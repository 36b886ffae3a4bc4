"""A ledger that is a dictionary: what a case costs when nothing is written down. For measuring, never for keeping."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime

from rules.brief import ChainLink
from rules.case import Case, Stage
from rules.decision import ActKind, DebtorFacts, Decision
from rules.events import CaseOpened, Event, InsolvencyOpened
from rules.fold import fold, open_case
from rules.invoice import InvoiceIssued
from rules.outbox import Message, MessageState
from rules.profile import PaymentRecord


class MemoryBook:
    """A case of a debtor that has no other: the events as they came, no chain, no encryption."""

    head: str | None = None

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        self.case: Case | None = None
        self.decision: Decision | None = None
        self.turn = asyncio.Lock()
        self._events: list[Event] = []
        self._ids: dict[str, Event] = {}
        self._outbox: dict[str, Message] = {}

    def event(self, event_id: str) -> Event | None:
        """The event of that id."""
        return self._ids.get(event_id)

    def since(self, position: int) -> Sequence[Event]:
        """The events after a position."""
        return tuple(self._events[position:])

    def append(self, event: Event) -> None:
        """Enter an event."""
        if self.case is None:
            assert isinstance(event, CaseOpened)
            self.case = open_case(self.case_id, event)
        else:
            self.case = fold(self.case, event)
        self._events.append(event)
        self._ids[event.id] = event

    def project(self, decision: Decision) -> None:
        """Keep the decision."""
        self.decision = decision

    async def chain(self) -> Sequence[ChainLink]:
        """None is kept."""
        return ()

    async def debtor_facts(self, on: date) -> DebtorFacts:
        """Nothing is known of the debtor beyond this case."""
        del on
        return DebtorFacts()

    async def payment_record(self, creditor: str, debtor: str) -> PaymentRecord | None:
        """None."""
        del creditor, debtor
        return None

    async def others(self, currency: str) -> Sequence["MemoryBook"]:
        """None."""
        del currency
        return ()

    async def message(self, step: str, passage: int) -> Message | None:
        """The message that speaks for that rung."""
        for message in self._outbox.values():
            covered = message.of(self.case_id)
            if covered is not None and (covered.step, covered.passage) == (step, passage):
                return message
        return None

    async def messages(self) -> Sequence[Message]:
        """All of them."""
        return tuple(self._outbox.values())

    async def whole(self, message: Message) -> Message:
        """It is."""
        return message

    def begin(self, message: Message) -> None:
        """Write the message down."""
        self._outbox[message.id] = message

    def release(self, message_id: str) -> None:
        """It speaks for the case no more."""
        del self._outbox[message_id]

    async def insolvency(self) -> InsolvencyOpened | None:
        """None."""
        return None

    def conclude(
        self,
        message_id: str,
        state: MessageState,
        at: datetime,
        document: str | None,
        sha256: str | None,
        carrier: str | None = None,
    ) -> None:
        """Write what became of it."""
        became = {"state": state, "sent_at": at, "document": document, "sha256": sha256, "carrier": carrier}
        self._outbox[message_id] = self._outbox[message_id].model_copy(update=became)

    async def siblings(
        self, currency: str, until: datetime, *, act: ActKind = "send", again: str = ""
    ) -> Sequence["MemoryBook"]:
        """None."""
        del currency, until, act, again
        return ()


class MemoryLedger:
    """The cases of one process."""

    def __init__(self) -> None:
        self._books: dict[str, MemoryBook] = {}
        self._policies: dict[str, str] = {}

    @asynccontextmanager
    async def book(self, case_id: str, *, debtor: tuple[str, str] | None = None) -> AsyncIterator[MemoryBook]:
        """One at a time; what was done in a block that fails stays done."""
        del debtor
        book = self._books.setdefault(case_id, MemoryBook(case_id))
        async with book.turn:
            yield book

    async def policy_text(self, version: str) -> str | None:
        """The text kept under that hash."""
        return self._policies.get(version)

    async def keep_policy(self, version: str, name: str, text: str) -> None:
        """Keep it."""
        del name
        self._policies[version] = text

    async def message(self, message_id: str) -> Message | None:
        """The message of that Message-ID, in whichever case."""
        found = [message for book in self._books.values() for message in await book.messages()]
        return next((message for message in found if message.id == message_id), None)

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        """The invoice a case was opened on."""
        book = self._books.get(case_id)
        return None if book is None or book.case is None else book.case.invoice

    async def open_cases_of(self, creditor: str, debtor: str) -> Sequence[str]:
        """The debtor's cases that are not closed."""
        return [
            case_id
            for case_id, book in self._books.items()
            if book.case is not None
            and (book.case.invoice.creditor, book.case.invoice.debtor.id) == (creditor, debtor)
            and (book.decision is None or book.decision.stage is not Stage.CLOSED)
        ]
