"""The first schema: the chain, its projection, the outbox, debtors and policies."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything, in the order of the references."""
    _debtors()
    _messages()
    _policies()
    _cases()
    _coverage()
    _events()
    _contacts()


def _debtors() -> None:
    op.create_table(
        "debtors",
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("data_key", sa.LargeBinary()),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("held_until", sa.Date()),
        sa.PrimaryKeyConstraint("creditor", "id", name="pk_debtors"),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("debtor", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("copies", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("document", sa.String()),
        sa.Column("sha256", sa.String()),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index("ix_messages_creditor_debtor_day", "messages", ["creditor", "debtor", "day"])
    op.create_index("ix_messages_state", "messages", ["state"])


def _policies() -> None:
    op.create_table(
        "policies",
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_policies"),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("debtor", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary()),
        sa.Column("data_key", sa.LargeBinary()),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("suspended_by", sa.String()),
        sa.Column("suspended_until", sa.Date()),
        sa.Column("passage", sa.Integer(), nullable=False),
        sa.Column("next_kind", sa.String()),
        sa.Column("next_step", sa.String()),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("because", sa.Text()),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("principal", sa.BigInteger(), nullable=False),
        sa.Column("outstanding", sa.BigInteger(), nullable=False),
        sa.Column("recovered", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("limitation_on", sa.Date()),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("task_due_on", sa.Date()),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("decision", sa.Text()),
        sa.Column("decision_position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["creditor", "debtor"], ["debtors.creditor", "debtors.id"], name="fk_cases_debtors"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    op.create_index("ix_cases_creditor_debtor_stage", "cases", ["creditor", "debtor", "stage"])
    op.create_index("ix_cases_next_at", "cases", ["next_at"])
    op.create_index("ix_cases_number", "cases", ["number"])
    op.create_index("ix_cases_stage_next_at", "cases", ["stage", "next_at"])


def _coverage() -> None:
    op.create_table(
        "coverage",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("passage", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("claim", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_coverage_cases"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_coverage_messages"),
        sa.PrimaryKeyConstraint("case_id", "passage", "step", name="pk_coverage"),
    )
    op.create_index("ix_coverage_message_id", "coverage", ["message_id"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("readable", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_events_cases"),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_events"),
        sa.UniqueConstraint("case_id", "event_id", name="uq_events_case_id_event_id"),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("debtor", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("message_id", sa.String()),
        sa.ForeignKeyConstraint(
            ["case_id", "position"], ["events.case_id", "events.position"], name="fk_contacts_events"
        ),
        sa.PrimaryKeyConstraint("case_id", "position", name="pk_contacts"),
    )
    op.create_index("ix_contacts_creditor_debtor_day", "contacts", ["creditor", "debtor", "day"])
