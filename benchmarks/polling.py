"""The alternative without an engine: a table of what is due, asked every 50 ms. ``python -m benchmarks.polling FOLDER
CASES``.

What it lacks: retries with a back-off, time limits of an act, versions of the running code, a history to replay, live
queries, a console, work on several machines.
"""

import asyncio
import sqlite3
import sys
import time
from pathlib import Path

from benchmarks.acts import Acts, acts_on
from benchmarks.shape import RUNGS, invoice
from rules.invoice import InvoiceIssued
from workflows.contracts import Answer

_TABLE = "create table due (number text primary key, at real not null, rung integer not null, answer text not null)"
_EVERY = 0.05  # seconds
_AT_ONCE = 20


class Table:
    """What is due, in SQLite like the engine it is compared with."""

    def __init__(self, file: Path) -> None:
        self._database = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
            self._database.execute(f"pragma {pragma}")
        self._database.execute(_TABLE)
        self._database.execute("create index due_at on due (at)")

    def keep(self, number: str, rung: int, answer: Answer) -> None:
        """When the case is to be looked at again, and with what."""
        assert answer.wake_at is not None
        row = (number, answer.wake_at.timestamp(), rung, answer.model_dump_json())
        self._database.execute("insert or replace into due values (?, ?, ?, ?)", row)

    def drop(self, number: str) -> None:
        """The case is over."""
        self._database.execute("delete from due where number = ?", (number,))

    def due(self) -> list[tuple[str, int, Answer]]:
        """What is due now."""
        query = "select number, rung, answer from due where at <= ? order by at limit ?"
        found = self._database.execute(query, (time.time(), _AT_ONCE)).fetchall()
        return [(number, rung, Answer.model_validate_json(answer)) for number, rung, answer in found]


async def run(folder: Path, cases: int) -> None:
    """Open so many cases, let each climb its rungs, pay it."""
    table = Table(folder / "due.db")
    invoices = {f"P-{number}": invoice(f"P-{number}") for number in range(cases)}
    async with acts_on(folder) as acts:
        for number, announced in invoices.items():
            table.keep(number, 1, await acts.open(announced))
        left = cases
        while left:
            found = table.due()
            left -= sum(
                await asyncio.gather(*(_step(acts, table, invoices[one], rung, last) for one, rung, last in found))
            )
            if not found:
                await asyncio.sleep(_EVERY)


async def _step(acts: Acts, table: Table, announced: InvoiceIssued, rung: int, last: Answer) -> int:
    answer = await acts.rung(announced, last)
    if rung < RUNGS:
        table.keep(announced.number, rung + 1, answer)
        return 0
    await acts.pay(announced, answer.position)
    table.drop(announced.number)
    return 1


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), int(sys.argv[2])))
