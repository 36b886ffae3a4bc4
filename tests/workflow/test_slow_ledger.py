"""A ledger that is slow for a while: what was cut short is done again, and the worker goes on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from activities.answering import Desk
from ledger.book import SqlBook
from ledger.reads import CaseFilter
from ledger.store import SqlLedger
from tests.workflow.house import house
from tests.workflow.test_doors import ORIGIN, an_invoice
from workflows import options

CASES = 12


class Slow:
    """A ledger whose every transaction takes ``seconds`` more; counts those that were cut short."""

    def __init__(self, ledger: SqlLedger, seconds: float) -> None:
        self._ledger = ledger
        self.seconds = seconds
        self.cut = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)

    @asynccontextmanager
    async def book(self, case_id: str, *, debtor: tuple[str, str] | None = None) -> AsyncIterator[SqlBook]:
        try:
            async with self._ledger.book(case_id, debtor=debtor) as book:
                await asyncio.sleep(self.seconds)
                yield book
        except asyncio.CancelledError:
            self.cut += 1
            raise


@pytest.mark.slow
async def test_a_ledger_that_was_slow_leaves_no_case_behind(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line before the ledger is longer than an ``advance`` may take: those at its end are cut short again and
    again. Once the ledger is quick nothing of it is left: no turn, no place of the worker's."""
    monkeypatch.setattr(options, "ADVANCE_TIMEOUT", timedelta(seconds=1))
    async with house(client, tmp_path, origin=ORIGIN, patient=True) as its:
        slow = Slow(its.ledger, 0.6)
        its.desk = Desk(slow, its.desk.reference, its.desk.clock)
        for number in range(CASES):
            await its.start(an_invoice(number=f"F-SLOW-{number}"))
        async with its.open():
            await asyncio.sleep(4)
            assert slow.cut > CASES / 2
            slow.seconds = 0.0
            end = time.monotonic() + 15
            while len(rows := await its.ledger.reads.cases(CaseFilter(limit=50))) < CASES or not all(
                row.next_step for row in rows
            ):
                assert time.monotonic() < end, f"{len(rows)} of {CASES} cases were opened"
                await asyncio.sleep(0.1)
