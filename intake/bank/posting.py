"""From the lines of a statement to the cases: posted when sure and wanted, proposed when likely, else for a person.

Every line is written down before anything follows from it, under an id that the same line has in every statement; each
case hears it under that id. So a statement may be given twice, or again after a failure in its middle.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from intake.bank.lines import BankLine, Statement
from intake.bank.matching import Book, Match, Owed, Part, match, maybe_by_amount, named_in
from ledger.bank import BankShelf, KeptLine, KeptPart, LineState
from ledger.reads import CaseRow
from rules.refusals import Refused

METHOD = "bank"
_DONE = (LineState.POSTED, LineState.PROPOSED, LineState.OPEN, LineState.IGNORED)


class Door(Protocol):
    """The door to the cases."""

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object: ...

    async def reconsider(self, case_id: str) -> bool: ...


class Rows(Protocol):
    """Cases as lists show them."""

    async def row(self, case_id: str) -> CaseRow | None: ...

    async def find(self, number_or_id: str) -> list[str]: ...


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


class Teller:
    """Takes statements of one creditor. ``door`` None: a dry run, which says what would become of each line."""

    def __init__(self, shelf: BankShelf, rows: Rows, door: Door | None, creditor: str, *, post_sure: bool) -> None:
        self._shelf, self._rows, self._door = shelf, rows, door
        self._creditor, self._post_sure = creditor, post_sure

    async def take(self, statements: Sequence[Statement], now: datetime) -> Taken:
        """Take each line; then the bank's word is known to the statements' days, and the cases that waited for it look
        again. Raises what the door fails with: the same statements may then be given again."""
        taken = Taken(self._creditor)
        for statement in statements:
            await self._lines(statement, taken)
            taken.counts["others"] += statement.others
            if self._door is not None:
                await self._shelf.heard(self._creditor, statement.account, statement.until, now)
        if self._door is not None:
            for case in await self._shelf.waiting_cases(self._creditor):
                taken.woken += await self._door.reconsider(case)
        return taken

    async def _lines(self, statement: Statement, taken: Taken) -> None:
        states = await self._shelf.states([line.id for line in statement.lines])
        if all(states.get(line.id) in _DONE for line in statement.lines):
            taken.counts["already_known"] += len(statement.lines)
            return
        book = await self._book()
        for line in statement.lines:
            if states.get(line.id) in _DONE:
                taken.counts["already_known"] += 1
                continue
            found = await self._matched(line, book)
            kept = await self._follow(line, found)
            taken.count(kept)
            for part in kept.parts if kept.state is LineState.POSTED and not kept.reversal else ():
                book.lower(part.case, part.amount)

    async def _book(self) -> Book:
        return Book(
            Owed(one.id, one.number, one.debtor, one.currency, one.principal, one.outstanding, one.due_on)
            for one in await self._shelf.open_cases(self._creditor)
        )

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

    async def _follow(self, line: BankLine, found: Match) -> KeptLine:
        kept = KeptLine(
            id=line.id, creditor=self._creditor, booked_on=line.booked_on, amount=line.amount, currency=line.currency,
            reversal=line.reversal, reference=line.named, payer=line.payer, text=line.text,
            parts=tuple(KeptPart(case=part.case, amount=part.amount) for part in found.parts),
            confidence=found.confidence, because=found.because,
        )  # fmt: skip
        post = found.sure and self._post_sure
        state = (
            LineState.POSTED if post else LineState.PROPOSED if found.parts and not line.reversal else LineState.OPEN
        )
        if self._door is None:
            return kept.model_copy(update={"state": state})
        await self._shelf.keep(kept, line.payer_iban)
        try:
            if state is not LineState.OPEN:
                await self._say(self._door, kept, propose=state is LineState.PROPOSED)
        except Refused as refused:
            state, found = LineState.OPEN, found._replace(because=f"{found.because} ; {refused.sentence}")
        await self._shelf.settle(line.id, state, found.because, kept.parts)
        if state is LineState.POSTED:
            await self._learn(kept)
        return kept.model_copy(update={"state": state, "because": found.because})

    async def _say(self, door: Door, kept: KeptLine, *, propose: bool) -> None:
        for part in kept.parts:
            if propose:
                body, event_id = proposal_of(kept, part), f"bank/proposed/{kept.id}"
            else:
                body, event_id = payment_of(kept, part), f"bank/{kept.id}"
            await door.submit(part.case, body, event_id)

    async def _learn(self, kept: KeptLine) -> None:
        for part in kept.parts[:1]:
            row = await self._rows.row(part.case)
            if row is not None:
                await self._shelf.learn(self._creditor, kept.id, row.debtor)


def payment_of(line: KeptLine, part: KeptPart) -> dict[str, Any]:
    """What a case is told of money that came, or was taken back."""
    if line.reversal:
        return {
            "kind": "payment_reversed", "reference": line.reference, "amount": str(part.amount),
            "on": line.booked_on.isoformat(), "reason": "repris par la banque",
        }  # fmt: skip
    return {
        "kind": "paid", "amount": str(part.amount), "received_on": line.booked_on.isoformat(),
        "reference": line.reference, "method": METHOD,
    }  # fmt: skip


def proposal_of(line: KeptLine, part: KeptPart) -> dict[str, Any]:
    """What a case is told of money that may be its own."""
    return {
        "kind": "payment_proposed", "amount": str(part.amount), "received_on": line.booked_on.isoformat(),
        "reference": line.reference, "method": METHOD, "because": line.because[:2000],
    }  # fmt: skip
