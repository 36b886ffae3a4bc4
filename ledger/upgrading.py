"""Alembic, from code: no configuration file, any working directory. Slow to load: ``ledger.migrate`` imports it when
there is something to do."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from ledger.versions import MIGRATIONS


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for work on that connection."""
    config = Config()
    # ConfigParser reads % as the beginning of a reference.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the schema to the newest version, in the transaction that is open."""
    command.upgrade(alembic_config(connection), "head")
