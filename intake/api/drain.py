"""From the intake queue to the engine: what was taken in is started, in the order it came, for as long as it takes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from temporalio.service import RPCError

from intake.answers import NotNow
from intake.api.desk import CaseDoor, Doors
from intake.caller import Caller
from ledger.errors import LedgerError
from ledger.intake_queue import IntakeQueue, Waiting
from rules.refusals import Refused

log = logging.getLogger("relance.api")
INTAKE = Caller("api", "billing", "api")
"""Whoever's token an invoice came with, it is the queue that starts it."""
AT_ONCE = 200
IN_FLIGHT = 20
IDLE = 2.0
AWAY = 10.0
"""Seconds between looks at the queue: when it is empty and nobody woke us, and while the engine is away."""


class Drain:
    """Starts what waits. Several processes may drain one queue: a row is claimed by one at a time, and a start twice is
    one case."""

    def __init__(
        self, queue: IntakeQueue, doors: Callable[[Caller], Awaitable[Doors]], now: Callable[[], datetime]
    ) -> None:
        self._queue, self._doors, self._now = queue, doors, now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Look at the queue at once."""
        self._woken.set()

    async def run(self) -> None:
        """Drain until cancelled."""
        while True:
            self._woken.clear()
            try:
                pause = 0.0 if await self.once() else IDLE
            except (NotNow, RPCError) as error:
                log.warning("invoices wait for the engine: %s", type(error).__name__)
                pause = AWAY
            except (LedgerError, OSError) as error:
                log.warning("invoices wait for the ledger: %s", type(error).__name__)
                pause = AWAY
            if pause == IDLE:
                await self._idle()
            elif pause:
                await asyncio.sleep(pause)

    async def _idle(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), IDLE)
        except TimeoutError:
            return

    async def once(self) -> int:
        """Start some of what waits; how many there were. Raises what the engine fails with: what was not started then
        stays, and is claimed again after a minute."""
        doors = await self._doors(INTAKE)
        taken = await self._queue.take(AT_ONCE, self._now())
        if not taken:
            return 0
        gate = asyncio.Semaphore(IN_FLIGHT)
        started: list[str] = []
        work = [self._start(one, doors.case, gate, started) for one in taken]
        outcomes = await asyncio.gather(*work, return_exceptions=True)
        await self._queue.done(started)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        return len(taken)

    async def _start(self, one: Waiting, door: CaseDoor, gate: asyncio.Semaphore, started: list[str]) -> None:
        async with gate:
            try:
                await door.start(one.invoice)
            except Refused as refused:
                await self._queue.refuse(one.case_id, refused.sentence)
            else:
                started.append(one.case_id)
