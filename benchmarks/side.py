"""One side's worker, a process of its own: ``python -m benchmarks.side SIDE ADDRESS FOLDER NAMESPACE [SMTP_URL]``.

The sides: ``bare``, the skeleton; ``engine``, the real workflow, clerk, notices and rules with their effects stubbed
(the ledger a dictionary, the post a word); ``stages``, the same with search attributes by stage; ``relance``, the real
ledger and a stubbed post; ``full``, the real ledger, the real mailer to a sink, a PDF on two rungs of five.

It reads ``ACTS SECONDS`` from its standard input and says ``done`` when so many more acts have been taken, each
awaited for so many seconds; after ``ACTS @EPOCH`` the first rung of every case comes at that moment and no other does.
The act of a case whose id holds ``fresh`` is told with its moment.
"""

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor, Worker

from activities.answering import Desk
from activities.clerk import Clerk
from activities.notices import Notices
from activities.ports import Dispatcher, Ledger
from benchmarks.memory import MemoryLedger
from benchmarks.shape import BARE_ACTS, BARE_QUEUE, CREDITOR, HURRIED, ORIGIN, POLICY, WITH_STATEMENTS
from benchmarks.skeleton import Bare, BareMorning, bare_act, bare_sandbox
from connection import runtime
from ledger.migrate import migrate
from ledger.store import SqlLedger
from letters.mailer import SmtpDispatcher
from letters.payment_code import payment_qr
from letters.render import Renderer
from letters.smtp_url import parse_smtp_url
from letters.store import FolderStore
from rules.creditor import Creditor
from rules.law.tables import Tables, builtin_tables
from rules.letter import Dispatched, Letter
from rules.policy import Policy
from rules.policy_file import parse_policy
from sealing.payloads import converter_of
from worker import AT_THE_LEDGER, AT_THE_POST, CASES_AT_ONCE
from workflows import contracts
from workflows.guard import Guard
from workflows.recovery import InvoiceRecovery
from workflows.sandbox import sandbox

_SOON = timedelta(days=365)
_FIRST = timedelta(days=40)
CACHE = 2000
STUBBED = ("engine", "stages")
FRESH = "fresh"


class SteppingClock:
    """A played clock on which whatever is awaited within a year comes after the same short pause, for each case by
    itself; what is awaited later does not come."""

    played = True

    def __init__(self) -> None:
        self.pause = HURRIED
        self.first: datetime | None = None

    def virtual(self, real: datetime) -> datetime:
        """Every case begins at the same moment."""
        del real
        return ORIGIN

    def real(self, virtual: datetime) -> datetime:
        """A pause from now; on a batch morning the first rung's moment, and no other."""
        if self.first is not None:
            return self.first if virtual - ORIGIN < _FIRST else datetime.now(UTC) + timedelta(days=3650)
        return datetime.now(UTC) + (self.pause if virtual - ORIGIN < _SOON else timedelta(days=3650))


class Post:
    """The effect, stubbed: it takes every letter at once."""

    repeatable = True

    async def hand_over(self, letter: Letter) -> Dispatched:
        """Taken."""
        return Dispatched(document=f"kept/{letter.message_id}", sha256="0" * 64)

    async def withdraw(self, message_id: str) -> None:
        """Nothing lies here that could be taken back."""


class OneOfEach:
    """One creditor, one policy, the real tables."""

    def __init__(self, text: str = POLICY) -> None:
        self._text = text
        self._policy = parse_policy(text, file="five_rungs.toml")

    def creditor(self, key: str) -> Creditor:
        """The creditor."""
        assert key == CREDITOR.key
        return CREDITOR

    def policy_named(self, name: str) -> tuple[Policy, str]:
        """The policy."""
        assert name == self._policy.name
        return self._policy, self._text

    async def policy(self, version: str) -> Policy:
        """The policy."""
        assert version == self._policy.version
        return self._policy

    def tables(self) -> Tables:
        """The law's tables."""
        return builtin_tables()


class Counting(Interceptor):
    """Counts the acts that were taken."""

    def __init__(self) -> None:
        self.left = 0
        self.all_taken = asyncio.Event()

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Put the counter in front."""
        return _Counter(next, self)

    def take(self) -> None:
        """One more."""
        self.left -= 1
        if self.left == 0:
            self.all_taken.set()


class _Counter(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, counting: Counting) -> None:
        super().__init__(following)
        self._counting = counting

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        answer = await super().execute_activity(input)
        case = activity.info().workflow_id or ""
        if FRESH in case:
            print(f"{FRESH} {case} {time.time():.3f}", flush=True)
        self._counting.take()
        return answer


def of_bare(client: Client, counting: Counting) -> list[Worker]:
    """The skeleton's workers, tuned as Relance's are."""
    return [
        Worker(
            client,
            task_queue=BARE_QUEUE,
            workflows=[Bare, BareMorning],
            workflow_runner=bare_sandbox(),
            max_cached_workflows=CACHE,
        ),
        Worker(client, task_queue=BARE_ACTS, activities=[bare_act], interceptors=[counting]),
    ]


def of_relance(client: Client, desk: Desk, post: Dispatcher, counting: Counting) -> list[Worker]:
    """Relance's workers: the real workflow, clerk, notices and rules."""
    clerk, notices = Clerk(desk), Notices(desk, {"email": post})
    waits: list[Callable[..., Any]] = [clerk.advance, clerk.enter_late]
    return [
        Worker(
            client,
            task_queue=contracts.RECOVERY_QUEUE,
            workflows=[InvoiceRecovery],
            activities=waits,
            interceptors=[Guard()],
            workflow_runner=sandbox(),
            max_cached_workflows=CACHE,
            max_concurrent_workflow_tasks=CASES_AT_ONCE,
            max_concurrent_local_activities=AT_THE_LEDGER,
        ),
        Worker(
            client,
            task_queue=contracts.CORRESPONDENCE_QUEUE,
            activities=[notices.send_notice],
            interceptors=[counting],
            max_concurrent_activities=AT_THE_POST,
        ),
    ]


async def ledger_of(side: str, folder: Path, held: AsyncExitStack) -> Ledger:
    """The side's ledger: a dictionary where effects are stubbed, else a SQLite file."""
    if side in STUBBED:
        return MemoryLedger()
    url = f"sqlite:///{folder / 'relance.db'}"
    await migrate(url)
    ledger = await SqlLedger.open(url)
    held.push_async_callback(ledger.close)
    return ledger


def post_of(smtp: str | None, folder: Path, held: AsyncExitStack) -> Dispatcher:
    """The real mailer to that server; a stub without one."""
    if smtp is None:
        return Post()
    post = SmtpDispatcher(parse_smtp_url(smtp), Renderer(qr=payment_qr), FolderStore(folder / "store"))
    held.push_async_callback(post.close)
    return post


@asynccontextmanager
async def serving(
    side: str, address: str, folder: Path, clock: SteppingClock, counting: Counting, *,
    keys: str | None = None, namespace: str = "default", smtp: str | None = None,
) -> AsyncIterator[Client]:  # fmt: skip
    """The side's workers, at work while the block runs; payloads are sealed when there are keys."""
    client = await Client.connect(address, namespace=namespace, data_converter=converter_of(keys), runtime=runtime())
    async with AsyncExitStack() as held:
        if side == "bare":
            workers = of_bare(client, counting)
        else:
            ledger = await ledger_of(side, folder, held)
            reference = OneOfEach(WITH_STATEMENTS if smtp else POLICY)
            desk = Desk(ledger, reference, clock, stages_only=side == "stages")
            workers = of_relance(client, desk, post_of(smtp, folder, held), counting)
        for one in workers:
            await held.enter_async_context(one)
        yield client


async def main(side: str, address: str, folder: Path, namespace: str, smtp: str | None = None) -> None:
    """Serve until the standard input ends."""
    clock, counting, loop = SteppingClock(), Counting(), asyncio.get_running_loop()
    async with serving(side, address, folder, clock, counting, namespace=namespace, smtp=smtp):
        print("ready", flush=True)
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            acts, when = line.split()
            if when.startswith("@"):
                clock.first = datetime.fromtimestamp(float(when[1:]), UTC)
            else:
                clock.pause = timedelta(seconds=float(when))
            counting.left = int(acts)
            counting.all_taken.clear()
            await counting.all_taken.wait()
            print("done", flush=True)


if __name__ == "__main__":
    gc.set_threshold(50_000)  # as the worker does
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *sys.argv[4:]))
    sys.stdout.flush()
    os._exit(0)
