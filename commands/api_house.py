"""The API put together from the settings: its ledger, its doors opened when they are first needed, its drain."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from temporalio.client import Client

from commands.office import Shelf, configured, now
from connection import Away, connect
from intake.answers import NotNow
from intake.api.app import api_app
from intake.api.desk import ApiDesk, Doors
from intake.api.drain import Drain
from intake.api.limit import RateLimit
from intake.caller import Caller
from intake.checks import Known
from intake.debtor_door import DebtorDoor
from intake.door import Door
from settings import Settings

PATIENCE = timedelta(seconds=2)
"""How long a request waits for an engine that was never reached yet, before it is told to come back."""


class Engine:
    """Connects when first asked; once connected the client finds its server again by itself."""

    def __init__(self, settings: Settings, shelf: Shelf) -> None:
        self._settings, self._shelf = settings, shelf
        self._tables = configured(settings, shelf).tables()
        self._creditors = settings.creditors()
        self._lock = asyncio.Lock()
        self._client: Client | None = None

    async def doors(self, caller: Caller) -> Doors:
        """Both doors for whoever speaks; raises NotNow while Temporal does not answer."""
        async with self._lock:
            if self._client is None:
                try:
                    self._client = await connect(self._settings, patience=PATIENCE, say=_quietly)
                except Away as away:
                    raise NotNow(away.sentence) from None
        door = Door(self._client, self._shelf, caller)
        return Doors(case=door, debtor=DebtorDoor(door, self._shelf, self._creditors, self._tables))


def _quietly(_sentence: str) -> None:
    """A request that finds the engine away answers so; the log need not."""


@asynccontextmanager
async def open_api(settings: Settings, shelf: Shelf) -> AsyncIterator[FastAPI]:
    """The API over an open ledger, its drain running; mount it at ``/api``. Raises Refused on a wrong setting."""
    engine = Engine(settings, shelf)
    drain = Drain(shelf.ledger.intake_queue, engine.doors, _real_now)
    policies = {name: policy for name, (policy, _text) in settings.policies().items()}
    desk = ApiDesk(
        ledger=shelf.ledger,
        doors=engine.doors,
        known=Known(creditors=settings.creditors(), policies=policies),
        now=lambda: now(settings),
        real_now=_real_now,
        limit=RateLimit(settings.api_rate),
    )
    draining = asyncio.create_task(drain.run())
    try:
        yield api_app(replace(desk, wake=drain.wake))
    finally:
        draining.cancel()
        await asyncio.gather(draining, return_exceptions=True)


def _real_now() -> datetime:
    return datetime.now(UTC)
