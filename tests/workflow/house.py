"""A small house for workflow tests: the dev server with time skipping, a real SQLite ledger, fakes at the edges."""

import asyncio
import contextlib
import hashlib
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.common import TypedSearchAttributes
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.answering import Desk
from activities.clerk import Clerk
from activities.judiciary import Judiciary
from activities.notices import Notices
from activities.wake import Waker
from clocks import PlayedClock, RealClock
from ledger.store import SqlLedger
from letters.store import FolderStore
from rules.brief import Brief, FileReady
from rules.creditor import Creditor
from rules.dispatch import NotTaken
from rules.invoice import Address, InvoiceIssued
from rules.law.tables import Tables, builtin_tables
from rules.letter import Dispatched, Letter
from rules.policy import Policy
from rules.policy_file import parse_policy
from rules.refusals import Refused
from sealing.keys import parse_ring
from settings import ClockSetting
from tests.empty_ledger import empty_ledger_at
from workflows import contracts
from workflows.guard import Guard
from workflows.recovery import InvoiceRecovery
from workflows.sandbox import sandbox

POLICIES = Path(__file__).parents[2] / "policies"
ACME = Creditor(
    key="acme",
    name="Acme SAS",
    sender="Acme Comptabilité <compta@acme.example>",
    address=Address(lines=("3 place Bellecour",), postal_code="69002", city="Lyon"),
    iban="FR7630006000011234567890189",
)


@dataclass
class FakePost:
    """Keeps what was handed over; refuses or fails as told."""

    letters: list[Letter] = field(default_factory=list)
    refuse: NotTaken | None = None
    failures: list[Exception] = field(default_factory=list)
    repeatable: bool = True
    gate: asyncio.Event | None = None
    store: FolderStore | None = None
    """Where copies are kept, byte for byte, when a test looks at them."""

    withdrawn: list[str] = field(default_factory=list)

    async def withdraw(self, message_id: str) -> None:
        self.withdrawn.append(message_id)

    async def hand_over(self, letter: Letter) -> Dispatched:
        if self.gate is not None:
            await self.gate.wait()
        if self.failures:
            raise self.failures.pop(0)
        if self.refuse is not None and letter.channel == "email":
            raise self.refuse
        self.letters.append(letter)
        if self.store is not None:
            content = letter.model_dump_json().encode()
            kept = self.store.put(f"acme/{letter.on}/{letter.message_id.strip('<>')}.json", content)
            return Dispatched(document=str(kept), sha256=hashlib.sha256(content).hexdigest())
        return Dispatched(document=f"kept/{letter.message_id}", sha256="0" * 64)


@dataclass
class FakeCabinet:
    """Keeps the briefs it was given."""

    briefs: list[Brief] = field(default_factory=list)

    async def prepare(self, brief: Brief) -> FileReady:
        self.briefs.append(brief)
        return FileReady(path="dossiers/1", manifest="f" * 64)


def _unhurried(text: str, *, patient: bool, alerts: bool) -> str:
    """A server that skips time would else run on to the limitation, years ahead, while a test looks."""
    if alerts:
        return text
    kept = [line for line in text.splitlines() if not line.startswith("limitation_alerts")]
    return "\n".join(["limitation_alerts = []", *(["tray_days = 400"] if patient else []), *kept]) + "\n"


class Shelf:
    """Creditors, policies and tables, from the repository's own files."""

    def __init__(
        self,
        ledger: SqlLedger,
        extra: Sequence[str] = (),
        creditor: Creditor = ACME,
        *,
        patient: bool = False,
        alerts: bool = False,
    ) -> None:
        texts = [
            _unhurried(file.read_text(encoding="utf-8"), patient=patient, alerts=alerts)
            for file in sorted(POLICIES.glob("*.toml"))
        ]
        texts += extra
        parsed = [(parse_policy(text, file="policy"), text) for text in texts]
        self.named = {policy.name: (policy, text) for policy, text in parsed}
        self.versions = {policy.version: policy for policy, _ in parsed}
        self.ledger = ledger
        self.one = creditor

    def creditor(self, key: str) -> Creditor:
        assert key == self.one.key
        return self.one

    def policy_named(self, name: str) -> tuple[Policy, str]:
        if name not in self.named:
            raise Refused(f"policy « {name} » is not in the policies folder.")
        return self.named[name]

    async def policy(self, version: str) -> Policy:
        return self.versions[version]

    def tables(self) -> Tables:
        return builtin_tables()


@dataclass
class House:
    """One worker over one ledger; cases are started before it opens, so that a played scenario is whole at once."""

    client: Client
    ledger: SqlLedger
    post: FakePost
    cabinet: FakeCabinet
    queue: str
    desk: Desk
    started: list[WorkflowHandle[Any, Any]] = field(default_factory=list)
    workflow: type[Any] = InvoiceRecovery

    async def start(
        self, invoice: InvoiceIssued, *, continues: bool = False, found_by: TypedSearchAttributes | None = None
    ) -> WorkflowHandle[Any, Any]:
        args: list[Any] = [invoice] + ([contracts.Carried(continues=True)] if continues else [])
        handle = await self.client.start_workflow(
            contracts.WORKFLOW_TYPE,
            args=args,
            id=contracts.case_id(invoice.creditor, invoice.number),
            task_queue=self.queue,
            result_type=contracts.Ending,
            search_attributes=found_by,
        )
        self.started.append(handle)
        return handle

    async def clear(self) -> None:
        """End what still runs, so that no test finds another's case."""
        for handle in self.started:
            with contextlib.suppress(RPCError):
                await self.client.get_workflow_handle(handle.id).terminate()

    def workers(self) -> list[Worker]:
        clerk = Clerk(self.desk)
        notices, judiciary = (
            Notices(self.desk, dict.fromkeys(("email", "letter", "registered_letter"), self.post)),
            Judiciary(self.desk, self.cabinet),
        )
        waker = Waker(self.ledger, self.tell)
        recovery = Worker(
            self.client,
            task_queue=self.queue,
            workflows=[self.workflow],
            activities=[clerk.advance, clerk.enter_late, waker.wake_siblings],
            interceptors=[Guard()],
            workflow_runner=sandbox() if self.workflow is InvoiceRecovery else UnsandboxedWorkflowRunner(),
        )
        acts = [
            Worker(
                self.client,
                task_queue=contracts.CORRESPONDENCE_QUEUE,
                activities=[notices.send_notice, notices.withdraw_letters],
            ),
            Worker(self.client, task_queue=contracts.JUDICIARY_QUEUE, activities=[judiciary.prepare_judicial_file]),
        ]
        return [recovery, *acts]

    async def tell(self, case_id: str, name: str, payload: dict[str, Any]) -> None:
        await self.client.get_workflow_handle(case_id).signal(name, payload)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        workers = self.workers()
        for worker in workers:
            await worker.__aenter__()
        try:
            yield
        finally:
            for worker in workers:
                await worker.__aexit__(None, None, None)


@asynccontextmanager
async def house(
    client: Client,
    folder: Path,
    *,
    origin: str | None,
    speed: float = 1.0,
    extra: Sequence[str] = (),
    creditor: Creditor = ACME,
    patient: bool = False,
    alerts: bool = False,
    keys: str | None = None,
) -> AsyncIterator[House]:
    """A house whose played clock shows ``origin`` (ISO, with offset) now; None: the engine's time. ``patient``:
    letters may lie in the tray for a year, so that skipped time withdraws none while a test looks. ``alerts``: the
    limitation's are told too, for a case that ends before them all. ``keys``: the ledger's master keys."""
    url = await empty_ledger_at(folder / f"{uuid.uuid4().hex}.db")
    ledger = await SqlLedger.open(url, parse_ring(keys))
    clock: RealClock | PlayedClock = RealClock()
    if origin is not None:
        clock = PlayedClock(ClockSetting(datetime.fromisoformat(origin).astimezone(UTC), speed, datetime.now(UTC)))
    desk = Desk(ledger, Shelf(ledger, extra, creditor, patient=patient, alerts=alerts), clock)
    its = House(client, ledger, FakePost(), FakeCabinet(), f"recovery-{uuid.uuid4().hex}", desk)
    try:
        yield its
    finally:
        await its.clear()
        await ledger.close()
