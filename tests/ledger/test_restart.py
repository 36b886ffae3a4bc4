"""A database after a stop: connections that were kept to a PostgreSQL are dead and nobody is told; after a power cut,
what was committed is there."""

from pathlib import Path

from sqlalchemy import Connection, text

from ledger.migrate import migrate
from ledger.store import SqlLedger
from tests.ledger.samples import by_hand

_END_ALL = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid <> pg_backend_pid() AND application_name = 'relance'"
)


def _end_all(connection: Connection) -> None:
    assert connection.execute(_END_ALL).all()


async def test_a_reader_after_a_restart_meets_no_dead_connection(postgres_url: str) -> None:
    ledger = await SqlLedger.open(postgres_url)
    try:
        assert await ledger.reads.find("invoice/acme/F-1") == []
        await by_hand(postgres_url, _end_all)
        assert await ledger.reads.find("invoice/acme/F-1") == []
    finally:
        await ledger.close()


FULL = 2  # in WAL mode, each commit is synced


async def _as_it_writes(url: str, asked: str) -> object:
    """What the connection that writes says of itself."""
    ledger, found = await SqlLedger.open(url), []
    try:
        await ledger.write(lambda connection: found.append(connection.exec_driver_sql(asked).scalar_one()))
    finally:
        await ledger.close()
    return found[0]


async def test_a_commit_is_on_the_disk_before_anybody_is_answered(tmp_path: Path, postgres_url: str) -> None:
    file = f"sqlite:///{tmp_path / 'ledger.db'}"
    await migrate(file)
    assert await _as_it_writes(file, "PRAGMA synchronous") == FULL
    assert await _as_it_writes(postgres_url, "SHOW synchronous_commit") == "on"
