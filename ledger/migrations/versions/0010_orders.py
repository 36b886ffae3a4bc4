"""The orders of lists hold the due date as well, and what nobody waits for is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
_ORDERS = {
    "next": ("next_at", "id", "state", "creditor", "due_on", "task_due_on"),
    "number": ("number", "id", "state", "creditor", "due_on"),
    "outstanding": ("outstanding", "id", "state", "creditor", "due_on"),
}
_STUCK = sa.text("next_at IS NULL AND task_due_on IS NULL AND stage <> 'closed'")


def upgrade() -> None:
    """Indexes made anew with more columns, and one of a few rows."""
    for name, columns in _ORDERS.items():
        op.drop_index(f"ix_cases_by_{name}", "cases")
        op.create_index(f"ix_cases_by_{name}", "cases", list(columns))
    op.create_index(
        "ix_cases_stuck", "cases", ["next_at", "creditor", "id"], sqlite_where=_STUCK, postgresql_where=_STUCK
    )
