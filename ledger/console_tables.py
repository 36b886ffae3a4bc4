"""The console's tables: accounts, sessions, what people asked for and looked at; and its figures."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from ledger.columns import Cents, Moment
from ledger.tables import metadata

# ``creditors``: the keys granted, separated by spaces; « * » is all of them.
# ``password`` is empty when the person logs in at the provider of identities, whose name for them is ``subject``.
accounts = Table(
    "accounts",
    metadata,
    Column("login", String, primary_key=True),
    Column("password", String, nullable=False),
    Column("role", String, nullable=False),
    Column("creditors", String, nullable=False),
    Column("language", String, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("subject", String),
    Index(None, "subject", unique=True),
)

# ``id`` is the SHA-256 of what the browser holds: a copy of this table opens no session.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String, primary_key=True),
    Column("login", String, ForeignKey("accounts.login"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("address", String, nullable=False),
    Index(None, "login"),
)

# Passwords that were wrong, by login and by network address, for as long as the throttle remembers.
login_failures = Table(
    "login_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("what", String, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "what", "at"),
)

# What people looked at: ``subject`` is a case, a debtor, a letter or an export.
looks = Table(
    "looks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("login", String, nullable=False),
    Column("what", String, nullable=False),
    Column("creditor", String, nullable=False),
    Column("subject", String, nullable=False),
    Index(None, "subject"),
    Index(None, "at"),
)

# What people asked of a case: ``id`` is the update's and the event's. ``words`` is JSON without personal data.
requests = Table(
    "requests",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("login", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("state", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("sentence", Text),
    Index(None, "case_id", "state"),
    Index(None, "at"),
)

# A view of the list that a person keeps: its name and the query string of its address.
saved_views = Table(
    "saved_views",
    metadata,
    Column("login", String, ForeignKey("accounts.login"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("query", String, nullable=False),
)

# Each event that moves money, with its sign as it moves the principal owed: opened +, paid −, reversed +, credited −,
# closed − what was left, adjusted ± what anything else moved: their sum is what is open. ``step``: the last
# letter written before.
movements = Table(
    "movements",
    metadata,
    Column("case_id", String, ForeignKey("cases.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("creditor", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("day", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("amount", Cents, nullable=False),
    Column("step", String),
    Index(None, "day", "creditor"),
)

# The dashboard's figures, summed beforehand. ``measure`` names one; ``part`` its slice (a stage, an age, a month).
daily_aggregate = Table(
    "daily_aggregate",
    metadata,
    Column("day", Date, primary_key=True),
    Column("creditor", String, primary_key=True),
    Column("currency", String, primary_key=True),
    Column("measure", String, primary_key=True),
    Column("part", String, primary_key=True),
    Column("cases", Integer, nullable=False),
    Column("amount", Cents, nullable=False),
)

# The key that blinds the words of names; one row.
search_keys = Table(
    "search_keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("data_key", LargeBinary, nullable=False),
)
