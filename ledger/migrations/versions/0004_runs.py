"""Where the histories of runs that ended are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One row for each run kept."""
    op.create_table(
        "runs",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("document", sa.String()),
        sa.Column("sha256", sa.String()),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "run_id", name="pk_runs"),
    )
