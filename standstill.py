"""A worker that stands still: alive, idle, and asking Temporal for no workflow task any more.

Seen on a machine far too slow: the engine's library wrote to a standard output that nobody read, in the thread that
serves the workflows, and waited for ever (docs/decisions/0022). That way is closed; for whatever else may hold it, such
a process ends, so that what watches it starts it again. Nothing is lost: what it had begun is begun again.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from temporalio.client import Client
from temporalio.service import RPCError

from deploy.worker_health import SEEN_WITHIN, last_seen
from workflows.contracts import RECOVERY_QUEUE

log = logging.getLogger("relance.worker")

EVERY = 60.0  # seconds from look to look
LOOKS = 5
"""So many in a row at which it was not seen to ask, each of which looks back two minutes."""


async def until_stop(stop: asyncio.Event, client: Client, queues: Sequence[str]) -> None:
    """Wait for ``stop``. A process that serves the workflows and stands still before ends at once, with status 1."""
    if RECOVERY_QUEUE not in queues:
        await stop.wait()
        return
    watching = asyncio.create_task(stands_still(lambda: asks_for_work(client)))
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({watching, told}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set() and watching.exception() is None:
            log.critical("this worker asks Temporal for no workflow task any more; it ends, to be started again")
            logging.shutdown()
            os._exit(1)  # an orderly end would wait for what stands still
        await told
    finally:
        watching.cancel()
        told.cancel()


async def stands_still(asks: Callable[[], Awaitable[bool]], *, every: float = EVERY, looks: int = LOOKS) -> None:
    """Returns when a worker that was seen to ask for work was not at so many looks in a row. One that was never seen
    (a server that tells nobody, clocks that differ) is left alone; a look that the server does not answer is none."""
    seen, missed = False, 0
    while missed < looks:
        await asyncio.sleep(every)
        try:
            asking = await asks()
        except RPCError:
            missed = 0
            continue
        seen = seen or asking
        missed = 0 if asking or not seen else missed + 1


async def asks_for_work(client: Client) -> bool:
    """Whether this very process was seen to ask for workflow tasks a moment ago; raises RPCError when the server is
    away."""
    seen = await last_seen(client, RECOVERY_QUEUE, client.identity)
    return seen is not None and datetime.now(UTC) - seen <= SEEN_WITHIN
