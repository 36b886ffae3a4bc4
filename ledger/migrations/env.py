"""Alembic's entrance. The connection comes from ledger.migrate, in a transaction that it also ends."""

from alembic import context

from ledger import api_tables

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=api_tables.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
