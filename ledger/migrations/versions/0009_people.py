"""Whom the provider of identities says an account is; the orders in which lists of cases are read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
_ORDERS = {"next": "next_at", "number": "number", "outstanding": "outstanding", "due": "due_on"}


def upgrade() -> None:
    """One column, unique; indexes that hold all that a list asks before it knows its rows, for those that do not."""
    op.add_column("accounts", sa.Column("subject", sa.String()))
    op.create_index("ix_accounts_subject", "accounts", ["subject"], unique=True)
    for name, first in _ORDERS.items():
        op.drop_index(f"ix_cases_{first}", "cases")
        op.create_index(f"ix_cases_by_{name}", "cases", [first, "id", "state", "creditor"])
    op.create_index("ix_cases_by_state", "cases", ["state", "next_at", "id", "creditor"])
    op.drop_index("ix_cases_task_due_on", "cases")
    waiting = sa.text("task_due_on IS NOT NULL")
    op.create_index(
        "ix_cases_tasks",
        "cases",
        ["task_due_on", "id", "creditor", "task_kinds"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
