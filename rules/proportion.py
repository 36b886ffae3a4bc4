"""How often something happened, and within what bounds the truth lies: Wilson's interval. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from rules.base import Frozen

Z = Decimal("1.959964")
"""Ninety-five percent, two-sided."""
_PLACES = Decimal("0.0001")


class Share(Frozen):
    """``hits`` of ``of``; ``rate`` and its bounds as fractions to four places, None when nothing was counted."""

    hits: int
    of: int
    rate: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


class Difference(Frozen):
    """How far apart two rates are, the second less the first, with its bounds, as fractions."""

    rate: Decimal
    low: Decimal
    high: Decimal

    @property
    def shown(self) -> bool:
        """Whether chance alone is an unlikely reason: nought lies outside the bounds."""
        return self.low > 0 or self.high < 0


def share(hits: int, of: int) -> Share:
    """The share with its 95 % score interval (E. B. Wilson, 1927), sound for few and for extreme counts too."""
    if not of:
        return Share(hits=0, of=0)
    rate, trials, square = Decimal(hits) / of, Decimal(of), Z * Z
    scale = 1 + square / trials
    centre = (rate + square / (2 * trials)) / scale
    reach = Z / scale * (rate * (1 - rate) / trials + square / (4 * trials * trials)).sqrt()
    return Share(
        hits=hits,
        of=of,
        rate=_rounded(rate),
        low=_rounded(max(Decimal(0), centre - reach)),
        high=_rounded(min(Decimal(1), centre + reach)),
    )


def difference(first: Share, second: Share) -> Difference | None:
    """``second`` less ``first`` with its 95 % interval (R. G. Newcombe, 1998, method 10); None without counts."""
    if first.rate is None or first.low is None or first.high is None:
        return None
    if second.rate is None or second.low is None or second.high is None:
        return None
    apart = second.rate - first.rate
    below = ((second.rate - second.low) ** 2 + (first.high - first.rate) ** 2).sqrt()
    above = ((second.high - second.rate) ** 2 + (first.rate - first.low) ** 2).sqrt()
    return Difference(rate=_rounded(apart), low=_rounded(apart - below), high=_rounded(apart + above))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_PLACES, ROUND_HALF_UP)
