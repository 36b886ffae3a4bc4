"""The one statement that SQLite and PostgreSQL write alike and SQLAlchemy keeps apart: insert … on
conflict."""

from functools import lru_cache

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """The dialect's own insert, which knows on_conflict_do_update."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> Insert:
    """The same for a dialect's name: a statement that is kept is written once for each."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """An insert that leaves a row of the same key as it is."""
    return _ignoring(connection.dialect.name, table)


@lru_cache(maxsize=64)
def _ignoring(dialect: str, table: Table) -> Insert:
    return insert_of(dialect, table).on_conflict_do_nothing()
