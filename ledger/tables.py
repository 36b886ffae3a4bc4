"""The tables. ``events`` is the truth; ``cases`` is its projection for locks and lists; the rest serves the
outbox."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from ledger.columns import Cents, Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# One row per debtor of a creditor. ``data_key`` opens the keys of its cases; NULL once the debtor was
# forgotten.
debtors = Table(
    "debtors",
    metadata,
    Column("creditor", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("data_key", LargeBinary),
    Column("held", Boolean, nullable=False),
    Column("held_until", Date),
)

STUCK = "next_at IS NULL AND task_due_on IS NULL AND stage <> 'closed'"
"""An open case with neither a next moment nor a task; in these words, by which its index is recognised."""

# The head row of each case: what is locked, and what lists show. ``name`` and ``data_key`` are ciphertexts. ``state``
# is the stage in lists' words: the pause, the outcome or the last letter's rung where that says more.
cases = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("creditor", String, nullable=False),
    Column("debtor", String, nullable=False),
    Column("number", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("name", LargeBinary),
    Column("data_key", LargeBinary),
    Column("stage", String, nullable=False),
    Column("state", String, nullable=False),
    Column("outcome", String),
    Column("suspended_by", String),
    Column("suspended_until", Date),
    Column("passage", Integer, nullable=False),
    Column("next_kind", String),
    Column("next_step", String),
    Column("next_at", Moment),
    Column("because", Text),
    Column("total", Cents, nullable=False),
    Column("principal", Cents, nullable=False),
    Column("outstanding", Cents, nullable=False),
    Column("recovered", Cents, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("closed_on", Date),
    Column("settled_on", Date),
    Column("promises_broken", Integer, nullable=False, server_default="0"),
    Column("limitation_on", Date),
    Column("tasks", Integer, nullable=False),
    Column("task_due_on", Date),
    Column("task_kinds", String),
    Column("policy", String, nullable=False),
    Column("version", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("head", String, nullable=False),
    Column("decision", Text),
    Column("decision_position", Integer, nullable=False),
    ForeignKeyConstraint(["creditor", "debtor"], ["debtors.creditor", "debtors.id"]),
    Index(None, "creditor", "debtor", "stage"),
    Index(None, "stage", "next_at"),
    Index(None, "closed_on"),
    # The orders that lists are read in, page after page, without a look at the wide rows that are passed over.
    Index("ix_cases_by_next", "next_at", "id", "state", "creditor", "due_on", "task_due_on", "closed_on"),
    Index("ix_cases_by_number", "number", "id", "state", "creditor", "due_on", "closed_on"),
    Index("ix_cases_by_outstanding", "outstanding", "id", "state", "creditor", "due_on", "closed_on"),
    Index("ix_cases_by_due", "due_on", "id", "state", "creditor", "closed_on"),
    Index("ix_cases_by_state", "state", "next_at", "id", "creditor", "closed_on"),
    # What has neither a next moment nor a task, though it is open: hardly any, and found at once.
    Index("ix_cases_stuck", "next_at", "creditor", "id", sqlite_where=text(STUCK), postgresql_where=text(STUCK)),
    # What waits for people: a few cases of a large book, in the order of their days, with what each is.
    Index(
        "ix_cases_tasks",
        "task_due_on",
        "id",
        "creditor",
        "task_kinds",
        sqlite_where=text("task_due_on IS NOT NULL"),
        postgresql_where=text("task_due_on IS NOT NULL"),
    ),
    # The same by what is to be done.
    Index(
        "ix_cases_tasks_by_kind",
        "task_kinds",
        "task_due_on",
        "id",
        "creditor",
        sqlite_where=text("task_due_on IS NOT NULL"),
        postgresql_where=text("task_due_on IS NOT NULL"),
    ),
    # What lists filter, count and sum by: a row of the table is twenty times as wide.
    Index(
        "ix_cases_list",
        "creditor",
        "currency",
        "state",
        "due_on",
        "next_at",
        "task_due_on",
        "task_kinds",
        "principal",
        "outstanding",
        "id",
    ),
)

# The chain. ``readable`` is the canonical text that was hashed; ``sealed`` the ciphertext of what belongs
# to a person. ``event_id``, ``kind``, ``happened_on`` and ``entered_at`` repeat what ``readable`` says, to
# be found by.
events = Table(
    "events",
    metadata,
    Column("case_id", String, ForeignKey("cases.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("event_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("readable", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("hash", String, nullable=False),
    UniqueConstraint("case_id", "event_id"),
)

# The outbox: one row per message to a debtor. ``id`` is its Message-ID.
messages = Table(
    "messages",
    metadata,
    Column("id", String, primary_key=True),
    Column("creditor", String, nullable=False),
    Column("debtor", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("channel", String, nullable=False),
    Column("copies", String, nullable=False),
    Column("state", String, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("sender", String, nullable=False),
    Column("rung", String),
    Column("variant", String),
    Column("profile", String),
    Column("document", String),
    Column("sha256", String),
    Column("carrier", String),
    Index(None, "creditor", "debtor", "day"),
    Index(None, "state"),
    Index(None, "started_at"),
    Index(None, "day"),
)

# What each message says of each case it speaks for. The unique key is what keeps a rung from being sent
# twice.
coverage = Table(
    "coverage",
    metadata,
    Column("case_id", String, ForeignKey("cases.id"), primary_key=True),
    Column("passage", Integer, primary_key=True, autoincrement=False),
    Column("step", String, primary_key=True),
    Column("message_id", String, ForeignKey("messages.id"), nullable=False),
    Column("balance", Cents, nullable=False),
    Column("claim", Cents, nullable=False),
    Index(None, "message_id"),
)

# One row per contact a case had with its debtor, for spacing; ``message_id`` is None for a call.
contacts = Table(
    "contacts",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("creditor", String, nullable=False),
    Column("debtor", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", String, nullable=False),
    Column("step", String, nullable=False),
    Column("message_id", String),
    ForeignKeyConstraint(["case_id", "position"], ["events.case_id", "events.position"]),
    Index(None, "creditor", "debtor", "day"),
)

# Policies by content hash, so that a case reads the one it was opened under for as long as it lives.
policies = Table(
    "policies",
    metadata,
    Column("version", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("text", Text, nullable=False),
)

# Where the history of each run that is no longer running is kept. ``document`` is a name in the store, NULL for a run
# that was not kept because its debtor had been forgotten; ``sealed_by`` says which key opens it: the case's own, the
# master keys, or none.
runs = Table(
    "runs",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("run_id", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("closed_at", Moment, nullable=False),
    Column("events", Integer, nullable=False),
    Column("document", String),
    Column("sha256", String),
    Column("size", Integer, nullable=False),
    Column("sealed_by", String, nullable=False),
)
