"""One debtor, one voice: which cases a message may speak for, in whose tone, and which it names as left out. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from rules.calendars import local_day
from rules.case import Case, Pause
from rules.compose import Aside, Spoken
from rules.decision import AskApproval, Coming, Decision, Park, Send
from rules.policy import Channel, Policy
from rules.when import Anchor

DISPUTED, PLAN, PROMISED, REVIEWED, APART = "disputed", "plan", "promised", "reviewed", "apart"
"""Why an invoice is named for information only: disputed, under a plan, payment announced, under review, or not part of
this formal notice."""

_PAUSED = {
    Pause.DISPUTE: DISPUTED,
    Pause.PAYMENT_PLAN: PLAN,
    Pause.PROMISE: PROMISED,
    Pause.HOLD: REVIEWED,
    Pause.REPLY: REVIEWED,
    Pause.RETURNED_LETTER: REVIEWED,
}


def gathers(step: Send, policy: Policy) -> bool:
    """Whether a message of that kind speaks for the debtor's other cases too: a mise en demeure only when the policy
    groups them, a letter about the instalment of a plan never."""
    return step.about is None and (not step.formal or policy.formal_notice == "grouped")


def joins(lead: Spoken, other: tuple[Case, Decision | Coming, Policy], now: datetime, zone: ZoneInfo) -> bool:
    """Whether another case of the debtor, creditor and currency is spoken for by the lead's message: its own letter is
    due that day on the same channel to the same address, and waits for nobody."""
    first, step = lead
    case, decision, policy = other
    taken = decision.step
    if not isinstance(taken, Send) or not gathers(taken, policy) or decision.at is None or case.id == first.id:
        return False
    if local_day(decision.at, zone) > local_day(now, zone):
        return False
    if taken.formal and not _warned(case, policy, taken.step):
        return False
    kind = (taken.channel, taken.formal, taken.copies if taken.formal else ())
    return kind == (step.channel, step.formal, step.copies if step.formal else ()) and _to(case, step.channel) == _to(
        first, step.channel
    )


def _to(case: Case, channel: Channel) -> tuple[Any, ...]:
    """Where a letter goes, in whose name, in which language, to be paid to whom."""
    address = case.email if channel is Channel.EMAIL else case.postal
    return (address, case.invoice.currency, case.invoice.creditor, case.debtor.language, case.invoice.payee)


def _warned(case: Case, policy: Policy, formal: str) -> bool:
    """Whether the letter that the mise en demeure follows has really gone out about the invoice."""
    rung = policy.at(formal)
    if rung is None or rung.when.anchor is not Anchor.AFTER:
        return any(s.written and s.passage == case.passage for s in case.steps)
    before = case.taken(rung.when.step or "")
    return before is not None and before.written


def left_out(step: Send, others: Sequence[tuple[Case, Decision]], on: date) -> tuple[Aside, ...]:
    """The debtor's other late invoices that the message asks nothing for, each with why: those disputed, suspended or
    waiting for an approval; beside a grouped mise en demeure, all that it does not demand.

    What is stayed by insolvency or before a court is not named: nothing may be asked there, nor seem to be."""
    found = []
    for case, decision in others:
        late = case.anchor_on < on and case.closed is None and not case.judicial and case.stay is None
        why = _why(decision) or (APART if step.formal else None)
        if late and why is not None:
            found.append((case, why))
    return tuple(sorted(found, key=lambda pair: (pair[0].anchor_on, pair[0].id)))


def _why(decision: Decision) -> str | None:
    if decision.suspended is not None:
        return _PAUSED[decision.suspended.by]
    waits = isinstance(decision.step, AskApproval) or (
        isinstance(decision.step, Park) and decision.step.reason == "approval"
    )
    return REVIEWED if waits else None


def lead_of(spoken: Sequence[tuple[Spoken, Policy]]) -> int:
    """The place of the most severe: the rung nearest the head of its ladder, then the oldest debt, then the id."""
    ranked = [(-_height(policy, step), case.anchor_on, case.id) for (case, step), policy in spoken]
    return ranked.index(min(ranked))


def _height(policy: Policy, step: Send) -> int:
    steps = [rung.step for rung in policy.rung]
    return steps.index(step.step) - len(steps) if step.step in steps else -len(steps)
