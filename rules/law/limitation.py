"""Limitation: the last useful day of a claim, why, and what interrupted it. Pure.

Days are counted whole (2228 C. civ.), the last one is useful to its end (2229), none is added for a Sunday
(Cass. 2e civ. 7/04/2016 n° 15-12.960). Checked 2026-11-22.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from rules.base import Frozen
from rules.law.days import add_months, add_years
from rules.law.interruptions import Effect, effect_of
from rules.law.kinds import ClaimKind, DebtorKind
from rules.law.tables import Period, Tables


class LimitationEvent(Frozen):
    """Something that happened to a claim on a day; the kinds are those of ``interruptions.KINDS``."""

    on: date
    kind: str


class LimitationFacts(Frozen):
    """What the limitation of one debt depends on.

    ``due_on``: the due date; ``term_agreed`` false when nothing was agreed and it was computed.
    ``performed_on``: goods delivered, service performed.
    """

    due_on: date
    performed_on: date | None = None
    debtor_kind: DebtorKind = DebtorKind.BUSINESS
    claim: ClaimKind = ClaimKind.SERVICES
    events: tuple[LimitationEvent, ...] = ()
    as_of: date | None = None
    term_agreed: bool = True


class Interruption(Frozen):
    """An event, whether it interrupts, and why."""

    on: date
    kind: str
    interrupts: bool
    why: str


class Limitation(Frozen):
    """The last useful day. ``barred``: past it on ``as_of``; None when no day was given.

    ``cautious_last_day``: the earlier day that a performance before the due date would give if no term had
    been agreed.
    """

    last_day: date
    years: int
    article: str
    start: date
    start_unknown: bool
    because: str
    barred: bool | None = None
    interruptions: tuple[Interruption, ...] = ()
    cautious_last_day: date | None = None


class _Run(NamedTuple):
    """The period as it runs after the events so far."""

    start: date
    years: int
    last_day: date


@lru_cache(maxsize=1024)
def limitation(facts: LimitationFacts, tables: Tables) -> Limitation:
    """The limitation of one debt; instalments are asked one by one.

    L110-4 I C. com. (trade, 5 years), L218-2 C. conso (consumers, 2), L133-6 C. com. (carriage, 1 from
    delivery), L34-2 CPCE (telecom, 1), art. 7-1 loi du 6/07/1989 (residential rent, 3), loi 68-1250 (public
    debtors, to 31 December of the fourth year), 2231 C. civ. (a new period of the same length after an
    interruption). Checked 2026-11-22.
    """
    name = _period_name(facts)
    row = _row(name, facts.due_on, tables)
    start, unknown = _start(facts, name)
    run = _open(start, row.years, name)
    found = []
    for event, effect, lost in _in_order(facts.events):
        why_not = _why_not(effect, event, run, name, lost=lost)
        if why_not is None:
            run = _anew(effect, event, run, name, tables)
        found.append(Interruption(on=event.on, kind=event.kind, interrupts=why_not is None, why=why_not or effect.why))
    return Limitation(
        last_day=run.last_day,
        years=run.years,
        article=row.article,
        start=start,
        start_unknown=unknown,
        because=_because(facts, row, name),
        barred=None if facts.as_of is None else facts.as_of > run.last_day,
        interruptions=tuple(found),
        cautious_last_day=_cautious(facts, row, name) if not any(i.interrupts for i in found) else None,
    )


def earliest(found: Iterable[Limitation]) -> Limitation | None:
    """The limitation that comes first: what a case of several instalments shows."""
    return min(found, key=lambda one: one.last_day, default=None)


def alert_days(last_day: date, distances: Iterable[str]) -> tuple[date, ...]:
    """The days of the alerts, in order: « 6m » is six months before the last day, « 2y » two years."""
    months = [int(text[:-1]) * (12 if text.endswith("y") else 1) for text in distances]
    return tuple(sorted(add_months(last_day, -count) for count in months))


PeriodName = Literal["trade", "consumer", "transport", "telecom", "residential_rent", "public_body"]


def _period_name(facts: LimitationFacts) -> PeriodName:
    """Short special periods first; of an unknown debtor the shortest plausible one."""
    match facts.claim:
        case ClaimKind.TRANSPORT:
            return "transport"
        case ClaimKind.TELECOM:
            return "telecom"
        case ClaimKind.RESIDENTIAL_RENT if facts.debtor_kind is not DebtorKind.PUBLIC_BODY:
            return "residential_rent"
    if facts.debtor_kind is DebtorKind.PUBLIC_BODY:
        return "public_body"
    return "trade" if facts.debtor_kind is DebtorKind.BUSINESS else "consumer"


def _row(name: str, on: date, tables: Tables) -> Period:
    """The period in force on a day; before its first row, that first row."""
    return tables.at(Period, on, name=name) or next(row for row in tables.of(Period) if row.name == name)


def _start(facts: LimitationFacts, name: PeriodName) -> tuple[date, bool]:
    """Where the period starts, and whether that is only the earliest plausible day.

    A term agreed: its day (2224 and 2233 3° C. civ.); none: completion, not the invoice (Cass. com.
    26/02/2020 n° 18-25.036; 1re civ. 19/05/2021 n° 20-12.520). Carriage: delivery (L133-6). Public debtor:
    the right arises with performance. Checked 2026-11-22.
    """
    performed = facts.performed_on
    if name in {"transport", "public_body"}:
        return (performed, False) if performed is not None else (facts.due_on, True)
    if facts.term_agreed:
        return facts.due_on, False
    return (min(performed, facts.due_on), False) if performed is not None else (facts.due_on, True)


def _open(start: date, years: int, name: PeriodName) -> _Run:
    """A period from a day: to the same date, or of a public debtor to 31 December of the fourth year."""
    if name == "public_body":
        return _Run(start, years, date(start.year + years, 12, 31))
    return _Run(start, years, add_years(start, years))


def _in_order(events: Iterable[LimitationEvent]) -> list[tuple[LimitationEvent, Effect, bool]]:
    """The events by date, with their effect, and whether they are claims that a later event undid."""
    ordered = sorted(events, key=lambda event: (event.on, event.kind))
    effects = [effect_of(event.kind) for event in ordered]
    standing: list[int] = []
    lost: set[int] = set()
    for number, effect in enumerate(effects):
        if effect.is_claim:
            standing.append(number)
        elif effect.undoes_claim and standing:
            lost.add(standing.pop())
    return [(event, effects[n], n in lost) for n, event in enumerate(ordered)]


def _why_not(effect: Effect, event: LimitationEvent, run: _Run, name: PeriodName, *, lost: bool) -> str | None:
    """Why an event does not interrupt; None when it does."""
    if lost:
        return "demande retirée, rejetée ou caduque : interruption non avenue (art. 2243 C. civ.)"
    if not effect.interrupts:
        return effect.why
    if effect.public_only and name != "public_body":
        return effect.why_not
    if event.on > run.last_day:
        return "prescription déjà acquise à cette date : sans effet (Cass. 1re civ. 19/05/2021 n° 19-26.253)"
    if event.on < run.start:
        return "antérieur au point de départ : le délai ne courait pas encore"
    return None


def _anew(effect: Effect, event: LimitationEvent, run: _Run, name: PeriodName, tables: Tables) -> _Run:
    """The period that an interruption opens, of the same length (2231 C. civ.), ten years after a title."""
    if effect.gives_title:
        return _open(event.on, _row("judgment", event.on, tables).years, "trade")
    return _open(event.on, run.years, name)


def _because(facts: LimitationFacts, row: Period, name: PeriodName) -> str:
    if facts.debtor_kind is DebtorKind.UNKNOWN and name == "consumer":
        return "qualité du débiteur inconnue : le délai le plus court, celui des consommateurs, est retenu"
    return row.label


def _cautious(facts: LimitationFacts, row: Period, name: PeriodName) -> date | None:
    performed = facts.performed_on
    if name in {"transport", "public_body"} or performed is None or not facts.term_agreed:
        return None
    return add_years(performed, row.years) if performed < facts.due_on else None
