"""What people have to do, by its day, within the creditors granted. A task that is one for many cases (``SHARED``) is
told once, with how many wait for it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, func, select

from ledger.database import Database
from ledger.granted import granted
from ledger.lists import Lists
from ledger.reads import OpenTask
from ledger.tables import cases
from ledger.tasks_by_kind import combinations, ids_of
from ledger.wanted import Wanted, scope
from rules.decision import OF_A_CREDITOR, SHARED

Conditions = Sequence[ColumnElement[bool]]


class Work(NamedTuple):
    """A page of tasks; how many ``cases`` wait in all (0 when they were not counted), and on how many ``pages``."""

    tasks: list[OpenTask]
    cases: int
    pages: int


class _Counted(NamedTuple):
    """Tasks by kind, and how many were looked at."""

    by_kind: dict[str, int]
    cases: int


class _Waiting(NamedTuple):
    """The cases that wait for a shared task: how many, since when, and one of them."""

    number: int = 0
    since: date | None = None
    one: str = ""

    def with_more(self, number: int, since: date | None, one: str) -> "_Waiting":
        days = [day for day in (self.since, since) if day is not None]
        return _Waiting(self.number + number, min(days, default=None), min(filter(None, (self.one, one))))


class Worklist:
    """The tasks of all cases."""

    def __init__(self, database: Database, lists: Lists) -> None:
        self._database = database
        self._lists = lists

    async def page(self, wanted: Wanted, kind: str = "", *, counted: bool = True) -> Work:
        """A page of the cases whose first day comes next, each with its tasks of the kind; of every kind, the first
        page tells the shared ones too."""

        def reading(connection: Connection) -> Work:
            known = combinations(connection)
            apart = [] if kind else [kinds for kinds in known if SHARED.issuperset(kinds.split(","))]
            those = [kinds for kinds in known if (kind in kinds.split(",") if kind else kinds not in apart)]
            tasks = self._tasks(connection, wanted, kind, those, whole=not kind and not apart)
            if not kind:
                tasks = [one for one in tasks if one.task.kind not in SHARED]
                tasks += self._shared(connection, wanted, known) if wanted.page == 1 else []
            number = _count(connection, wanted, those if kind else None) if counted else 0
            listed = number - _count(connection, wanted, apart)
            return Work(sorted(tasks, key=lambda one: one.task.due_on), number, max(1, -(-listed // wanted.rows)))

        return await self._database.read(reading)

    async def shared(self, wanted: Wanted) -> list[OpenTask]:
        """The tasks that are one for many cases, the first day first."""

        def reading(connection: Connection) -> list[OpenTask]:
            found = self._shared(connection, wanted, combinations(connection))
            return sorted(found, key=lambda one: one.task.due_on)

        return await self._database.read(reading)

    async def counts(self, creditors: frozenset[str] | None) -> dict[str, int]:
        """How many cases wait for a person, by kind of task; a case with two kinds counts in both, and a task that is
        one for many cases is one."""
        whose = granted(cases.c.creditor, creditors)
        query = select(cases.c.task_kinds, func.count()).where(cases.c.task_due_on.is_not(None), *whose)

        def counting(connection: Connection) -> _Counted:
            by_kind = _by_kind(connection.execute(query.group_by(cases.c.task_kinds)))
            waiting = _waiting(connection, whose, combinations(connection)) if SHARED & by_kind.keys() else {}
            once = {shared: sum(kind == shared for kind, _ in waiting) for shared in SHARED & by_kind.keys()}
            return _Counted(by_kind | once, sum(by_kind.values()))

        def reading(connection: Connection) -> _Counted:
            return self._lists.kept(creditors, lambda: counting(connection), lambda counted: counted.cases)

        return (await self._database.read(reading)).by_kind

    def _tasks(
        self, connection: Connection, wanted: Wanted, kind: str, those: Sequence[str], *, whole: bool
    ) -> list[OpenTask]:
        """The tasks of a page of cases. ``whole``: all that wait are read in the order of their days at once."""
        conditions = _conditions(wanted)
        if not those:
            return []
        ids = select(cases.c.id).where(*conditions).order_by(cases.c.task_due_on, cases.c.id)
        if not whole:
            ids = ids_of(those, conditions, wanted.page * wanted.rows)
        ids = ids.limit(wanted.rows).offset((wanted.page - 1) * wanted.rows)
        found = self._lists.decided(connection, list(connection.execute(ids).scalars()))
        return [one for one in found if not kind or one.task.kind == kind]

    def _shared(self, connection: Connection, wanted: Wanted, known: Sequence[str]) -> list[OpenTask]:
        groups = _waiting(connection, scope(wanted), known)
        tasks = self._lists.decided(connection, sorted({waiting.one for waiting in groups.values()}))
        by_case = {(one.task.kind, one.case.id): one for one in tasks}
        found = ((by_case.get((kind, waiting.one)), waiting) for (kind, _), waiting in groups.items())
        return [
            OpenTask(
                case=one.case,
                task=one.task.model_copy(update={"due_on": waiting.since or one.task.due_on}),
                cases=waiting.number,
            )
            for one, waiting in found
            if one is not None
        ]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    return [cases.c.task_due_on.is_not(None), *scope(wanted)]


def _count(connection: Connection, wanted: Wanted, those: Sequence[str] | None) -> int:
    """How many cases wait for one of these combinations; None: for anything."""
    if those is not None and not those:
        return 0
    query = select(func.count()).select_from(cases).where(*_conditions(wanted))
    query = query if those is None else query.where(cases.c.task_kinds.in_(those))
    return int(connection.execute(query).scalar_one())


def _waiting(connection: Connection, whose: Conditions, known: Sequence[str]) -> dict[tuple[str, str], _Waiting]:
    """Who waits for shared tasks, by the kind and by whose it is."""
    those = [kinds for kinds in known if not SHARED.isdisjoint(kinds.split(","))]
    if not those:
        return {}
    columns = (cases.c.task_kinds, cases.c.creditor, func.count(), func.min(cases.c.task_due_on), func.min(cases.c.id))
    query = select(*columns).where(*whose, cases.c.task_due_on.is_not(None), cases.c.task_kinds.in_(those))
    found: dict[tuple[str, str], _Waiting] = {}
    for kinds, creditor, number, since, one in connection.execute(query.group_by(*columns[:2])):
        for kind in SHARED.intersection(kinds.split(",")):
            key = kind, creditor if kind in OF_A_CREDITOR else ""
            # The first day of a case with other tasks may be another task's.
            day = since if kinds == kind else None
            found[key] = found.get(key, _Waiting()).with_more(number, day, one)
    return found


def _by_kind(rows: Iterable[Any]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for kinds, number in rows:
        for kind in (kinds or "").split(","):
            counts[kind] = counts.get(kind, 0) + number
    counts.pop("", None)
    return counts
