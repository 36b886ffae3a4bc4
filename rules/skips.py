"""Which rungs are passed over, and why: below their minimum, or by the policy's entry; nothing else ever is. Pure."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from rules.calendars import local_day
from rules.case import Case, StepOutcome
from rules.claim import Context, asked_principal
from rules.ladder import base_day
from rules.policy import Channel, Policy, Rung
from rules.when import Anchor


def reason_to_skip(case: Case, rung: Rung, context: Context, now: datetime) -> str | None:
    """Why the rung is passed over: below its minimum, or by the policy's entry; None when it stands."""
    today = local_day(now, context.policy.zone)
    if follows_nothing(case, rung):
        return f"{rung.when.step} n'a pas été envoyée"
    if rung.is_call and Channel.CALL in case.refused:
        return "le débiteur a demandé à ne plus être appelé"
    if too_late(case, rung, context, now):
        return f"l'échéance du {case.anchor_on:%d/%m/%Y} est déjà passée"
    principal = asked_principal(case, max(today, case.anchor_on))
    least = minimum_of(rung, context.policy)
    if principal < least:
        return f"montant dû {principal} {case.invoice.currency}, sous le minimum de {least}"
    if case.resume_at_formal and _before_formal(rung, context):
        return "l'échéancier rompu mène droit à la mise en demeure"
    if context.policy.entry == "by_age" and _younger_than_the_debt(case, rung, context):
        return "la créance est plus ancienne que cette étape à l'entrée dans Relance"
    return None


def too_late(case: Case, rung: Rung, context: Context, now: datetime) -> bool:
    """Whether the rung is a courtesy ahead of a due date that has come: it is passed over at once, at any hour."""
    return rung.when.before_due and local_day(now, context.policy.zone) >= case.anchor_on


def minimum_of(rung: Rung, policy: Policy) -> Decimal:
    """The least principal the rung is taken for; of a judicial file the policy's own word counts first."""
    own = policy.judicial.minimum if rung.prepares is not None else None
    return rung.minimum if own is None else own


def follows_nothing(case: Case, rung: Rung) -> bool:
    """Whether the rung waits for the answer to a letter that was itself passed over: it will never have a day."""
    followed = case.taken(rung.when.step or "")
    unanswered = rung.when.anchor is Anchor.UNANSWERED
    return unanswered and followed is not None and followed.outcome is StepOutcome.SKIPPED


def _before_formal(rung: Rung, context: Context) -> bool:
    steps = context.policy.rung
    formal = next((at for at, other in enumerate(steps) if other.is_formal), None)
    return formal is not None and steps.index(rung) < formal


def _younger_than_the_debt(case: Case, rung: Rung, context: Context) -> bool:
    """Entry by age: a letter is passed over when the next one's day had already come as the case opened, a call when
    its own had; never the last letter before the mise en demeure, and only before anything was sent."""
    if any(s.written for s in case.steps) or case.passage != 1:
        return False
    if rung.is_call:
        return _meant_for(case, rung, context) <= case.opened_on
    steps = [r for r in context.policy.rung if not r.is_formal and r.prepares is None and not r.is_call]
    after = steps[steps.index(rung) + 1 :] if rung in steps else []
    return bool(after) and _meant_for(case, after[0], context) <= case.opened_on


def _meant_for(case: Case, rung: Rung, context: Context) -> date:
    """The day the rung would have come, had the case been there in time and every step before it on its day."""
    before = context.policy.at(rung.when.step or "")
    if before is not None:
        return _meant_for(case, before, context) + timedelta(days=rung.when.days)
    return base_day(case, rung) or case.anchor_on
