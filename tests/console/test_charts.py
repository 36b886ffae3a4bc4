"""Charts of any book: whatever its sums, they can be drawn."""

from decimal import Decimal

import pytest

from console.charts import aged_bars, stage_bars, ticks


@pytest.mark.parametrize("highest", ["0", "0.01", "1.00", "94809.80", "8000000.00", "99999999.99"])
def test_a_book_of_any_size_has_its_bars(highest: str) -> None:
    amount = Decimal(highest)
    bars, grid = aged_bars([("1", amount, 3), ("31", Decimal(0), 0)])
    assert all(bar.y >= 0 and bar.y + bar.height <= 200 for bar in bars)
    assert float(amount) <= grid[-1].value
    (bar,) = stage_bars([("relance_1", amount, 3)])
    assert 0 < bar.width <= 560


def test_the_scale_is_round_and_holds_the_highest() -> None:
    assert ticks(37.5) == [0, 10, 20, 30, 40]
    assert ticks(94809.8) == [0, 25000, 50000, 75000, 100000]
