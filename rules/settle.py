"""Settling a case at an instant: what the clock and the facts entail is entered, then the next step is decided. Pure.

``settle`` is all that the rest of the house asks: the clerk at each event, an act before it acts, the preview, the
tests and an audit years later.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rules import events as e
from rules.calendars import local_day
from rules.case import Case, Outcome, StepOutcome
from rules.claim import Context, asks, decompte_of, region
from rules.decide import ahead, decide
from rules.decision import AskApproval, Call, Decision
from rules.fold import fold
from rules.judicial import proceedings
from rules.ladder import Planned, moment_of, next_rung
from rules.law.days import add_business_days
from rules.money import ZERO
from rules.pauses import alerts, overtaken, suspension, watches, withdrawal
from rules.plan_watches import caught_up
from rules.policy import Role, Rung
from rules.procedure import proposal
from rules.settlements import settlement_kept
from rules.skips import follows_nothing, reason_to_skip, too_late

_ENOUGH = 500  # consequences of one settlement: far above any real case; a loop is a bug and must say so


def settle(case: Case, context: Context, now: datetime) -> tuple[tuple[e.Event, ...], Case, Decision]:
    """Everything that follows at ``now`` (aware UTC, virtual): the events entered, the case after them, the next
    decision. Never raises on a running case; raises RuntimeError only if the rules contradict themselves."""
    entered, case = at_rest(case, context, now)
    return entered, case, decide(case, context, now)


def at_rest(case: Case, context: Context, now: datetime) -> tuple[tuple[e.Event, ...], Case]:
    """The consequences alone: the events entered and the case after them; raises as ``settle`` does."""
    entered: list[e.Event] = []
    while len(entered) < _ENOUGH:
        event = next(_consequences(case, context, now), None)
        if event is None:
            return tuple(entered), case
        entered.append(event)
        case = fold(case, event)
    raise RuntimeError(f"{case.id}: the rules do not come to rest at {now}; last event {entered[-1].kind}")


def _consequences(case: Case, context: Context, now: datetime) -> Iterator[e.Event]:
    """The first thing that follows from the facts; one at a time, since each changes the case."""
    gone = overtaken(case, context, now)
    if gone is not None:
        taken, because = gone
        yield own(case, context, max(now, case.last_at), e.LetterWithdrawn, **withdrawal(taken, because))
        return
    if case.closed is not None or case.reopened is not None:
        return
    covered = case.open_principal <= context.policy.tolerance
    if settlement_kept(case, context):
        yield from _settled(case, context, now)
    elif covered:
        yield from _covered(case, context, now)
    yield from _clock(case, context, now)
    if covered:
        return
    yield from _passage(case, context, now)
    if suspension(case, context, now) is not None or proceedings(case) is not None:
        return
    yield from _came_back(case, context, now)
    rung = next_rung(case, context.policy)
    if rung is not None:
        yield from _rung(case, rung, context, now)


def _came_back(case: Case, context: Context, now: datetime) -> Iterator[e.Event]:
    """A letter that never reached the debtor is written anew once somebody has given or confirmed an address."""
    for taken in case.steps if not case.astray else ():
        rung = context.policy.at(taken.step)
        if rung is None or taken.passage != case.passage:
            continue
        # A reminder that a later one has followed is not written again.
        if taken.outcome is StepOutcome.RETURNED and (rung.is_formal or taken == case.steps[-1]):
            because = "revenue sans avoir atteint le débiteur, à renvoyer"
            yield own(case, context, now, e.LetterWithdrawn, **withdrawal(taken, because))


def own(case: Case, context: Context, now: datetime, event: type[e.Event], **fields: Any) -> e.Event:
    """An event of Relance's own making; its id is its place in the chain."""
    values = {
        "id": f"relance/{case.position + 1}",
        "on": local_day(now, context.policy.zone),
        "at": now,
        **fields,
    }
    return event.model_validate(values)


def _covered(case: Case, context: Context, now: datetime) -> Iterator[e.Event]:
    """The principal is paid or credited: the accessories follow the policy, then the case closes."""
    drawn = decompte_of(case, context.creditor, context.tables, local_day(now, context.policy.zone))
    if drawn.total > context.policy.tolerance and pursues_accessories(case, context):
        return
    if not case.accessories_dropped and context.policy.accessories != "invoice" and drawn.total > ZERO:
        yield own(
            case, context, now, e.AccessoriesWaived,
            interest=drawn.interest, indemnity=drawn.indemnity, remainder=drawn.principal,
        )  # fmt: skip
        return
    if plan_kept(case, "waived_if_kept") and not case.accessories_dropped and drawn.interest + drawn.principal > ZERO:
        given_up = {"interest": drawn.interest, "remainder": drawn.principal}
        yield own(case, context, now, e.AccessoriesWaived, **given_up)
        return
    paid = case.received > ZERO
    outcome = Outcome.PAID if paid else Outcome.CREDITED
    because = "le principal est payé" if paid else "la facture est entièrement créditée"
    yield own(case, context, now, e.CaseClosed, outcome=outcome, because=because)


def _settled(case: Case, context: Context, now: datetime) -> Iterator[e.Event]:
    """The settlement was paid by its day: the rest is given up, and the case closes."""
    drawn = decompte_of(case, context.creditor, context.tables, local_day(now, context.policy.zone))
    if not case.accessories_dropped:
        yield own(
            case, context, now, e.AccessoriesWaived,
            interest=drawn.interest, indemnity=drawn.indemnity, remainder=drawn.principal,
        )  # fmt: skip
    yield own(case, context, now, e.CaseClosed, outcome=Outcome.SETTLED, because="la transaction est payée")


def plan_kept(case: Case, interest: str) -> bool:
    """Whether what was paid keeps a plan that deals so with interest."""
    return case.plan is not None and case.plan_missed is None and case.plan.interest == interest


def pursues_accessories(case: Case, context: Context) -> bool:
    """Whether interest and indemnity stay claimed after the principal: only sums that a letter sent before the payment
    had claimed."""
    if context.policy.accessories != "pursue" or not case.payments:
        return False
    last_paid = max(payment.at for payment in case.payments)
    claimed = {rung.step for rung in context.policy.rung if rung.claims == "all"}
    return any(s.written and s.step in claimed and s.at < last_paid for s in case.steps)


def _clock(case: Case, context: Context, now: datetime) -> Iterator[e.Event]:
    if caught_up(case, context):
        yield own(case, context, now, e.PlanCaughtUp)
    for watch in [*watches(case, context), *alerts(case, context)]:
        if watch.at <= now:
            yield own(case, context, max(watch.at, case.last_at), watch.event, **watch.fields)


def _passage(case: Case, context: Context, now: datetime) -> Iterator[e.Event]:
    """Nothing overdue remains but an instalment is still ahead: the ladder starts again at its foot."""
    if case.plan is not None or case.due_principal(case.anchor_on) > context.policy.tolerance:
        return
    today = local_day(now, context.policy.zone)
    if case.due_principal(today) > context.policy.tolerance:
        return
    ahead = [part for part in case.asked_when if part.amount > ZERO and part.due_on > case.anchor_on]
    if ahead:
        climbed = any(s.passage == case.passage for s in case.steps)
        passage = case.passage + 1 if climbed else case.passage
        yield own(case, context, now, e.PassageOpened, passage=passage, due_on=ahead[0].due_on)


def _rung(case: Case, rung: Rung, context: Context, now: datetime) -> Iterator[e.Event]:
    skipped = reason_to_skip(case, rung, context, now)
    planned = moment_of(case, rung, context, now)
    due = follows_nothing(case, rung) if planned is None else planned.at <= now
    if skipped is not None and (due or too_late(case, rung, context, now)):
        yield own(case, context, now, e.RungSkipped, step=rung.step, passage=case.passage, because=skipped)
        return
    deferral = _deferral(case, rung, planned, context, now)
    if deferral is not None:
        yield deferral
        return
    granted = case.approved or case.approval
    if granted is not None and (granted.letter != letter_digest(case, rung, context) or _asks_otherwise(case)):
        because = "le montant ou le destinataire a changé depuis la demande"
        yield own(case, context, now, e.ApprovalLapsed, step=rung.step, passage=case.passage, because=because)
        return
    step, at, _ = ahead(case, context, now, None)
    if at is None or at > now:
        return
    if isinstance(step, Call):
        lapses = add_business_days(local_day(now, context.policy.zone), context.policy.call_lapses, region(case))
        fields = {"step": rung.step, "passage": case.passage, "lapses_on": lapses, "channel": step.channel}
        yield own(case, context, now, e.CallRequested, **fields)
    elif isinstance(step, AskApproval):
        yield _approval(case, rung, step.role, context, now)


def _asks_otherwise(case: Case) -> bool:
    """Whether other terms or a waiver have changed what was to be approved. It stands apart from the digest, which
    approvals asked for by earlier versions bear without it."""
    asked = case.approval_asks
    return asked is not None and asked != asks(case, asked[0])


def _deferral(case: Case, rung: Rung, planned: Planned | None, context: Context, now: datetime) -> e.Event | None:
    """A guard rail refuses a contact whose day has come: said once for each day it is moved to."""
    if planned is None or planned.guard is None or planned.wanted > local_day(now, context.policy.zone):
        return None
    facts = {"step": rung.step, "passage": case.passage, "guard": planned.guard, "until": planned.day}
    known = case.deferred
    if known is not None and facts == {name: getattr(known, name) for name in facts}:
        return None
    return own(case, context, now, e.ContactDeferred, **facts, because=planned.because)


def _approval(case: Case, rung: Rung, role: Role, context: Context, now: datetime) -> e.Event:
    """Each request that lapsed unanswered makes the next one longer, so that a forgotten case does not fill the
    ledger."""
    today = local_day(now, context.policy.zone)
    days = context.policy.approval_lapses * min(5, 1 + case.approvals_lapsed)
    return own(
        case, context, now, e.ApprovalRequested,
        step=rung.step,
        passage=case.passage,
        role=role,
        letter=letter_digest(case, rung, context),
        as_of=today,
        route=proposal(case, context, today) if rung.prepares is not None else None,
        lapses_on=add_business_days(today, days, region(case)),
    )  # fmt: skip


def letter_digest(case: Case, rung: Rung, context: Context) -> str:
    """What an approval is given for: step, sums and addressee. Any change of them makes the approval lapse."""
    facts = [
        case.id, rung.step, case.passage, str(case.open_principal), str(case.received), str(case.credited),
        str(case.disputed), case.email or "", case.postal.model_dump(mode="json") if case.postal else None,
        context.policy.version,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
