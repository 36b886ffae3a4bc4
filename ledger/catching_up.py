"""Filling what a ledger older than its search, movements and lists lacks, from the chain. Repeatable."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from ledger.console_tables import movements
from ledger.history import Row
from ledger.movements import movements_of
from ledger.projection import state_of
from ledger.reads import Recorded
from ledger.seal import KeyRing
from ledger.search import enter_words, unindexed
from ledger.store import SqlLedger
from ledger.tables import cases


async def catch_up(ledger: SqlLedger) -> int:
    """Index every case that was opened before the console was there; how many there were."""
    missing = await ledger.read(unindexed)
    for case_id in missing:
        recorded = await ledger.reads.case(case_id)
        if recorded is not None:
            rows = movements_of(case_id, recorded.events)
            await ledger.write(_Entry(recorded, rows, ledger.ring))
    return len(missing)


class _Entry:
    """The work of entering one case."""

    def __init__(self, recorded: Recorded, rows: list[Row], ring: KeyRing | None) -> None:
        self._recorded = recorded
        self._rows = rows
        self._ring = ring

    def __call__(self, connection: Connection) -> None:
        case = self._recorded.case
        known = connection.execute(select(movements.c.position).where(movements.c.case_id == case.id).limit(1))
        if known.first() is None and self._rows:
            connection.execute(insert(movements), self._rows)
        if self._recorded.decision is not None:
            connection.execute(update(cases).where(cases.c.id == case.id).values(**self._columns()))
        enter_words(connection, case.invoice, case.id, self._ring)

    def _columns(self) -> dict[str, Any]:
        decision = self._recorded.decision
        assert decision is not None
        kinds = ",".join(sorted({task.kind for task in decision.tasks})) or None
        return {"state": state_of(self._recorded.case, decision), "task_kinds": kinds}
