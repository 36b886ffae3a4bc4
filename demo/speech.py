"""Saying things to cases: through the same door as every billing system, in order per case, none forgotten."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from temporalio.client import Client
from temporalio.exceptions import TemporalError

from intake.answers import NotNow
from intake.door import Door
from rules.invoice import InvoiceIssued
from rules.refusals import Code, Refused
from workflows.contracts import case_id as case_id_of

_TRIES = 5
_PATIENCE = 20.0
_LAST_WAIT = 15.0
"""How long nothing may be answered, at the end, before what is left has failed: seconds."""


@dataclass
class Speech:
    """What was said and what became of it. ``refused``: « what: sentence »; ``overtaken``: the same of what a person
    said by hand of a case that had gone on since they looked; ``failed``: never answered. ``at_once``: how many things
    are being said at the same time; ``slowest``: the longest time from saying to its answer, in seconds."""

    door: Door
    client: Client
    at_once: int = 16
    said: int = 0
    refused: list[str] = field(default_factory=list)
    overtaken: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _turns: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _room: asyncio.Semaphore = field(init=False)
    _pending: set[asyncio.Task[None]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._room = asyncio.Semaphore(self.at_once)

    @property
    def waiting(self) -> int:
        """How many things were said and are not answered yet."""
        return len(self._pending)

    def submit(self, case_id: str, body: dict[str, Any], event_id: str, *, by_hand: bool = False) -> None:
        """Say it soon; the same case hears things in the order of these calls. ``by_hand``: by a person, who looked at
        the case a while ago."""

        async def say() -> None:
            try:
                await self.door.submit(case_id, body, event_id)
            except Refused as refused:
                if not by_hand or refused.code != Code.NOT_ALLOWED_NOW:
                    raise
                self.overtaken.append(f"{case_id} {refused.sentence}")

        self._soon(case_id, f"{case_id} {body['kind']}", say)

    def announce(self, invoice: InvoiceIssued) -> None:
        """Start the case of an invoice; what is said to the case after this call comes after it."""

        async def start() -> None:
            await self.door.start(invoice)

        own = case_id_of(invoice.creditor, invoice.number)
        self._soon(own, f"{own} announced", start)

    def signal(self, case_id: str, name: str, payload: dict[str, Any]) -> None:
        """Send a raw signal, as it is; the case answers nothing."""

        async def send() -> None:
            await self.client.get_workflow_handle(case_id).signal(name, payload)

        self._soon(case_id, f"{case_id} {name}", send)

    async def finished(self) -> None:
        """Wait until all that was said is answered, as long as answers come: what has none then has ``failed``."""
        while self._pending:
            done, _ = await asyncio.wait(self._pending, timeout=_LAST_WAIT, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                break
        await self._give_up()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._give_up()

    async def _give_up(self) -> None:
        pending = set(self._pending)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)

    def _soon(self, case_id: str, what: str, say: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.create_task(self._in_turn(case_id, what, say))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _in_turn(self, case_id: str, what: str, say: Callable[[], Awaitable[None]]) -> None:
        self.said += 1
        since = time.monotonic()
        try:
            async with self._turns[case_id], self._room:
                await self._until_heard(what, say)
            self.slowest = max(self.slowest, time.monotonic() - since)
        except asyncio.CancelledError:
            self.failed.append(f"{what}: no answer")
            raise

    async def _until_heard(self, what: str, say: Callable[[], Awaitable[None]]) -> None:
        for _attempt in range(_TRIES):
            try:
                async with asyncio.timeout(_PATIENCE):
                    await say()
            except Refused as refused:
                self.refused.append(f"{what}: {refused.sentence}")
            except (NotNow, TimeoutError):
                continue  # it may have heard, and hears the same id once only
            except TemporalError as error:
                self.failed.append(f"{what}: {error.__cause__ or error}")
            return
        self.failed.append(f"{what}: no answer")
