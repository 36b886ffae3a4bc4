"""What the terms of retention bring to its end: documents leave the store, cases of which nothing must be kept lose
their keys. Comes back every day on a schedule; ``--dry-run`` shows it beforehand.
"""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from ledger.debtors import Who
from ledger.privacy import PrivacyBook
from privacy.bin import Bin, going_of
from rules.base import Frozen
from rules.creditor import Creditor
from rules.law.days import add_years
from rules.retention import Kind, Retention, Term, term_of
from sealing.documents import DocumentSeal


class Swept(Frozen):
    """What is over on a day: terms of documents, and cases that lose their keys. ``unknown``: debtors of creditors that
    are not in the creditors file any more, left alone; ``lines``: how many lines of statements that nobody claimed
    lose their names and words; ``refused``: how many invoices that were never taken go; ``watched``: how many records
    of the console (looks and requests) go."""

    on: date
    over: tuple[Term, ...] = ()
    cases: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    lines: int = 0
    refused: int = 0
    watched: int = 0


class Sweeper:
    """Applies each creditor's terms to the whole ledger."""

    def __init__(self, book: PrivacyBook, store: Path, seal: DocumentSeal, creditors: Mapping[str, Creditor]) -> None:
        self._book = book
        self._store = store
        self._seal = seal
        self._creditors = creditors

    async def sweep(self, on: date, *, apply: bool, each: Callable[[], object] = lambda: None) -> Swept:
        """What is over on that day, destroyed when ``apply``; ``each`` is called for every debtor looked at."""
        over: list[Term] = []
        cases: list[str] = []
        unknown: list[str] = []
        shortest = min((one.retention.shortest for one in self._creditors.values()), default=Retention().shortest)
        for who in await self._book.with_old_cases(add_years(on, -shortest)):
            each()
            creditor = self._creditors.get(who.creditor)
            if creditor is None:
                unknown.append(who.creditor)
                continue
            documents, ended = await self._of(who, creditor, on)
            if apply and (documents or ended):
                await self._book.expire(who, going_of(documents), ended, on)
            over += documents
            cases += ended
        if apply:
            await Bin(self._book, self._store, self._seal).empty(lambda _: each())
        lines, refused = await self._unclaimed(on, apply=apply)
        return Swept(
            on=on, over=tuple(over), cases=tuple(cases), unknown=tuple(sorted(set(unknown))), lines=lines,
            refused=refused, watched=await self._watched(on, apply=apply),
        )  # fmt: skip

    async def _unclaimed(self, on: date, *, apply: bool) -> tuple[int, int]:
        lines, refused = 0, 0
        for key, creditor in self._creditors.items():
            before = add_years(on, -creditor.retention.unclaimed_years)
            lines += await self._book.empty_lines(key, before, apply=apply)
            refused += await self._book.drop_refused(key, before, apply=apply)
        return lines, refused

    async def _watched(self, on: date, *, apply: bool) -> int:
        """What was looked at in no creditor's name (a page of chains, an export of all), or in that of one who is no
        longer configured, goes after the longest term."""
        terms = {key: one.retention.watched_years for key, one in self._creditors.items()}
        longest = max(terms.values(), default=Retention().watched_years)
        gone = [
            await self._book.drop_watched([key], add_years(on, -years), apply=apply) for key, years in terms.items()
        ]
        return sum(gone) + await self._book.drop_watched(terms, add_years(on, -longest), apply=apply, others=True)

    async def _of(self, who: Who, creditor: Creditor, on: date) -> tuple[list[Term], list[str]]:
        terms = [term_of(one, creditor.retention) for one in await self._book.kept(who)]
        documents = [term for term in terms if term.over(on) and term.kept.document is not None]
        waiting = {term.kept.case for term in terms if not term.over(on)}
        ended = [
            term.kept.case
            for term in terms
            if term.kept.kind is Kind.INVOICE and term.over(on) and term.kept.case not in waiting
        ]
        return documents, ended
