"""Bringing a database's schema up to date, from code: no configuration file, any working directory."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.exc import InterfaceError, OperationalError

from ledger.opening import open_database

# Two workers may start at once: the second waits here, then finds nothing left to do.
_PAUSE = 2.0  # seconds between two tries
_ADVISORY_LOCK = 7_265_108_974


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for work on that connection."""
    config = Config()
    # ConfigParser reads % as the beginning of a reference.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


async def migrate(url: str) -> None:
    """Upgrade the database at ``url`` to the newest schema in one transaction; a no-op when it is there.

    Raises Refused on a URL the ledger does not know.
    """
    database = open_database(url)
    try:
        async with database.writing() as writer:
            await writer.run(_upgrade)
    finally:
        await database.close()


async def migrate_when_there(url: str, say: Callable[[str], None]) -> None:
    """As ``migrate``; while the database is away it says so once through ``say``, waits, and goes on.

    Raises Refused on a URL the ledger does not know.
    """
    waited = False
    while True:
        try:
            await migrate(url)
        except (OSError, OperationalError, InterfaceError) as error:
            if not waited:
                reason = str(error).splitlines()[0][:200]
                say(f"RELANCE_DATABASE_URL: the ledger's database does not answer yet ({reason}); waiting for it.")
            waited = True
            await asyncio.sleep(_PAUSE)
        else:
            if waited:
                say("The ledger's database answers; going on.")
            return


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    command.upgrade(alembic_config(connection), "head")
    connection.commit()
