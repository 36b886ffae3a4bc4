"""The worker of what is kept and for how long: histories archived, terms of retention applied. Composed here, served
by ``worker.py`` beside the cases' own queue.
"""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities import retention
from activities.archive import Archivist
from activities.ports import Clock
from audit.live import LiveHistories
from audit.shelf import HistoryShelf
from ledger.store import SqlLedger
from privacy.retention import Sweeper
from sealing.documents import DocumentSeal
from sealing.keys import parse_ring
from settings import Settings
from workflows import contracts
from workflows.chores import Errand
from workflows.schedules import Regular

QUEUE = "keeping"
ARCHIVE = Regular("archive", Errand(activity=contracts.ACTIVITY_KEEP, queue=QUEUE, seconds=3000), timedelta(hours=1))
RETENTION = Regular("retention", Errand(activity=retention.ACTIVITY, queue=QUEUE, seconds=6 * 3600), timedelta(days=1))
CHORES = (ARCHIVE, RETENTION)


def keeper_of(client: Client, ledger: SqlLedger, settings: Settings, clock: Clock) -> Worker:
    """The worker that archives and destroys."""
    archivist = Archivist(LiveHistories(client), ledger.archive, HistoryShelf(settings.store))
    seal = DocumentSeal(parse_ring(settings.payload_keys))
    sweeper = Sweeper(ledger.privacy, settings.store, seal, settings.creditors())
    kept = retention.Retention(sweeper, clock)
    return Worker(client, task_queue=QUEUE, activities=[archivist.keep_histories, kept.apply_retention])
