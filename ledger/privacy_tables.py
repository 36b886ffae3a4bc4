"""Tables of what was destroyed and of what the law obliges to keep of a person who was forgotten."""

from sqlalchemy import Column, Date, Index, String, Table

from ledger.columns import Moment
from ledger.tables import metadata

# What was, or is about to be, taken out of the store. ``because``: retention, or the person was forgotten.
# ``removed_at`` NULL: written down, the file is still there; so a crash in between leaves nothing behind.
disposals = Table(
    "disposals",
    metadata,
    Column("document", String, primary_key=True),
    Column("case_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("mark", String),
    Column("because", String, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("removed_at", Moment),
    Index(None, "case_id"),
    Index(None, "removed_at"),
)

# The invoice of a forgotten person, for as long as the books must be kept: a document in the store.
retained = Table(
    "retained",
    metadata,
    Column("case_id", String, primary_key=True),
    Column("document", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("until", Date, nullable=False),
    Index(None, "until"),
)
