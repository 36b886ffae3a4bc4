"""The audit of a whole book: every history is archived by Relance's own chore, then replayed and verified."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from temporalio.client import Client

from audit.office import audit_all, case_ids
from audit.report import Report
from ledger.store import SqlLedger
from settings import Settings

ARCHIVE = "relance/archive"
_EVERY, _PATIENCE = 30.0, 60.0
_SHOWN = 5


@dataclass
class Proof:
    """What the audit of the book found. ``differences``: decisions that today's rules would take otherwise."""

    cases: int = 0
    histories: int = 0
    decisions: int = 0
    differences: int = 0
    unseen: int = 0
    wrong: list[str] = field(default_factory=list)

    def add(self, report: Report) -> None:
        """Count a case."""
        self.cases += 1
        self.histories += len(report.runs)
        self.decisions += sum(run.decisions for run in report.runs)
        self.differences += len(report.differences)
        self.unseen += not report.runs
        self.wrong += [f"{report.case} : {one.check}, {one.field} : {one.said}" for one in report.findings]

    @property
    def faults(self) -> list[str]:
        """What must not be, a sentence each."""
        said = [f"{len(self.wrong)} constats d'audit : {' '.join(self.wrong[:_SHOWN])}"] if self.wrong else []
        if self.differences:
            said.append(f"{self.differences} décisions seraient prises autrement par les mêmes règles.")
        if self.unseen:
            said.append(f"{self.unseen} dossiers sans historique archivé.")
        return said


async def archiving(client: Client) -> None:
    """Ask the archivist to come again and again until cancelled, so that little is left to keep at the end."""
    while True:
        await asyncio.sleep(_EVERY)
        await client.get_schedule_handle(ARCHIVE).trigger()


async def archived(client: Client, ledger: SqlLedger, runs: int) -> None:
    """Until the archivist has kept so many runs, or has kept none for long enough: a run that goes on is not kept."""
    before, since = -1, time.monotonic()
    while (kept := len(await ledger.archive.all_kept())) < runs and time.monotonic() - since < _PATIENCE:
        if kept == before:
            await client.get_schedule_handle(ARCHIVE).trigger()
        else:
            before, since = kept, time.monotonic()
        await asyncio.sleep(2)


async def audited(settings: Settings, each: Callable[[], None]) -> Proof:
    """Audit every case from the archive, in a process a core."""
    proof = Proof()

    def hear(report: Report) -> None:
        proof.add(report)
        each()

    ids = await case_ids(settings)
    await asyncio.to_thread(audit_all, settings, ids, hear)
    return proof
