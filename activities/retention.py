"""The terms of retention applied: one round over the ledger, a chore of every day."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from temporalio import activity

from activities.ports import Clock

ACTIVITY = "apply_retention"
log = logging.getLogger("relance.retention")


class Over(Protocol):
    """What was over on a day."""

    @property
    def over(self) -> Sequence[object]: ...

    @property
    def cases(self) -> Sequence[str]: ...


class Sweeper(Protocol):
    """What is due to go."""

    async def sweep(self, on: date, *, apply: bool, each: Callable[[], object]) -> Over: ...


class Retention:
    """Its one act is a chore; interrupted, the next round goes on."""

    def __init__(self, sweeper: Sweeper, clock: Clock) -> None:
        self._sweeper = sweeper
        self._clock = clock

    @activity.defn(name=ACTIVITY)
    async def apply_retention(self) -> int:
        """Destroy what is over today; how many documents and cases."""
        today = self._clock.virtual(datetime.now(UTC)).date()
        found = await self._sweeper.sweep(today, apply=True, each=activity.heartbeat)
        if found.over or found.cases:
            log.info("retention: %s documents destroyed, %s cases without keys", len(found.over), len(found.cases))
        return len(found.over) + len(found.cases)
