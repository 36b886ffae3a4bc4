"""The schema comes from migrations, and they say what the tables say."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from ledger.database import normalise_url
from ledger.migrate import migrate
from ledger.store import SqlLedger
from ledger.tables import metadata
from ledger.versions import MIGRATIONS, newest_version, version_of
from rules.refusals import Refused
from tests.ledger.samples import by_hand, case_id, opened


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database without a schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'not yet' / 'new ledger.db'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    admin = create_async_engine(normalise_url(server), isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text("CREATE DATABASE unmigrated"))
    yield make_url(server).set(database="unmigrated").render_as_string(hide_password=False)
    async with admin.connect() as connection:
        await connection.execute(text("DROP DATABASE unmigrated WITH (FORCE)"))
    await admin.dispose()


async def differences(url: str) -> list[object]:
    # The full-text index is each dialect's own: SQLAlchemy has no words for it.
    def known(name: str | None, _kind: str, _parents: object) -> bool:
        return not (name or "").startswith(("case_search", "ix_case_search"))

    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": known})
        return list(compare_metadata(context, metadata))

    return await by_hand(url, compare)


async def test_the_migrated_schema_is_that_of_the_tables(empty_url: str) -> None:
    assert await by_hand(empty_url, version_of) is None
    await migrate(empty_url)
    assert await differences(empty_url) == []
    assert await by_hand(empty_url, version_of) == newest_version()
    await migrate(empty_url)


def test_the_newest_migration_is_the_one_with_the_highest_number() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [newest_version()]


async def test_the_comparison_can_fail(empty_url: str) -> None:
    await migrate(empty_url)
    await by_hand(empty_url, lambda c: c.execute(text("ALTER TABLE policies ADD COLUMN author VARCHAR")))
    await by_hand(empty_url, lambda c: c.execute(text("DROP INDEX ix_cases_by_number")))
    assert len(await differences(empty_url)) == 2


START = "import asyncio, sys; from ledger.migrate import migrate; asyncio.run(migrate(sys.argv[1]))"


async def test_workers_may_start_at_once_from_any_folder(empty_url: str, tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    if empty_url.startswith("sqlite"):
        Path(make_url(empty_url).database or "").parent.mkdir()

    async def start() -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", START, empty_url, cwd=tmp_path, env={**os.environ, "PYTHONPATH": root}
        )
        return await process.wait()

    assert await asyncio.gather(*(start() for _ in range(3)), migrate(empty_url)) == [0, 0, 0, None]
    ledger = await SqlLedger.open(empty_url)
    async with ledger.book(case_id("F-1")) as book:
        book.append(opened())
    await ledger.close()


@pytest.mark.parametrize(("url", "driver"), [
    ("sqlite:///x.db", "sqlite+pysqlite:///x.db"),
    ("sqlite:////var/le livre/x.db", "sqlite+pysqlite:////var/le livre/x.db"),
    ("sqlite+aiosqlite:///x.db", "sqlite+pysqlite:///x.db"),
    ("postgres://u:p@h/d", "postgresql+asyncpg://u:p@h/d"),
    ("postgresql://u:p@h:5433/d", "postgresql+asyncpg://u:p@h:5433/d"),
    ("postgresql+asyncpg://h/d", "postgresql+asyncpg://h/d"),
    ("postgresql://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
])  # fmt: skip
def test_a_url_gets_its_driver(url: str, driver: str) -> None:
    assert normalise_url(url).render_as_string(hide_password=False) == driver


@pytest.mark.parametrize(("url", "says"), [
    ("mysql://u:secret@h/d", "« mysql » is not a database the ledger knows"),
    ("postgresql+psycopg://h/d", "« postgresql\\+psycopg » is not"),
    ("sqlite://", "cannot live in memory"),
    ("sqlite:///:memory:", "cannot live in memory"),
    ("x.db", "cannot be read"),
    ("", "cannot be read"),
])  # fmt: skip
def test_another_url_is_refused_with_a_sentence(url: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        normalise_url(url)
    assert "secret" not in refused.value.sentence
