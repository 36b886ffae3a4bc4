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
        because = f"échéance du {missed.due_on:%d/%m/%Y} impayée après préavis"
        fields: dict[str, object] = {"because": because, "resumes": rule.broken_resumes}
        return None if breaks_on is None else Watch(end_of(breaks_on, zone), e.PlanBroken, fields, because)
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
    told = case.taken(step_of(MISSED, missed.due_on))
    if told is None:
        return None if notice_channel(case) is not None else missed.breaks_on
    return max(missed.breaks_on, told.on + timedelta(days=notice_days)) if told.written else missed.breaks_on


def step_of(kind: str, due_on: date) -> str:
    """The step's name: one letter of a kind per instalment."""
    return f"{kind}_{due_on:%Y%m%d}"


def notice_channel(case: Case) -> Channel | None:
    """By which channel the letters of a plan reach the debtor."""
    if case.email is not None:
        return Channel.EMAIL
    return Channel.LETTER if case.postal is not None else None


def plan_gaps(case: Case, plan: e.PlanAgreed) -> list[tuple[date, Decimal]]:
    """Each instalment's day with what is missing of the plan up to it, payments since the plan counted together: never
    more than is open, and at its end all of it."""
    paid = case.received - case.plan_base
    asked, gaps = ZERO, []
    for part in sorted(plan.instalments, key=lambda p: p.due_on):
        asked += part.amount
        gaps.append((part.due_on, min(case.open_principal, max(ZERO, asked - paid))))
    return [*gaps[:-1], (gaps[-1][0], case.open_principal)]


def caught_up(case: Case, context: Context) -> bool:
    """Whether a missed instalment has been paid since."""
    if case.plan is None or case.plan_missed is None:
        return False
    missed = case.plan_missed.due_on
    return all(gap <= context.policy.tolerance for due_on, gap in plan_gaps(case, case.plan) if due_on <= missed)
