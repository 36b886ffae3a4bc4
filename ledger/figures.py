"""The dashboard's figures: summed from time to time by ``refresh``, read in a few rows by every page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Float, cast, delete, func, insert, select

from ledger.console_tables import daily_aggregate, movements
from ledger.database import Database, write
from ledger.forecast import Open, forecast, shares
from ledger.granted import granted
from ledger.lists import AGES, CLOSED
from ledger.tables import cases, messages
from rules.case import Pause
from rules.money import cents
from rules.outbox import MessageState

WINDOW = timedelta(days=30)
YEAR = timedelta(days=365)
WINDOWS = 24
_HISTORY = timedelta(days=500)
_OPEN = cases.c.state.not_in(CLOSED)
_NOT_FORESEEN = (Pause.DISPUTE.value, Pause.HOLD.value)


class Figure(NamedTuple):
    """A sum. ``measure`` names it, ``part`` its slice; see ``FigureStore.refresh``."""

    creditor: str
    currency: str
    measure: str
    part: str
    cases: int
    amount: Decimal


class FigureStore:
    """The sums and where they are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def refresh(self, today: date) -> None:
        """Sum everything again as of a day.

        Measures: ``open`` and ``overdue`` (principal of open cases; ``_before``: thirty days ago), ``state`` and
        ``age`` (the same by slice), ``paid`` and ``paid_before`` (received over 365 days), ``fell_due`` and
        ``fell_due_paid`` (of the invoices due in the last 365 days), ``billed`` (by windows of thirty days, 0 the
        latest), ``month`` (received, by month), ``rung`` (received, by the letter written before), ``letters`` (sent,
        by step), ``low``, ``expected``, ``high`` (receipts foreseen, by week).
        """
        found = await self._database.read(lambda connection: list(_sums(connection, today)))
        rows = [{"day": today, **figure._asdict()} for figure in found]

        def keeping(connection: Connection) -> None:
            connection.execute(delete(daily_aggregate))
            if rows:
                connection.execute(insert(daily_aggregate), rows)

        await write(self._database, keeping)

    async def read(self, creditors: frozenset[str] | None) -> tuple[date | None, list[Figure]]:
        """The day of the last sums and the sums of the creditors granted."""
        query = select(daily_aggregate)
        query = query.where(*granted(daily_aggregate.c.creditor, creditors))
        rows = await self._database.read(lambda connection: connection.execute(query).all())
        return (rows[0].day if rows else None), [Figure(*row[1:]) for row in rows]


def _sums(connection: Connection, today: date) -> Iterable[Figure]:
    yield from _now(connection, today)
    yield from _flows(connection, today)
    yield from _by_day(connection, today)
    yield from _by_rung(connection)
    yield from _foreseen(connection, today)
    yield from _letters(connection)


def _now(connection: Connection, today: date) -> Iterable[Figure]:
    query = select(
        cases.c.creditor, cases.c.currency, cases.c.state, cases.c.due_on,
        func.count().label("number"), func.sum(cases.c.principal).label("amount"),
    ).where(_OPEN).group_by(cases.c.creditor, cases.c.currency, cases.c.state, cases.c.due_on)  # fmt: skip
    sums: defaultdict[tuple[str, str, str, str], list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for row in connection.execute(query):
        days = (today - row.due_on).days
        slices = [("open", ""), ("state", row.state), ("age", age_of(days))]
        for measure, part in [*slices, *([("overdue", "")] if days > 0 else [])]:
            entry = sums[row.creditor, row.currency, measure, part]
            entry[0] += row.number
            entry[1] += row.amount
    return [Figure(*key, number, amount) for key, (number, amount) in sums.items()]


def age_of(days: int) -> str:
    """The slice of the aged balance of something that many days past due."""
    if days <= 0:
        return AGES[0]
    reached = [age for age in AGES[1:] if days >= int(age)]
    return reached[-1]


_PAID = movements.c.kind.in_(("paid", "reversed"))
_OPENED = movements.c.kind == "opened"
_WHOSE = (movements.c.creditor, movements.c.currency)


def _flows(connection: Connection, today: date) -> Iterable[Figure]:
    """What came in, what fell due and what was open, over windows that end today and thirty days ago. All in one pass:
    the table is the longest of those that are summed."""
    before = today - WINDOW
    # What was open at the end of a past day is the sum of what had moved by then.
    measures = {"open_before": (1, [movements.c.day <= before])}
    measures["overdue_before"] = (1, [movements.c.day <= before, movements.c.due_on < before])
    for end, suffix in ((today, ""), (before, "_before")):
        due, known = _within(movements.c.due_on, end), movements.c.day <= end
        measures[f"paid{suffix}"] = (-1, [_PAID, _within(movements.c.day, end)])
        measures[f"fell_due{suffix}"] = (1, [_OPENED, due])
        measures[f"fell_due_paid{suffix}"] = (-1, [_PAID, due, known])
    sums = [_of(conditions) for _, conditions in measures.values()]
    query = select(*_WHOSE, *(column for pair in sums for column in pair)).group_by(*_WHOSE)
    for creditor, currency, *found in connection.execute(query):
        for (measure, (sign, _)), number, amount in zip(measures.items(), found[::2], found[1::2], strict=True):
            if number:
                yield Figure(creditor, currency, measure, "", number, sign * amount)


def _of(conditions: Sequence[ColumnElement[bool]]) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """How many movements there are of those that meet the conditions, and their sum."""
    return func.count().filter(*conditions), func.sum(movements.c.amount).filter(*conditions)


def _within(day: ColumnElement[Any], end: date) -> ColumnElement[bool]:
    return (day > end - YEAR) & (day <= end)


def _by_rung(connection: Connection) -> Iterable[Figure]:
    step = func.coalesce(movements.c.step, "")
    query = select(*_WHOSE, step, func.count(), func.sum(movements.c.amount)).where(_PAID).group_by(*_WHOSE, step)
    for creditor, currency, letter, number, amount in connection.execute(query):
        yield Figure(creditor, currency, "rung", letter, number, -amount)


def _by_day(connection: Connection, today: date) -> Iterable[Figure]:
    """What was billed, by windows of thirty days, and what came in, by month."""
    query = select(*_WHOSE, movements.c.day, *_of([_OPENED]), *_of([_PAID])).group_by(*_WHOSE, movements.c.day)
    sums: defaultdict[tuple[str, str, str, str], list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for creditor, currency, day, billed, sold, paid, received in connection.execute(query):
        # Days are left out here, not in the statement: by the index of days most of the table is read row by row.
        if not today - WINDOWS * WINDOW < day <= today:
            continue
        of_day = (("billed", _window_of(day, today), billed, sold), ("month", f"{day:%Y-%m}", paid, received))
        for measure, part, number, amount in of_day:
            if number:
                entry = sums[creditor, currency, measure, part]
                entry[0] += number
                entry[1] += amount if measure == "billed" else -amount
    return [Figure(*key, number, amount) for key, (number, amount) in sums.items()]


def _window_of(day: date, today: date) -> str:
    return str((today - day).days // WINDOW.days)


def _foreseen(connection: Connection, today: date) -> Iterable[Figure]:
    amounts = cast(cases.c.principal, Float)
    query = select(
        cases.c.creditor, cases.c.currency, cases.c.due_on, func.sum(amounts).label("amount"),
        func.sum(amounts * amounts).label("squares"),
    ).where(_OPEN, cases.c.state.not_in(_NOT_FORESEEN)).group_by(
        cases.c.creditor, cases.c.currency, cases.c.due_on
    )  # fmt: skip
    portfolio: defaultdict[tuple[str, str], list[Open]] = defaultdict(list)
    for row in connection.execute(query):
        portfolio[row.creditor, row.currency].append(Open(row.due_on, row.amount, row.squares))
    lived = _lived(connection, today)
    for (creditor, currency), parts in portfolio.items():
        for number, week in enumerate(forecast(parts, lived, today)):
            for measure in ("low", "expected", "high"):
                amount = cents(Decimal(getattr(week, measure)).scaleb(-2))
                yield Figure(creditor, currency, measure, f"{number:02}", 0, amount)


def _lived(connection: Connection, today: date) -> dict[int, float]:
    """How late the whole book was paid: creditors with few payments are judged by those of all."""
    since = movements.c.due_on > today - _HISTORY
    amount = func.sum(cast(movements.c.amount, Float))
    opened = select(movements.c.due_on, amount).where(movements.c.kind == "opened", since)
    paid = select(movements.c.due_on, movements.c.day, amount).where(movements.c.kind == "paid", since)
    billed = {row[0]: row[1] for row in connection.execute(opened.group_by(movements.c.due_on))}
    received = connection.execute(paid.group_by(movements.c.due_on, movements.c.day))
    return shares(billed, [(due_on, day, -value) for due_on, day, value in received], today)


def _letters(connection: Connection) -> Iterable[Figure]:
    query = select(messages.c.creditor, messages.c.currency, messages.c.channel, func.count()).where(
        messages.c.state == MessageState.SENT.value
    )
    grouped = query.group_by(messages.c.creditor, messages.c.currency, messages.c.channel)
    for creditor, currency, channel, number in connection.execute(grouped):
        yield Figure(creditor, currency, "letters", channel, number, Decimal(0))
