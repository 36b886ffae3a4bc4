"""The worker of outgoing webhooks: its queue, its chore, its adapter. Composed here, served by ``worker.py``."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from activities.hooks import ACTIVITY, Courier
from intake.hook_post import post
from ledger.store import SqlLedger
from workflows.chores import Errand
from workflows.schedules import Regular

QUEUE = "webhooks"
DELIVERIES = Regular("webhooks", Errand(activity=ACTIVITY, queue=QUEUE, seconds=600), timedelta(minutes=1))


def courier_of(client: Client, ledger: SqlLedger) -> Worker:
    """The worker that posts events to hooks."""
    return Worker(client, task_queue=QUEUE, activities=[Courier(ledger.hooks, post).deliver])
