"""From the lines of a statement to the cases: posted when sure and wanted, proposed when likely, else for a person.

Every line is written down before anything follows from it, under an id that the same line has in every statement; each
case hears it under that id. So a statement may be given twice, or again after a failure in its middle.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from intake.bank.lines import BankLine, Statement, of_creditor
from intake.bank.matching import Book, Match, Owed, Part, match, maybe_by_amount, named_in
from intake.bank.saying import Door, Rows, post, propose
from ledger.bank import BankShelf
from ledger.bank_lines import KeptLine, KeptPart, LineState, OpenCase
from rules.calendars import local_day
from rules.refusals import Refused

_PARIS = ZoneInfo("Europe/Paris")
_ENDS = {LineState.POSTING: LineState.POSTED, LineState.RECEIVED: LineState.PROPOSED}
"""States that something still follows from, and where it leads."""


@dataclass
class Taken:
    """What became of a creditor's statements. ``lines``: those that were new, with what was made of them; ``woken``:
    the cases whose letters waited for the bank's word."""

    creditor: str
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[KeptLine] = field(default_factory=list)
    woken: int = 0

    def count(self, line: KeptLine) -> None:
        """One more line."""
        self.lines.append(line)
        self.counts[line.state.value] += 1


class BankDoor(Door, Protocol):
    """The door, which also wakes the cases that waited for the bank's word."""

    async def reconsider(self, case_id: str) -> bool: ...


class Teller:
    """Takes statements of one creditor. ``door`` None: a dry run, which says what would become of each line;
    ``each`` is called when a line has been dealt with."""

    def __init__(
        self, shelf: BankShelf, rows: Rows, door: BankDoor | None, creditor: str, *, post_sure: bool,
        each: Callable[[], object] = lambda: None,
    ) -> None:  # fmt: skip
        self._shelf, self._rows, self._door = shelf, rows, door
        self._creditor, self._post_sure, self._each = creditor, post_sure, each
        self._book: Book | None = None

    async def take(self, statements: Sequence[Statement], now: datetime, today: date) -> Taken:
        """Take each line; then the bank's word is known to the statements' days (``today`` at most), and the cases that
        waited for it look again. Raises what the door fails with: the same statements may then be given again."""
        taken = Taken(self._creditor)
        said = [of_creditor(line, self._creditor) for statement in statements for line in statement.lines]
        lines = {line.id: line for line in said}
        if self._door is not None:
            await self._shelf.settle_confirmed(frozenset({self._creditor}))
        states = await self._shelf.states(self._creditor, list(lines))
        taken.counts["already_known"] = len(said) - len(lines)
        # What was cut short is finished before anything new is matched: the open cases then know of it.
        for line_id, state in states.items():
            taken.count(await self._finished(line_id)) if state in _ENDS else taken.counts.update(["already_known"])
        for line in lines.values():
            if line.id not in states:
                await self._new(line, taken)
            self._each()
        for statement in statements:
            taken.counts["others"] += statement.others
            if self._door is not None:
                await self._shelf.heard(self._creditor, statement.account, statement.until, now, today)
        if self._door is not None:
            for case in await self._shelf.waiting_cases(self._creditor):
                taken.woken += await self._door.reconsider(case)
        return taken

    async def _finished(self, line_id: str) -> KeptLine:
        known = await self._shelf.line(line_id, frozenset({self._creditor}))
        assert known is not None  # its state was read a moment ago
        return await self._follow(known)

    async def _new(self, line: BankLine, taken: Taken) -> None:
        book = await self._open()
        decided = self._decided(line, await self._matched(line, book))
        kept = decided if self._door is None else await self._shelf.keep(decided, line.payer_iban)
        if kept.state not in (*_ENDS, LineState.OPEN):
            taken.counts["already_known"] += 1
            return
        stands = await self._follow(kept)
        taken.count(stands)
        for part in stands.parts if stands.state is LineState.POSTED and not stands.reversal else ():
            book.lower(part.case, part.amount)

    async def _open(self) -> Book:
        """The creditor's open cases, read once for all statements."""
        if self._book is None:
            self._book = await asyncio.to_thread(_book_of, await self._shelf.open_cases(self._creditor))
        return self._book

    async def _matched(self, line: BankLine, book: Book) -> Match:
        if line.reversal:
            return await self._reversed(line, book)
        whose = [] if line.payer_iban is None else await self._shelf.whose(self._creditor, line.payer_iban)
        names = {}
        if not named_in(line, book) and len(whose) != 1:
            for one in maybe_by_amount(line, book):
                row = await self._rows.row(one.case)
                names[one.case] = "" if row is None else row.name
        return match(line, book, whose[0] if len(whose) == 1 else None, names)

    async def _reversed(self, line: BankLine, book: Book) -> Match:
        """What the bank takes back is found by how it was posted, never by its amount alone."""
        before = await self._shelf.posted_as(self._creditor, line.named, line.amount)
        if len(before) == 1:
            parts = tuple(Part(part.case, part.amount) for part in before[0].parts)
            return Match(parts, True, f"reprend le paiement {line.named} du {before[0].booked_on:%d/%m/%Y}")
        named = named_in(line, book)
        if len(named) == 1:
            return Match((Part(named[0].case, line.amount),), False, f"paiement repris, nomme {named[0].number}")
        return Match((), False, "paiement repris par la banque : lequel ?")

    def _decided(self, line: BankLine, found: Match) -> KeptLine:
        post_it = found.sure and self._post_sure
        ask = bool(found.parts) and not line.reversal and not post_it
        parts = tuple(KeptPart(case=part.case, amount=part.amount) for part in found.parts)
        return KeptLine(
            id=line.id, creditor=self._creditor, booked_on=line.booked_on, amount=line.amount, currency=line.currency,
            reversal=line.reversal, reference=line.named, payer=line.payer, text=line.text,
            state=LineState.POSTING if post_it else LineState.RECEIVED if ask else LineState.OPEN,
            parts=parts if post_it or ask else (), proposed_to=tuple(part.case for part in parts) if ask else (),
            confidence=found.confidence, because=found.because,
        )  # fmt: skip

    async def _follow(self, kept: KeptLine) -> KeptLine:
        """What follows from a line as it is kept, and the line as it then stands."""
        if self._door is None or kept.state not in _ENDS:
            return kept.model_copy(update={"state": _ENDS.get(kept.state, kept.state)})
        try:
            if kept.state is LineState.POSTING:
                await post(self._shelf, self._rows, self._door, kept)
            else:
                await propose(self._shelf, self._door, kept)
        except Refused as refused:
            stands = await self._shelf.line(kept.id, frozenset({self._creditor}))
            return stands or kept.model_copy(update={"state": LineState.OPEN, "because": refused.sentence})
        return kept.model_copy(update={"state": _ENDS[kept.state]})


def today_of(now: datetime) -> date:
    """The day it is for French banks: what a statement says of a later one is not known yet."""
    return local_day(now, _PARIS)


def _book_of(open_cases: Sequence[OpenCase]) -> Book:
    return Book(
        Owed(one.id, one.number, one.debtor, one.currency, one.principal, one.outstanding, one.due_on)
        for one in open_cases
    )
