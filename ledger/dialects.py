"""The one statement that SQLite and PostgreSQL write alike and SQLAlchemy keeps apart: insert … on
conflict."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Insert = postgresql.Insert | sqlite.Insert


def insert_into(connection: Connection, table: Table) -> Insert:
    """The dialect's own insert, which knows on_conflict_do_update."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """An insert that leaves a row of the same key as it is."""
    return insert_into(connection, table).on_conflict_do_nothing()
