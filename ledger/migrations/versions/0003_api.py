"""The API and intake: tokens, kept answers, the intake queue, hooks and deliveries, bank statements."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and the trigger that fills the deliveries."""
    _tokens()
    _queue()
    _hooks()
    _bank()
    _trigger()


def _tokens() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("creditors", sa.String(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_used_on", sa.Date()),
        sa.Column("revoked_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
    )
    op.create_table(
        "kept_answers",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("body", sa.Text()),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_kept_answers"),
    )
    op.create_index("ix_kept_answers_at", "kept_answers", ["at"])


def _queue() -> None:
    op.create_table(
        "intake_queue",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("claimed_at", _MOMENT),
        sa.Column("refusal", sa.Text()),
        sa.PrimaryKeyConstraint("case_id", name="pk_intake_queue"),
    )
    op.create_index("ix_intake_queue_claimed_at", "intake_queue", ["claimed_at"])


def _hooks() -> None:
    op.create_table(
        "hooks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("incoming", sa.Boolean(), nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_hooks"),
    )
    op.create_table(
        "deliveries",
        sa.Column("hook", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", _MOMENT),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.String()),
        sa.PrimaryKeyConstraint("hook", "case_id", "position", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state"])


def _bank() -> None:
    op.create_table(
        "statements",
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("booked_until", sa.Date(), nullable=False),
        sa.Column("imported_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("creditor", "account", name="pk_statements"),
    )
    op.create_table(
        "bank_lines",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("reversal", sa.Boolean(), nullable=False),
        sa.Column("reference", sa.String()),
        sa.Column("payer", sa.String()),
        sa.Column("payer_digest", sa.String()),
        sa.Column("text", sa.Text()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bank_lines"),
    )
    op.create_index("ix_bank_lines_creditor_state_booked_on", "bank_lines", ["creditor", "state", "booked_on"])
    op.create_table(
        "payers",
        sa.Column("creditor", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("debtor", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("creditor", "digest", "debtor", name="pk_payers"),
    )


_WANTED = """
    INSERT INTO deliveries (hook, case_id, position, kind, state, attempts)
    SELECT hooks.id, NEW.case_id, NEW.position, NEW.kind, 'pending', 0
    FROM hooks JOIN cases ON cases.id = NEW.case_id AND cases.creditor = hooks.creditor
    WHERE NOT hooks.incoming AND hooks.revoked_at IS NULL
      AND (hooks.kinds = '' OR hooks.kinds LIKE '%,' || NEW.kind || ',%');
"""


def _trigger() -> None:
    """An event and what is owed to hooks for it are one transaction, and cost no round trip of their own. In a LIKE
    an underscore stands for any letter: no two kinds differ by that alone."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER events_to_hooks AFTER INSERT ON events WHEN EXISTS (SELECT 1 FROM hooks) BEGIN"  # noqa: S608 - no value of anybody's is in it
            + _WANTED
            + "END"
        )
        return
    op.execute(
        "CREATE FUNCTION events_to_hooks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        + _WANTED
        + "RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER events_to_hooks AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION events_to_hooks()")
