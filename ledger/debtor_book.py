"""Sums by debtor, stage and age, for the API's reports; within the creditors granted."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from ledger.database import Database
from ledger.debtors import Who, known_of
from ledger.tables import cases, debtors
from rules.base import Frozen
from rules.case import Stage
from rules.profile import PaymentRecord

_OPEN = cases.c.stage != Stage.CLOSED.value


class AgedRow(Frozen):
    """Open cases of one creditor, currency and stage; the last five share out ``outstanding`` by days overdue."""

    creditor: str
    currency: str
    stage: str
    cases: int
    principal: Decimal
    outstanding: Decimal
    not_due: Decimal
    days_1_30: Decimal
    days_31_60: Decimal
    days_61_90: Decimal
    days_91: Decimal


class DebtorBook:
    """The book by debtor and by age."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def creditors_of(self, debtor: str, granted: frozenset[str] | None) -> list[str]:
        """The creditors that a customer number owes or owed, in order."""
        query = select(cases.c.creditor).where(cases.c.debtor == debtor, *_within(granted)).distinct()
        query = query.order_by(cases.c.creditor)
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def debtors(self, granted: frozenset[str] | None, limit: int, offset: int) -> list[tuple[str, str]]:
        """The debtors (creditor, id) in order."""
        query = select(cases.c.creditor, cases.c.debtor).where(*_within(granted)).distinct()
        query = query.order_by(cases.c.creditor, cases.c.debtor).limit(limit).offset(offset)
        return await self._database.read(lambda connection: [(row[0], row[1]) for row in connection.execute(query)])

    async def habits(self, creditor: str, debtor: str) -> tuple[PaymentRecord | None, bool, date | None]:
        """How a debtor paid all its invoices, whether it is held as a whole, and until when (None: no day said)."""
        who = Who(creditor, debtor)
        row = select(debtors.c.held, debtors.c.held_until).where(debtors.c.creditor == creditor, debtors.c.id == debtor)

        def reading(connection: Connection) -> tuple[PaymentRecord | None, bool, date | None]:
            held = connection.execute(row).one_or_none()
            record, _ = known_of(connection, who, "")
            return record, bool(held and held.held), held.held_until if held else None

        return await self._database.read(reading)

    async def aged(self, granted: frozenset[str] | None, on: date) -> list[AgedRow]:
        """The open book by creditor, currency and stage, its ages counted to a day."""
        table = cases.c
        edges = [on - timedelta(days=days) for days in (30, 60, 90)]
        slices: dict[str, ColumnElement[bool]] = {
            "not_due": table.due_on >= on,
            "days_1_30": and_(table.due_on < on, table.due_on >= edges[0]),
            "days_31_60": and_(table.due_on < edges[0], table.due_on >= edges[1]),
            "days_61_90": and_(table.due_on < edges[1], table.due_on >= edges[2]),
            "days_91": table.due_on < edges[2],
        }
        sums: Sequence[Any] = [
            func.sum(case((inside, table.outstanding), else_=0)).label(name) for name, inside in slices.items()
        ]
        by = (table.creditor, table.currency, table.stage)
        query = (
            select(
                *by,
                func.count().label("cases"),
                func.sum(table.principal).label("principal"),
                func.sum(table.outstanding).label("outstanding"),
                *sums,
            )
            .where(_OPEN, *_within(granted))
            .group_by(*by)
            .order_by(*by)
        )

        def reading(connection: Connection) -> list[AgedRow]:
            return [AgedRow(**row) for row in connection.execute(query).mappings()]

        return await self._database.read(reading)


def _within(granted: frozenset[str] | None) -> list[ColumnElement[bool]]:
    return [] if granted is None else [cases.c.creditor.in_(granted)]
