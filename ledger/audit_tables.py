"""What the last audits of the whole book found, for the console."""

from sqlalchemy import Column, Integer, Table, Text

from ledger.columns import Moment
from ledger.tables import metadata

# ``mismatches``: JSON, the first hundred, each case, check, position and field; never a value.
audits = Table(
    "audits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("cases", Integer, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("decisions", Integer, nullable=False),
    Column("differences", Integer, nullable=False),
    Column("without_history", Integer, nullable=False),
    Column("mismatches", Text, nullable=False),
)
