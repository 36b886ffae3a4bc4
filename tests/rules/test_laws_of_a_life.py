"""Whatever happens to a case, in whatever order: every law holds at every instant of its life."""

from hypothesis import given, settings

from tests.rules.laws import LAWS
from tests.rules.lives import live, lives
from tests.rules.strategies import Plot, plots


@given(plot=plots())
@settings(max_examples=lives(400))
def test_every_law_holds_all_life_long(plot: Plot) -> None:
    life = live(plot)
    for law in LAWS:
        law(life)
