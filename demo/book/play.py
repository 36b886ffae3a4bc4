"""The play of a book: at the first hour of each virtual day the billing system says what the file has for that day."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from clocks import PlayedClock
from demo.book.script import CREDITOR, Day, Script
from demo.services import Broken, Services
from demo.speech import Speech
from workflows.contracts import case_id

PARIS = ZoneInfo("Europe/Paris")
AFTERWARDS = timedelta(days=3)
"""How long it goes on after the last payment."""
LATE = timedelta(days=1)
MOST_WAITING = 1000


def midnight(day: date) -> datetime:
    """The first moment of a day in Paris."""
    return datetime(day.year, day.month, day.day, tzinfo=PARIS)


def clock_setting(first: date, seconds_a_day: float, anchor: datetime) -> str:
    """RELANCE_CLOCK: it is the first hour of ``first`` until the real moment ``anchor``, then a day takes so long."""
    speed = 86400 / seconds_a_day
    return f"{midnight(first).isoformat()}@{speed:g}@{anchor.astimezone(UTC).isoformat()}"


@dataclass
class Play:
    """A run of a script. ``behind``: the most by which something was late in being said or answered, virtual time."""

    clock: PlayedClock
    services: Services
    speech: Speech
    script: Script
    behind: timedelta = field(default=timedelta(0))

    async def run(self, show: Callable[[date], None]) -> None:
        """From the first day to the last; raises Broken when a program that must run has ended."""
        day = self.script.first
        while day <= self.script.last:
            await self._until(midnight(day))
            self.services.check()
            self._check_pace(day)
            self.behind = max(self.behind, self.now() - midnight(day))
            show(day)
            self._say(day, self.script.days.get(day, Day()))
            day += timedelta(days=1)
        await self._until(midnight(day) + AFTERWARDS)
        await self.speech.finished()
        now = datetime.now(UTC)
        waited = self.clock.virtual(now) - self.clock.virtual(now - timedelta(seconds=self.speech.slowest))
        self.behind = max(self.behind, waited)

    def _check_pace(self, day: date) -> None:
        """A machine that does not keep up is told so at once: unpaid invoices would be reminded again and again, and
        the delay would only grow."""
        if self.speech.waiting > MOST_WAITING:
            raise Broken(
                f"Le {day:%d/%m/%Y}, {self.speech.waiting} faits attendent leur réponse : la machine ne suit pas "
                'l\'horloge. Jouez plus lentement, avec ARGS="--pace 1".'
            )

    def now(self) -> datetime:
        """The virtual moment."""
        return self.clock.virtual(datetime.now(UTC))

    def _say(self, day: date, happens: Day) -> None:
        for invoice in happens.issued:
            self.speech.announce(invoice)
        for number, body in happens.said:
            case = case_id(CREDITOR, number)
            self.speech.submit(case, {**body, "on": day.isoformat()}, f"book/{number}/{body['kind']}")

    async def _until(self, moment: datetime) -> None:
        left = self.clock.real(moment.astimezone(UTC)) - datetime.now(UTC)
        await asyncio.sleep(max(0.0, left.total_seconds()))
