"""Plain reads for the console, the command line and audits: no lock, nothing is written."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.chain import ChainRow, Head
from ledger.database import Database
from ledger.history import StoredEvent, read_history
from ledger.outbox import ALL, OF_CASE, read_messages
from ledger.seal import KeyRing, Seal, case_seal, unwrap_debtor_key
from ledger.tables import cases, debtors, events, messages
from rules.base import Frozen
from rules.case import Case, Stage
from rules.decision import Decision, Task
from rules.events import CaseOpened, Event
from rules.fold import fold_all
from rules.invoice import InvoiceIssued
from rules.outbox import Message, MessageState

PAGE = 1000


class CaseFilter(Frozen):
    """Which cases a list shows; None means all. ``next_before``: those awaited before that moment."""

    stage: Stage | None = None
    creditor: str | None = None
    debtor: str | None = None
    next_before: datetime | None = None
    limit: int = 100
    offset: int = 0


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
    outcome: str | None
    suspended_by: str | None
    suspended_until: date | None
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
    policy: str
    version: str
    position: int
    head: str


class OpenTask(Frozen):
    """Something for a person, and the case it is about."""

    case: CaseRow
    task: Task


class Totals(Frozen):
    """The sums of a currency. ``outstanding`` and ``principal`` are those of open cases."""

    currency: str
    cases: int
    open: int
    outstanding: Decimal
    principal: Decimal
    recovered: Decimal


class Recorded(NamedTuple):
    """A case as the ledger has it, with the decision last kept and the hash of its last event."""

    case: Case
    decision: Decision | None
    head: str


_CASES = select(cases, debtors.c.data_key.label("debtor_key")).join_from(cases, debtors)
_EVENTS = select(events.c.position, events.c.readable, events.c.sealed).order_by(events.c.position)
_OPEN = cases.c.stage != Stage.CLOSED.value


class Reads:
    """What the ledger answers without locking anything."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring

    async def case(self, case_id: str) -> Recorded | None:
        """The case at its last position; None when the ledger does not know it."""
        async with self._database.reading() as connection:
            row = await self._head(connection, case_id)
            if row is None:
                return None
            history = await self._history(connection, row)
        decision = None if row["decision"] is None else Decision.model_validate_json(row["decision"])
        return Recorded(fold_all(case_id, history[: row["position"]]), decision, row["head"])

    async def case_events(self, case_id: str) -> list[Event]:
        """All events of a case in order; empty when the ledger does not know it."""
        async with self._database.reading() as connection:
            row = await self._head(connection, case_id)
            return [] if row is None else await self._history(connection, row)

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        """The invoice a case was opened on; None when the ledger does not know the case."""
        async with self._database.reading() as connection:
            row = await self._head(connection, case_id)
            if row is None:
                return None
            first = await self._history(connection, row, only=1)
        return first[0].invoice if first and isinstance(first[0], CaseOpened) else None

    async def row(self, case_id: str) -> CaseRow | None:
        """The case as lists show it; None when the ledger does not know it."""
        async with self._database.reading() as connection:
            row = await self._head(connection, case_id)
        return None if row is None else self._case_row(row)

    async def find(self, number_or_id: str) -> list[str]:
        """The ids of the cases of that id or invoice number: several when several creditors hold the
        number."""
        query = select(cases.c.id).where(or_(cases.c.id == number_or_id, cases.c.number == number_or_id))
        async with self._database.reading() as connection:
            return list((await connection.execute(query.order_by(cases.c.id))).scalars())

    async def cases(self, wanted: CaseFilter | None = None) -> list[CaseRow]:
        """The cases that match, the next awaited first, those that await nothing last."""
        wanted = wanted or CaseFilter()
        query = _CASES.order_by(cases.c.next_at.is_(None), cases.c.next_at, cases.c.id)
        for name in ("stage", "creditor", "debtor"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(cases.c[name] == str(value))
        if wanted.next_before is not None:
            query = query.where(cases.c.next_at < wanted.next_before)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.limit(wanted.limit).offset(wanted.offset))).mappings().all()
        return [self._case_row(row) for row in rows]

    async def tasks(self, *, creditor: str | None = None, limit: int = 100, offset: int = 0) -> list[OpenTask]:
        """What people have to do, the most urgent case first; ``limit`` and ``offset`` count cases."""
        query = _CASES.where(cases.c.tasks > 0).order_by(cases.c.task_due_on, cases.c.id)
        if creditor is not None:
            query = query.where(cases.c.creditor == creditor)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query.limit(limit).offset(offset))).mappings().all()
        return [
            OpenTask(case=self._case_row(row), task=task)
            for row in rows
            for task in Decision.model_validate_json(row["decision"]).tasks
        ]

    async def counts_by_stage(self) -> dict[Stage, int]:
        """How many cases stand at each stage; stages without any are left out."""
        query = select(cases.c.stage, func.count()).group_by(cases.c.stage).order_by(cases.c.stage)
        async with self._database.reading() as connection:
            return {Stage(stage): count for stage, count in await connection.execute(query)}

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
        async with self._database.reading() as connection:
            return [Totals(**row) for row in (await connection.execute(query)).mappings()]

    async def open_ids(self) -> AsyncIterator[str]:
        """The ids of all open cases in order, read in pages; cases opened meanwhile may or may not be among
        them."""
        last = ""
        while True:
            query = select(cases.c.id).where(_OPEN, cases.c.id > last).order_by(cases.c.id).limit(PAGE)
            async with self._database.reading() as connection:
                page = list((await connection.execute(query)).scalars())
            for case_id in page:
                yield case_id
            if len(page) < PAGE:
                return
            last = page[-1]

    async def messages(
        self,
        *,
        state: MessageState | None = None,
        creditor: str | None = None,
        debtor: str | None = None,
        since: date | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[Message]:
        """The messages that match, the first begun first, each with all it speaks for. ``since``: from that
        day on."""
        chosen: Select[Any] = select(messages.c.id).order_by(messages.c.started_at, messages.c.id)
        for column, value in (
            (messages.c.state, state),
            (messages.c.creditor, creditor),
            (messages.c.debtor, debtor),
        ):
            if value is not None:
                chosen = chosen.where(column == str(value))
        if since is not None:
            chosen = chosen.where(messages.c.day >= since)
        query = ALL.where(messages.c.id.in_(chosen.limit(limit).offset(offset).scalar_subquery()))
        async with self._database.reading() as connection:
            return await read_messages(connection, query, {})

    async def messages_of(self, case_id: str) -> Sequence[Message]:
        """The messages that speak for a case, the first begun first."""
        async with self._database.reading() as connection:
            return await read_messages(connection, OF_CASE, {"case": case_id})

    async def chain_rows(self, case_id: str) -> list[ChainRow]:
        """The stored events of a case as ``chain.verify`` wants them, in order."""
        query = select(events.c.case_id, events.c.position, events.c.readable, events.c.sealed, events.c.hash)
        async with self._database.reading() as connection:
            found = await connection.execute(query.where(events.c.case_id == case_id).order_by(events.c.position))
            return [ChainRow(*row) for row in found]

    async def chain_head(self, case_id: str) -> Head | None:
        """The position and hash that the head row of a case names; None when the ledger does not know it."""
        query = select(cases.c.position, cases.c.head).where(cases.c.id == case_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else Head(*row)

    async def _head(self, connection: AsyncConnection, case_id: str) -> Any | None:
        return (await connection.execute(_CASES.where(cases.c.id == case_id))).mappings().one_or_none()

    async def _history(self, connection: AsyncConnection, head: Any, only: int | None = None) -> list[Event]:
        query = _EVENTS.where(events.c.case_id == head["id"]).limit(only)
        stored = [StoredEvent(*row) for row in await connection.execute(query)]
        return read_history(head["id"], stored, self._seal(head))

    def _seal(self, head: Any) -> Seal:
        return case_seal(head["id"], head["data_key"], unwrap_debtor_key(head["debtor_key"], self._ring))

    def _case_row(self, head: Any) -> CaseRow:
        return CaseRow(**{**head, "name": self._seal(head).open_name(head["name"])})
