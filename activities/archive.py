"""The archivist: keeps the history of every run that is no longer running, before the engine deletes it."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from temporalio import activity

from rules.runs import KeptRun, Run
from workflows import contracts

BATCH = 200


class Histories(Protocol):
    """The engine's histories."""

    def closed(self) -> AsyncIterator[Run]:
        """Every run of a case that is no longer running: completed, failed, continued, terminated."""
        ...

    async def packed(self, run: Run) -> tuple[bytes, int, Run] | None:
        """The history of a run, packed, how many events it has, and the run with its exact moments; None when the
        engine has deleted it meanwhile."""
        ...


class KeptRuns(Protocol):
    """What the ledger knows of the archive."""

    async def missing(self, found: Sequence[Run]) -> list[Run]:
        """Those that are not kept yet."""
        ...

    async def seal(self, run: Run, packed: bytes) -> tuple[str, bytes] | None:
        """By whose key, and the bytes to keep; None when the debtor was forgotten."""
        ...

    async def keep(self, run: KeptRun) -> None:
        """Write down where it is."""
        ...


class Shelf(Protocol):
    """Where the bytes go."""

    def put(self, run: Run, content: bytes) -> str:
        """Keep the bytes; their name in the store."""
        ...


class Archivist:
    """Its one act, ``keep_histories``, is a chore; interrupted, it goes on with what is not kept yet."""

    def __init__(self, histories: Histories, kept: KeptRuns, shelf: Shelf) -> None:
        self._histories = histories
        self._kept = kept
        self._shelf = shelf

    @activity.defn(name=contracts.ACTIVITY_KEEP)
    async def keep_histories(self) -> int:
        """Keep what is not kept yet; how many. Raises when a payload's key is missing from the ring: nothing is kept
        that could not be read."""
        count = 0
        batch: list[Run] = []
        async for run in self._histories.closed():
            batch.append(run)
            if len(batch) == BATCH:
                count += await self._keep_all(batch)
                batch = []
        return count + await self._keep_all(batch)

    async def _keep_all(self, batch: Sequence[Run]) -> int:
        count = 0
        for run in await self._kept.missing(batch):
            activity.heartbeat(run.run)
            packed = await self._histories.packed(run)
            if packed is not None:
                await self._kept.keep(await self._shelved(*packed))
                count += 1
        return count

    async def _shelved(self, packed: bytes, events: int, run: Run) -> KeptRun:
        sealed = await self._kept.seal(run, packed)
        if sealed is None:
            return KeptRun(**run.model_dump(), events=events, document=None, sha256=None, size=0, sealed_by="forgotten")
        sealed_by, content = sealed
        return KeptRun(
            **run.model_dump(),
            events=events,
            document=self._shelf.put(run, content),
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            sealed_by=sealed_by,
        )
