"""Which version of the schema a database has, and which is the newest, without loading Alembic."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
"""Migrations stand in one line; each file begins with its revision, a number of four digits."""


def newest_version() -> str:
    """The revision of the newest migration."""
    return max(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def version_of(connection: Connection) -> str | None:
    """The revision at which the database is; None when it is at none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
