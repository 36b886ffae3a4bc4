"""Whom the provider of identities says an account is; the cases that wait for people, without the others."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, unique; one index for another."""
    op.add_column("accounts", sa.Column("subject", sa.String()))
    op.create_index("ix_accounts_subject", "accounts", ["subject"], unique=True)
    op.drop_index("ix_cases_task_due_on", "cases")
    waiting = sa.text("task_due_on IS NOT NULL")
    op.create_index(
        "ix_cases_tasks",
        "cases",
        ["task_due_on", "id", "creditor", "task_kinds"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
