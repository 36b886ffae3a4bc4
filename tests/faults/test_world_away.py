"""The mail server refuses everything, the database is locked: what waits is done when they are back, once."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from tests.faults.crew import DAYS_A_SECOND, Crew, came_out_whole, crew
from tests.faults.plots import fates

SEED = 20251110
CASES = 60
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


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_mail_refused_and_a_locked_database_delay_letters_and_change_none(tmp_path: Path) -> None:
    assert AWAY * DAYS_A_SECOND * 24 > 1
    async with crew(tmp_path) as struck:
        book = fates(CASES, SEED, struck.settings.creditors()["acme"])
        await struck.start_server()
        await struck.start_worker()
        await struck.say(book)
        await struck.set_off(book)
        await struck.until_letters(5)
        await mail_refuses(struck)
        await struck.until_letters(30)
        await database_locked(struck)
        await struck.until_told(book)
        await came_out_whole(struck, book)
