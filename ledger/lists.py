"""The console's lists of cases: searched, filtered, sorted, paged and counted, within the creditors granted."""

import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, bindparam, func, select, text

from ledger.database import Database
from ledger.reads import CaseRow, OpenTask
from ledger.seal import KeyRing, case_seal, unwrap_debtor_key
from ledger.search import matching
from ledger.tables import cases, debtors
from ledger.wanted import AGES, CLOSED, DATELESS, ROWS, SORTS, VIEWS, Wanted, conditions_of, looked_at
from rules.base import Frozen
from rules.case import Stage
from rules.decision import Task

__all__ = ["AGES", "CLOSED", "ROWS", "SORTS", "VIEWS", "Listed", "Lists", "Page", "Wanted"]

C = TypeVar("C")
LARGE, COUNTED_FOR = 1500, 15.0
"""A count from which on it is kept, and for how many seconds."""
_KEPT_COUNTS = 500
MANY = 1500
"""From so many on, a page of what was searched for or filtered is found sooner in the order of the list."""
AT_ONCE = 10_000
"""Rows that one statement names: PostgreSQL takes 32 767 values at most, and an export is longer."""


class Listed(NamedTuple):
    """What a row of the list says of a case. Amounts are in ``currency``, as in CaseRow."""

    id: str
    creditor: str
    debtor: str
    number: str
    currency: str
    state: str
    suspended_by: str | None
    suspended_until: date | None
    next_kind: str | None
    next_step: str | None
    next_at: datetime | None
    task_kinds: str | None
    total: Decimal
    principal: Decimal
    outstanding: Decimal
    due_on: date
    policy: str
    name: str


class Page(Frozen):
    """A page of a list, and how many cases there are in all."""

    rows: Sequence[Listed]
    count: int


class _Tasks(Frozen):
    """What a list of tasks reads of a decision: the rest is neither checked nor built."""

    tasks: tuple[Task, ...] = ()


class Lists:
    """Lists of cases."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring
        self._counts: dict[Wanted | frozenset[str] | None, tuple[float, Any]] = {}

    async def page(self, wanted: Wanted) -> Page:
        """The page that was asked for; a large count may be COUNTED_FOR seconds old."""
        return await self._database.read(lambda connection: self.page_of(connection, wanted))

    def page_of(self, connection: Connection, wanted: Wanted) -> Page:
        """The same in a read that asks for more; the ids are picked by an index, then the rows are read."""
        sqlite = connection.dialect.name == "sqlite"
        conditions = conditions_of(wanted, sqlite=sqlite)
        if wanted.q:
            found, count = self._searched(connection, conditions, wanted)
        else:
            count = self._count(connection, wanted, conditions)
            if sqlite and count >= MANY and not _in_its_order(wanted):
                conditions = [looked_at(condition) for condition in conditions]
            found = _picked(connection, conditions, wanted)
        return Page.model_construct(rows=self._listed(connection, found), count=count)

    def _count(self, connection: Connection, wanted: Wanted, conditions: list[ColumnElement[bool]]) -> int:
        query = select(func.count()).select_from(cases).where(*conditions)
        key = wanted.model_copy(update={"page": 1, "sort": "", "rows": 0})
        return self.kept(key, lambda: int(connection.execute(query).scalar_one()), int)

    def kept(self, key: Wanted | frozenset[str] | None, count: Callable[[], C], size: Callable[[C], int]) -> C:
        """A count, or what is kept of it when it is large: counting a large book takes longer than showing a page of
        it, and whoever turns its pages asks for the same number each time."""
        kept = self._counts.get(key)
        if kept is not None and time.monotonic() - kept[0] < COUNTED_FOR:
            return kept[1]  # type: ignore[no-any-return]
        found = count()
        if size(found) >= LARGE:
            if len(self._counts) >= _KEPT_COUNTS:
                self._counts.clear()
            self._counts[key] = (time.monotonic(), found)
        return found

    def _listed(self, connection: Connection, ids: list[str]) -> tuple[Listed, ...]:
        parts = [{"ids": ids[first : first + AT_ONCE]} for first in range(0, len(ids), AT_ONCE)]
        by_id = {row[0]: row for part in parts for row in connection.execute(_LISTED, part).all()}
        return tuple(self._opened(by_id[one]) for one in ids if one in by_id)

    def _opened(self, row: Any) -> Listed:
        *shown, name, case_key, debtor_key = row
        seal = case_seal(shown[0], case_key, unwrap_debtor_key(debtor_key, self._ring))
        return Listed._make((*shown, seal.open_name(name)))

    def rows_of(self, connection: Connection, ids: Sequence[str]) -> list[CaseRow]:
        """The rows of cases, in the order of their ids as given."""
        by_id = {row["id"]: row for row in connection.execute(_ROWS, {"ids": ids}).mappings()}
        return [self._row(by_id[one]) for one in ids if one in by_id]

    def decided(self, connection: Connection, ids: Sequence[str]) -> list[OpenTask]:
        """The tasks of cases as their last decisions have them, in the order of the ids as given."""
        by_id = {row["id"]: row for row in connection.execute(_DECIDED, {"ids": ids}).mappings()} if ids else {}
        rows = [(self._row(by_id[one]), by_id[one]["decision"]) for one in ids if one in by_id]
        return [
            OpenTask(case=row, task=task)
            for row, decision in rows
            for task in _Tasks.model_validate_json(decision).tasks
        ]

    async def of_debtor(self, creditor: str, debtor: str) -> list[CaseRow]:
        """All cases of a debtor, the oldest due first."""
        query = _ROW.where(cases.c.creditor == creditor, cases.c.debtor == debtor)
        rows = await self._database.read(
            lambda connection: connection.execute(query.order_by(cases.c.due_on, cases.c.id)).mappings().all()
        )
        return [self._row(row) for row in rows]

    async def debtors(self, wanted: Wanted) -> tuple[list[tuple[CaseRow, int, Any, Any]], int]:
        """Debtors with open cases: one of their cases, how many, what they owe, the oldest due date; and their
        number."""

        def reading(connection: Connection) -> tuple[list[tuple[CaseRow, int, Any, Any]], int]:
            conditions = conditions_of(wanted)
            if wanted.q:
                found = matching(connection, wanted.q, self._ring)
                conditions.append(text("1 = 0") if found is None else found.condition())  # type: ignore[arg-type]
            grouped = select(
                func.min(cases.c.id).label("one"),
                func.count().label("cases"),
                func.sum(cases.c.outstanding).label("owed"),
                func.min(cases.c.due_on).label("oldest"),
            ).where(*conditions).group_by(cases.c.creditor, cases.c.debtor, cases.c.currency)  # fmt: skip
            count = connection.execute(select(func.count()).select_from(grouped.subquery())).scalar_one()
            order = grouped.order_by(func.sum(cases.c.outstanding).desc(), func.min(cases.c.id))
            groups = connection.execute(order.limit(wanted.rows).offset((wanted.page - 1) * wanted.rows)).all()
            rows = self.rows_of(connection, [group.one for group in groups])
            return [(row, of.cases, of.owed, of.oldest) for row, of in zip(rows, groups, strict=True)], count

        return await self._database.read(reading)

    def _searched(
        self, connection: Connection, conditions: list[ColumnElement[bool]], wanted: Wanted
    ) -> tuple[list[str], int]:
        """The ids of the page and how many there are."""
        found = matching(connection, wanted.q, self._ring)
        if found is None:
            return [], 0
        if connection.dialect.name == "sqlite" and not conditions:
            count = found.count(connection)
            if count >= MANY:
                return _picked(connection, [found.condition(apart=True)], wanted), count  # type: ignore[list-item]
            column, order = _order(wanted.sort)
            ids = select(cases.c.id).where(found.condition()).order_by(column.is_(None), *order)
            return list(connection.execute(_of_page(ids, wanted)).scalars()), count
        return _sorted(connection, [*conditions, found.condition()], wanted)  # type: ignore[list-item]

    def _row(self, head: RowMapping) -> CaseRow:
        seal = case_seal(head["id"], head["data_key"], unwrap_debtor_key(head["debtor_key"], self._ring))
        return CaseRow.model_construct(**{**head, "stage": Stage(head["stage"]), "name": seal.open_name(head["name"])})


_ROW = select(
    *(column for column in cases.columns if column.name not in ("decision", "decision_position")),
    debtors.c.data_key.label("debtor_key"),
).join_from(cases, debtors)


# Put together once: SQLAlchemy takes longer to know a statement of forty columns again than SQLite to answer it.
_THESE = cases.c.id.in_(bindparam("ids", expanding=True))
_ROWS = _ROW.where(_THESE)
_DECIDED = _ROW.add_columns(cases.c.decision).where(_THESE)
_LISTED = (
    select(*(cases.c[name] for name in (*Listed._fields, "data_key")), debtors.c.data_key.label("debtor_key"))
    .join_from(cases, debtors)
    .where(_THESE)
)


def _sorted(connection: Connection, conditions: list[ColumnElement[bool]], wanted: Wanted) -> tuple[list[str], int]:
    """The ids of the page and how many there are, all that match being looked at once."""
    column, order = _order(wanted.sort)
    query = select(cases.c.id, func.count().over()).where(*conditions).order_by(column.is_(None), *order)
    rows = connection.execute(_of_page(query, wanted)).all()
    if not rows and wanted.page > 1:
        return [], connection.execute(select(func.count()).select_from(cases).where(*conditions)).scalar_one()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def _of_page(query: Select[Any], wanted: Wanted) -> Select[Any]:
    return query.limit(wanted.rows).offset((wanted.page - 1) * wanted.rows)


def _order(sort: str) -> tuple[Any, tuple[Any, ...]]:
    """The column of the whitelist that a sort names, and its order, which is that of an index: within a state, by the
    next moment."""
    column = SORTS.get(sort.removeprefix("-"), cases.c.next_at)
    order = (column, cases.c.next_at, cases.c.id) if column is cases.c.state else (column, cases.c.id)
    return column, tuple(each.desc() for each in order) if sort.startswith("-") else order


def _in_its_order(wanted: Wanted) -> bool:
    """Whether the index of states gives the page as it is asked for."""
    return bool(wanted.state) and wanted.sort.removeprefix("-") == "next_at"


def _picked(connection: Connection, conditions: list[ColumnElement[bool]], wanted: Wanted) -> list[str]:
    """The ids of the page, by a column of the whitelist; what has no next moment comes last."""
    first, rows = (wanted.page - 1) * wanted.rows, wanted.rows
    column, order = _order(wanted.sort)
    query = select(cases.c.id).where(*conditions)
    if column is not cases.c.next_at or wanted.view in DATELESS:
        return list(connection.execute(query.order_by(*order).limit(rows).offset(first)).scalars())
    dated, undated = query.where(column.is_not(None)), query.where(column.is_(None)).order_by(cases.c.id)
    found = list(connection.execute(dated.order_by(*order).limit(rows).offset(first)).scalars())
    if len(found) < rows:
        before = 0 if found else connection.execute(select(func.count()).select_from(dated.subquery())).scalar_one()
        passed = max(0, first - before) if not found else 0
        found += connection.execute(undated.limit(rows - len(found)).offset(passed)).scalars()
    return found
