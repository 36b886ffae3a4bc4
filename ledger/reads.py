"""Plain reads for the console, the command line and audits: no lock, nothing is written."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, or_, select

from ledger.chain import ChainRow, Head, verify
from ledger.database import Database
from ledger.filters import CaseFilter, MessageFilter
from ledger.granted import granted
from ledger.history import StoredEvent, read_history
from ledger.outbox import ALL, EVER_OF_CASE, read_messages
from ledger.seal import KeyRing, Seal, case_seal, unwrap_debtor_key
from ledger.tables import cases, debtors, events, messages
from rules.base import Frozen
from rules.case import Case, Stage
from rules.decision import Decision, Task
from rules.events import CaseOpened, Event
from rules.fold import fold_all
from rules.invoice import InvoiceIssued
from rules.outbox import Message

__all__ = ["CaseFilter", "CaseRow", "MessageFilter", "OpenTask", "Reads", "Recorded", "Totals"]

PAGE = 1000


class CaseRow(Frozen):
    """A case as lists show it. Amounts are in ``currency``; ``outstanding`` includes interest and indemnity,
    ``principal`` does not; ``recovered`` was paid since the case opened."""

    id: str
    creditor: str
    debtor: str
    name: str
    number: str
    currency: str
    stage: Stage
    state: str = ""
    outcome: str | None
    suspended_by: str | None
    suspended_until: date | None
    passage: int
    next_kind: str | None
    next_step: str | None
    next_at: datetime | None
    because: str | None
    total: Decimal
    principal: Decimal
    outstanding: Decimal
    recovered: Decimal
    due_on: date
    opened_on: date
    closed_on: date | None
    limitation_on: date | None
    tasks: int
    task_due_on: date | None
    task_kinds: str | None = None
    policy: str
    version: str
    position: int
    head: str


class OpenTask(Frozen):
    """Something for a person, and the case it is about; ``cases``: how many it is about, that case one of them."""

    case: CaseRow
    task: Task
    cases: int = 1


class Totals(Frozen):
    """The sums of a currency. ``outstanding`` and ``principal`` are those of open cases."""

    currency: str
    cases: int
    open: int
    outstanding: Decimal
    principal: Decimal
    recovered: Decimal


class Recorded(NamedTuple):
    """A case as the ledger has it, with the decision last kept, the hash of its last event, and its events."""

    case: Case
    decision: Decision | None
    head: str
    events: tuple[Event, ...] = ()


Row = RowMapping | Mapping[str, Any]
_CASES = select(cases, debtors.c.data_key.label("debtor_key")).join_from(cases, debtors)
CASE = _CASES.where(cases.c.id == bindparam("id"))
_EVENTS = select(events.c.position, events.c.readable, events.c.sealed).order_by(events.c.position)
_ALL_EVENTS = _EVENTS.where(events.c.case_id == bindparam("case"))
_FIRST_EVENT = _ALL_EVENTS.limit(1)
_CHAIN = [events.c[name] for name in ChainRow._fields]
_OPEN = cases.c.stage != Stage.CLOSED.value


class Reads:
    """What the ledger answers without locking anything."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring

    async def case(self, case_id: str) -> Recorded | None:
        """The case at its last position; None when the ledger does not know it."""

        def reading(connection: Connection) -> Recorded | None:
            head = _head(connection, case_id)
            return None if head is None else self.recorded(connection, head)

        return await self._database.read(reading)

    async def case_events(self, case_id: str) -> list[Event]:
        """All events of a case in order; empty when the ledger does not know it."""

        def reading(connection: Connection) -> list[Event]:
            head = _head(connection, case_id)
            return [] if head is None else self._history(connection, head)

        return await self._database.read(reading)

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        """The invoice a case was opened on; None when the ledger does not know the case."""

        def reading(connection: Connection) -> InvoiceIssued | None:
            head = _head(connection, case_id)
            first = [] if head is None else self._history(connection, head, _FIRST_EVENT)
            return first[0].invoice if first and isinstance(first[0], CaseOpened) else None

        return await self._database.read(reading)

    async def row(self, case_id: str) -> CaseRow | None:
        """The case as lists show it; None when the ledger does not know it."""
        head = await self._database.read(lambda connection: _head(connection, case_id))
        return None if head is None else self.case_row(head)

    async def find(self, number_or_id: str) -> list[str]:
        """The ids of the cases of that id or invoice number: several when several creditors hold the number."""
        wanted = or_(cases.c.id == number_or_id, cases.c.number == number_or_id)
        return await self._column(select(cases.c.id).where(wanted).order_by(cases.c.id))

    async def cases(self, wanted: CaseFilter | None = None) -> list[CaseRow]:
        """The cases that match, the next awaited first, those that await nothing last."""
        wanted = wanted or CaseFilter()
        query = _CASES.order_by(cases.c.next_at.is_(None), cases.c.next_at, cases.c.id)
        for name in ("stage", "creditor", "debtor"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(cases.c[name] == str(value))
        query = query.where(*granted(cases.c.creditor, wanted.creditors))
        if wanted.next_before is not None:
            query = query.where(cases.c.next_at < wanted.next_before)
        return [self.case_row(head) for head in await self._rows(query.limit(wanted.limit).offset(wanted.offset))]

    async def tasks(
        self,
        *,
        creditor: str | None = None,
        creditors: frozenset[str] | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[OpenTask]:
        """What people have to do, the most urgent case first; ``limit`` and ``offset`` count cases; ``creditors``:
        those granted, None for all."""
        query = _CASES.where(cases.c.tasks > 0).order_by(cases.c.task_due_on, cases.c.id)
        if creditor is not None:
            query = query.where(cases.c.creditor == creditor)
        query = query.where(*granted(cases.c.creditor, creditors))
        return [
            OpenTask(case=self.case_row(head), task=task)
            for head in await self._rows(query.limit(limit).offset(offset))
            for task in Decision.model_validate_json(head["decision"]).tasks
        ]

    async def counts_by_stage(self) -> dict[Stage, int]:
        """How many cases stand at each stage; stages without any are left out."""
        query = select(cases.c.stage, func.count().label("count")).group_by(cases.c.stage).order_by(cases.c.stage)
        return {Stage(row["stage"]): row["count"] for row in await self._rows(query)}

    async def totals(self) -> list[Totals]:
        """The sums of each currency, in alphabetical order."""
        query = (
            select(
                cases.c.currency,
                func.count().label("cases"),
                func.count().filter(_OPEN).label("open"),
                func.coalesce(func.sum(cases.c.outstanding).filter(_OPEN), 0).label("outstanding"),
                func.coalesce(func.sum(cases.c.principal).filter(_OPEN), 0).label("principal"),
                func.sum(cases.c.recovered).label("recovered"),
            )
            .group_by(cases.c.currency)
            .order_by(cases.c.currency)
        )
        return [Totals(**row) for row in await self._rows(query)]

    async def open_ids(self) -> AsyncIterator[str]:
        """The ids of all open cases in order, read in pages; cases opened meanwhile may or may not be among
        them."""
        last = ""
        while True:
            page = await self._column(
                select(cases.c.id).where(_OPEN, cases.c.id > last).order_by(cases.c.id).limit(PAGE)
            )
            for case_id in page:
                yield case_id
            if len(page) < PAGE:
                return
            last = page[-1]

    async def messages(self, wanted: MessageFilter | None = None) -> list[Message]:
        """The messages that match, the first begun first, each with all it speaks for."""
        wanted = wanted or MessageFilter()
        chosen: Select[Any] = select(messages.c.id).order_by(messages.c.started_at, messages.c.id)
        for name in ("state", "creditor", "debtor"):
            value = getattr(wanted, name)
            if value is not None:
                chosen = chosen.where(messages.c[name] == str(value))
        chosen = chosen.where(*granted(messages.c.creditor, wanted.creditors))
        if wanted.since is not None:
            chosen = chosen.where(messages.c.day >= wanted.since)
        query = ALL.where(messages.c.id.in_(chosen.limit(wanted.limit).offset(wanted.offset).scalar_subquery()))
        return await self._database.read(lambda connection: read_messages(connection, query, {}))

    async def messages_of(self, case_id: str) -> Sequence[Message]:
        """The messages that speak or spoke for a case, the first begun first."""
        return await self._database.read(lambda connection: read_messages(connection, EVER_OF_CASE, {"case": case_id}))

    async def chain_rows(self, case_id: str) -> list[ChainRow]:
        """The stored events of a case as ``chain.verify`` wants them, in order."""
        query = select(*_CHAIN).where(events.c.case_id == case_id).order_by(events.c.position)
        return [ChainRow(**row) for row in await self._rows(query)]

    async def chain_head(self, case_id: str) -> Head | None:
        """The position and hash that the head row of a case names; None when the ledger does not know it."""
        found = await self._rows(select(cases.c.position, cases.c.head).where(cases.c.id == case_id))
        return Head(found[0]["position"], found[0]["head"]) if found else None

    async def broken_at(self, case_id: str) -> int | None:
        """The first position at which a case's chain is broken, None when it holds; chain and head are read in one
        statement, so that an event entered meanwhile breaks nothing. Raises KeyError when the case is unknown."""
        query = (
            select(cases.c.position.label("last"), cases.c.head, *_CHAIN)
            .join_from(cases, events, isouter=True)
            .where(cases.c.id == case_id)
            .order_by(events.c.position)
        )
        found = await self._rows(query)
        if not found:
            raise KeyError(case_id)
        rows = (ChainRow(*(row[name] for name in ChainRow._fields)) for row in found if row["hash"] is not None)
        return verify(rows, Head(found[0]["last"], found[0]["head"]))

    async def _rows(self, query: Select[Any]) -> Sequence[RowMapping]:
        return await self._database.read(lambda connection: connection.execute(query).mappings().all())

    async def _column(self, query: Select[str]) -> list[str]:
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    def recorded(self, connection: Connection, head: Row) -> Recorded:
        """The case whose head row that is."""
        # On PostgreSQL an event may have come between the two statements: the head's position counts.
        history = self._history(connection, head)[: head["position"]]
        decision = None if head["decision"] is None else Decision.model_validate_json(head["decision"])
        return Recorded(fold_all(head["id"], history), decision, head["head"], tuple(history))

    def _history(self, connection: Connection, head: Row, query: Select[Any] = _ALL_EVENTS) -> list[Event]:
        stored = [StoredEvent(*row) for row in connection.execute(query, {"case": head["id"]})]
        return read_history(head["id"], stored, self._seal(head))

    def _seal(self, head: Row) -> Seal:
        return case_seal(head["id"], head["data_key"], unwrap_debtor_key(head["debtor_key"], self._ring))

    def case_row(self, head: Row) -> CaseRow:
        """A head row as lists show it."""
        return CaseRow(**{**head, "name": self._seal(head).open_name(head["name"])})


def _head(connection: Connection, case_id: str) -> RowMapping | None:
    return connection.execute(CASE, {"id": case_id}).mappings().one_or_none()
