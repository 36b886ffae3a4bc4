"""The stage that a case has reached at a moment. Pure."""

from datetime import datetime

from rules.calendars import local_day
from rules.case import Case, Stage
from rules.claim import Context
from rules.judicial import proceedings
from rules.ladder import answer_deadline


def stage_of(case: Case, context: Context, now: datetime) -> Stage:
    """Where the case stands at ``now``."""
    if case.closed is not None:
        return Stage.CLOSED
    if proceedings(case) is not None:
        return Stage.JUDICIAL
    if case.file is not None or _answer_period_over(case, context, now):
        return Stage.PRE_JUDICIAL
    formal = {rung.step for rung in context.policy.rung if rung.is_formal}
    if any(s.step in formal and s.written and s.passage == case.passage for s in case.steps):
        return Stage.FORMAL_NOTICE
    return Stage.NOT_DUE if local_day(now, context.policy.zone) <= case.anchor_on else Stage.AMICABLE


def _answer_period_over(case: Case, context: Context, now: datetime) -> bool:
    for rung in context.policy.rung:
        deadline = answer_deadline(case, context.policy, rung.step) if rung.is_formal else None
        if deadline is not None and local_day(now, context.policy.zone) > deadline:
            return True
    return False
