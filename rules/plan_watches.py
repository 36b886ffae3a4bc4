"""How a payment plan is watched: each instalment, its grace, the notice, the break. Pure."""

from datetime import date, timedelta
from decimal import Decimal

from rules import events as e
from rules.calendars import end_of, local_day
from rules.case import Case
from rules.claim import Context, region
from rules.law.days import add_business_days
from rules.money import ZERO
from rules.watch import Watch


def plan_watches(case: Case, context: Context) -> list[Watch]:
    """The next moment at which the plan is missed, or breaks; nothing without a plan."""
    plan, missed = case.plan, case.plan_missed
    if plan is None:
        return []
    zone, rule = context.policy.zone, context.policy.plan
    if missed is not None:
        because = f"échéance du {missed.due_on:%d/%m/%Y} impayée après préavis"
        fields: dict[str, object] = {"because": because, "resumes": rule.broken_resumes}
        return [Watch(end_of(missed.breaks_on, zone), e.PlanBroken, fields, because)]
    for due_on, missing in plan_gaps(case, plan):
        if missing > context.policy.tolerance:
            grace = add_business_days(due_on, rule.grace_business_days, region(case))
            # The notice to the debtor leaves on the first business day after the grace is over and known to be, and
            # gives him its days.
            told = max(grace, local_day(case.last_at, zone))
            breaks = add_business_days(told, 1, region(case)) + timedelta(days=rule.notice_days)
            fields = {"due_on": due_on, "missing": missing, "breaks_on": breaks}
            because = f"échéance du {due_on:%d/%m/%Y} de l'échéancier"
            return [Watch(end_of(grace, zone), e.PlanMissed, fields, because)]
    return []


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
