"""Bringing a database's schema up to date when a program starts; most find nothing to do."""

import asyncio
from collections.abc import Callable

from sqlalchemy import Connection, text
from sqlalchemy.exc import InterfaceError, OperationalError

from ledger.opening import open_database
from ledger.versions import newest_version, version_of

# Two workers may start at once: the second waits here, then finds nothing left to do.
_PAUSE = 2.0  # seconds between two tries
_ADVISORY_LOCK = 7_265_108_974


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
    if version_of(connection) != newest_version():
        from ledger.upgrading import upgrade  # noqa: PLC0415 - slow to load: see there

        upgrade(connection)
    connection.commit()
