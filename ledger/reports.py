"""What the reports of the console count: what came in after which letter, how late, and who did what."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from ledger.console_tables import daily_aggregate, looks, movements, requests
from ledger.database import Database
from ledger.granted import granted
from ledger.tables import coverage, messages
from rules.money import ZERO
from rules.outbox import MessageState

YEAR = timedelta(days=365)
LATE = (0, 15, 30, 60, 90)
"""Upper ends, in days late, of the slices that receipts are told in; the last slice has none."""


class RungFigure(NamedTuple):
    """A rung and what came after it: ``asked`` the principal its letters spoke of, ``received`` what was paid while
    it was the last letter, ``days`` the mean from the letter to the payment, by amount; None without a payment."""

    step: str
    letters: int
    cases: int
    asked: Decimal
    received: Decimal
    days: float | None

    @property
    def share(self) -> float:
        """Received of what was asked, 0 to 1."""
        return float(min(self.received, self.asked) / self.asked) if self.asked else 0.0


class DelayFigure(NamedTuple):
    """A month of receipts: how much, how late on the mean by amount (days), and by slices of LATE."""

    month: str
    received: Decimal
    mean: float
    slices: tuple[Decimal, ...]


class DoneFigure(NamedTuple):
    """How often somebody asked something of cases, and how often it was refused."""

    login: str
    kind: str
    number: int
    refused: int


class ReportBook:
    """The reports, within the creditors granted (None: all); amounts of one currency."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def currencies(self, creditors: frozenset[str] | None) -> list[str]:
        """The currencies of what is open and of what moved in the last year, as of the last sums."""
        query = select(daily_aggregate.c.currency).where(*granted(daily_aggregate.c.creditor, creditors)).distinct()
        return sorted(await self._database.read(lambda connection: list(connection.execute(query).scalars())))

    async def by_rung(self, creditors: frozenset[str] | None, currency: str, today: date) -> list[RungFigure]:
        """What each rung's letters of the last year asked and what came in after them."""

        def reading(connection: Connection) -> list[RungFigure]:
            sent = {row.step: row for row in connection.execute(_sent(creditors, currency, today - YEAR))}
            paid = _paid_after(connection, creditors, currency, today - YEAR)
            steps = [*sent, *(step for step in paid if step not in sent)]
            found = []
            for step in steps:
                amount, weighed, known = paid.get(step, (ZERO, ZERO, ZERO))
                days = float(weighed / known) if known else None
                row = sent.get(step)
                letters, cases, asked = (row.letters, row.cases, row.asked) if row else (0, 0, ZERO)
                found.append(RungFigure(step, letters, cases, asked, amount, days))
            return found

        return await self._database.read(reading)

    async def delays(self, creditors: frozenset[str] | None, currency: str, today: date) -> list[DelayFigure]:
        """How late what came in was, month by month over the last year."""
        query = select(movements.c.day, movements.c.due_on, func.sum(movements.c.amount).label("amount")).where(
            movements.c.kind == "paid", movements.c.currency == currency, movements.c.day > today - YEAR,
            *granted(movements.c.creditor, creditors),
        ).group_by(movements.c.day, movements.c.due_on)  # fmt: skip
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        months: defaultdict[str, list[tuple[int, Decimal]]] = defaultdict(list)
        for row in rows:
            months[f"{row.day:%Y-%m}"].append((max(0, (row.day - row.due_on).days), -row.amount))
        return [_delay(month, months[month]) for month in sorted(months)]

    async def done(self, creditors: frozenset[str] | None, since: datetime) -> list[DoneFigure]:
        """Who asked what of cases since a moment, the busiest first."""
        refused = func.count().filter(requests.c.state == "refused")
        query = select(requests.c.login, requests.c.kind, func.count().label("number"), refused.label("refused")).where(
            requests.c.at >= since, *_of_cases(creditors)
        ).group_by(requests.c.login, requests.c.kind)  # fmt: skip
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return sorted((DoneFigure(*row) for row in rows), key=lambda one: (-one.number, one.login, one.kind))

    async def looked(self, creditors: frozenset[str] | None, since: datetime) -> dict[str, int]:
        """How many things each person looked at since a moment."""
        query = select(looks.c.login, func.count()).where(looks.c.at >= since, *granted(looks.c.creditor, creditors))
        rows = await self._database.read(lambda connection: connection.execute(query.group_by(looks.c.login)).all())
        return {row[0]: row[1] for row in rows}


def _of_cases(creditors: frozenset[str] | None) -> list[ColumnElement[bool]]:
    """Requests name their case, whose id begins with its creditor's key."""
    if creditors is None:
        return []
    known = [requests.c.case_id.startswith(f"invoice/{key}/", autoescape=True) for key in sorted(creditors)]
    return [or_(false(), *known)]


def _sent(creditors: frozenset[str] | None, currency: str, since: date) -> Any:
    return select(
        coverage.c.step,
        func.count(messages.c.id.distinct()).label("letters"),
        func.count().label("cases"),
        func.sum(coverage.c.balance).label("asked"),
    ).join_from(coverage, messages).where(
        messages.c.state == MessageState.SENT.value, messages.c.currency == currency, messages.c.day > since,
        *granted(messages.c.creditor, creditors),
    ).group_by(coverage.c.step).order_by(func.min(messages.c.day))  # fmt: skip


def _paid_after(
    connection: Connection, creditors: frozenset[str] | None, currency: str, since: date
) -> dict[str, tuple[Decimal, Decimal, Decimal]]:
    """By the last letter before it: received, days weighed by amount, and the amount of which the days are known."""
    written = and_(coverage.c.case_id == movements.c.case_id, coverage.c.step == movements.c.step)
    query = select(
        movements.c.step, movements.c.day, messages.c.day.label("sent"), func.sum(movements.c.amount).label("amount")
    ).select_from(
        movements.outerjoin(coverage, written).outerjoin(messages, messages.c.id == coverage.c.message_id)
    ).where(
        movements.c.kind == "paid", movements.c.currency == currency, movements.c.day > since,
        movements.c.step.is_not(None), *granted(movements.c.creditor, creditors),
    ).group_by(movements.c.step, movements.c.day, messages.c.day)  # fmt: skip
    found: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
    for row in connection.execute(query):
        amount, weighed, known = found.get(row.step, (ZERO, ZERO, ZERO))
        paid = -row.amount
        if row.sent is not None:
            weighed, known = weighed + paid * max(0, (row.day - row.sent).days), known + paid
        found[row.step] = (amount + paid, weighed, known)
    return found


def _delay(month: str, receipts: list[tuple[int, Decimal]]) -> DelayFigure:
    whole = sum((amount for _, amount in receipts), ZERO)
    slices = [ZERO] * (len(LATE) + 1)
    for days, amount in receipts:
        slices[next((n for n, end in enumerate(LATE) if days <= end), len(LATE))] += amount
    weighed = sum((days * amount for days, amount in receipts), ZERO)
    return DelayFigure(month, whole, float(weighed / whole) if whole else 0.0, tuple(slices))
