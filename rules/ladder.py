"""The ladder: which rung comes next, on which day it is planned, and at which moment it may be taken. Pure."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from rules.base import remembered
from rules.calendars import local_day, next_opening, spread_of, start_of
from rules.case import Case, StepOutcome, StepTaken
from rules.claim import Context, region
from rules.law.days import add_business_days, distance_of, end_of_month, next_business_day
from rules.limits import REASONS, spaced_day, window_of, zone_of
from rules.policy import Policy, Rung
from rules.when import Anchor


class Planned(NamedTuple):
    """A rung's moment (virtual UTC) and, as a sentence, what it was counted from. ``wanted``: the day the ladder meant;
    ``guard``: the guard rail that moved it to ``day``."""

    at: datetime
    because: str
    wanted: date
    guard: str | None
    day: date


def next_rung(case: Case, policy: Policy) -> Rung | None:
    """The first rung of the current passage that was neither taken nor skipped; None at the head of the ladder."""
    return next((rung for rung in policy.rung if case.taken(rung.step) is None), None)


def base_day(case: Case, rung: Rung) -> date | None:
    """The day the rung is planned for, weekends included; None while it waits for a fact (a delivery)."""
    when = rung.when
    if when.anchor is Anchor.ISSUED:
        return case.invoice.issued_on + timedelta(days=when.days)
    if when.anchor is Anchor.MONTH_END:
        return end_of_month(case.anchor_on + timedelta(days=when.days))
    if when.step is None:
        return case.anchor_on + timedelta(days=when.days)
    before = case.taken(when.step)
    if before is None:
        return None
    return before.on + timedelta(days=when.days)


def answer_deadline(case: Case, policy: Policy, step: str) -> date | None:
    """The last day of the answer period of a mise en demeure: counted from its delivery or first presentation, carried
    to the next business day as a courtesy; None until that day is known or when it was returned undelivered."""
    rung, taken = policy.at(step), case.taken(step)
    if rung is None or rung.answer_within is None or taken is None or taken.answer_from is None:
        return None
    if taken.outcome is not StepOutcome.DELIVERED:
        return None
    days = answer_days(case, rung)
    return next_business_day(taken.answer_from + timedelta(days=days), region(case))


def answer_days(case: Case, rung: Rung) -> int:
    """The answer period in days: the longer one for a large claim or a debtor abroad."""
    days = rung.answer_within or 0
    above = rung.answer_above
    abroad = distance_of(region(case)) == "abroad"
    return above.days if above is not None and (abroad or case.open_principal > above.amount) else days


def planned_day(case: Case, rung: Rung, policy: Policy) -> date | None:
    """The rung's day: its base day, but a ladder that runs late keeps its distances; None while it waits for a fact."""
    if rung.when.anchor is Anchor.UNANSWERED:
        deadline = answer_deadline(case, policy, rung.when.step or "")
        if deadline is None:
            return None
        if rung.when.business:
            return add_business_days(deadline, rung.when.days, region(case))
        return deadline + timedelta(days=rung.when.days + 1)
    day = base_day(case, rung)
    before = _climbed_before(case, rung, policy)
    if day is None or before is None or rung.when.step == before.step:
        return day
    previous = policy.at(before.step)
    meant = base_day(case, previous) if previous is not None else None
    if meant is None:
        return day
    return max(day, before.on + max(timedelta(0), day - meant))


def _climbed_before(case: Case, rung: Rung, policy: Policy) -> StepTaken | None:
    """The last rung before this one that was really taken in the passage."""
    steps = [other.step for other in policy.rung]
    earlier = set(steps[: steps.index(rung.step)])
    taken = [s for s in case.steps if s.passage == case.passage and s.step in earlier]
    return next((s for s in reversed(taken) if s.outcome is not StepOutcome.SKIPPED), None)


@remembered
def moment_of(case: Case, rung: Rung, context: Context, now: datetime) -> Planned | None:
    """The first moment at which the rung may be taken, now or later, with every guard counted; None while it waits
    for a fact."""
    policy = context.policy
    day = planned_day(case, rung, policy)
    if day is None:
        return None
    because, guard, wanted = f"{rung.step} : {describe(case, rung)}", None, day
    lost = lost_letter(case, rung)
    shared = not rung.is_formal or policy.formal_notice == "grouped"
    if lost is not None and lost.lost_on is not None and shared:
        # The day after, so that all the invoices of one message have heard and are spoken for by one again.
        day = max(day, lost.lost_on + timedelta(days=1))
        because = f"{rung.step} à nouveau : {_LOST.get(lost.channel or '', 'le courrier')} du {lost.on:%d/%m/%Y} {_NOT}"
    if case.gave_up is not None and case.gave_up.step == rung.step:
        day = max(day, case.gave_up.on + timedelta(days=1))
    if rung.prepares is None:
        day = max(day, local_day(now, policy.zone))
        spaced = spaced_day(case, rung, context, _with_the_day(case, rung, policy, day))
        if spaced.guard is not None and spaced.day > first_open_day(day, case, rung, policy):
            guard = spaced.guard
            because += f", reporté au {spaced.day:%d/%m/%Y} : {REASONS[guard]}"
        day = spaced.day
    not_before = max(now, start_of(day, policy.zone))
    spread = spread_of(case.invoice.creditor, case.invoice.debtor.id, policy.spread_minutes)
    window, zone = window_of(case, rung, policy), zone_of(case, policy)
    at = next_opening(window, zone, region(case), not_before, spread=spread)
    return Planned(at, because, wanted, guard, day)


_LOST = {"email": "le courriel", "letter": "la lettre", "registered_letter": "la lettre recommandée"}
_NOT = "n'a pas atteint le débiteur"


def lost_letter(case: Case, rung: Rung) -> StepTaken | None:
    """The letter of the rung that did not reach the debtor, the last one of this passage."""
    act = (rung.step, case.passage)
    return next((taken for taken in reversed(case.lost) if (taken.step, taken.passage) == act), None)


def _with_the_day(case: Case, rung: Rung, policy: Policy, day: date) -> date:
    """A grouped mise en demeure leaves the day after its approval, so that those approved on one day make one
    letter."""
    if rung.is_formal and policy.formal_notice == "grouped" and case.approved is not None:
        return max(day, case.approved.on + timedelta(days=1))
    return day


def first_open_day(day: date, case: Case, rung: Rung, policy: Policy) -> date:
    """The first day on or after ``day`` on which the policy takes the rung with the debtor."""
    window, zone = window_of(case, rung, policy), zone_of(case, policy)
    opens = next_opening(window, zone, region(case), start_of(day, policy.zone))
    return opens.astimezone(policy.zone).date()


def describe(case: Case, rung: Rung) -> str:
    """What the rung counts from, in French: « 5 jours après l'échéance du 04/02/2026 »."""
    when = rung.when
    days = f"{abs(when.days)} jour{'s' if abs(when.days) > 1 else ''}"
    if when.anchor is Anchor.UNANSWERED:
        return f"{when.step} restée sans réponse dans le délai"
    if when.anchor is Anchor.AFTER:
        before = case.taken(when.step or "")
        day = f" du {before.on:%d/%m/%Y}" if before else ""
        return f"{days} après {when.step}{day}"
    if when.anchor is Anchor.ISSUED:
        return f"{days} après l'émission du {case.invoice.issued_on:%d/%m/%Y}"
    if when.anchor is Anchor.MONTH_END:
        return f"fin du mois de l'échéance du {case.anchor_on:%d/%m/%Y} + {days}"
    if when.days == 0:
        return f"à l'échéance du {case.anchor_on:%d/%m/%Y}"
    side = "avant" if when.days < 0 else "après"
    return f"{days} {side} l'échéance du {case.anchor_on:%d/%m/%Y}"
