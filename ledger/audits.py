"""The audits of the whole book that were run: what they looked at, and what they found."""

import json
from datetime import datetime

from sqlalchemy import Connection, insert, select

from ledger.audit_tables import audits
from ledger.database import Database, write
from rules.base import Frozen

MOST = 100
"""Mismatches written down of one run; the count says how many there were."""


class Mismatch(Frozen):
    """Where something differs; what the two values are is for the audit of that case to say."""

    case: str
    check: str
    position: int | None
    field: str


class AuditRun(Frozen):
    """An audit of the whole book. ``differences``: decisions that today's rules would take otherwise;
    ``without_history``: cases of which no history is kept; ``wrong``: how many cases have a mismatch."""

    at: datetime
    seconds: int
    cases: int
    runs: int
    decisions: int
    differences: int
    without_history: int
    wrong: int
    mismatches: tuple[Mismatch, ...]


class _Noted(Frozen):
    """The column ``mismatches``."""

    wrong: int
    found: tuple[Mismatch, ...]


class Audits:
    """The runs of this ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, run: AuditRun) -> None:
        """Write a run down."""
        row = run.model_dump(exclude={"wrong", "mismatches"})
        row["mismatches"] = _Noted(wrong=run.wrong, found=run.mismatches[:MOST]).model_dump_json()

        def noting(connection: Connection) -> None:
            connection.execute(insert(audits), row)

        await write(self._database, noting)

    async def last(self) -> AuditRun | None:
        """The last run; None when the book was never audited whole."""
        query = select(audits).order_by(audits.c.at.desc(), audits.c.id.desc()).limit(1)
        found = await self._database.read(lambda connection: connection.execute(query).mappings().one_or_none())
        if found is None:
            return None
        log = json.loads(found["mismatches"])
        values = {name: value for name, value in found.items() if name not in ("id", "mismatches")}
        return AuditRun(**values, wrong=log["wrong"], mismatches=log["found"])
