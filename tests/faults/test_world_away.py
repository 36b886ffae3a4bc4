"""The mail server refuses everything, the database is locked or gone: what waits is done when they are back, once."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from ledger.errors import DATABASE_FAILURES
from tests.faults.crew import DAYS_A_SECOND, Crew, came_out_whole, crew
from tests.faults.plots import Fate, fates
from tests.postgresql import Postgres, postgresql

SEED = 20251110
CASES = 40
AWAY = 6.0
"""Seconds of the real clock, in which the engine tries again; by the played one it is a month, far above an hour."""


async def mail_refuses(struck: Crew) -> None:
    """Every letter is answered 451 for a while."""
    struck.its.mail.busy = True
    await asyncio.sleep(AWAY)
    struck.its.mail.busy = False
    assert struck.its.mail.turned_away > 0


async def database_locked(struck: Crew) -> None:
    """Another program holds the ledger's file: nobody else can write."""
    connection = sqlite3.connect(struck.its.folder / "relance.db", timeout=30, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        before = connection.execute("SELECT count(*) FROM events").fetchone()
        await asyncio.sleep(AWAY)
        assert connection.execute("SELECT count(*) FROM events").fetchone() == before
        connection.execute("ROLLBACK")
    finally:
        connection.close()


async def database_killed(struck: Crew, database: Postgres) -> None:
    """kill -9 of the whole server in the middle of what it does, and its start on the same data."""
    database.kill()
    with pytest.raises((OSError, *DATABASE_FAILURES)):
        await struck.ledger.reads.find("invoice/acme/F-0")
    await asyncio.sleep(AWAY)
    await asyncio.to_thread(database.start)


async def at_work(struck: Crew) -> list[Fate]:
    """The house with everything said to its cases and the clock running."""
    book = fates(CASES, SEED, struck.settings.creditors()["acme"])
    await struck.start_server()
    await struck.start_worker()
    await struck.say(book)
    await struck.set_off(book)
    return book


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_locked_database_delays_letters_and_changes_none(tmp_path: Path) -> None:
    assert AWAY * DAYS_A_SECOND * 24 > 1
    async with crew(tmp_path) as struck:
        book = await at_work(struck)
        await struck.until_letters(10)
        await database_locked(struck)
        await struck.until_told(book)
        await came_out_whole(struck, book)


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_mail_refused_and_a_database_killed_delay_letters_and_change_none(tmp_path: Path) -> None:
    with postgresql() as database:
        async with crew(tmp_path, database.url) as struck:
            book = await at_work(struck)
            await struck.until_letters(5)
            await mail_refuses(struck)
            await struck.until_letters(20)
            await database_killed(struck, database)
            await struck.until_told(book)
            await came_out_whole(struck, book)
