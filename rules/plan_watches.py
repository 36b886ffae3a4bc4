"""How a payment plan is watched: each instalment, its grace, the notice, the break. Pure."""

from datetime import date, timedelta
from decimal import Decimal

from rules import events as e
from rules.calendars import end_of, local_day
from rules.case import Case
from rules.claim import Context, region
from rules.law.days import add_business_days
from rules.money import ZERO
from rules.policy import Channel
from rules.reach import reachable
from rules.stops import ends_stopped
from rules.watch import Watch

REMINDER, MISSED = "plan_reminder", "plan_missed"


def plan_watches(case: Case, context: Context) -> list[Watch]:
    """The next moment at which the plan is missed, or breaks; nothing without a plan, or while the case is stopped."""
    found = _plan_watch(case, context)
    at = None if found is None else ends_stopped(case, context, found.at)
    return [] if found is None or at is None else [found._replace(at=at)]


def _plan_watch(case: Case, context: Context) -> Watch | None:
    plan, missed = case.plan, case.plan_missed
    if plan is None:
        return None
    zone, rule = context.policy.zone, context.policy.plan
    if missed is not None:
        breaks_on = last_day_of_notice(case, missed, rule.notice_days)
        if breaks_on is None or not still_missing(case, plan, context):
            return None
        because = f"échéance du {missed.due_on:%d/%m/%Y} impayée après préavis"
        fields: dict[str, object] = {"because": because, "resumes": rule.broken_resumes}
        return Watch(end_of(breaks_on, zone), e.PlanBroken, fields, because)
    for due_on, missing in plan_gaps(case, plan):
        if missing > context.policy.tolerance:
            grace = add_business_days(due_on, rule.grace_business_days, region(case))
            # The notice to the debtor leaves on the first business day after the grace is over and known to be, and
            # gives him its days.
            told = max(grace, local_day(case.last_at, zone))
            breaks = add_business_days(told, 1, region(case)) + timedelta(days=rule.notice_days)
            fields = {"due_on": due_on, "missing": missing, "breaks_on": breaks}
            because = f"échéance du {due_on:%d/%m/%Y} de l'échéancier"
            return Watch(end_of(grace, zone), e.PlanMissed, fields, because)
    return None


def last_day_of_notice(case: Case, missed: e.PlanMissed, notice_days: int) -> date | None:
    """The last day on which the missed instalment still saves the plan: counted from the notice that left; None while
    it has not. A debtor whom no notice can reach has the days that the case itself gave."""
    told = case.taken(notice_step(case, missed))
    if told is None:
        return None if notice_channel(case) is not None else missed.breaks_on
    return max(missed.breaks_on, told.on + timedelta(days=notice_days)) if told.written else missed.breaks_on


def step_of(kind: str, due_on: date) -> str:
    """The step's name: one letter of a kind per instalment."""
    return f"{kind}_{due_on:%Y%m%d}"


def notice_step(case: Case, missed: e.PlanMissed) -> str:
    """The name of the notice: the instalment's day, or the day it was missed anew, when a payment that had caught up
    was taken back."""
    before = case.taken(step_of(MISSED, missed.due_on))
    anew = before is not None and before.at < missed.at
    return step_of(MISSED, missed.on if anew else missed.due_on)


def notice_channel(case: Case) -> Channel | None:
    """By which channel the letters of a plan reach the debtor; None when he is not to be written to, or nowhere."""
    return next((channel for channel in (Channel.EMAIL, Channel.LETTER) if reachable(case, channel)), None)


def plan_gaps(case: Case, plan: e.PlanAgreed) -> list[tuple[date, Decimal]]:
    """Each instalment's day with what is missing of the plan up to it: nothing disputed, and nothing that is due later
    since other terms or a sum withheld were told under the plan; then the days of those terms follow."""
    missing = case.missing_of(plan)
    last = missing[-1][0]
    gaps = [(day, min(gap, _claimable(case, day))) for day, gap in missing]
    if case.plan_moved:
        gaps += [(part.due_on, _claimable(case, part.due_on)) for part in case.balances() if part.due_on > last]
    return gaps


def _claimable(case: Case, day: date) -> Decimal:
    due = case.due_principal(day) if case.plan_moved else case.open_principal
    return max(ZERO, due - case.disputed)


def caught_up(case: Case, context: Context) -> bool:
    """Whether a missed instalment has been paid since; one that is disputed was not."""
    if case.plan is None or case.plan_missed is None or case.disputes:
        return False
    return not still_missing(case, case.plan, context)


def still_missing(case: Case, plan: e.PlanAgreed, context: Context) -> bool:
    """Whether anything may be asked of the missed instalment and those before it."""
    missed = case.plan_missed.due_on if case.plan_missed is not None else date.min
    return any(gap > context.policy.tolerance for due_on, gap in plan_gaps(case, plan) if due_on <= missed)
