"""A ladder changed, the open book played under both: letters, dates, receipts side by side. Pure; nothing is sent."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from ledger.reports import RungFigure
from rules.case import Case
from rules.creditor import Creditor
from rules.foreseen import Foreseen
from rules.law import Tables
from rules.money import ZERO
from rules.policy import Policy, Rung
from rules.preview import Preview
from rules.when import Anchor

LONGEST_WAIT = 120
UNKNOWN_DAYS = 14.0
"""From a letter to its payments when none was observed."""


@dataclass(frozen=True)
class Change:
    """What is changed of a ladder: days of each step, and the steps left out."""

    days: Mapping[str, int]
    off: frozenset[str] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing is changed."""
        return not self.days and not self.off


@dataclass(frozen=True)
class Side:
    """One of the two: its letters, what they would bring by week, and the cases that end at the judge's door."""

    notices: tuple[Foreseen, ...]
    by_step: Mapping[str, int]
    weeks: tuple[int, ...]
    receipts: tuple[Decimal, ...]

    @property
    def expected(self) -> Decimal:
        """Everything that would come in within the time played."""
        return sum(self.receipts, ZERO)


@dataclass(frozen=True)
class Move:
    """A letter that leaves on another day, or on one side only (None)."""

    number: str
    debtor: str
    step: str
    before: date | None
    after: date | None


def may_go(rung: Rung) -> bool:
    """Whether a rung can be left out: the mise en demeure and the judicial file cannot."""
    return not rung.is_formal and rung.prepares is None


def changed(policy: Policy, change: Change) -> Policy:
    """The ladder with other days and without the steps left out; those that counted from one count from what it
    counted from, its days added."""
    rungs: list[Rung] = []
    gone: dict[str, Rung] = {}
    for rung in policy.rung:
        when = rung.when
        if rung.step in change.days:
            when = when.model_copy(update={"days": change.days[rung.step]})
        if when.anchor is Anchor.AFTER and when.step in gone:
            behind = gone[when.step].when
            when = behind.model_copy(update={"days": behind.days + when.days})
        moved = rung.model_copy(update={"when": when})
        if rung.step in change.off and may_go(rung):
            gone[rung.step] = moved
        else:
            rungs.append(moved)
    return policy.model_copy(update={"rung": tuple(rungs)})


@dataclass(frozen=True)
class Stage:
    """What both sides are played with."""

    cases: Sequence[Case]
    creditors: Mapping[str, Creditor]
    tables: Tables
    now: datetime
    weeks: int
    figures: Mapping[str, RungFigure]


def play(stage: Stage, policy: Policy) -> Side:
    """Go on with every case under a policy as if nothing came in, and count."""
    today = stage.now.date()
    run = Preview(stage.creditors, stage.tables, today, today + timedelta(weeks=stage.weeks))
    for case in stage.cases:
        run.resume(case, policy, max(stage.now, case.last_at))
    notices = run.run().notices
    weeks = Counter(min(stage.weeks - 1, (notice.date - today).days // 7) for notice in notices)
    return Side(
        notices,
        Counter(notice.step for notice in notices),
        tuple(weeks[n] for n in range(stage.weeks)),
        _receipts(stage, notices, today),
    )


def _receipts(stage: Stage, notices: Iterable[Foreseen], today: date) -> tuple[Decimal, ...]:
    """What the letters would bring if each brought the share that its rung has brought so far, as long after it."""
    weeks = [ZERO] * stage.weeks
    left: dict[tuple[str, str], Decimal] = {}
    for notice in notices:
        figure = stage.figures.get(notice.step)
        key = (notice.creditor, notice.number)
        open_ = left.get(key, notice.principal)
        brought = open_ * Decimal(f"{figure.share if figure is not None else 0.0:.6f}")
        left[key] = open_ - brought
        days = figure.days if figure is not None and figure.days is not None else UNKNOWN_DAYS
        week = int(((notice.date - today).days + days) // 7)
        if week < stage.weeks:
            weeks[week] += brought
    return tuple(weeks)


def moves(before: Side, after: Side, most: int) -> list[Move]:
    """The letters that differ, the earliest first."""
    one = {(notice.creditor, notice.number, notice.step): notice for notice in before.notices}
    other = {(notice.creditor, notice.number, notice.step): notice for notice in after.notices}
    found = []
    for key in one.keys() | other.keys():
        was, is_ = one.get(key), other.get(key)
        if was is None or is_ is None or was.date != is_.date:
            known = was or is_
            assert known is not None
            found.append(
                Move(known.number, known.debtor, known.step, was.date if was else None, is_.date if is_ else None)
            )
    return sorted(found, key=lambda move: (move.before or move.after or date.max, move.number))[:most]
