"""Two workers at once: one chain, one message, and nothing of a worker that dies in the middle."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from activities import ports
from ledger import postgres, sqlite
from ledger.book import SqlBook
from ledger.chain import verify
from ledger.errors import DuplicateEvent, LedgerBusy
from ledger.store import SqlLedger
from rules.outbox import Covered, Message, MessageState
from tests.ledger.samples import (
    DAY,
    MARTIN,
    MOMENT,
    STEP,
    case_id,
    decision,
    invoice,
    opened,
    paid,
    paused,
    sent,
)  # fmt: skip

F1 = case_id("F-1")
CROWD = 50


@pytest.fixture
async def workers(ledger: SqlLedger, url: str) -> AsyncIterator[tuple[SqlLedger, SqlLedger]]:
    """Two ledgers on one database, as two processes have."""
    other = await SqlLedger.open(url)
    yield ledger, other
    await other.close()


async def open_crowd(ledger: SqlLedger, count: int) -> list[str]:
    cases = [case_id(f"F-{n:02}") for n in range(count)]
    for case in cases:
        async with ledger.book(case, debtor=MARTIN) as book:
            book.append(opened(invoice(case.rsplit("/", 1)[1])))
            book.project(decision(1))
    return cases


def covers(book: SqlBook) -> Covered:
    assert book.case is not None
    return Covered(
        case=book.case.id, passage=1, step=STEP, balance=book.case.open_principal, claim=book.case.open_principal
    )


async def wake(ledger: SqlLedger, case: str, delivered: list[str]) -> None:
    """What an act does: the first of the debtor's cases to wake writes for all; the others find themselves
    covered."""
    async with ledger.book(case, debtor=MARTIN) as book:
        message = await book.message(STEP, 1)
        if message is None:
            siblings = await book.siblings("EUR", MOMENT)
            mine = f"<{case}/{STEP}/1@relance>"
            fields = {
                "id": mine, "creditor": MARTIN[0], "debtor": MARTIN[1], "currency": "EUR", "day": DAY,
                "channel": "email", "state": MessageState.SENDING, "started_at": MOMENT, "sender": case,
                "covers": tuple(covers(one) for one in (book, *siblings)),
            }  # fmt: skip
            book.begin(Message.model_validate(fields))
    if message is None:
        delivered.append(mine)
        async with ledger.book(case, debtor=MARTIN) as book:
            book.conclude(mine, MessageState.SENT, MOMENT, None, None)
    async with ledger.book(case, debtor=MARTIN) as book:
        found = await book.message(STEP, 1)
        assert found is not None
        book.append(sent("notice", found.id))
        book.project(paused(2))


async def test_fifty_cases_of_one_debtor_woken_at_once_send_one_message(
    workers: tuple[SqlLedger, SqlLedger],
) -> None:
    ledger = workers[0]
    cases = await open_crowd(ledger, CROWD)
    delivered: list[str] = []
    await asyncio.gather(*(wake(workers[n % 2], case, delivered) for n, case in enumerate(cases)))
    assert len(delivered) == 1
    outbox = await ledger.reads.messages()
    assert [(message.id, message.state) for message in outbox] == [(delivered[0], MessageState.SENT)]
    assert sorted(covered.case for covered in outbox[0].covers) == cases
    for case in cases:
        assert verify(await ledger.reads.chain_rows(case), await ledger.reads.chain_head(case)) is None
    async with ledger.book(cases[0]) as book:
        assert (await book.debtor_facts(DAY)).contacts == ()


@pytest.mark.parametrize("known", [True, False])
async def test_two_writers_of_one_case_take_turns(workers: tuple[SqlLedger, SqlLedger], known: bool) -> None:
    if known:
        async with workers[0].book(F1) as book:
            book.append(opened())

    async def enter(n: int) -> None:
        async with workers[n % 2].book(F1) as book:
            if book.case is None:
                book.append(opened())
            await asyncio.sleep(0)
            book.append(paid(f"p{n}", "1.00"))

    await asyncio.gather(*(enter(n) for n in range(20)))
    rows = await workers[0].reads.chain_rows(F1)
    assert [row.position for row in rows] == list(range(1, 22))
    assert verify(rows, await workers[0].reads.chain_head(F1)) is None


async def test_of_twenty_who_enter_the_same_event_one_does(workers: tuple[SqlLedger, SqlLedger]) -> None:
    async def enter(n: int) -> bool:
        try:
            async with workers[n % 2].book(F1, debtor=MARTIN) as book:
                if book.case is None:
                    book.append(opened())
                book.append(paid("the same", "1.00"))
        except DuplicateEvent:
            return False
        return True

    assert sum(await asyncio.gather(*(enter(n) for n in range(20)))) == 1
    assert len(await workers[0].reads.case_events(F1)) == 2


async def test_locks_in_opposite_order_of_ids_do_not_block_each_other(workers: tuple[SqlLedger, SqlLedger]) -> None:
    cases = await open_crowd(workers[0], 8)

    async def look_around(n: int, case: str) -> int:
        async with workers[n % 2].book(case, debtor=MARTIN) as book:
            return len(await book.siblings("EUR", MOMENT + timedelta(days=1)))

    async with asyncio.timeout(20):
        found = await asyncio.gather(*(look_around(n, case) for n, case in enumerate([*cases, *reversed(cases)])))
    assert set(found) == {7}


async def test_readers_do_not_wait_for_a_writer(ledger: SqlLedger) -> None:
    async with ledger.book(F1) as book:
        book.append(opened())
    async with ledger.book(F1, debtor=MARTIN) as book:
        book.append(paid("p1", "1.00"))
        await book.debtor_facts(DAY)
        async with asyncio.timeout(2):
            assert len(await ledger.reads.case_events(F1)) == 1
    assert len(await ledger.reads.case_events(F1)) == 2


@pytest.mark.parametrize("patience", [0, 0.0005, 0.001, 0.002, 0.004])
async def test_a_task_cancelled_in_the_middle_leaves_nothing_and_no_lock(ledger: SqlLedger, patience: float) -> None:
    async with ledger.book(F1, debtor=MARTIN) as book:
        book.append(opened())

    async def enter_for_ever() -> None:
        async with ledger.book(F1, debtor=MARTIN) as book:
            book.append(paid("p1", "10.00"))
            while True:
                await book.debtor_facts(DAY)
                await asyncio.sleep(0)  # on SQLite a question inside a transaction waits for nobody

    task = asyncio.create_task(enter_for_ever())
    await asyncio.sleep(patience)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10), ledger.book(F1, debtor=MARTIN) as book:
        assert book.case is not None
        assert book.case.position == 1


async def test_a_writer_that_does_not_get_its_turn_says_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.05)
    monkeypatch.setitem(postgres.SETTINGS, "lock_timeout", "50ms")
    one, other = await SqlLedger.open(url), await SqlLedger.open(url)
    async with one.book(F1, debtor=MARTIN) as book:
        book.append(opened())
        await book.debtor_facts(DAY)
        for waiting in (one, other):
            with pytest.raises(LedgerBusy, match="try again"):
                await asyncio.create_task(waiting.hold_debtor(*MARTIN))
    await other.hold_debtor(*MARTIN)
    await one.close()
    await other.close()


CRASH = """
import asyncio, os, signal, sys
from ledger.store import SqlLedger
from tests.ledger.samples import DAY, MARTIN, case_id, message, paid, decision

async def main() -> None:
    ledger = await SqlLedger.open(sys.argv[1])
    async with ledger.book(case_id("F-1"), debtor=MARTIN) as book:
        book.append(paid("p1", "10.00"))
        book.project(decision(2))
        book.begin(message("<m1>", case_id("F-1")))
        await book.debtor_facts(DAY)  # everything is written, nothing is committed
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def test_a_worker_killed_in_the_middle_leaves_nothing_and_no_lock(ledger: SqlLedger, url: str) -> None:
    async with ledger.book(F1, debtor=MARTIN) as book:
        book.append(opened())
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", CRASH, url)
    assert await process.wait() == -signal.SIGKILL
    async with asyncio.timeout(10), ledger.book(F1, debtor=MARTIN) as book:
        assert book.case is not None
        assert book.case.position == 1
        assert book.decision is None
        assert await book.messages() == []
        book.append(paid("p1", "10.00"))
    assert verify(await ledger.reads.chain_rows(F1), await ledger.reads.chain_head(F1)) is None


async def test_the_ledger_is_what_the_activities_ask_for(ledger: SqlLedger) -> None:
    wanted: ports.Ledger = ledger
    async with wanted.book(F1) as book:
        asked: ports.Book = book
        assert asked.case is None
