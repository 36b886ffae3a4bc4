"""Charts drawn on the server as SVG: shapes, classes and presentation attributes only, so that a strict policy holds.

Each returns marks and positions for a template; colours are the style sheet's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

Amount = Decimal | float


@dataclass(frozen=True)
class Bar:
    """A bar and where its words stand."""

    key: str
    x: float
    y: float
    width: float
    height: float
    value: Amount
    count: int = 0


@dataclass(frozen=True)
class Grid:
    """A line of the grid: its height and its value."""

    y: float
    value: float


@dataclass(frozen=True)
class Point:
    """A point of a line."""

    x: float
    y: float


def ticks(highest: float, wanted: int = 4) -> list[float]:
    """Round values from zero to just above the highest: ``0, 10, 20, 30, 40`` for 37.5."""
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / wanted
    unit = 10 ** floor(log10(rough))
    step = next(unit * times for times in (1, 2, 2.5, 5, 10) if unit * times >= rough)
    return [step * number for number in range(ceil(highest / step) + 1)]


WIDEST = 120.0
"""Room of an upright bar where there are few."""


def aged_bars(
    slices: Sequence[tuple[str, Amount, int]], width: int = 560, height: int = 200, left: int = 70
) -> tuple[list[Bar], list[Grid]]:
    """Upright bars, evenly spread; the grid first drawn behind them."""
    top, bottom = 22, 26
    scale = ticks(max((float(value) for _, value, _ in slices), default=0.0))
    room = height - top - bottom

    def at(value: float) -> float:
        return top + room * (1 - value / scale[-1])

    pitch = min(WIDEST, (width - left) / max(1, len(slices)))
    bars = [
        Bar(
            key,
            left + pitch * (n + 0.18),
            at(float(value)),
            pitch * 0.64,
            room - (at(float(value)) - top),
            value,
            count,
        )
        for n, (key, value, count) in enumerate(slices)
    ]
    return bars, [Grid(at(value), value) for value in scale]


def stage_bars(
    stages: Sequence[tuple[str, Amount, int]], width: int = 560, left: int = 130, right: int = 130, pitch: int = 25
) -> list[Bar]:
    """Lying bars, one under the other."""
    highest = max((float(value) for _, value, _ in stages), default=0.0) or 1.0
    room = width - left - right
    return [
        Bar(key, left, n * pitch + 4, max(1.5, room * float(value) / highest), pitch - 10, value, count)
        for n, (key, value, count) in enumerate(stages)
    ]


@dataclass(frozen=True)
class Lines:
    """A line with its band: SVG point lists, and the marks."""

    line: str
    band: str
    marks: tuple[Point, ...]
    grid: tuple[Grid, ...]


def forecast_lines(
    weeks: Sequence[tuple[float, float, float]], width: int = 1160, height: int = 190, left: int = 70
) -> Lines:
    """Expected values as a line between the low and the high ends of its band."""
    top, bottom = 10, 26
    scale = ticks(max((high for _, _, high in weeks), default=0.0))
    room, pitch = height - top - bottom, (width - left - 20) / max(1, len(weeks) - 1)

    def at(number: int, value: float) -> Point:
        return Point(round(left + 10 + pitch * number, 1), round(top + room * (1 - value / scale[-1]), 1))

    middle = [at(number, week[1]) for number, week in enumerate(weeks)]
    over = [at(number, week[2]) for number, week in enumerate(weeks)]
    under = [at(number, week[0]) for number, week in enumerate(weeks)]
    grid = tuple(Grid(round(top + room * (1 - value / scale[-1]), 1), value) for value in scale)
    return Lines(_points(middle), _points([*over, *reversed(under)]), tuple(middle), grid)


def _points(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x},{point.y}" for point in points)


def compared_lines(
    first: Sequence[float], second: Sequence[float], width: int = 560, height: int = 180, left: int = 66
) -> tuple[str, str, tuple[Grid, ...], tuple[Point, ...]]:
    """Two lines over one grid: their points, the grid, and where the weeks stand on the axis."""
    top, bottom = 10, 26
    scale = ticks(max([*first, *second], default=0.0))
    room, pitch = height - top - bottom, (width - left - 20) / max(1, len(first) - 1)

    def at(number: int, value: float) -> Point:
        return Point(round(left + 10 + pitch * number, 1), round(top + room * (1 - value / scale[-1]), 1))

    one = _points([at(number, value) for number, value in enumerate(first)])
    other = _points([at(number, value) for number, value in enumerate(second)])
    grid = tuple(Grid(round(top + room * (1 - value / scale[-1]), 1), value) for value in scale)
    return one, other, grid, tuple(at(number, 0) for number in range(len(first)))
