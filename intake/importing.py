"""Putting a file's invoices in: ten starts in flight, every refusal kept, nothing half-started; credit notes last."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from intake.answers import Start
from intake.lines import Accepted, Credited, Line, Rejected
from rules.invoice import InvoiceIssued
from rules.refusals import Refused
from workflows.contracts import case_id

IN_FLIGHT = 10


class Starter(Protocol):
    """What starts a case, and tells it what happened."""

    async def start(self, invoice: InvoiceIssued) -> Start: ...

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object: ...


@dataclass
class Tally:
    """What became of the lines. ``refused`` counts lines; ``refusals`` names each fault, several a line perhaps.

    ``present``: the ids of all cases that the files speak of, those of refused lines included where they can be
    told; ``creditors``: whose files they are; ``terms_changed``: of those already known, the cases that were told other
    due dates; ``credited``: credit notes entered; ``warnings``: what a person should look at, by line."""

    accepted: int = 0
    already_known: int = 0
    refused: int = 0
    terms_changed: int = 0
    credited: int = 0
    refusals: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    creditors: set[str] = field(default_factory=set)

    def count(self, outcome: Start) -> None:
        """One more start."""
        if outcome is Start.ACCEPTED:
            self.accepted += 1
        else:
            self.already_known += 1
            self.terms_changed += outcome is Start.TERMS_CHANGED

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
        self.warnings += [f"{line.file}, line {line.line}: {warning}" for warning in line.warnings]


async def import_lines(
    lines: Iterable[Line], starter: Starter | None, tally: Tally, step: Callable[[], None] = lambda: None
) -> None:
    """Start a case for each accepted line, counting into ``tally``; ``step`` is called once a line.

    ``starter`` None is a dry run: everything is read and checked, nothing is started. The first failure of the
    engine is raised once those in flight have ended; importing the same files again starts only what is missing.
    """
    credits: list[Credited] = []
    pending: set[asyncio.Task[None]] = set()
    try:
        for line in lines:
            if isinstance(line, Credited):
                credits.append(line)
                continue
            if isinstance(line, Rejected):
                tally.refuse(line)
                step()
                continue
            tally.note(line)
            if line.repeats is not None:
                tally.count(Start.ALREADY_KNOWN)
                step()
                continue
            pending.add(asyncio.create_task(_put_in(line, starter, tally, step)))
            if len(pending) >= IN_FLIGHT:
                done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        for task in pending:
            await task
    finally:
        await asyncio.gather(*pending, return_exceptions=True)
    for credit in credits:
        await _credit(credit, starter, tally)
        step()


async def _put_in(line: Accepted, starter: Starter | None, tally: Tally, step: Callable[[], None]) -> None:
    if starter is None:
        tally.accepted += 1
    else:
        try:
            tally.count(await starter.start(line.invoice))
        except Refused as refused:
            tally.refuse(Rejected(line.file, line.line, "due_on", refused.sentence.rstrip("."), line.invoice.number))
    step()


async def _credit(line: Credited, starter: Starter | None, tally: Tally) -> None:
    """A credit note lowers the invoice that it names; its number is its identity, so that it does so once."""
    body = {
        "kind": "credit_note",
        "number": line.number,
        "amount": str(line.amount),
        "note": f"avoir du {line.on:%d/%m/%Y}, importé",
    }
    try:
        if starter is not None:
            await starter.submit(case_id(line.creditor, line.invoice), body, f"credit/{line.number}"[:200])
    except Refused as refused:
        tally.refuse(Rejected(line.file, line.line, "credit_note", refused.sentence.rstrip("."), line.number))
    else:
        tally.credited += 1
