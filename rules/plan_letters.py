"""Letters of a payment plan: a reminder before an instalment when the policy says so, a notice when one was
missed. Pure."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from rules import events as e
from rules.calendars import local_day, next_opening, start_of
from rules.case import Case
from rules.claim import Context, region
from rules.decision import Send
from rules.letter import PlanNotice
from rules.limits import letters_window, zone_of
from rules.money import ZERO
from rules.plan_watches import REMINDER, notice_channel, notice_step, plan_gaps, step_of, still_missing
from rules.policy import Channel, Claims


def plan_letter(case: Case, context: Context, now: datetime) -> tuple[Send, datetime, str] | None:
    """The next letter of the plan, its moment and its reason; None when there is none to write."""
    plan, missed = case.plan, case.plan_missed
    channel = notice_channel(case)
    if plan is None or channel is None:
        return None
    if missed is not None and not still_missing(case, plan, context):
        return None
    if missed is not None:
        because = f"échéance du {missed.due_on:%d/%m/%Y} impayée : préavis avant rupture de l'échéancier"
        step = notice_step(case, missed)
        return _planned(case, context, now, step, missed.due_on, missed.on, channel, because)
    remind = context.policy.plan.remind_days
    ahead = [due for due, gap in plan_gaps(case, plan) if gap > ZERO and due > local_day(now, context.policy.zone)]
    if remind is None or not ahead:
        return None
    because = f"échéance du {ahead[0]:%d/%m/%Y} de l'échéancier"
    step = step_of(REMINDER, ahead[0])
    return _planned(case, context, now, step, ahead[0], ahead[0] - timedelta(days=remind), channel, because)


def _planned(
    case: Case, context: Context, now: datetime, step: str, due_on: date, day: date, channel: Channel, because: str
) -> tuple[Send, datetime, str] | None:
    zone, reminds = context.policy.zone, step.startswith(REMINDER)
    if case.taken(step) is not None:
        return None
    window, its_zone = letters_window(case, context.policy), zone_of(case, context.policy)
    at = next_opening(window, its_zone, region(case), max(now, start_of(day, zone)))
    if reminds and local_day(at, zone) >= due_on:
        return None
    tone = "courtois" if reminds else "ferme"
    send = Send(
        step=step, passage=case.passage, channel=channel, tone=tone, claims=Claims.PRINCIPAL,
        as_of=local_day(at, zone), about=due_on,
    )  # fmt: skip
    return send, at, because


def kind_of(step: Send) -> str:
    """The letter's kind, for its words."""
    return step.step.rsplit("_", 1)[0] if step.about is not None else step.step


def plan_notice(case: Case, about: date, notice_days: int) -> PlanNotice | None:
    """What the letter says of the instalment; None when the plan is gone."""
    plan = case.plan
    if plan is None:
        return None
    days = [part.due_on for part in plan.instalments]
    gaps = plan_gaps(case, plan)
    return PlanNotice(
        due_on=about,
        amount=missing_on(plan, case, about),
        part=days.index(about) + 1 if about in days else None,
        parts=len(days),
        agreed_on=plan.signed_on or plan.on,
        remaining=gaps[-1][1],
        notice_days=notice_days,
        acceleration=plan.acceleration,
    )


def missing_on(plan: e.PlanAgreed, case: Case, about: date) -> Decimal:
    """What is missing of the plan up to that instalment, in the invoice's currency."""
    return next((gap for due_on, gap in plan_gaps(case, plan) if due_on == about), ZERO)
