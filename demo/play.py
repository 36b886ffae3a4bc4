"""The play itself: each virtual day the people's morning, at noon what the script says, all along the view."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from clocks import PlayedClock
from demo.live import View
from demo.people import People
from demo.picture import Picture, Watcher
from demo.script import Happening
from demo.services import Services
from demo.speech import Speech
from workflows.contracts import case_id

PARIS = ZoneInfo("Europe/Paris")
CREDITOR = "acme"
FIRST = date(2025, 11, 3)
DAYS = 154
OPENING = 8  # o'clock in Paris, the hour at which the play begins and the people arrive
NOON = 12
_LOOKS_A_SECOND = 2


def origin() -> datetime:
    """The virtual moment at which the play begins."""
    return datetime(FIRST.year, FIRST.month, FIRST.day, OPENING, tzinfo=PARIS)


def clock_setting(days_a_second: float, anchor: datetime) -> str:
    """RELANCE_CLOCK: it is ``origin()`` until the real moment ``anchor``, then time runs."""
    return f"{origin().isoformat()}@{days_a_second * 86400:g}@{anchor.astimezone(UTC).isoformat()}"


@dataclass
class Play:
    """A run of the script over the portfolio."""

    clock: PlayedClock
    services: Services
    speech: Speech
    people: People
    watcher: Watcher
    script: Iterable[Happening]
    picture: Picture = field(default_factory=Picture)

    async def run(self, view: View) -> None:
        """From the first day to the last; raises Broken when a program that must run has ended."""
        showing = asyncio.create_task(self._show(view))
        try:
            await self._days()
        finally:
            showing.cancel()
            await asyncio.wait({showing})
        if not showing.cancelled() and showing.exception() is not None:
            await showing
        await self._look(view)

    async def _days(self) -> None:
        happenings: defaultdict[date, list[Happening]] = defaultdict(list)
        for happening in self.script:
            happenings[happening.on].append(happening)
        for number in range(DAYS):
            today = FIRST + timedelta(days=number)
            await self._until(today, OPENING)
            self.services.check()
            await self.people.morning(today)
            await self._until(today, NOON)
            for happening in happenings[today]:
                self._say(happening)
        await self._until(FIRST + timedelta(days=DAYS), 0)
        await self.speech.finished()

    def _say(self, happening: Happening) -> None:
        case = case_id(CREDITOR, happening.number)
        if happening.raw:
            self.speech.signal(case, happening.kind, happening.payload)
        else:
            self.speech.submit(case, {"kind": happening.kind, **happening.payload}, happening.id)

    async def _until(self, day: date, hour: int) -> None:
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=PARIS)
        left = self.clock.real(moment.astimezone(UTC)) - datetime.now(UTC)
        await asyncio.sleep(max(0.0, left.total_seconds()))

    async def _show(self, view: View) -> None:
        while True:
            await self._look(view)
            await asyncio.sleep(1 / _LOOKS_A_SECOND)

    async def _look(self, view: View) -> None:
        today = self.clock.virtual(datetime.now(UTC)).astimezone(PARIS).date()
        self.picture, news = await self.watcher.look(today)
        view.show(today, self.picture, news)
