"""The way to the cases: a client that is made when the engine answers, and known to be up or down without asking."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from temporalio.client import Client
from temporalio.service import RPCError

from connection import Away, connect
from intake.answers import NotNow
from intake.door import Door, Shelf
from rules.refusals import Refused
from rules.view import CaseView
from settings import Settings

PULSE = 4.0
"""Seconds between two looks at the engine."""
_PATIENCE = timedelta(seconds=3)
_LOG = logging.getLogger("relance.console")


class EngineDown(Exception):
    """Nothing was said to the case: the engine does not answer."""


class Engine(Protocol):
    """What pages know of the engine. ``up``: it answered a moment ago; ``last``: when it last did (virtual)."""

    up: bool
    last: datetime | None

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        """As ``Door.submit``; raises EngineDown when nothing was said, NotNow when it may have been heard."""
        ...

    async def reconsider(self, case_id: str) -> bool:
        """As ``Door.reconsider``; raises as ``submit`` does."""
        ...


class TemporalEngine:
    """The engine that the TEMPORAL_ variables name."""

    def __init__(self, settings: Settings, shelf: Shelf, clock: Any) -> None:
        self.up = False
        self.last: datetime | None = None
        self._settings = settings
        self._shelf = shelf
        self._now = clock
        self._client: Client | None = None

    @property
    def client(self) -> Client | None:
        """The connection, for those who read histories; None before the engine first answered."""
        return self._client

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.up = await self._alive()
            if self.up:
                self.last = self._now()
            await asyncio.sleep(PULSE if self.up else PULSE / 2)

    async def _alive(self) -> bool:
        try:
            if self._client is None:
                self._client = await connect(self._settings, patience=_PATIENCE, say=_LOG.info)
            return await self._client.service_client.check_health(timeout=_PATIENCE)
        except (Away, RPCError, Refused, OSError) as error:
            if self.up:
                _LOG.warning("The engine no longer answers: %s", type(error).__name__)
            return False

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        """Say it to the case."""
        if self._client is None or not self.up:
            raise EngineDown
        try:
            return await Door(self._client, self._shelf).submit(case_id, body, event_id)
        except RPCError as error:
            raise NotNow(f"{case_id}: {error.status.name}") from None

    async def reconsider(self, case_id: str) -> bool:
        """Wake a case."""
        if self._client is None or not self.up:
            raise EngineDown
        try:
            return await Door(self._client, self._shelf).reconsider(case_id)
        except RPCError as error:
            raise NotNow(f"{case_id}: {error.status.name}") from None


@contextlib.asynccontextmanager
async def watched(engine: TemporalEngine) -> Any:
    """The engine, looked at in the background."""
    task = asyncio.create_task(engine.watch())
    try:
        yield engine
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
