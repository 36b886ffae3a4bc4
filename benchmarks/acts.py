"""What a case does, without an engine around it: the same clerk, notices, rules and ledger, for the alternatives."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.testing import ActivityEnvironment

from activities.answering import Desk
from activities.clerk import Clerk
from activities.notices import Notices
from benchmarks.side import OneOfEach, Post, SteppingClock
from ledger.migrate import migrate
from ledger.store import SqlLedger
from rules.decision import Send
from rules.invoice import InvoiceIssued
from workflows.contracts import Answer, Ask, Order, Said, case_id

PAUSE = timedelta(seconds=1)
"""Between two rungs."""


class Acts:
    """One worker's clerk and notices."""

    def __init__(self, desk: Desk) -> None:
        self._clerk, self._notices = Clerk(desk), Notices(desk, {"email": Post()})

    async def open(self, invoice: InvoiceIssued) -> Answer:
        """The case's first decision."""
        return await self._advance(Ask(case=_id(invoice), known=0, now=datetime.now(UTC), invoice=invoice))

    async def rung(self, invoice: InvoiceIssued, answer: Answer) -> Answer:
        """Take the rung that the last answer named."""
        decision = answer.decision
        assert decision is not None
        assert isinstance(decision.step, Send)
        now = datetime.now(UTC)
        order = Order(
            case=_id(invoice), creditor=invoice.creditor, debtor=invoice.debtor.id,
            step=decision.step.step, passage=decision.step.passage, known=answer.position,
            at=decision.at or now, now=now,
        )  # fmt: skip
        return await ActivityEnvironment().run(self._notices.send_notice, order)

    async def pay(self, invoice: InvoiceIssued, known: int) -> Answer:
        """The payment."""
        now = datetime.now(UTC)
        said = Said(id="signal/1", name="paid", payload={"reference": "VIR-1"}, at=now, door="signal")
        return await self._advance(Ask(case=_id(invoice), known=known, now=now, said=(said,)))

    async def _advance(self, ask: Ask) -> Answer:
        return await ActivityEnvironment().run(self._clerk.advance, ask)


@asynccontextmanager
async def acts_on(folder: Path, url: str | None = None) -> AsyncIterator[Acts]:
    """Acts on a ledger of their own: a SQLite file in the folder, or the database of ``url``."""
    url = url or f"sqlite:///{folder / 'relance.db'}"
    await migrate(url)
    ledger = await SqlLedger.open(url)
    clock = SteppingClock()
    clock.pause = PAUSE
    try:
        yield Acts(Desk(ledger, OneOfEach(), clock))
    finally:
        await ledger.close()


def _id(invoice: InvoiceIssued) -> str:
    return case_id(invoice.creditor, invoice.number)
