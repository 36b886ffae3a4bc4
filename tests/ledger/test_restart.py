"""A PostgreSQL that was restarted: connections that were kept are dead, and nobody is told."""

from sqlalchemy import Connection, text

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
