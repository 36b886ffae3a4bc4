"""What the activities need from the world, as Protocols. The adapters are in ledger/, letters/ and evidence/."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from rules.brief import Brief, ChainLink, FileReady
from rules.case import Case
from rules.creditor import Creditor
from rules.decision import ActKind, DebtorFacts, Decision
from rules.events import Event, InsolvencyOpened
from rules.invoice import InvoiceIssued
from rules.law.tables import Tables
from rules.letter import Dispatched, Letter
from rules.outbox import Message, MessageState
from rules.policy import Policy
from rules.profile import PaymentRecord


class Clock(Protocol):
    """Virtual time. ``played``: time is logical, as in a demonstration."""

    @property
    def played(self) -> bool: ...

    def virtual(self, real: datetime) -> datetime:
        """The virtual UTC moment of a moment of the engine."""
        ...

    def real(self, virtual: datetime) -> datetime:
        """The engine's UTC moment of a virtual one."""
        ...


class Book(Protocol):
    """One case under lock inside one transaction: what is read is what will be true when it commits."""

    @property
    def case(self) -> Case | None:
        """The fold of all events, those appended here included; None before the first."""
        ...

    @property
    def head(self) -> str | None:
        """The hash of the last event, hexadecimal; None before the first."""
        ...

    def event(self, event_id: str) -> Event | None:
        """The event of that id, if the case has it."""
        ...

    def since(self, position: int) -> Sequence[Event]:
        """The events after a position, in order."""
        ...

    def append(self, event: Event) -> None:
        """Enter an event at the next position and chain it; the first must be case_opened."""
        ...

    def project(self, decision: Decision) -> None:
        """Keep the decision for lists and views; ignored when a later position, or the same at a later moment, is
        already kept."""
        ...

    @property
    def decision(self) -> Decision | None:
        """The decision last kept."""
        ...

    async def chain(self) -> Sequence[ChainLink]:
        """Every event as the chain has it, those appended here included, in order."""
        ...

    async def debtor_facts(self, on: date) -> DebtorFacts:
        """The debtor's facts on a day, this case's own letters left out."""
        ...

    async def payment_record(self, creditor: str, debtor: str) -> PaymentRecord | None:
        """How a debtor paid the creditor's other invoices; also before the first event of the case."""
        ...

    async def insolvency(self) -> InsolvencyOpened | None:
        """The debtor's insolvency as another case knows it, found when ``payment_record`` was asked for."""
        ...

    async def others(self, currency: str) -> Sequence["Book"]:
        """The debtor's other open cases in that currency, read and not locked, in the order of their ids."""
        ...

    async def message(self, step: str, passage: int) -> Message | None:
        """The message that speaks, or spoke, for that rung of this case, with what it says of this case alone."""
        ...

    async def messages(self) -> Sequence[Message]:
        """All messages that speak for this case, each with what it says of this case alone."""
        ...

    async def whole(self, message: Message) -> Message:
        """The same message with all the cases that it speaks for."""
        ...

    def begin(self, message: Message) -> None:
        """Write the message as ``sending`` with its coverage; a unique (case, passage, step) keeps it single."""
        ...

    def release(self, message_id: str) -> None:
        """A message that did not reach the debtor speaks for this case no more: its rung may be taken by another."""
        ...

    def conclude(
        self,
        message_id: str,
        state: MessageState,
        at: datetime,
        document: str | None,
        sha256: str | None,
        carrier: str | None = None,
    ) -> None:
        """Write what became of a message."""
        ...

    async def siblings(
        self, currency: str, until: datetime, *, act: ActKind = "send", again: str = ""
    ) -> Sequence["Book"]:
        """The debtor's other open cases in that currency whose next step is that act, awaited by ``until``, and that no
        message speaks for yet, but the one of the id ``again``; locked in the order of their ids."""
        ...


class Ledger(Protocol):
    """The shared memory."""

    def book(self, case_id: str, *, debtor: tuple[str, str] | None = None) -> AbstractAsyncContextManager[Book]:
        """Lock the case (and first the debtor, (creditor, id), when given) for one transaction; it commits when the
        block ends without an exception."""
        ...

    async def policy_text(self, version: str) -> str | None:
        """The text of a policy kept under its content hash."""
        ...

    async def keep_policy(self, version: str, name: str, text: str) -> None:
        """Keep a policy's text; a no-op when it is known."""
        ...

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        """The invoice a case was opened on."""
        ...

    async def message(self, message_id: str) -> Message | None:
        """The message of that Message-ID, with the cases it speaks for; None when none has it."""
        ...

    async def open_cases_of(self, creditor: str, debtor: str) -> Sequence[str]:
        """The ids of the debtor's cases that are not closed."""
        ...


class Reference(Protocol):
    """What the worker was configured with: creditors, policies, dated tables of the law."""

    def creditor(self, key: str) -> Creditor:
        """The creditor of that key; raises Refused naming the file when there is none."""
        ...

    def policy_named(self, name: str) -> tuple[Policy, str]:
        """The policy of that name in the folders, with its text; raises Refused."""
        ...

    async def policy(self, version: str) -> Policy:
        """The policy a case is pinned to, from the ledger."""
        ...

    def tables(self) -> Tables:
        """The dated tables of the law."""
        ...


class Dispatcher(Protocol):
    """Hands one letter over on its channel. Raises NotTaken for good, OutcomeUnknown when nobody knows whether
    it left, anything else for now."""

    @property
    def repeatable(self) -> bool:
        """Whether handing the same letter over twice is harmless (a file of the same name), so that doubt needs no
        person."""
        ...

    async def hand_over(self, letter: Letter) -> Dispatched:
        """E-mail: the server took it. Letter: it lies in the tray, or a carrier took it."""
        ...

    async def withdraw(self, message_id: str) -> None:
        """Take back what has not left yet; a no-op for what is not here or has left."""
        ...


Dispatchers = Mapping[str, Dispatcher]
"""By channel."""


class Cabinet(Protocol):
    """Builds judicial files."""

    async def prepare(self, brief: Brief) -> FileReady:
        """The folder of evidence with its manifest; building it again from the same brief gives the same bytes."""
        ...
