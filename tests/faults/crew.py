"""A house that is struck while it works: a real server on its file, a real worker.py, both killed and started again."""

import asyncio
import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

import devserver
from audit.office import auditor
from connection import data_converter
from ledger.migrate import migrate
from ledger.reads import CaseFilter, MessageFilter
from ledger.store import SqlLedger
from rules.outbox import MessageState
from settings import Settings, read_settings
from tests.e2e.premises import Premises, premises, server_at, until
from tests.faults.plots import LADDER, OPENED, Fate, line
from workflows import contracts

DAYS_A_SECOND = 5
STANDS = timedelta(hours=1)
"""The clock stands while cases are announced and everything is said to them, however long a busy machine takes."""
PATIENCE = 300.0
_ALL = 10_000


@dataclass
class Crew:
    """The house with its two programs, and the hand that strikes them. ``blows``: what was done, in order."""

    its: Premises
    port: int
    settings: Settings
    ledger: SqlLedger
    blows: list[str] = field(default_factory=list)
    _worker: AsyncExitStack = field(default_factory=AsyncExitStack)
    _server: AsyncExitStack = field(default_factory=AsyncExitStack)
    _pids: dict[str, int] = field(default_factory=dict)

    async def start_server(self) -> None:
        """The Temporal server, on the file it left."""
        server = await self._server.enter_async_context(server_at(self.its.folder, f"127.0.0.1:{self.port}"))
        self._pids["server"] = server.pid

    async def start_worker(self) -> None:
        """worker.py, on all queues."""
        child = await self._worker.enter_async_context(self.its.worker())
        self._pids["worker"] = child.pid

    async def kill_server(self) -> None:
        """kill -9 of the server, and its start on the same file."""
        os.kill(self._pids["server"], signal.SIGKILL)
        self.blows.append(f"server, {self.letters} letters out")
        await self._server.aclose()
        self._server = AsyncExitStack()
        await self.start_server()

    async def kill_worker(self) -> None:
        """kill -9 of the worker, and the start of another."""
        os.kill(self._pids["worker"], signal.SIGKILL)
        self.blows.append(f"worker, {self.letters} letters out")
        await self._worker.aclose()
        self._worker = AsyncExitStack()
        await self.start_worker()

    async def close(self) -> None:
        """End both."""
        await self._worker.aclose()
        await self._server.aclose()

    async def set_off(self, fates: Sequence[Fate]) -> None:
        """Once every case is open: kill -9 of the worker, and from the next one on time runs. Every case is asked to
        look again, as ``starter.py reconsider`` does, since it sleeps by the clock that stood."""
        await self._until(fates, lambda fate: 1)
        anchor = (datetime.now(UTC) + timedelta(seconds=2)).isoformat()
        self.its.env["RELANCE_CLOCK"] = f"{OPENED.isoformat()}@{DAYS_A_SECOND * 86400}@{anchor}"
        await self.kill_worker()
        client = await self.client()
        for fate in fates:
            await _insist(_wake, client, fate)

    @property
    def letters(self) -> int:
        """How many e-mails have arrived."""
        return len(self.its.mail.message_ids)

    async def until_letters(self, number: int) -> None:
        """Wait until so many e-mails have arrived."""
        await until(lambda: self.letters >= number, f"{number} letters leave, {self.letters} have", PATIENCE)

    async def client(self) -> Client:
        """A client of the server."""
        return await Client.connect(f"127.0.0.1:{self.port}", data_converter=data_converter(self.settings))

    async def say(self, fates: Sequence[Fate]) -> None:
        """Announce every case and say everything to it, in order for each; again, until the server has taken it."""
        client, room = await self.client(), asyncio.Semaphore(12)

        async def tell(fate: Fate) -> None:
            async with room:
                await _insist(_start, client, fate)
                for kind, body in fate.said:
                    await _insist(client.get_workflow_handle(fate.id).signal, kind, body)

        await asyncio.gather(*(tell(fate) for fate in fates))

    async def until_told(self, fates: Sequence[Fate]) -> None:
        """Wait until every case has come as far as the rules say; names one that has not."""
        await self._until(fates, lambda fate: len(fate.expected))

    async def _until(self, fates: Sequence[Fate], wanted: Callable[[Fate], int]) -> None:
        end, behind = time.monotonic() + PATIENCE, list(fates)
        while behind:
            if time.monotonic() > end:
                some = f"{len(behind)} cases are behind, such as {behind[0].id}"
                raise AssertionError(
                    f"{some}: {await self._waits_for(behind[0])}; {self.blows}; {self.its.log[-2000:]}"
                )
            await asyncio.sleep(0.5)
            rows = {row.id: row.position for row in await self.ledger.reads.cases(CaseFilter(limit=_ALL))}
            behind = [fate for fate in behind if rows.get(fate.id, 0) < wanted(fate)]

    async def _waits_for(self, fate: Fate) -> str:
        """What the engine says that a case waits for, and where the ledger has it."""
        handle = (await self.client()).get_workflow_handle(fate.id)
        pending = (await handle.describe()).raw_description.pending_activities
        told = [line(event) for event in await self.ledger.reads.case_events(fate.id)]
        return f"{pending}; {told}; expected {fate.expected[len(told) :]}"


async def _start(client: Client, fate: Fate) -> Any:
    return await client.start_workflow(
        contracts.WORKFLOW_TYPE, fate.invoice, id=fate.id, task_queue=contracts.RECOVERY_QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
    )  # fmt: skip


async def _wake(client: Client, fate: Fate) -> None:
    """One that was paid before its first letter has closed already."""
    try:
        await client.get_workflow_handle(fate.id).signal(contracts.SIGNAL_RECONSIDER)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


async def _insist(say: Callable[..., Awaitable[Any]], *said: Any) -> None:
    """As every caller does: once more when the server is away. What is said twice has the same id."""
    for _ in range(100):
        with contextlib.suppress(RPCError):
            await say(*said)
            return
        await asyncio.sleep(0.2)
    raise AssertionError("the server stayed away")


@asynccontextmanager
async def crew(folder: Path, database_url: str | None = None) -> AsyncIterator[Crew]:
    """The house with nothing started yet; the clock stands until ``set_off``."""
    policies = folder / "policies"
    policies.mkdir()
    (policies / "eprouve.toml").write_text(LADDER, encoding="utf-8")
    with devserver.claimed_port() as port:
        address = f"127.0.0.1:{port}"
    async with premises(folder, address, origin=OPENED.isoformat(), speed=1, ahead=STANDS) as its:
        its.env["RELANCE_POLICIES"] = str(policies)
        its.env["RELANCE_DATABASE_URL"] = database_url or its.env["RELANCE_DATABASE_URL"]
        settings = read_settings(its.env)
        await migrate(settings.database_url)
        ledger = await SqlLedger.open(settings.database_url)
        struck = Crew(its, port, settings, ledger)
        try:
            yield struck
        finally:
            await struck.close()
            await ledger.close()


async def came_out_whole(struck: Crew, fates: Sequence[Fate]) -> None:
    """Everything that must hold afterwards."""
    await _every_case_is_where_the_rules_put_it(struck, fates)
    await _every_letter_was_noticed_once(struck)
    await _the_audit_is_clean(struck, fates)


async def _the_audit_is_clean(struck: Crew, fates: Sequence[Fate]) -> None:
    """Every history replays, agrees with the ledger, and today's rules decide alike."""
    async with auditor(struck.settings, await struck.client()) as one:
        reports = await one.audit([fate.id for fate in fates])
    wrong = [f"{report.case}: {finding.said}" for report in reports for finding in report.findings]
    assert not wrong, (struck.blows, wrong[:5])
    assert all(report.runs for report in reports)
    assert not [report.case for report in reports if report.differences]


async def _every_case_is_where_the_rules_put_it(struck: Crew, fates: Sequence[Fate]) -> None:
    """The same timeline as without any fault, to the day and to the cent; each thing said entered once."""
    for fate in fates:
        events = await struck.ledger.reads.case_events(fate.id)
        told = [line(event) for event in events]
        assert told[: len(fate.expected)] == list(fate.expected), (struck.blows, fate.id)
        assert not fate.closed or len(told) == len(fate.expected), (struck.blows, fate.id, told)
        entered = Counter(event.id for event in events)
        assert all(entered[body["id"]] == 1 for _, body in fate.said), (struck.blows, fate.id)


async def _every_letter_was_noticed_once(struck: Crew) -> None:
    """Once in the ledger; on the wire once, or once more under the same Message-ID for each worker killed: on a slow
    machine what one death left behind comes again just when the next one strikes. A mise en demeure lies in the tray
    once."""
    messages = await struck.ledger.reads.messages(MessageFilter(limit=_ALL))
    assert not [m.id for m in messages if m.state in (MessageState.SENDING, MessageState.IN_DOUBT)], struck.blows
    sent = [m for m in messages if m.state is MessageState.SENT]
    keys = Counter((row.case, row.passage, row.step) for m in sent for row in m.covers)
    assert set(keys.values()) == {1}, struck.blows
    arrived = Counter(name.strip("<>") for name in struck.its.mail.message_ids)
    emails = {m.id.strip("<>") for m in messages if m.channel == "email"}
    copies = {"email." + m.id.strip("<>") for m in messages if "email" in m.copies}
    assert set(arrived) == emails | copies, struck.blows
    killed = sum(blow.startswith("worker") for blow in struck.blows)
    assert max(arrived.values()) <= 1 + max(1, killed), (struck.blows, arrived.most_common(3))
    tray = struck.settings.store / "tray"
    laid = [file.name for file in tray.glob("2*/*.pdf")]
    formal = [m for m in sent if m.channel == "registered_letter"]
    assert len(laid) == len(set(laid)) == len(formal), struck.blows
