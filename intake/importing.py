"""Putting a file's invoices in: ten starts in flight, every refusal kept, nothing half-started."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

from intake.answers import Start
from intake.lines import Accepted, Line, Rejected
from rules.invoice import InvoiceIssued
from workflows.contracts import case_id

IN_FLIGHT = 10


class Starter(Protocol):
    """What starts a case."""

    async def start(self, invoice: InvoiceIssued) -> Start: ...


@dataclass
class Tally:
    """What became of the lines. ``refused`` counts lines; ``refusals`` names each fault, several a line perhaps.

    ``present``: the ids of all cases that the files speak of, those of refused lines included where they can be
    told; ``creditors``: whose files they are."""

    accepted: int = 0
    already_known: int = 0
    refused: int = 0
    refusals: list[Rejected] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    creditors: set[str] = field(default_factory=set)

    def count(self, outcome: Start) -> None:
        """One more start."""
        if outcome is Start.ACCEPTED:
            self.accepted += 1
        else:
            self.already_known += 1

    def refuse(self, line: Rejected) -> None:
        """One more fault; a line with several counts once."""
        last = self.refusals[-1] if self.refusals else None
        if last is None or (last.file, last.line) != (line.file, line.line):
            self.refused += 1
        self.refusals.append(line)

    def note(self, line: Accepted) -> None:
        """An invoice that the files speak of."""
        self.present.add(case_id(line.invoice.creditor, line.invoice.number))
        self.creditors.add(line.invoice.creditor)


async def import_lines(
    lines: Iterable[Line], starter: Starter | None, tally: Tally, step: Callable[[], None] = lambda: None
) -> None:
    """Start a case for each accepted line, counting into ``tally``; ``step`` is called once a line.

    ``starter`` None is a dry run: everything is read and checked, nothing is started. The first failure of the
    engine is raised once those in flight have ended; importing the same files again starts only what is missing.
    """
    pending: set[asyncio.Task[None]] = set()

    async def put_in(line: Accepted) -> None:
        if starter is None:
            tally.accepted += 1
        else:
            tally.count(await starter.start(line.invoice))
        step()

    try:
        for line in lines:
            if isinstance(line, Rejected):
                tally.refuse(line)
                step()
                continue
            tally.note(line)
            if line.repeats is not None:
                tally.count(Start.ALREADY_KNOWN)
                step()
                continue
            pending.add(asyncio.create_task(put_in(line)))
            if len(pending) >= IN_FLIGHT:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        for task in pending:
            await task
    finally:
        await asyncio.gather(*pending, return_exceptions=True)
