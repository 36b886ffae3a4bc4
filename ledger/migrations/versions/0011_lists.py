"""The orders of lists tell open cases by the day they were closed, and tasks of a kind have an order of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
_ORDERS = {
    "by_next": ("next_at", "id", "state", "creditor", "due_on", "task_due_on", "closed_on"),
    "by_number": ("number", "id", "state", "creditor", "due_on", "closed_on"),
    "by_outstanding": ("outstanding", "id", "state", "creditor", "due_on", "closed_on"),
    "by_due": ("due_on", "id", "state", "creditor", "closed_on"),
    "by_state": ("state", "next_at", "id", "creditor", "closed_on"),
}
_TASKS = sa.text("task_due_on IS NOT NULL")


def upgrade() -> None:
    """Indexes made anew with one more column, and one of the cases that wait for people."""
    for name, columns in _ORDERS.items():
        op.drop_index(f"ix_cases_{name}", "cases")
        op.create_index(f"ix_cases_{name}", "cases", list(columns))
    op.create_index(
        "ix_cases_tasks_by_kind",
        "cases",
        ["task_kinds", "task_due_on", "id", "creditor"],
        sqlite_where=_TASKS,
        postgresql_where=_TASKS,
    )
