"""A book is audited in blocks, read in one go: what is said of each case is what its own audit says, and what is wrong
with one is found in that one.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import Connection, Table, text
from temporalio import activity
from temporalio.client import Client

from audit.office import audit_all, auditor, case_ids
from audit.report import Report
from ledger.tables import cases, contacts, coverage, events, messages, runs
from letters.store import FolderStore
from settings import Settings
from tests.audit.book import by_hand, invoice, kept, settings_of
from tests.workflow.house import house

NUMBERS = ("F-BLOCK-1", "F-BLOCK-2", "F-BLOCK-3")
SECOND = "invoice/acme/F-BLOCK-2"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def three(client: Client, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    """Three debtors, written to twice, then paid; the book as a folder."""
    folder = tmp_path_factory.mktemp("three")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity, "heartbeat", lambda *_: None)
        async with house(client, folder, origin="2025-09-01T08:00:00+02:00") as its:
            its.post.store = FolderStore(folder / "store")
            handles = [await its.start(invoice(number, f"C-{number}")) for number in NUMBERS]
            for handle in handles:
                await handle.signal("paid", {"amount": "1200.00", "reference": "VIR-1", "on": "2025-10-09"})
            async with its.open(), asyncio.timeout(60):
                await asyncio.gather(*(handle.result() for handle in handles))
            await kept(its.ledger, client, folder / "store", *(handle.id for handle in handles))
    yield folder


@pytest.fixture
def shelf(three: Path, tmp_path: Path) -> Settings:
    """A copy of the book, to be tampered with."""
    shutil.copytree(three, tmp_path / "book")
    database = next((tmp_path / "book").glob("*.db"))
    return settings_of(tmp_path / "book", f"sqlite:///{database}")


async def of_the_book(shelf: Settings, *, told: bool = True) -> dict[str, Report]:
    """The reports of one block with every case of the book, and of the block's three alone."""
    async with auditor(shelf) as one:
        reports = await one.audit(await case_ids(shelf), known=True, told=told)
    return {report.case: report for report in reports if report.case.rpartition("/")[2] in NUMBERS}


def alike(report: Report) -> Report:
    return report.model_copy(update={"as_of": datetime(2026, 1, 1, tzinfo=UTC)})


async def test_a_block_says_of_each_case_what_its_own_audit_says(shelf: Settings) -> None:
    block = await of_the_book(shelf)
    assert len(block) == len(NUMBERS)
    async with auditor(shelf) as one:
        for case, report in block.items():
            alone = (await one.audit([case]))[0]
            assert alike(report) == alike(alone)
            assert report.ok
            assert [line.position for line in report.timeline] == list(range(1, report.position + 1))
            assert sum(run.decisions for run in report.runs) >= 3


def change(table: Table, column: str, value: str) -> object:
    """One cell of the second case's last row, as the file holds it."""

    def changing(connection: Connection) -> None:
        own = "id" if table is cases else "case_id"
        owned = f'{own} = "{SECOND}"'
        if table is messages:
            owned = f'id IN (SELECT message_id FROM coverage WHERE case_id = "{SECOND}")'
        last = f"SELECT max(rowid) FROM {table.name} WHERE {owned}"
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        done = connection.execute(text(f"UPDATE {table.name} SET {column} = {value} WHERE rowid = ({last})"))
        assert done.rowcount == 1

    return changing


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        (events, "readable", "readable || ' '"),
        (events, "entered_at", "'no moment at all'"),
        (events, "hash", "upper(hash)"),
        (cases, "principal", "principal + 1"),
        (cases, "data_key", "x'00'"),
        (messages, "channel", "'letter'"),
        (messages, "day", "'2025'"),
        (coverage, "balance", "balance + 1"),
        (contacts, "day", "'2025-09-01'"),
        (runs, "sha256", "upper(sha256)"),
        (runs, "events", "events + 1"),
    ],
    ids=lambda one: getattr(one, "name", one),
)
async def test_what_is_wrong_with_one_case_of_a_block_is_found_in_that_one(
    shelf: Settings, table: Table, column: str, value: str
) -> None:
    by_hand(shelf, change(table, column, value))  # type: ignore[arg-type]
    found = await of_the_book(shelf, told=False)
    assert {case for case, report in found.items() if report.findings} == {SECOND}
    assert len(found) == len(NUMBERS)


@pytest.mark.slow
def test_the_whole_book_is_audited_in_several_processes(shelf: Settings) -> None:
    by_hand(shelf, change(events, "hash", "upper(hash)"))  # type: ignore[arg-type]
    ids = [f"invoice/acme/{number}" for number in NUMBERS] * 20
    heard: list[Report] = []
    audit_all(shelf, ids, heard.append, processes=2)
    assert sorted(report.case for report in heard) == sorted(ids)
    assert {report.case for report in heard if not report.ok} == {SECOND}
