"""One debtor, one voice: which cases a message may speak for, and in whose tone. Pure."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rules.calendars import local_day
from rules.case import Case
from rules.compose import Spoken
from rules.decision import Decision, Send
from rules.policy import Channel, Policy


def gathers(step: Send) -> bool:
    """Whether a message of that kind speaks for the debtor's other cases too: e-mails do, a mise en demeure stands
    alone."""
    return step.channel is Channel.EMAIL and not step.formal and step.about is None


def joins(lead: Spoken, case: Case, decision: Decision, now: datetime, zone: ZoneInfo) -> bool:
    """Whether another case of the debtor, creditor and currency is spoken for by the lead's message: its own letter is
    due that day on the same channel to the same address, and waits for nobody."""
    first, step = lead
    other = decision.step
    if not isinstance(other, Send) or not gathers(other) or decision.at is None or case.id == first.id:
        return False
    if local_day(decision.at, zone) > local_day(now, zone):
        return False
    same = (case.email, case.invoice.currency, case.invoice.creditor, case.debtor.language, case.invoice.payee)
    return other.channel is step.channel and same == (
        first.email, first.invoice.currency, first.invoice.creditor, first.debtor.language, first.invoice.payee,
    )  # fmt: skip


def lead_of(spoken: Sequence[tuple[Spoken, Policy]]) -> int:
    """The place of the most severe: the rung nearest the head of its ladder, then the oldest debt, then the id."""
    ranked = [(-_height(policy, step), case.anchor_on, case.id) for (case, step), policy in spoken]
    return ranked.index(min(ranked))


def _height(policy: Policy, step: Send) -> int:
    steps = [rung.step for rung in policy.rung]
    return steps.index(step.step) - len(steps) if step.step in steps else -len(steps)
