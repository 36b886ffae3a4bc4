"""Mail: messages a second through the real activity to a local sink, with and without a statement; letters rendered."""

import asyncio
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiosmtplib
from temporalio.testing import ActivityEnvironment

from activities.answering import Desk
from activities.clerk import Clerk
from activities.notices import Notices
from benchmarks import letters
from benchmarks.letters import Letters
from benchmarks.machine import Meter, Spent
from benchmarks.shape import ORIGIN, POLICY, invoice
from benchmarks.side import OneOfEach
from benchmarks.sink import Sink, open_sink
from ledger.migrate import migrate
from ledger.store import SqlLedger
from letters.mailer import SmtpDispatcher
from letters.payment_code import payment_qr
from letters.render import Renderer
from letters.send_rate import DomainRate
from letters.smtp_pool import Limits, SmtpPool
from letters.smtp_url import parse_smtp_url
from letters.store import FolderStore
from rules.decision import Send
from workflows.contracts import Ask, Order, case_id

KINDS = ("plain", "statement")
IN_FLIGHT = 20
_TURNS = 4
_STATEMENT = POLICY.replace("rung_1", "relance_2")


class Standing:
    """A played clock on which every case is announced at the same moment."""

    played = True

    def virtual(self, real: datetime) -> datetime:
        """The moment."""
        del real
        return ORIGIN

    def real(self, virtual: datetime) -> datetime:
        """Itself."""
        return virtual


@dataclass(frozen=True)
class Mail:
    """What was measured: what ``messages`` of each kind took, and what letters take to be rendered."""

    messages: int
    spent: dict[str, Spent]
    letters: Letters
    greetings: dict[str, int]
    pooled: list[float]
    raw: list[float]

    @property
    def against_raw(self) -> float:
        """The pool's messages a second over a raw connection's, the median of the turns."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.pooled, self.raw, strict=True))

    def rate(self, kind: str) -> float:
        """Messages a second."""
        return self.messages / self.spent[kind].wall

    def cpu(self, kind: str) -> float:
        """Processor milliseconds a message, the sink's left out."""
        return self.spent[kind].by["sender"] / self.messages * 1e3

    @property
    def refused(self) -> int:
        """Rounds that were measured and not judged."""
        return sum(not spent.judged for spent in self.spent.values())


async def measure(messages: int, renderings: int) -> Mail:
    """So many messages of each kind, one case and one debtor each; then so many renderings of each form."""
    spent, greetings = {}, {}
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as scratch:
            async with open_sink() as sink:
                spent[kind] = await _round(kind, messages, Path(scratch), sink)
                greetings[kind] = sink.greetings
        print(f"  {kind}: {messages / spent[kind].wall:.0f} messages/s, others {spent[kind].foreign:.0%}", flush=True)
    pooled, raw = await _against_raw(messages // _TURNS)
    return Mail(messages, spent, letters.measure(renderings), greetings, pooled, raw)


async def _against_raw(messages: int) -> tuple[list[float], list[float]]:
    """Messages a second of the same bytes, by turns: through the pool ten at a time, and one after the other through a
    connection of aiosmtplib's alone."""
    sender, debtor = "compta@acme.example", "compta@exemple.example"
    content = b"From: <compta@acme.example>\r\nMessage-ID: <same@acme.example>\r\n\r\n" + b"Bonjour,\r\n" * 400
    pooled, raw = [], []
    async with open_sink() as sink:
        url = parse_smtp_url(sink.url)
        pool, alone = SmtpPool(url, Limits()), aiosmtplib.SMTP(hostname=url.host, port=url.port, use_tls=False)
        await alone.connect()
        gate = asyncio.Semaphore(10)

        async def through_pool() -> None:
            async with gate, pool.lend() as server:
                await server.sendmail(sender, [debtor], content)

        for turn in range(_TURNS + 1):
            start = time.perf_counter()
            await asyncio.gather(*(through_pool() for _ in range(messages)))
            between = time.perf_counter()
            for _ in range(messages):
                await alone.sendmail(sender, [debtor], content)
            end = time.perf_counter()
            if turn:  # the first opens connections
                pooled.append(messages / (between - start))
                raw.append(messages / (end - between))
        await alone.quit()
        await pool.close()
    return pooled, raw


async def greetings(messages: int) -> int:
    """How often the mail server is greeted for so many messages, the pool's first connections included."""
    with tempfile.TemporaryDirectory() as scratch:
        async with open_sink() as sink:
            await _round("plain", messages, Path(scratch), sink)
            return sink.greetings


async def _round(kind: str, messages: int, folder: Path, sink: Sink) -> Spent:
    url = f"sqlite:///{folder / 'relance.db'}"
    await migrate(url)
    ledger = await SqlLedger.open(url)
    desk = Desk(ledger, OneOfEach(_STATEMENT if kind == "statement" else POLICY), Standing())
    post = SmtpDispatcher(
        parse_smtp_url(sink.url), Renderer(qr=payment_qr), FolderStore(folder / "store"), rate=DomainRate(120)
    )
    try:
        orders = [await _opened(Clerk(desk), number) for number in range(messages)]
        notices, gate = Notices(desk, {"email": post}), asyncio.Semaphore(IN_FLIGHT)

        async def send(order: Order) -> None:
            async with gate:
                await ActivityEnvironment().run(notices.send_notice, order)

        await send(orders[0])
        meter = Meter({"sender": os.getpid()}, (sink.process.pid,))
        await asyncio.gather(*(send(order) for order in orders[1:]))
        spent = meter.read()
        await sink.until(messages, 30)
    finally:
        await post.close()
        await ledger.close()
    if len({name for _, name in sink.came}) != messages or len(sink.came) != messages:
        raise AssertionError(f"{messages} messages were to come, {len(sink.came)} came")
    return spent


async def _opened(clerk: Clerk, number: int) -> Order:
    """A case of a debtor of its own, whose first letter is due; the order to send it."""
    announced = invoice(f"m-{number}")
    debtor = announced.debtor.model_copy(update={"email": f"compta@d{number}.example"})
    announced = announced.model_copy(update={"debtor": debtor})
    case = case_id(announced.creditor, announced.number)
    answer = await ActivityEnvironment().run(clerk.advance, Ask(case=case, known=0, now=ORIGIN, invoice=announced))
    decision = answer.decision
    assert decision is not None
    assert isinstance(decision.step, Send)
    assert decision.at is not None
    return Order(
        case=case, creditor=announced.creditor, debtor=debtor.id, step=decision.step.step,
        passage=decision.step.passage, known=answer.position, at=decision.at, now=ORIGIN,
    )  # fmt: skip


def rows(found: Mail) -> list[tuple[str, str, str, str]]:
    """As the report has them."""
    ours, theirs = (statistics.median(rates) for rates in (found.pooled, found.raw))
    against = f"**{found.against_raw:.2f}** (aim ≥ 1.0)"
    lines = [
        ("B9 the same bytes, messages a second: pool, one raw connection", f"{ours:.0f}", f"{theirs:.0f}", against)
    ]
    lines += [
        (
            f"messages a second through the whole activity, {name}",
            f"{found.rate(kind):.0f} ({found.cpu(kind):.1f} CPU-ms each)",
            "–",
            "–",
        )
        for kind, name in (("plain", "text and HTML"), ("statement", "with the statement as PDF"))
    ]
    lines.append(
        ("B9 greetings of the mail server a message", f"{found.greetings['plain'] / found.messages:.3f}", "–", "aim 0")
    )
    return lines + letters.rows(found.letters)
