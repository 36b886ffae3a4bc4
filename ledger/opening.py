"""From a URL to the database it names."""

from ledger.database import Database, normalise_url
from ledger.postgres import Postgres
from ledger.sqlite import Sqlite


def open_database(url: str) -> Database:
    """The database of a URL; nothing is connected yet. Creates the folder of a SQLite file. Raises Refused."""
    parsed = normalise_url(url)
    return Sqlite(parsed) if parsed.drivername.startswith("sqlite") else Postgres(parsed)
