"""Whether a worker of this machine is at work: Temporal has seen it ask its queue for work a moment ago.

The health check of the container. Exit status 0: it has; 1: it has not, or Temporal is silent (one sentence).
"""

import argparse
import asyncio
import os
import socket
import sys
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

# A poll that finds nothing ends after a minute and is asked again; twice that, and it is gone.
SEEN_WITHIN = timedelta(minutes=2)
ANSWER_WITHIN = timedelta(seconds=8)
WORKFLOWS_ON = "recovery"
"""The queue of the workflows: there a worker that only asks for activities any more stands still."""


async def last_seen(client: Client, queue: str, who: str) -> datetime | None:
    """When a worker of that host, or of that very identity, last asked the queue for work: for workflow tasks on the
    queue of the workflows, for activities on the others. None when none is known."""
    workflows, activities = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
    kind = workflows if queue == WORKFLOWS_ON else activities
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind),
        timeout=ANSWER_WITHIN,
    )
    found = (poller.last_access_time.ToDatetime(UTC) for poller in answer.pollers if _is_of(poller.identity, who))
    return max(found, default=None)


def _is_of(identity: str, who: str) -> bool:
    """An identity is ``PID@HOST``; in a container the host is the container itself."""
    return who in (identity, identity.partition("@")[2])


async def check(queue: str, host: str) -> str | None:
    """None when all is well, else what is wrong as a sentence."""
    try:
        client = await Client.connect(**ClientConfig.load_client_connect_config())
        seen = await last_seen(client, queue, host)
    except (RPCError, RuntimeError) as error:
        return f"Temporal does not answer: {error}"
    if seen is None:
        return f"No worker of {host} has asked the queue {queue} for work."
    if datetime.now(UTC) - seen > SEEN_WITHIN:
        return f"The worker of {host} last asked the queue {queue} for work at {seen:%H:%M:%S} UTC."
    return None


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queue", default="recovery", help="the queue that the worker serves")
    parser.add_argument("--host", default=socket.gethostname(), help="the worker's host (default: this one)")
    options = parser.parse_args()
    wrong = asyncio.run(check(options.queue, options.host))
    if wrong is not None:
        sys.stderr.write(wrong + "\n")
    sys.stderr.flush()
    # The SDK's threads sometimes abort a short-lived process at its ordinary exit.
    os._exit(0 if wrong is None else 1)


if __name__ == "__main__":
    main()
