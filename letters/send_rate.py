"""How fast messages go to one mail domain: large providers defer or refuse a sender who comes in bursts."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from rules.dispatch import NotNow

PATIENCE = 10.0
"""Seconds a letter waits for its turn in the worker; beyond, the engine waits and the worker does other work."""
BURST = 10.0
"""Seconds' worth of messages that may leave at once after a silence."""
_MANY = 10_000


class DomainRate:
    """At most ``per_minute`` messages a minute to a domain, evenly spaced after a first burst. One for a worker: two
    workers send twice as fast. ``clock`` gives seconds that never go back (default: the loop's)."""

    def __init__(self, per_minute: int, clock: Callable[[], float] | None = None) -> None:
        self._spacing = 60 / per_minute
        self._clock = clock
        self._next: dict[str, float] = {}

    async def turn(self, domain: str) -> None:
        """Wait for the turn of one message to ``domain``; raises NotNow when it is more than PATIENCE away."""
        wait = self._reserve(domain.lower())
        if wait > 0:
            await asyncio.sleep(wait)

    def _reserve(self, domain: str) -> float:
        now = (self._clock or asyncio.get_running_loop().time)()
        if len(self._next) > _MANY:
            self._next = {name: at for name, at in self._next.items() if at > now - BURST}
        at = max(now - BURST, self._next.get(domain, 0.0))
        wait = at - now
        if wait > PATIENCE:
            raise NotNow(f"{domain}: as many messages as a minute may take are on their way.", timedelta(seconds=wait))
        self._next[domain] = at + self._spacing
        return max(0.0, wait)
