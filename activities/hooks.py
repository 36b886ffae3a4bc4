"""Posting events to those who follow a creditor's cases: one round of all deliveries that are due."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Protocol

from temporalio import activity

from rules.hooks import Delivery, Outcome

ACTIVITY = "deliver_hooks"
ROUND = 200
IN_FLIGHT = 8


class HookLog(Protocol):
    """What is due, and what became of it."""

    async def due(self, now: datetime, limit: int) -> Sequence[Delivery]: ...

    async def tried(self, delivery: Delivery, outcome: Outcome, at: datetime) -> None: ...


Post = Callable[[Delivery, int], Awaitable[Outcome]]
"""Posts one delivery, signed at that second; never raises."""


class Courier:
    """Its one activity is a chore: it comes back by a Schedule, and each delivery waits longer after each failure."""

    def __init__(self, log: HookLog, post: Post) -> None:
        self._log, self._post = log, post

    @activity.defn(name=ACTIVITY)
    async def deliver(self) -> None:
        """Try all that is due, a round at a time, events of one case in their order; ends when nothing is left to try.

        A failed delivery is written down and is not due again before its pause, so that a round ends. The same id goes
        with every attempt: a receiver that was told twice can tell.
        """
        while True:
            now = datetime.now(UTC)
            due = await self._log.due(now, ROUND)
            if not due:
                return
            by_case: dict[tuple[str, str], list[Delivery]] = {}
            for delivery in due:
                by_case.setdefault((delivery.hook, delivery.case_id), []).append(delivery)
            gate = asyncio.Semaphore(IN_FLIGHT)
            await asyncio.gather(*(self._in_order(chain, gate) for chain in by_case.values()))

    async def _in_order(self, chain: Sequence[Delivery], gate: asyncio.Semaphore) -> None:
        async with gate:
            for delivery in chain:
                activity.heartbeat()
                moment = datetime.now(UTC)
                await self._log.tried(delivery, await self._post(delivery, int(moment.timestamp())), moment)
