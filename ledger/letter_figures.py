"""What letters bring: how often the debtor had paid seven and fourteen days after one, by rung, wording, channel and
profile; for the command ``report letters`` and the console."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, case, func, select

from ledger.database import Database
from ledger.granted import granted
from ledger.tables import cases, coverage, messages
from rules.base import Frozen
from rules.case import Outcome
from rules.outbox import MessageState
from rules.proportion import Difference, Share, difference, share

WEEK, FORTNIGHT = timedelta(days=7), timedelta(days=14)
FACETS: Final = ("rung", "variant", "channel", "profile")
"""By what letters can be told apart."""
_NOT_ITS_DOING = (Outcome.CANCELLED.value, Outcome.CREDITED.value, Outcome.ASSIGNED.value)


class LettersWanted(Frozen):
    """Which letters: of ``creditors`` (None: all), sent from ``since`` on, seen on ``today``; told apart ``by`` some of
    FACETS."""

    today: date
    since: date
    creditors: frozenset[str] | None = None
    by: tuple[str, ...] = FACETS


class LetterLine(Frozen):
    """Letters of one kind; a facet not asked for is None. ``within_7`` and ``within_14``: of those that are so old, how
    many had brought all they asked for."""

    rung: str | None = None
    variant: str | None = None
    channel: str | None = None
    profile: str | None = None
    sent: int
    within_7: Share
    within_14: Share


class VariantLine(Frozen):
    """Two wordings of a rung compared: ``second`` less ``first``."""

    rung: str
    first: str
    second: str
    within_7: Difference | None
    within_14: Difference | None


class _Letter(NamedTuple):
    """A message, the invoices it spoke for, how many of them are paid and when the last one was, and how many ended
    otherwise than by a payment."""

    rung: str | None
    variant: str | None
    channel: str
    profile: str | None
    day: date
    covers: int
    paid: int
    paid_on: date | None
    ended: int


class LetterFigures:
    """Counts of letters and of what followed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lines(self, wanted: LettersWanted) -> list[LetterLine]:
        """One line for each combination of the facets, in their order.

        A letter counts once, however many invoices it speaks for, and is paid when all of them are. Left out: a letter
        whose invoices were paid on its day or before, or ended by cancellation, credit note or assignment."""

        def reading(connection: Connection) -> list[LetterLine]:
            return _counted(_letters(connection, wanted), wanted)

        return await self._database.read(reading)

    async def compared(self, wanted: LettersWanted) -> list[VariantLine]:
        """Each rung with several wordings: every later one (by name) against the first, all channels and profiles
        together, since the wording was drawn by lot."""
        lines = await self.lines(wanted.model_copy(update={"by": ("rung", "variant")}))
        with_variants = [line for line in lines if line.rung and line.variant]
        found = []
        for _, group in groupby(with_variants, key=lambda line: line.rung):
            first, *others = group
            found += [_compared(first, other) for other in others]
        return found


def _letters(connection: Connection, wanted: LettersWanted) -> Iterator[_Letter]:
    ended = case((and_(cases.c.settled_on.is_(None), cases.c.outcome.in_(_NOT_ITS_DOING)), 1), else_=0)
    query = (
        select(
            messages.c.rung,
            messages.c.variant,
            messages.c.channel,
            messages.c.profile,
            messages.c.day,
            func.count(),
            func.count(cases.c.settled_on),
            func.max(cases.c.settled_on),
            func.sum(ended),
        )
        .join_from(messages, coverage, coverage.c.message_id == messages.c.id)
        .join(cases, cases.c.id == coverage.c.case_id)
        .where(messages.c.state == MessageState.SENT.value, messages.c.day >= wanted.since)
        .group_by(messages.c.id)
    )
    query = query.where(*granted(messages.c.creditor, wanted.creditors))
    return (_Letter(*row) for row in connection.execute(query))


def _counted(letters: Iterable[_Letter], wanted: LettersWanted) -> list[LetterLine]:
    sent: Counter[tuple[str, ...]] = Counter()
    old: dict[timedelta, Counter[tuple[str, ...]]] = {WEEK: Counter(), FORTNIGHT: Counter()}
    hits: dict[timedelta, Counter[tuple[str, ...]]] = {WEEK: Counter(), FORTNIGHT: Counter()}
    for letter in letters:
        all_paid_on = letter.paid_on if letter.paid == letter.covers else None
        if letter.ended or (all_paid_on is not None and all_paid_on <= letter.day):
            continue
        key = tuple(getattr(letter, facet) or "" for facet in wanted.by)
        sent[key] += 1
        for span in (WEEK, FORTNIGHT):
            if letter.day + span < wanted.today:
                old[span][key] += 1
                hits[span][key] += all_paid_on is not None and all_paid_on <= letter.day + span
    return [
        LetterLine(
            **{facet: value or None for facet, value in zip(wanted.by, key, strict=True)},
            sent=count,
            within_7=share(hits[WEEK][key], old[WEEK][key]),
            within_14=share(hits[FORTNIGHT][key], old[FORTNIGHT][key]),
        )
        for key, count in sorted(sent.items())
    ]


def _compared(first: LetterLine, second: LetterLine) -> VariantLine:
    return VariantLine(
        rung=first.rung or "",
        first=first.variant or "",
        second=second.variant or "",
        within_7=difference(first.within_7, second.within_7),
        within_14=difference(first.within_14, second.within_14),
    )


def facets_of(names: Sequence[str]) -> tuple[str, ...]:
    """The facets named, in the house's order."""
    return tuple(facet for facet in FACETS if facet in names)
