"""Which yearly rate a debt bears on which days, and by which article. Pure.

A day is written as the day it ends: the first day that bears interest is the one after the due date, the last
one that of payment (art. L441-10 II C. com.: « le jour suivant la date de règlement »). Checked 2026-11-22.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.law.days import add_months, next_semester, semester_end, semester_of, semester_start
from rules.law.facts import AgreedRate, DecompteFacts, Judgment, Suspended
from rules.law.kinds import CreditorKind, DebtorKind
from rules.law.tables import EcbRate, LegalRate, Tables
from rules.law.wording import percent

DAY = timedelta(days=1)

BUSINESS = "L441-10 II C. com."
AGREED = "L441-10 II C. com. (taux convenu)"
PUBLIC = "R2192-31 CCP"
CIVIL = "1231-6 et 1344-1 C. civ."
JUDGED = "1231-7 C. civ."
RAISED = "1231-7 C. civ. et L313-3 CMF"

Rate = Literal["ecb", "legal"]


class Span(NamedTuple):
    """Days from ``from_on`` to ``to_on``, both included, at one rate in percent a year."""

    from_on: date
    to_on: date
    rate: Decimal
    article: str
    label: str
    single_source: bool


class Missing(NamedTuple):
    """A semester whose rate is not published in the tables, from the first day that needed it."""

    rate: Rate
    year: int
    half: int
    from_on: date


class Schedule(NamedTuple):
    """The spans of one debt in order, and the semesters that no row covers."""

    spans: tuple[Span, ...]
    missing: tuple[Missing, ...]


NOTHING = Schedule((), ())


def is_commercial(facts: DecompteFacts) -> bool:
    """Whether art. L441-10 C. com. governs: both are professionals."""
    return facts.debtor_kind is DebtorKind.BUSINESS and facts.creditor == "professional"


def is_public(facts: DecompteFacts) -> bool:
    """Whether the public procurement code governs (R2192-31 CCP)."""
    return facts.debtor_kind is DebtorKind.PUBLIC_BODY and facts.creditor == "professional"


def is_civil(facts: DecompteFacts) -> bool:
    """Whether interest waits for the mise en demeure (1231-6 and 1344-1 C. civ.)."""
    return facts.debtor_kind is DebtorKind.CONSUMER or (
        facts.creditor == "private" and facts.debtor_kind is not DebtorKind.UNKNOWN
    )


def schedule(due_on: date, facts: DecompteFacts, last: date, tables: Tables) -> Schedule:
    """The rates of a debt due on a day, until ``last`` included, before and after the judgment if there is
    one.
    """
    judgment = facts.judgment
    if judgment is None:
        return _before_judgment(due_on, facts, last, tables)
    turn = judgment.interest_from or judgment.on
    before = _before_judgment(due_on, facts, min(last, turn), tables)
    after = _after_judgment(max(due_on, turn) + DAY, last, judgment, facts.creditor, tables)
    return Schedule(before.spans + after.spans, before.missing + after.missing)


def _before_judgment(due_on: date, facts: DecompteFacts, last: date, tables: Tables) -> Schedule:
    if due_on >= last:
        return NOTHING
    if is_commercial(facts):
        return _commercial(due_on + DAY, last, facts.rates, tables)
    if is_public(facts):
        return _public(due_on + DAY, last, tables)
    notice = facts.formal_notice_on
    # An unknown kind may be a professional or a consumer: nothing that supposes either is claimed.
    if not is_civil(facts) or notice is None or notice < due_on or notice >= last:
        return NOTHING
    return _cut(notice + DAY, last, _legal(tables, facts.creditor, CIVIL, Decimal(0)), "legal")


def _commercial(first: date, last: date, rates: tuple[AgreedRate, ...], tables: Tables) -> Schedule:
    """ECB + 10 points by semester, or the contract's rate as long as it holds (L441-10 II C. com.)."""
    points = tables.amount("business_points", first)
    if not rates:
        return _cut(first, last, _ecb(tables, points, BUSINESS), "ecb")
    spans: tuple[Span, ...] = ()
    missing: tuple[Missing, ...] = ()
    for start, end, agreed in _agreed_periods(first, last, rates):
        if agreed is None:
            part = _cut(start, end, _ecb(tables, points, BUSINESS), "ecb")
        elif agreed.over_ecb:
            part = _cut(start, end, _ecb(tables, agreed.rate, AGREED), "ecb")
        else:
            part = Schedule((_agreed_span(start, end, agreed.rate),), ())
        spans, missing = spans + part.spans, missing + part.missing
    return Schedule(spans, missing)


def _agreed_span(start: date, end: date, rate: Decimal) -> Span:
    return Span(start, end, rate, AGREED, f"Taux convenu {percent(rate)} %", False)


def _agreed_periods(
    first: date, last: date, rates: tuple[AgreedRate, ...]
) -> Iterator[tuple[date, date, AgreedRate | None]]:
    """The days of a delay cut where the contract changes its rate; None before its first rate."""
    dated = sorted(rates, key=lambda agreed: agreed.since or date.min)
    starts = [(first, None), *((max(first, agreed.since or first), agreed) for agreed in dated)]
    ends = [start - DAY for start, _ in starts[1:]] + [last]
    for (start, agreed), end in zip(starts, ends, strict=True):
        if start <= min(end, last):
            yield start, min(end, last), agreed


def _public(first: date, last: date, tables: Tables) -> Schedule:
    """ECB + 8: one rate for the whole delay, of the semester in which interest began (R2192-31 CCP)."""
    year, half = semester_of(first)
    points = tables.amount("public_points", first)
    known = _ecb(tables, points, PUBLIC).get((year, half))
    if known is None:
        return Schedule((), (Missing("ecb", year, half, first),))
    return Schedule((known._replace(from_on=first, to_on=last),), ())


def _after_judgment(first: date, last: date, judgment: Judgment, creditor: CreditorKind, tables: Tables) -> Schedule:
    """The rate granted, else the legal rate, five points higher two months after the decision became
    enforceable.
    """
    if first > last:
        return NOTHING
    if judgment.rate is not None:
        label = f"Taux fixé par la décision {percent(judgment.rate)} %"
        return Schedule((Span(first, last, judgment.rate, f"{JUDGED} (taux fixé)", label, False),), ())
    plain = _legal(tables, creditor, JUDGED, Decimal(0))
    if judgment.enforceable_on is None:
        return _cut(first, last, plain, "legal")
    months = int(tables.amount("majoration_months", judgment.enforceable_on))
    raised_from = max(first, add_months(judgment.enforceable_on, months) + DAY)
    points = tables.amount("majoration_points", judgment.enforceable_on)
    before = _cut(first, min(last, raised_from - DAY), plain, "legal")
    after = _cut(raised_from, last, _legal(tables, creditor, RAISED, points), "legal")
    return Schedule(before.spans + after.spans, before.missing + after.missing)


def _cut(first: date, last: date, series: dict[tuple[int, int], Span], rate: Rate) -> Schedule:
    """The semesters' spans, cut to the days from first to last; those without a row are named."""
    spans: list[Span] = []
    missing: list[Missing] = []
    if first > last:
        return NOTHING
    semester = semester_of(first)
    end = semester_of(last)
    while semester <= end:
        known = series.get(semester)
        if known is None:
            missing.append(Missing(rate, *semester, max(first, semester_start(*semester))))
        elif known.from_on < first or known.to_on > last:
            spans.append(known._replace(from_on=max(first, known.from_on), to_on=min(last, known.to_on)))
        else:
            spans.append(known)
        semester = next_semester(*semester)
    return Schedule(tuple(spans), tuple(missing))


@lru_cache(maxsize=256)
def _ecb(tables: Tables, points: Decimal, article: str) -> dict[tuple[int, int], Span]:
    """Every published semester of the ECB rate, so many points higher."""
    found = {}
    for row in tables.of(EcbRate):
        if row.confirmed:
            label = f"BCE {percent(row.value)} % + {percent(points)} points"
            found[semester_of(row.from_on)] = _whole(row.from_on, row.value + points, article, label, row.single_source)
    return found


@lru_cache(maxsize=256)
def _legal(tables: Tables, creditor: CreditorKind, article: str, points: Decimal) -> dict[tuple[int, int], Span]:
    """Every published semester of the legal rate for a kind of creditor, so many points higher."""
    found = {}
    for row in tables.of(LegalRate):
        if row.confirmed:
            value = row.private if creditor == "private" else row.other
            label = f"Taux légal {percent(value)} %" + (f" + {percent(points)} points" if points else "")
            found[semester_of(row.from_on)] = _whole(row.from_on, value + points, article, label, row.single_source)
    return found


def _whole(start: date, rate: Decimal, article: str, label: str, single: bool) -> Span:
    year, half = semester_of(start)
    return Span(semester_start(year, half), semester_end(year, half), rate, article, label, single)


def floor_of(semester: tuple[int, int], tables: Tables) -> Decimal | None:
    """Three times the legal rate « autres cas » of a semester; None when it is not published (L441-10 II C.
    com.).
    """
    known = _legal(tables, "professional", JUDGED, Decimal(0)).get(semester)
    if known is None:
        return None
    return known.rate * tables.amount("floor_multiple", known.from_on)


def default_rate(semester: tuple[int, int], tables: Tables) -> Decimal | None:
    """ECB + 10 of a semester; None when it is not published."""
    points = tables.amount("business_points", semester_start(*semester))
    known = _ecb(tables, points, BUSINESS).get(semester)
    return None if known is None else known.rate


def without(spans: tuple[Span, ...], suspended: tuple[Suspended, ...]) -> tuple[Span, ...]:
    """The spans without the days that bear no interest."""
    for pause in suspended:
        kept: list[Span] = []
        until = pause.to_on or date.max
        for span in spans:
            if span.to_on < pause.from_on or span.from_on > until:
                kept.append(span)
                continue
            if span.from_on < pause.from_on:
                kept.append(span._replace(to_on=pause.from_on - DAY))
            if span.to_on > until:
                kept.append(span._replace(from_on=until + DAY))
        spans = tuple(kept)
    return spans


def is_tail(gap: Missing, tables: Tables) -> bool:
    """Whether the gap lies after the last published semester, not before the first."""
    return gap.from_on > covered_to(gap.rate, tables)


def covered_from(rate: Rate, tables: Tables) -> date:
    """The first day with a published rate."""
    return min(_starts(rate, tables))


def covered_to(rate: Rate, tables: Tables) -> date:
    """The last day with a published rate."""
    return semester_end(*semester_of(max(_starts(rate, tables))))


def _starts(rate: Rate, tables: Tables) -> list[date]:
    return [row.from_on for row in tables.of(EcbRate if rate == "ecb" else LegalRate) if row.confirmed]
