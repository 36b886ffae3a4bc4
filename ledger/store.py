"""The ledger itself: opened once, shared by all activities of a process."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from ledger.accounts import Accounts
from ledger.archive import Archive
from ledger.asked import Asked
from ledger.audits import Audits
from ledger.bank import BankShelf
from ledger.book import SqlBook
from ledger.database import Database, T, Work, write
from ledger.debtor_book import DebtorBook
from ledger.debtors import Who, hold, take_debtor
from ledger.desk import Desk
from ledger.dialects import insert_ignoring
from ledger.errors import LedgerError
from ledger.figures import FigureStore
from ledger.glances import Glances
from ledger.hooks import Hooks
from ledger.intake_queue import IntakeQueue
from ledger.kept_answers import KeptAnswers
from ledger.letter_figures import LetterFigures
from ledger.letterbook import Letterbook
from ledger.lists import Lists
from ledger.opening import open_database
from ledger.outbox import ALL, read_messages
from ledger.privacy import PrivacyBook
from ledger.reads import Reads
from ledger.reports import ReportBook
from ledger.rewrapping import rewrap
from ledger.seal import KeyRing
from ledger.tables import cases, messages, policies
from ledger.tokens import Tokens
from ledger.worklist import Worklist
from rules.case import Stage
from rules.invoice import InvoiceIssued
from rules.outbox import Message


class _Open(NamedTuple):
    """The block that a task is in: what it keeps or reads meanwhile belongs to the same transaction."""

    ledger: "SqlLedger"
    task: asyncio.Task[Any] | None
    desk: Desk


_OPEN: ContextVar[_Open | None] = ContextVar("relance_open_book", default=None)


class SqlLedger:
    """The shared memory, on SQLite or PostgreSQL. ``reads`` serves lists, views and audit, without locks."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self.ring = ring
        self.reads = Reads(database, ring)
        self.tokens = Tokens(database)
        self.kept_answers = KeptAnswers(database, ring)
        self.intake_queue = IntakeQueue(database, ring)
        self.debtor_book = DebtorBook(database)
        self.hooks = Hooks(database, ring)
        self.archive = Archive(database, ring)
        self.lists = Lists(database, ring)
        self.worklist = Worklist(database, self.lists)
        self.glances = Glances(database, self.reads)
        self.letterbook = Letterbook(database, self.lists)
        self.accounts = Accounts(database)
        self.reports = ReportBook(database)
        self.asked = Asked(database)
        self.bank = BankShelf(database, ring)
        self.figures = FigureStore(database)
        self.privacy = PrivacyBook(database, ring)
        self.audits = Audits(database)
        self.letter_figures = LetterFigures(database)

    @classmethod
    async def open(cls, url: str, ring: KeyRing | None = None) -> "SqlLedger":
        """The ledger at ``url`` (``sqlite:///FILE`` or ``postgresql://…``), whose schema ``migrate``
        brought up to date. Raises Refused on another URL."""
        return cls(open_database(url), ring)

    async def close(self) -> None:
        """Close every connection."""
        await self._database.close()

    @asynccontextmanager
    async def book(self, case_id: str, *, debtor: tuple[str, str] | None = None) -> AsyncIterator[SqlBook]:
        """Lock the case (and first the debtor, (creditor, id), when given) for one transaction.

        It commits when the block ends without an exception, and leaves nothing otherwise. Raises
        LedgerError when blocks are nested, LedgerBusy when the ledger stays busy for 30 seconds."""
        if self._open_desk() is not None:
            raise LedgerError(f"{case_id}: a case is already open in this task; end its block first")
        before = _OPEN.get()
        who = None if debtor is None else Who(*debtor)
        async with self._database.writing() as writer:
            desk = Desk(writer, self.ring)
            _OPEN.set(_Open(self, asyncio.current_task(), desk))
            try:
                yield await writer.run(lambda connection: desk.take(connection, case_id, who))
                await desk.end()
            finally:
                _OPEN.set(before)

    def _open_desk(self) -> Desk | None:
        """The transaction that this task has open on this ledger."""
        found = _OPEN.get()
        mine = found is not None and found.ledger is self and found.task is asyncio.current_task()
        return found.desk if mine and found is not None else None

    async def read(self, work: Work[T]) -> T:
        """A read of one's own, without locks."""
        return await self._database.read(work)

    async def write(self, work: Work[T]) -> T:
        """A write of one's own, in one transaction; never of events, which only a book enters."""
        return await write(self._database, work)

    async def policy_text(self, version: str) -> str | None:
        """The text of a policy kept under its content hash; inside a block, what the block itself kept
        included."""
        query = select(policies.c.text).where(policies.c.version == version)

        def reading(connection: Connection) -> str | None:
            return connection.execute(query).scalar_one_or_none()

        desk = self._open_desk()
        return await (self._database.read(reading) if desk is None else desk.ask(reading))

    async def keep_policy(self, version: str, name: str, text: str) -> None:
        """Keep a policy's text; a no-op when it is known. Inside a block it is kept if the block commits: SQLite
        has one writer, and a case must not be opened under a policy that is not there."""
        row = {"version": version, "name": name, "text": text}

        def keeping(connection: Connection) -> None:
            connection.execute(insert_ignoring(connection, policies), row)

        desk = self._open_desk()
        if desk is None:
            await self.write(keeping)
        else:
            desk.later(keeping)

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        """The invoice a case was opened on; None when the ledger does not know the case."""
        return await self.reads.invoice_of(case_id)

    async def open_cases_of(self, creditor: str, debtor: str) -> Sequence[str]:
        """The ids of the debtor's cases that are not closed."""
        query = (
            select(cases.c.id)
            .where(cases.c.creditor == creditor, cases.c.debtor == debtor, cases.c.stage != Stage.CLOSED.value)
            .order_by(cases.c.id)
        )
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def message(self, message_id: str) -> Message | None:
        """The message of that Message-ID, or of that mark, the part of it before the @; None when none has it."""
        exact = message_id.startswith("<")
        mark = message_id.strip("<>").partition("@")[0]
        named = messages.c.id == message_id if exact else messages.c.id.startswith(f"<{mark}@", autoescape=True)
        found = await self._database.read(lambda connection: read_messages(connection, ALL.where(named), {}))
        return found[0] if found else None

    async def hold_debtor(self, creditor: str, debtor: str, *, until: date | None = None) -> None:
        """Write nothing to the debtor in any of its cases, until that day or (None) until it is lifted."""
        await self._hold(Who(creditor, debtor), held=True, until=until)

    async def lift_debtor_hold(self, creditor: str, debtor: str) -> None:
        """End the hold on the whole debtor."""
        await self._hold(Who(creditor, debtor), held=False, until=None)

    async def _hold(self, who: Who, *, held: bool, until: date | None) -> None:
        def holding(connection: Connection) -> None:
            take_debtor(connection, who, self.ring, lock=True)
            hold(connection, who, held=held, until=until)

        await self.write(holding)

    async def rewrap_keys(self) -> int:
        """Wrap every debtor's key anew under the current master key; how many. Raises LedgerError without a ring."""
        turned: list[int] = []
        await self.write(lambda connection: turned.append(rewrap(connection, self.ring)))
        return turned[0]
