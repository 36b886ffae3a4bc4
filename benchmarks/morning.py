"""A batch morning: many cases of fewer debtors, all due at nine. How long to the last message, and how many there are.

The programs are the real ones, ``worker.py`` on its settings; the mail server is a sink.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

import devserver
from benchmarks.machine import Meter, Spent
from benchmarks.shape import CREDITOR, POLICY, invoice
from benchmarks.sink import Sink, open_sink
from ledger.migrate import migrate
from ledger.reads import CaseFilter, MessageFilter
from ledger.store import SqlLedger
from rules.invoice import InvoiceIssued
from rules.outbox import MessageState
from workflows.contracts import RECOVERY_QUEUE, WORKFLOW_TYPE, case_id

ROOT = Path(__file__).parents[1]
NINE = datetime(2025, 10, 10, 7, 0, tzinfo=UTC)
"""Nine in Paris on a Friday, five days after the invoices fell due."""
EARLY = timedelta(seconds=5)
_POLICY = POLICY.replace("minimum_days = 7, per_week = 2", "minimum_days = 0, per_week = 7")
"""The least distance between letters would keep a debtor's second currency for another week."""
CURRENCIES = ("EUR", "CHF")
IN_FLIGHT = 10
_SOON, _PATIENCE = 20.0, 1800.0
_OPENED_A_SECOND = 14
"""Cases that a slow machine opens: what is not open at nine has no part in the day's message."""
_SAMPLE = 40


@dataclass(frozen=True)
class Morning:
    """What was measured: ``seconds`` from nine to the last message; ``expected``: debtors times their currencies;
    ``tasks``: workflow tasks of a case up to its letter."""

    cases: int
    debtors: int
    expected: int
    messages: int
    seconds: float
    spent: Spent
    tasks: float

    @property
    def refused(self) -> int:
        """Rounds that were measured and not judged."""
        return int(not self.spent.judged)


def of_book(number: int, debtors: int) -> InvoiceIssued:
    """The invoice of that rank: debtors by turns, every fourth of a debtor's in the second currency."""
    announced, debtor = invoice(f"b-{number}"), number % debtors
    who = announced.debtor.model_copy(update={"id": f"C-{debtor}", "email": f"compta@d{debtor}.example"})
    currency = CURRENCIES[number // debtors % 4 == 3]
    return announced.model_copy(update={"debtor": who, "currency": currency})


async def measure(cases: int, debtors: int, lead: float | None = None) -> Morning:
    """Announce the book, wait for nine, count what comes. ``lead``: seconds that the announcing may take.

    Raises AssertionError when the number of messages is not debtors times currencies, a case was left out, or the book
    was not open at nine.
    """
    ahead = (cases / _OPENED_A_SECOND + _SOON) if lead is None else lead
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        async with devserver.running(folder) as server, open_sink() as sink:
            anchor = datetime.now(UTC) + timedelta(seconds=ahead)
            env = _environment(folder, server.address, sink, anchor)
            await migrate(env["RELANCE_DATABASE_URL"])
            client = await Client.connect(server.address, data_converter=pydantic_data_converter)
            line = [sys.executable, str(ROOT / "worker.py")]
            async with devserver.bound_process(line, log=folder / "worker.log", env=env, cwd=ROOT) as worker:
                expected = await _announce(client, cases, debtors)
                nine = (anchor + EARLY).timestamp()
                await _all_open(env["RELANCE_DATABASE_URL"], cases, anchor)
                await asyncio.sleep(anchor.timestamp() - time.time())
                pids = {"server": server.pid, "worker": worker.pid}
                meter = Meter(pids, (sink.process.pid, os.getpid()))
                await sink.until(expected, _PATIENCE, worker)
                spent = meter.read()
                await _all_told(env["RELANCE_DATABASE_URL"], cases, expected)
                tasks = await _tasks(client, cases)
    if len(sink.came) != expected or len({name for _, name in sink.came}) != expected:
        raise AssertionError(f"{expected} messages were to come, one a debtor and currency; {len(sink.came)} came")
    last = max(moment for moment, _ in sink.came)
    return Morning(cases, debtors, expected, len(sink.came), last - nine, spent, tasks)


def _environment(folder: Path, address: str, sink: Sink, anchor: datetime) -> dict[str, str]:
    """The settings of ``worker.py``: nine comes EARLY after the anchor, at the pace of real time."""
    (folder / "policies").mkdir()
    (folder / "policies" / "five_rungs.toml").write_text(_POLICY, encoding="utf-8")
    (folder / "creditors.toml").write_text(
        f'[acme]\nname = "{CREDITOR.name}"\nsender = "{CREDITOR.sender}"\niban = "{CREDITOR.iban}"\n'
        f'policy = "five_rungs"\naddress = {{ lines = ["3 place Bellecour"], postal_code = "69002", city = "Lyon" }}\n',
        encoding="utf-8",
    )
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("RELANCE_", "TEMPORAL_"))}
    return {
        **mine,
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_CONFIG_FILE": os.devnull,
        "RELANCE_DATABASE_URL": f"sqlite:///{folder / 'relance.db'}",
        "RELANCE_SMTP_URL": sink.url,
        "RELANCE_CREDITORS": str(folder / "creditors.toml"),
        "RELANCE_POLICIES": str(folder / "policies"),
        "RELANCE_STORE": str(folder / "store"),
        "RELANCE_CLOCK": f"{(NINE - EARLY).isoformat()}@1@{anchor.isoformat()}",
    }


async def _announce(client: Client, cases: int, debtors: int) -> int:
    """Start every case; how many messages must come of them."""
    gate, pairs = asyncio.Semaphore(IN_FLIGHT), set()

    async def start(number: int) -> None:
        announced = of_book(number, debtors)
        pairs.add((announced.debtor.id, announced.currency))
        own = case_id(announced.creditor, announced.number)
        async with gate:
            await client.start_workflow(WORKFLOW_TYPE, announced, id=own, task_queue=RECOVERY_QUEUE)

    await asyncio.gather(*(start(number) for number in range(cases)))
    return len(pairs)


async def _all_open(url: str, cases: int, anchor: datetime) -> None:
    """Wait until every case is in the ledger, which must be before the anchor."""
    ledger = await SqlLedger.open(url)
    try:
        while (opened := sum((await ledger.reads.counts_by_stage()).values())) < cases:
            if datetime.now(UTC) > anchor:
                raise AssertionError(f"{opened} of {cases} cases are open at nine: the machine is too slow for it")
            await asyncio.sleep(1.0)
    finally:
        await ledger.close()


async def _all_told(url: str, cases: int, expected: int) -> None:
    """Wait until every case has entered the letter that speaks for it, and see that no message was left."""
    ledger = await SqlLedger.open(url)
    try:
        end = time.monotonic() + _PATIENCE
        while await _waiting(ledger, cases):
            if time.monotonic() > end:
                raise TimeoutError("cases wait for a letter that has left")
            await asyncio.sleep(1.0)
        states = [message.state for message in await ledger.reads.messages(MessageFilter(limit=cases + 1))]
    finally:
        await ledger.close()
    if states != [MessageState.SENT] * expected:
        raise AssertionError(f"{expected} messages were to be sent; the outbox has {len(states)}: {set(states)}")


async def _waiting(ledger: SqlLedger, cases: int) -> int:
    """How many cases have not entered their letter yet."""
    rows = await ledger.reads.cases(CaseFilter(limit=cases + 1))
    return cases - sum(row.next_step != "rung_1" for row in rows)


async def _tasks(client: Client, cases: int) -> float:
    """Workflow tasks of a case, the mean of some."""
    counts = []
    for number in range(0, cases, max(1, cases // _SAMPLE)):
        handle = client.get_workflow_handle(case_id(CREDITOR.key, f"b-{number}"))
        history = await handle.fetch_history()
        counts.append(sum(event.HasField("workflow_task_completed_event_attributes") for event in history.events))
    return statistics.mean(counts)


def grouping_rows(found: Morning) -> list[tuple[str, str, str, str]]:
    """What one message for all of a debtor's invoices spares."""
    book = f"{found.cases:,} invoices of {found.debtors:,} debtors"
    return [
        (
            f"B7 {book}: messages ÷ invoices",
            f"{found.messages / found.cases:.2f}",
            "–",
            f"**{found.messages / found.cases:.2f}** (aim ≤ 0.4)",
        ),
        ("B7 workflow tasks of a case up to its letter (alone: 3)", f"{found.tasks:.1f}", "–", "one case an invoice"),
        ("– seconds to the last message", f"{found.seconds:.0f}", "–", "–"),
    ]


def rows(found: Morning) -> list[tuple[str, str, str, str]]:
    """As the report has them."""
    book = f"{found.cases:,} cases of {found.debtors:,} debtors due at nine"
    per_case = sum(found.spent.by.values()) / found.cases * 1e3
    return [
        (f"{book}: seconds to the last message", f"{found.seconds:.0f}", "–", "–"),
        ("– messages, debtors × currencies", f"{found.messages:,}", "–", f"must be {found.expected:,}"),
        ("– CPU-ms a case, server and worker", f"{per_case:.0f}", "–", "–"),
    ]
