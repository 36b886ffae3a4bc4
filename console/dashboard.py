"""The dashboard's figures put together: balances, ages, stages, DSO, recovery rate, forecast. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from console.naming import kind_of
from console.words import RAMP
from ledger.figures import WINDOW, Figure
from ledger.forecast import WEEKS
from ledger.lists import AGES
from rules.money import ZERO

Slice = tuple[str, Decimal, int]


@dataclass(frozen=True)
class Board:
    """The figures of one currency. Rates are shares; ``dso`` days; None where nothing can be said."""

    currency: str
    cases: int
    outstanding: Decimal
    outstanding_before: Decimal
    overdue: Decimal
    overdue_before: Decimal
    recovered: Decimal
    recovered_before: Decimal
    dso: float | None
    dso_before: float | None
    rate: float | None
    rate_before: float | None
    ages: tuple[Slice, ...]
    states: tuple[Slice, ...]
    weeks: tuple[tuple[date, Decimal, Decimal, Decimal], ...]

    @property
    def series(self) -> list[tuple[float, float, float]]:
        """The weeks ahead for a chart: low, expected, high."""
        return [(float(low), float(middle), float(high)) for _, low, middle, high in self.weeks]

    @property
    def foreseen(self) -> bool:
        """Whether anything can be foreseen at all."""
        return any(week[2] > ZERO for week in self.weeks)


def boards(figures: Iterable[Figure], today: date) -> list[Board]:
    """A board for each currency, the largest book first."""
    by_currency: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_currency[figure.currency].append(figure)
    found = [_board(currency, of, today) for currency, of in by_currency.items()]
    return sorted(found, key=lambda board: board.outstanding, reverse=True)


def _board(currency: str, figures: list[Figure], today: date) -> Board:
    amounts: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for figure in figures:
        part = kind_of(figure.part) if figure.measure == "state" else figure.part
        amounts[figure.measure, part] += figure.amount
        counts[figure.measure, part] += figure.cases
    billed = {int(part): amount for (measure, part), amount in amounts.items() if measure == "billed"}
    states = {part for measure, part in amounts if measure == "state"}
    order = [*(state for state in RAMP if state in states), *sorted(states - set(RAMP))]
    return Board(
        currency=currency,
        cases=counts["open", ""],
        outstanding=amounts["open", ""],
        outstanding_before=amounts["open_before", ""],
        overdue=amounts["overdue", ""],
        overdue_before=amounts["overdue_before", ""],
        recovered=amounts["paid", ""],
        recovered_before=amounts["paid_before", ""],
        dso=count_back(amounts["open", ""], billed, 0),
        dso_before=count_back(amounts["open_before", ""], billed, 1),
        rate=_share(amounts["fell_due_paid", ""], amounts["fell_due", ""]),
        rate_before=_share(amounts["fell_due_paid_before", ""], amounts["fell_due_before", ""]),
        ages=tuple((age, amounts["age", age], counts["age", age]) for age in AGES),
        states=tuple((state, amounts["state", state], counts["state", state]) for state in order),
        weeks=tuple(
            (
                today + timedelta(weeks=n),
                amounts["low", f"{n:02}"],
                amounts["expected", f"{n:02}"],
                amounts["high", f"{n:02}"],
            )
            for n in range(WEEKS)
        ),
    )


def count_back(balance: Decimal, billed: dict[int, Decimal], first: int) -> float | None:
    """Days of sales outstanding by the count-back method: the balance is used up by what was billed, window after
    window of thirty days back; the last window counts in part. None when the billing known does not use it up."""
    left, days = balance, 0.0
    if balance <= ZERO:
        return 0.0
    for window in range(first, max(billed, default=-1) + 1):
        sold = billed.get(window, ZERO)
        if sold >= left:
            return days + float(left / sold) * WINDOW.days
        left -= sold
        days += WINDOW.days
    return None


def _share(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole > ZERO else None
