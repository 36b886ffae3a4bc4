"""Expected cash receipts: what open invoices will bring, week by week, judged by how late the book was paid. Pure.

The method is a life table (Kaplan and Meier, 1958) weighted by amounts: for each week past the due date, the share of
what was still open that was paid within that week. An open invoice goes through the weeks ahead with those shares.
The band holds 80 % of outcomes if invoices are paid independently of each other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

WEEKS = 12
EARLIEST, LATEST = -8, 60
"""Weeks past the due date that are told apart; beyond them, the last one serves."""
NEIGHBOURS = 2
QUANTILE_80 = 1.2816


@dataclass(frozen=True)
class Open:
    """Open principal of one due date. ``squares``: the sum of the squares of its invoices' amounts."""

    due_on: date
    amount: float
    squares: float


@dataclass(frozen=True)
class Week:
    """What a week ahead brings: expected, and the two ends of the 80 % band."""

    low: float
    expected: float
    high: float


def shares(billed: Mapping[date, float], paid: Iterable[tuple[date, date, float]], today: date) -> dict[int, float]:
    """The share of what is still open that is paid within each week past the due date.

    ``billed``: amounts by due date; ``paid``: due date, day, amount. Weeks nobody has lived through have no share.
    """
    exposure = dict.fromkeys(range(EARLIEST, LATEST + 1), 0.0)
    received = dict(exposure)
    for due_on, amount in billed.items():
        lived = _week(today, due_on)
        for week in range(EARLIEST, min(lived, LATEST + 1)):
            exposure[week] += amount
    for due_on, day, amount in paid:
        week, lived = _week(day, due_on), _week(today, due_on)
        if week < lived:
            received[week] += amount
        for later in range(week + 1, min(lived, LATEST + 1)):
            exposure[later] -= amount
    lived_through = {week: open_ for week, open_ in exposure.items() if open_ > 1}
    return {week: _pooled(week, received, lived_through) for week in lived_through}


def forecast(portfolio: Iterable[Open], share: Mapping[int, float], today: date, weeks: int = WEEKS) -> list[Week]:
    """The weeks ahead, the first beginning today."""
    expected, variance = [0.0] * weeks, [0.0] * weeks
    for part in portfolio:
        standing, age = 1.0, _week(today, part.due_on)
        for ahead in range(weeks):
            chance = standing * _share(share, age + ahead)
            expected[ahead] += part.amount * chance
            variance[ahead] += part.squares * chance * (1 - chance)
            standing *= 1 - _share(share, age + ahead)
    spread = [QUANTILE_80 * sqrt(value) for value in variance]
    return [Week(max(0.0, mid - band), mid, mid + band) for mid, band in zip(expected, spread, strict=True)]


def _pooled(week: int, received: Mapping[int, float], exposure: Mapping[int, float]) -> float:
    """The share of a week and its neighbours together: single weeks of a small book jump about."""
    around = [near for near in range(week - NEIGHBOURS, week + NEIGHBOURS + 1) if near in exposure]
    return min(1.0, sum(received[near] for near in around) / sum(exposure[near] for near in around))


def _share(share: Mapping[int, float], week: int) -> float:
    """That of the week, or of the last one before it that somebody lived through."""
    for known in range(max(EARLIEST, min(week, LATEST)), EARLIEST - 1, -1):
        if known in share:
            return share[known]
    return 0.0


def _week(day: date, due_on: date) -> int:
    return max(EARLIEST, min(LATEST + 1, (day - due_on).days // 7))
