"""Whom a line of a statement was proposed to; indexes for what the console counts and retention looks for."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INDEXES = (
    ("bank_lines", ["creditor", "reference"]),
    ("requests", ["at"]),
    ("messages", ["started_at"]),
    ("messages", ["day"]),
    ("cases", ["closed_on"]),
)


def upgrade() -> None:
    """One column, five indexes."""
    op.add_column("bank_lines", sa.Column("proposed_to", sa.Text(), nullable=False, server_default="[]"))
    for table, columns in _INDEXES:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
