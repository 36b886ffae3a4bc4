"""The console: accounts, sessions, looks, requests, saved views; movements, figures, and a search."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; those of an older ledger are filled by ``ledger.catching_up``."""
    _lists()
    _people()
    _asked()
    _figures()
    _search()


def _lists() -> None:
    op.add_column("cases", sa.Column("state", sa.String(), nullable=False, server_default="not_due"))
    op.add_column("cases", sa.Column("task_kinds", sa.String()))
    op.execute(
        "UPDATE cases SET state = CASE WHEN stage = 'closed' THEN coalesce(outcome, stage) "
        "ELSE coalesce(suspended_by, stage) END"
    )
    for column in ("outstanding", "due_on", "task_due_on"):
        op.create_index(f"ix_cases_{column}", "cases", [column])
    listed = ["creditor", "currency", "state", "due_on", "next_at", "task_due_on", "task_kinds", "principal"]
    op.create_index("ix_cases_list", "cases", [*listed, "outstanding", "id"])


def _people() -> None:
    op.create_table(
        "accounts",
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("creditors", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("login", name="pk_accounts"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.ForeignKeyConstraint(["login"], ["accounts.login"], name="fk_sessions_accounts"),
    )
    op.create_index("ix_sessions_login", "sessions", ["login"])
    op.create_table(
        "login_failures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_failures"),
    )
    op.create_index("ix_login_failures_what_at", "login_failures", ["what", "at"])
    op.create_table(
        "saved_views",
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("login", "name", name="pk_saved_views"),
        sa.ForeignKeyConstraint(["login"], ["accounts.login"], name="fk_saved_views_accounts"),
    )


def _asked() -> None:
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_looks"),
    )
    op.create_index("ix_looks_subject", "looks", ["subject"])
    op.create_index("ix_looks_at", "looks", ["at"])
    op.create_table(
        "requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_requests"),
    )
    op.create_index("ix_requests_case_id_state", "requests", ["case_id", "state"])


def _figures() -> None:
    op.create_table(
        "movements",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String()),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_movements"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_movements_cases"),
    )
    op.create_index("ix_movements_day_creditor", "movements", ["day", "creditor"])
    op.create_table(
        "daily_aggregate",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "creditor", "currency", "measure", "part", name="pk_daily_aggregate"),
    )


def _search() -> None:
    """A full-text index has no common form in SQLAlchemy: each dialect's own."""
    op.create_table(
        "search_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("data_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_keys"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE case_search USING fts5(case_id UNINDEXED, words, detail=none, prefix='2 3 4')")
    else:
        op.execute("CREATE TABLE case_search (case_id VARCHAR NOT NULL, words TEXT NOT NULL)")
        op.execute("CREATE INDEX ix_case_search_words ON case_search USING gin (to_tsvector('simple', words))")
        op.execute("CREATE INDEX ix_case_search_case_id ON case_search (case_id)")
