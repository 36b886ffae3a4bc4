"""An audit from end to end: settings in, reports out. One case, or the whole book in several processes."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.util import Finalize

from sqlalchemy import select, union
from sqlalchemy.exc import StatementError
from temporalio.client import Client

from audit.examine import Evidence, examine, unreadable
from audit.gather import Gatherer
from audit.live import LiveHistories
from audit.redecide import Today
from audit.replay import replayed
from audit.report import Report
from ledger.archive import BY_CASE
from ledger.database import Database
from ledger.material import Material, material_of, materials_of
from ledger.opening import open_database
from ledger.tables import cases, events, runs
from rules.policy import Policy
from rules.policy_file import parse_policy
from rules.refusals import Refused
from sealing.keys import Altered as SealBroken
from sealing.keys import parse_ring
from settings import Settings

BLOCK = 25
_TURNS = 4
"""Blocks a process has at least: a small book is shared out evenly too, and its progress is seen."""
_UNREADABLE = (StatementError, ValueError, TypeError, SealBroken, Refused)
"""What a cell makes the reading raise that holds what no cell of its kind can: a year where a day is expected."""


class Auditor:
    """Audits cases of one ledger, from the archive and, when there is a client, the live server."""

    def __init__(self, settings: Settings, database: Database, client: Client | None) -> None:
        self._ring = parse_ring(settings.payload_keys)
        self._database = database
        self._creditors = settings.creditors()
        self._tables = settings.tables()
        self._policies: dict[str, Policy] = {}
        self._live = client is not None
        self._gatherer = Gatherer(self._ring, settings.store, None if client is None else LiveHistories(client))

    async def audit(self, case_ids: Sequence[str], *, known: bool = False, told: bool = True) -> list[Report]:
        """The reports on these cases, with their timelines when they are to be ``told``. Raises Refused for one that
        the ledger does not know; ``known``: they were read from the ledger itself, and what cannot be found of one is a
        mismatch."""
        now = datetime.now(UTC).replace(microsecond=0)
        block = await self._block(case_ids)
        gathered: list[tuple[Material, Evidence, Today]] = []
        unread: list[Report] = []
        for case_id in case_ids:
            try:
                gathered.append(await self._gathered(case_id, block.get(case_id)))
            except _UNREADABLE as error:
                if isinstance(error, Refused) and not known:
                    raise
                unread.append(unreadable(case_id, error, self._tables.version, now))
        replays = await replayed([story for _, evidence, _ in gathered for story in evidence.stories])
        return unread + [
            examine(material, evidence, replays, today, now, told=told) for material, evidence, today in gathered
        ]

    async def gathered(self, case_id: str) -> tuple[Material, Evidence, Today]:
        """What is known of a case, and what today's rules are asked with. Raises Refused."""
        return await self._gathered(case_id, None)

    async def _block(self, case_ids: Sequence[str]) -> dict[str, Material]:
        """What the ledger holds of these cases, read in one go; nothing when a row of one of them spoils the reading
        of all: each is then read by itself."""
        try:
            return await materials_of(self._database, self._ring, case_ids)
        except _UNREADABLE:
            return {}

    async def _gathered(self, case_id: str, read: Material | None) -> tuple[Material, Evidence, Today]:
        material = read or await self._material(case_id)
        evidence = await self._gatherer.evidence(material)
        if self._live:
            # The ledger after the histories: a case that goes on may have moved meanwhile, and the ledger may know
            # more than a run that has not ended, never less.
            material = await self._material(case_id)
        return material, evidence, self._today(material)

    async def _material(self, case_id: str) -> Material:
        material = await material_of(self._database, self._ring, case_id)
        if material is None:
            raise Refused(f"{case_id} is not in the ledger.")
        return material

    def _today(self, material: Material) -> Today:
        key = material.head["creditor"]
        if key not in self._creditors:
            raise Refused(f"creditor « {key} » is not in the creditors file; add a table [{key}].")
        for version, text in material.policies.items():
            if version not in self._policies:
                with suppress(Refused):  # a text that was changed: check_columns says so
                    self._policies[version] = parse_policy(text, file=f"policy {version}")
        pinned = {version: self._policies[version] for version in material.policies if version in self._policies}
        return Today(self._creditors[key], self._tables, pinned)


@asynccontextmanager
async def auditor(settings: Settings, client: Client | None = None) -> AsyncIterator[Auditor]:
    """An auditor over the settings' ledger."""
    database = open_database(settings.database_url)
    try:
        yield Auditor(settings, database, client)
    finally:
        await database.close()


class _Desk:
    """An auditor kept by a process from one block of cases to the next: what is read once is read once."""

    def __init__(self, settings: Settings) -> None:
        self._runner = asyncio.Runner()
        self._database = open_database(settings.database_url)
        self._auditor = Auditor(settings, self._database, None)
        Finalize(self, self._close, exitpriority=1)

    def audit(self, case_ids: Sequence[str]) -> list[Report]:
        return self._runner.run(self._auditor.audit(case_ids, known=True, told=False))

    def _close(self) -> None:
        self._runner.run(self._database.close())
        self._runner.close()


_desk = lru_cache(maxsize=1)(_Desk)


def audit_block(settings: Settings, case_ids: Sequence[str]) -> list[Report]:
    """Audit these cases from the archive alone, without their timelines; what each process of ``audit_all`` does."""
    return _desk(settings).audit(case_ids)


def _collect_seldom() -> None:
    """A process that only audits makes much and keeps little: looking for cycles at every turn is a twentieth of its
    time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def audit_all(
    settings: Settings, case_ids: Sequence[str], each: Callable[[Report], None], processes: int | None = None
) -> None:
    """Audit the whole book from the archive in several processes; ``each`` hears every report as it comes. The programs
    are loaded once, and each process forked from there."""
    asked = processes or os.cpu_count() or 1
    size = max(1, min(BLOCK, len(case_ids) // (asked * _TURNS)))
    blocks = [case_ids[place : place + size] for place in range(0, len(case_ids), size)]
    count = max(1, min(len(blocks), asked))
    context = get_context("forkserver")
    context.set_forkserver_preload(["audit.office"])
    with ProcessPoolExecutor(count, mp_context=context, initializer=_collect_seldom) as pool:
        for done in as_completed([pool.submit(audit_block, settings, block) for block in blocks]):
            for report in done.result():
                each(report)


async def case_ids(settings: Settings) -> list[str]:
    """Every case that the ledger knows of, closed ones included; also one of which only events or histories are left,
    which its audit will say."""
    database = open_database(settings.database_url)
    try:
        orphans = select(events.c.case_id).where(events.c.position == 1)
        kept = select(runs.c.case_id).where(runs.c.sealed_by == BY_CASE)
        query = union(select(cases.c.id), orphans, kept)
        return sorted(await database.read(lambda connection: list(connection.execute(query).scalars())))
    finally:
        await database.close()
