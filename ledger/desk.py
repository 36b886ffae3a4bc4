"""One write transaction: what is locked in it, in which order, and what it writes when it ends.

Locks are taken in one order everywhere, so that no two transactions can wait for each other: the debtor's
row, the case's own row, then other cases of the debtor by their ids."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from ledger.book import SqlBook
from ledger.console_tables import movements
from ledger.database import T, Work, Writer
from ledger.debtors import Who, key_for_new_case, take_debtor
from ledger.errors import DuplicateEvent, LedgerError
from ledger.history import Row, StoredEvent, read_history
from ledger.seal import KeyRing, Seal, case_seal, encrypt, new_key, unwrap_debtor_key
from ledger.search import enter_words
from ledger.tables import cases, contacts, coverage, debtors, events, messages
from rules.case import Stage
from rules.outbox import MessageState

_HEADS = select(
    cases.c.id,
    cases.c.creditor,
    cases.c.debtor,
    cases.c.head,
    cases.c.data_key,
    cases.c.decision,
    cases.c.decision_position,
    debtors.c.data_key.label("debtor_key"),
).join_from(cases, debtors)
_ONE = _HEADS.where(cases.c.id == bindparam("case"))
# of=cases: the debtor's row is only read here; key_share: rows that refer to the case may be written meanwhile.
_HEAD = _HEADS.where(cases.c.id == bindparam("case")).with_for_update(of=cases, key_share=True)
# A message begun for that very rung: the case will find it when it wakes.
_SPOKEN_FOR = (
    select(coverage.c.message_id)
    .join_from(coverage, messages)
    .where(
        coverage.c.case_id == cases.c.id,
        coverage.c.passage == cases.c.passage,
        coverage.c.step == cases.c.next_step,
        messages.c.state != MessageState.FAILED.value,
        messages.c.id != bindparam("again"),
    )
    .exists()
)
_OTHERS = _HEADS.where(
    cases.c.creditor == bindparam("creditor"),
    cases.c.debtor == bindparam("debtor"),
    cases.c.currency == bindparam("currency"),
    cases.c.id != bindparam("case"),
    cases.c.stage != Stage.CLOSED.value,
).order_by(cases.c.id)
_SIBLINGS = (
    _HEADS.where(
        cases.c.creditor == bindparam("creditor"),
        cases.c.debtor == bindparam("debtor"),
        cases.c.currency == bindparam("currency"),
        cases.c.id != bindparam("case"),
        cases.c.stage != Stage.CLOSED.value,
        cases.c.next_kind == bindparam("act"),
        cases.c.next_at <= bindparam("until"),
        ~_SPOKEN_FOR,
    )
    .order_by(cases.c.id)
    .with_for_update(of=cases, key_share=True)
)
_STORED = select(events.c.case_id, events.c.position, events.c.readable, events.c.sealed)
_HISTORY = _STORED.where(events.c.case_id == bindparam("case")).order_by(events.c.position)
_HISTORIES = _STORED.where(events.c.case_id.in_(bindparam("cases", expanding=True))).order_by(
    events.c.case_id, events.c.position
)
_CASE, _EVENTS, _CONTACTS, _MOVEMENTS = insert(cases), insert(events), insert(contacts), insert(movements)
_UPDATE = update(cases).where(cases.c.id == bindparam("case"))
_LOCK_UNKNOWN = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("case"), 0)))


class Desk:
    """The books open in one transaction, and its writes."""

    def __init__(self, writer: Writer, ring: KeyRing | None) -> None:
        self._writer = writer
        self._wrote = False
        self._broken = False
        self._ring = ring
        self._debtor: Who | None = None
        self._debtor_key: bytes | None = None
        self._books: dict[str, SqlBook] = {}
        self._later: list[Work[None]] = []

    def take(self, connection: Connection, case_id: str, debtor: Who | None) -> SqlBook:
        """Lock the debtor, when given, then the case, and read it."""
        if debtor is not None:
            self._debtor_key = take_debtor(connection, debtor, self._ring, lock=True)
            self._debtor = debtor
        head = self._lock(connection, case_id)
        if head is None:
            return self._open(case_id, None, [])
        self.check_debtor(case_id, Who(head.creditor, head.debtor))
        stored = connection.execute(_HISTORY, {"case": case_id}).all()
        return self._open(case_id, head, [StoredEvent(*row[1:]) for row in stored])

    def _lock(self, connection: Connection, case_id: str) -> Any | None:
        """The head row, locked. A case that has none yet is locked by its name, and looked for again."""
        head = connection.execute(_HEAD, {"case": case_id}).one_or_none()
        if head is not None or connection.dialect.name == "sqlite":
            return head
        connection.execute(_LOCK_UNKNOWN, {"case": case_id})
        return connection.execute(_HEAD, {"case": case_id}).one_or_none()

    def _open(self, case_id: str, head: Any | None, stored: Sequence[StoredEvent]) -> SqlBook:
        if head is None:
            seal = Seal(case_id, new_key())
        else:
            seal = case_seal(case_id, head.data_key, unwrap_debtor_key(head.debtor_key, self._ring))
        book = SqlBook(self, case_id, head, read_history(case_id, stored, seal), seal)
        self._books[case_id] = book
        return book

    def check_debtor(self, case_id: str, who: Who) -> None:
        """Raises ValueError when the case belongs to another debtor than the one locked."""
        if self._debtor is not None and who != self._debtor:
            raise ValueError(f"{case_id}: the case is not of the debtor {self._debtor.debtor} that was locked for it")

    @property
    def debtor_locked(self) -> bool:
        """Whether the debtor's row was locked before the case's."""
        return self._debtor is not None

    def siblings(self, connection: Connection, book: SqlBook, wanted: Row) -> Sequence[SqlBook]:
        """Lock and read the debtor's other cases whose act is awaited by then and not begun yet, in the order of their
        ids."""
        asked = {"case": book.case_id, **wanted, **book.who._asdict()}
        return self._read(connection, connection.execute(_SIBLINGS, asked).all())

    def others(self, connection: Connection, book: SqlBook, currency: str) -> Sequence[SqlBook]:
        """Read the debtor's other open cases in that currency, without a lock, in the order of their ids."""
        wanted = {"case": book.case_id, "currency": currency, **book.who._asdict()}
        return self._read(connection, connection.execute(_OTHERS, wanted).all())

    def read(self, connection: Connection, case_id: str) -> SqlBook:
        """Read a case of the ledger, without a lock."""
        return self._read(connection, connection.execute(_ONE, {"case": case_id}).all())[0]

    def _read(self, connection: Connection, heads: Sequence[Any]) -> Sequence[SqlBook]:
        unread = [head.id for head in heads if head.id not in self._books]
        histories: dict[str, list[StoredEvent]] = {case_id: [] for case_id in unread}
        if unread:
            for row in connection.execute(_HISTORIES, {"cases": unread}):
                histories[row.case_id].append(StoredEvent(*row[1:]))
        for head in heads:
            if head.id in histories:
                self._open(head.id, head, histories[head.id])
        return [self._books[head.id] for head in heads]

    async def ask(self, work: Work[T], *, quick: bool = True) -> T:
        """Write what waits, so that the answer knows it, and ask.

        Once something failed here nothing more can be done: what was to be written is no longer known, and PostgreSQL
        would take a commit for a rollback without a word.
        """

        def asking(connection: Connection) -> T:
            if self._broken:
                raise LedgerError("this transaction failed before; nothing more can be done in it")
            self._broken = True
            self.flush(connection)
            answer = work(connection)
            self._broken = False
            return answer

        return await self._writer.run(asking, quick=quick)

    async def end(self) -> None:
        """Write what waits and commit, unless nothing was written at all."""
        if self._broken or self._wrote or self._later or any(book.changed for book in self._books.values()):
            await self.ask(lambda connection: connection.commit(), quick=False)

    def later(self, write: Work[None]) -> None:
        """Remember a write for the next flush."""
        self._later.append(write)

    def flush(self, connection: Connection) -> None:
        """Write what waits: heads, events, contacts and movements, then the outbox."""
        new_events: list[Row] = []
        new_contacts: list[Row] = []
        new_movements: list[Row] = []
        for book in [book for book in self._books.values() if book.changed]:
            known = book.stored
            columns, its_events, its_contacts, its_movements = book.take_rows()
            self._write_head(connection, book, columns, known)
            new_events += its_events
            new_contacts += its_contacts
            new_movements += its_movements
            self._wrote = True
        self._write_events(connection, new_events)
        if new_contacts:
            connection.execute(_CONTACTS, new_contacts)
        if new_movements:
            connection.execute(_MOVEMENTS, new_movements)
        writes, self._later = self._later, []
        for write in writes:
            self._wrote = True
            write(connection)

    def _write_head(self, connection: Connection, book: SqlBook, columns: Row, known: bool) -> None:
        if known:
            connection.execute(_UPDATE, {"case": book.case_id, **columns})
            return
        assert book.case is not None
        assert book.seal.key is not None  # a new case always has a key
        key = self._debtor_key or key_for_new_case(connection, book.who, self._ring)
        columns["data_key"] = encrypt(key, book.seal.key, book.case_id)
        columns["name"] = book.seal.seal_name(book.case.invoice.debtor.name)
        connection.execute(_CASE, columns)
        enter_words(connection, book.case.invoice, book.case_id, self._ring)

    def _write_events(self, connection: Connection, rows: list[Row]) -> None:
        if not rows:
            return
        try:
            connection.execute(_EVENTS, rows)
        except IntegrityError as error:
            raise DuplicateEvent(rows[0]["case_id"], rows[0]["event_id"]) from error
