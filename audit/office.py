"""An audit from end to end: settings in, reports out. One case, or the whole book in several processes."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from multiprocessing import get_context

from sqlalchemy import select, union
from sqlalchemy.exc import StatementError
from temporalio.client import Client

from audit.examine import Evidence, examine, unreadable
from audit.gather import Gatherer
from audit.live import LiveHistories
from audit.redecide import Today
from audit.replay import replayed
from audit.report import Report
from ledger.archive import BY_CASE, Archive
from ledger.database import Database
from ledger.material import Material, material_of
from ledger.opening import open_database
from ledger.tables import cases, events, runs
from rules.policy import Policy
from rules.policy_file import parse_policy
from rules.refusals import Refused
from sealing.documents import DocumentSeal
from sealing.keys import Altered as SealBroken
from sealing.keys import parse_ring
from settings import Settings

CHUNK = 25


class Auditor:
    """Audits cases of one ledger, from the archive and, when there is a client, the live server."""

    def __init__(self, settings: Settings, database: Database, client: Client | None) -> None:
        self._ring = parse_ring(settings.payload_keys)
        self._database = database
        self._creditors = settings.creditors()
        self._tables = settings.tables()
        self._policies: dict[str, Policy] = {}
        live = None if client is None else LiveHistories(client)
        archive = Archive(database, self._ring)
        self._gatherer = Gatherer(archive, settings.store, DocumentSeal(self._ring), live)

    async def audit(self, case_ids: Sequence[str], *, known: bool = False) -> list[Report]:
        """The reports on these cases. Raises Refused for one that the ledger does not know; ``known``: they were read
        from the ledger itself, and what cannot be found of one is a mismatch."""
        now = datetime.now(UTC).replace(microsecond=0)
        gathered: list[tuple[Material, Evidence]] = []
        unread: list[Report] = []
        for case_id in case_ids:
            try:
                gathered.append(await self._gathered(case_id))
                self._today(gathered[-1][0])
            except (StatementError, ValueError, SealBroken, Refused) as error:
                if isinstance(error, Refused) and not known:
                    raise
                gathered = [one for one in gathered if one[0].case != case_id]
                unread.append(unreadable(case_id, error, self._tables.version, now))
        stories = [story for _, evidence in gathered for story in evidence.stories]
        replays = await replayed(stories)
        return unread + [
            examine(material, evidence, replays, self._today(material), now) for material, evidence in gathered
        ]

    async def gathered(self, case_id: str) -> tuple[Material, Evidence, Today]:
        """What is known of a case, and what today's rules are asked with."""
        material, evidence = await self._gathered(case_id)
        return material, evidence, self._today(material)

    async def _gathered(self, case_id: str) -> tuple[Material, Evidence]:
        # The histories after the ledger: a case that goes on may have moved meanwhile, and the history then knows more.
        material = await material_of(self._database, self._ring, case_id)
        if material is None:
            raise Refused(f"{case_id} is not in the ledger.")
        return material, await self._gatherer.evidence(material)

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


def audit_chunk(settings: Settings, case_ids: Sequence[str]) -> list[Report]:
    """Audit these cases from the archive alone; what each process of ``audit_all`` does."""

    async def auditing() -> list[Report]:
        async with auditor(settings) as one:
            return await one.audit(case_ids, known=True)

    return asyncio.run(auditing())


def audit_all(
    settings: Settings, case_ids: Sequence[str], each: Callable[[Report], None], processes: int | None = None
) -> None:
    """Audit the whole book from the archive in several processes; ``each`` hears every report as it comes."""
    chunks = [case_ids[place : place + CHUNK] for place in range(0, len(case_ids), CHUNK)]
    count = max(1, min(len(chunks), processes or os.cpu_count() or 1))
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(audit_chunk, settings, chunk) for chunk in chunks]):
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
