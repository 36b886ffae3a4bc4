"""How many requests a token may make: a moving window in the memory of each process."""

import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from rules.refusals import Refused

DEFAULT = "1200/minute"


class RateLimit:
    """A moving window per token."""

    def __init__(self, text: str = DEFAULT) -> None:
        self._item = parse_rate(text)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, who: str) -> int | None:
        """Count one request; None when it may go on, else the seconds until the next may."""
        if self._windows.hit(self._item, who):
            return None
        resets, _left = self._windows.get_window_stats(self._item, who)
        return max(1, int(resets - time.time()) + 1)


def parse_rate(text: str) -> RateLimitItem:
    """``1200/minute``, ``20/second``; raises Refused on anything else."""
    try:
        return parse(text)
    except ValueError:
        raise Refused(f"RELANCE_API_RATE: « {text} » is not a rate such as {DEFAULT}.") from None
