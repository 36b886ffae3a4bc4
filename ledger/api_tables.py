"""Tables of the API and of intake: tokens, answers kept for retries, invoices that wait to be started, hooks and their
deliveries, bank statements and their lines."""

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, LargeBinary, String, Table, Text

from ledger.columns import Cents, Moment
from ledger.tables import metadata

# ``digest``: the SHA-256 of the secret, which is shown once and kept nowhere. ``scopes`` and ``creditors``: words
# separated by spaces; « * » is every creditor.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False, unique=True),
    Column("scopes", String, nullable=False),
    Column("creditors", String, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_used_on", Date),
    Column("revoked_at", Moment),
)

# What was answered under an Idempotency-Key or a webhook's id; without a status the first request still runs.
kept_answers = Table(
    "kept_answers",
    metadata,
    Column("owner", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("fingerprint", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("status", Integer),
    Column("body", Text),
    Index(None, "at"),
)

# Invoices taken in that the engine has not started yet; a row goes when its case runs, and secure_delete with it.
intake_queue = Table(
    "intake_queue",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("creditor", String, nullable=False),
    Column("invoice", Text, nullable=False),
    Column("token", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("claimed_at", Moment),
    Column("refusal", Text),
    Index(None, "claimed_at"),
)

# ``incoming``: somebody may post to us under this secret; otherwise we post the events of ``creditor`` to ``url``.
# ``kinds``: the kinds wanted, each between commas (« ,paid,dispute, »), empty for all.
hooks = Table(
    "hooks",
    metadata,
    Column("id", String, primary_key=True),
    Column("incoming", Boolean, nullable=False),
    Column("creditor", String, nullable=False),
    Column("name", String, nullable=False),
    Column("url", String, nullable=False),
    Column("kinds", String, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

# One row per event and hook, written by a trigger in the event's own transaction: nothing is lost, nothing twice.
deliveries = Table(
    "deliveries",
    metadata,
    Column("hook", String, primary_key=True),
    Column("case_id", String, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried_at", Moment),
    Column("status", Integer),
    Column("error", String),
    Index(None, "state"),
)

# Until which day the bank's word is known, by creditor and account.
statements = Table(
    "statements",
    metadata,
    Column("creditor", String, primary_key=True),
    Column("account", String, primary_key=True),
    Column("booked_until", Date, nullable=False),
    Column("imported_at", Moment, nullable=False),
)

# Lines of statements. ``payer`` and ``text`` are emptied once the line is dealt with; ``proposed_to``: the cases that
# were asked, kept so that each hears when the line is another's.
bank_lines = Table(
    "bank_lines",
    metadata,
    Column("id", String, primary_key=True),
    Column("creditor", String, nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("amount", Cents, nullable=False),
    Column("currency", String, nullable=False),
    Column("reversal", Boolean, nullable=False),
    Column("reference", String),
    Column("payer", String),
    Column("payer_digest", String),
    Column("text", Text),
    Column("state", String, nullable=False),
    Column("parts", Text, nullable=False),
    Column("proposed_to", Text, nullable=False, server_default="[]"),
    Column("confidence", Float, nullable=False),
    Column("because", Text, nullable=False),
    Index(None, "creditor", "state", "booked_on"),
    Index(None, "creditor", "reference"),
)

# Whose account an IBAN was once found to be: its digest, never the IBAN.
payers = Table(
    "payers",
    metadata,
    Column("creditor", String, primary_key=True),
    Column("digest", String, primary_key=True),
    Column("debtor", String, primary_key=True),
)
