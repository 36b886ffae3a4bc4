"""From a URL to the database it names."""

from ledger.database import Database, normalise_url
from ledger.sqlite import Sqlite


def open_database(url: str) -> Database:
    """The database of a URL; nothing is connected yet. Creates the folder of a SQLite file. Raises Refused."""
    parsed = normalise_url(url)
    if parsed.drivername.startswith("sqlite"):
        return Sqlite(parsed)
    # SQLAlchemy's asyncio part brings its ORM, a tenth of a program's start: only for who needs it.
    from ledger.postgres import Postgres  # noqa: PLC0415

    return Postgres(parsed)
