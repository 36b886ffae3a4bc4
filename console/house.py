"""What the console's pages stand on: the ledger, the engine, the clock, the letters, the configuration."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.exc import DBAPIError

from clocks import clock_of
from commands.office import Shelf
from configuration import Configuration
from console.engine import Engine, TemporalEngine, watched
from console.formats import PARIS
from console.kept import KeptPages
from console.oidc.arrangement import read_arrangement
from console.oidc.provider import Provider
from ledger.catching_up import catch_up
from ledger.errors import LedgerError
from ledger.store import SqlLedger
from letters.render import Renderer
from letters.store import FolderStore
from rules.creditor import Creditor
from sealing.documents import DocumentSeal
from sealing.keys import parse_ring
from settings import Settings

REST = 40.0
"""Summing takes at most a fortieth of a worker's time."""
SHORTEST_REST = 2.0
_LOG = logging.getLogger("relance.console")


@dataclass(frozen=True)
class House:
    """Everything a page asks. ``now``: the business clock, virtual in a demonstration; sessions run on real time;
    ``provider``: where people may log in besides, None: with a password only; ``kept``: pages drawn a moment ago;
    ``tasks``: what goes on after its page was answered."""

    settings: Settings
    ledger: SqlLedger
    engine: Engine
    configuration: Configuration
    renderer: Renderer
    now: Callable[[], datetime]
    creditors: Mapping[str, Creditor]
    provider: Provider | None = None
    kept: KeptPages = field(default_factory=KeptPages)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def today(self) -> date:
        """The civil day in Paris of the business clock."""
        return self.now().astimezone(PARIS).date()

    @property
    def documents(self) -> FolderStore:
        """The copies of what left, opened with the keys of the house."""
        return FolderStore(self.settings.store, DocumentSeal(parse_ring(self.settings.payload_keys)))

    @property
    def played(self) -> bool:
        """Whether time is a demonstration's."""
        return self.settings.clock is not None


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[House]:
    """The house of the settings, its engine watched and its figures summed in the background."""
    clock = clock_of(settings.clock)

    def now() -> datetime:
        return clock.virtual(datetime.now(UTC)).replace(microsecond=0)

    arranged = read_arrangement(settings)
    ledger = await SqlLedger.open(settings.database_url, parse_ring(settings.payload_keys))
    engine = TemporalEngine(settings, Shelf(ledger), now)
    house = House(
        settings=settings,
        ledger=ledger,
        engine=engine,
        configuration=Configuration(settings, ledger),
        renderer=Renderer.beside(settings.creditors_file),
        now=now,
        creditors=settings.creditors(),
        provider=None if arranged is None else Provider(arranged),
    )
    async with watched(engine):
        summing = asyncio.create_task(_sum(house))
        try:
            yield house
        finally:
            for task in (summing, *house.tasks):
                task.cancel()
            await asyncio.gather(summing, *house.tasks, return_exceptions=True)
            await ledger.close()


async def _sum(house: House) -> None:
    """Bring an older ledger up to date, then keep the figures fresh, until cancelled."""
    known = False
    while True:
        began = time.monotonic()
        house.kept.sweep()
        try:
            if not known:
                await catch_up(house.ledger)
                known = True
            await house.ledger.figures.refresh(house.today)
        except (DBAPIError, LedgerError, OSError) as error:
            _LOG.warning("The figures could not be summed: %s", type(error).__name__)
        await asyncio.sleep(max(SHORTEST_REST, REST * (time.monotonic() - began)))
