"""Whether a payment plan or a promise can be accepted. Pure; raises Refused."""

from datetime import datetime

from rules import commands as c
from rules.calendars import local_day
from rules.case import Case
from rules.claim import Context, claim_of
from rules.law.days import add_months
from rules.money import ZERO, total
from rules.refusals import Code, Refused


def check_plan(case: Case, plan: c.PaymentPlan, context: Context, now: datetime) -> None:
    """Refuses a plan that does not cover the open principal, asks more than is owed, starts in the past, lasts longer
    than the policy allows, or has two instalments on one day."""
    today = local_day(now, context.policy.zone)
    if case.open_principal <= ZERO:
        raise Refused("payment_plan: nothing is owed any more.", Code.NOT_ALLOWED_NOW)
    days = sorted(part.due_on for part in plan.instalments)
    if len(set(days)) != len(days):
        raise Refused("payment_plan: two instalments fall due on one day; add them up.", Code.DATE_INVALID)
    if days[0] < (plan.signed_on or plan.on or today):
        raise Refused(f"payment_plan: the first instalment, {days[0]}, lies before the plan itself.", Code.DATE_INVALID)
    last = add_months(today, context.policy.plan.max_months)
    if days[-1] > last:
        months = context.policy.plan.max_months
        raise Refused(
            f"payment_plan: {days[-1]} is beyond the {months} months of the policy, {last}.",
            Code.DATE_INVALID,
        )
    if plan.signed_on is not None and plan.signed_on > today:
        raise Refused(f"payment_plan: signed_on {plan.signed_on} lies ahead of today, {today}.", Code.DATE_INVALID)
    if plan.interest == "waived_if_kept" and context.policy.accessories == "pursue":
        raise Refused(
            "payment_plan: this policy pursues interest after the principal; leave interest out, and waive it once "
            "the plan is kept.",
            Code.NOT_ALLOWED_NOW,
        )
    _check_sum(case, plan, context, now)


def _check_sum(case: Case, plan: c.PaymentPlan, context: Context, now: datetime) -> None:
    if any(part.amount <= ZERO for part in plan.instalments):
        raise Refused("payment_plan: an instalment is not above zero.", Code.AMOUNT_INVALID)
    asked = total(part.amount for part in plan.instalments)
    owed = claim_of(case, context.creditor, context.tables, local_day(now, context.policy.zone)).total
    least = case.open_principal - context.policy.tolerance
    if asked < least:
        raise Refused(
            f"payment_plan: the instalments add up to {asked}, less than the {case.open_principal} still open.",
            Code.AMOUNT_INVALID,
        )
    if asked > max(owed, case.open_principal) + context.policy.tolerance:
        raise Refused(
            f"payment_plan: the instalments add up to {asked}, more than the {owed} owed.",
            Code.AMOUNT_INVALID,
        )


def check_promise(case: Case, promise: c.Promise, context: Context, now: datetime) -> None:
    """Refuses a promise for a past day, too far ahead, or one too many."""
    today = local_day(now, context.policy.zone)
    rule = context.policy.promise
    if promise.pay_on < today:
        raise Refused(f"promise: pay_on {promise.pay_on} is before today, {today}.", Code.DATE_INVALID)
    if (promise.pay_on - today).days > rule.max_days:
        raise Refused(
            f"promise: {promise.pay_on} is more than {rule.max_days} days ahead; agree a payment_plan.",
            Code.DATE_INVALID,
        )
    if case.promises_made >= rule.max_count:
        raise Refused(
            f"promise: {case.promises_made} were already accepted, the policy allows {rule.max_count}; "
            "agree a payment_plan or place a hold.",
            Code.NOT_ALLOWED_NOW,
        )
