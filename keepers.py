"""The worker of what is kept and for how long: histories archived, terms of retention applied. Composed here, served
by ``worker.py`` beside the cases' own queue.
"""

import logging
from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from activities import retention
from activities.archive import Archivist
from activities.ports import Clock
from audit.live import LiveHistories
from audit.shelf import HistoryShelf
from ledger.store import SqlLedger
from privacy.retention import Sweeper
from rules.stages import Stage
from sealing.documents import DocumentSeal
from sealing.keys import parse_ring
from settings import Settings
from workflows import contracts
from workflows.chores import Errand
from workflows.options import CASE_STAGE, NEXT_STEP
from workflows.schedules import Regular

log = logging.getLogger("relance.worker")

QUEUE = "keeping"
ARCHIVE = Regular("archive", Errand(activity=contracts.ACTIVITY_KEEP, queue=QUEUE, seconds=3000), timedelta(hours=1))
RETENTION = Regular("retention", Errand(activity=retention.ACTIVITY, queue=QUEUE, seconds=6 * 3600), timedelta(days=1))
CHORES = (ARCHIVE, RETENTION)


_DECIDED = (
    f"WorkflowType = '{contracts.WORKFLOW_TYPE}' AND ExecutionStatus = 'Running' "
    f"AND ({NEXT_STEP.name} IS NOT NULL OR {CASE_STAGE.name} != '{Stage.NOT_DUE}')"
)


async def warn_of_another_ledger(client: Client, ledger: SqlLedger) -> None:
    """A ledger without a case, while cases run that a ledger has decided about: another file or database than before,
    which the worker would fill beside the true one."""
    if await ledger.reads.counts_by_stage():
        return
    try:
        running = (await client.count_workflows(_DECIDED)).count
    except RPCError:
        return  # the attributes were registered a moment ago: the namespace is new
    if running:
        log.warning(
            "THE LEDGER HOLDS NO CASE, but %s running cases were decided with one: RELANCE_DATABASE_URL names another "
            "ledger than before, or an empty one; stop the worker and give it theirs, they wait for it", running
        )  # fmt: skip


def keeper_of(client: Client, ledger: SqlLedger, settings: Settings, clock: Clock) -> Worker:
    """The worker that archives and destroys."""
    archivist = Archivist(LiveHistories(client), ledger.archive, HistoryShelf(settings.store))
    seal = DocumentSeal(parse_ring(settings.payload_keys))
    sweeper = Sweeper(ledger.privacy, settings.store, seal, settings.creditors())
    kept = retention.Retention(sweeper, clock)
    return Worker(client, task_queue=QUEUE, activities=[archivist.keep_histories, kept.apply_retention])
