"""Alembic's entrance. The connection comes from ledger.migrate, in a transaction that it also ends."""

from alembic import context

from ledger.api_tables import tokens

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=tokens.metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
