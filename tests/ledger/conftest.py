"""Every test of the ledger runs on SQLite and on a real PostgreSQL, which starts once from its wheel."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, text

from ledger.migrate import migrate
from ledger.store import SqlLedger
from ledger.tables import metadata
from tests.ledger.samples import by_hand
from tests.postgresql import postgresql


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of the server's first database; skips, saying why, where no server can be started."""
    with postgresql() as server:
        yield server.url


@pytest.fixture(scope="session")
async def postgres_migrated(postgres_server: str) -> str:
    """The URL of a database with the ledger's schema."""
    await migrate(postgres_server)
    return postgres_server


@pytest.fixture(scope="session")
async def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the ledger's schema, to copy."""
    path = tmp_path_factory.mktemp("ledger") / "template.db"
    await migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
async def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh SQLite ledger, in a folder with a space in its name."""
    path = tmp_path / "le grand livre" / "relance.db"
    path.parent.mkdir()
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
async def postgres_url(postgres_migrated: str) -> AsyncIterator[str]:
    """A PostgreSQL ledger, emptied after the test."""
    yield postgres_migrated
    await by_hand(postgres_migrated, _empty)


def _empty(connection: Connection) -> None:
    """TRUNCATE would make new files for every table: ten times as slow on a few rows."""
    for table in reversed(metadata.sorted_tables):
        connection.execute(delete(table))
    connection.execute(text("DELETE FROM case_search"))


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty ledger's URL, on each backend in turn."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def ledger(url: str) -> AsyncIterator[SqlLedger]:
    """An empty ledger."""
    opened = await SqlLedger.open(url)
    yield opened
    await opened.close()
