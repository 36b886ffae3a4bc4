"""How a case changes by what is said of it: money, disputes, plans, pauses, tasks, its end. Pure."""

from decimal import Decimal

from rules import events as e
from rules.case import Case, StepOutcome
from rules.factoring import CONSENT, account_checked, factored
from rules.fold_steps import Change, ruled, step, still_dead, unmade
from rules.fold_terms import NO_SETTLEMENT, due_at_once, plan_over
from rules.judicial import IN_INSOLVENCY


def reopened(case: Case, event: e.CaseOpened) -> Change:
    if not event.continues or case.closed is None:
        return {}
    granted = tuple(given_up for given_up in case.waived if not by_itself(given_up))
    return {"closed": None, "waived": granted, "accessories_dropped": False, "reopened": case.closed.outcome}


def by_itself(event: e.Event) -> bool:
    """Whether Relance entered the event of its own, and nobody said so."""
    return event.door is None


def paid(case: Case, event: e.PaymentReceived) -> Change:
    """A payment; the proposal of it is answered: of several under one reference that of its day. A promise of that much
    is kept."""
    proposed = [note for note in case.open_notes if _proposes(note, event)]
    of_the_day = [note for note in proposed if _day_of(note) == event.received_on.isoformat()]
    answered = {note.id for note in of_the_day or proposed}
    notes = tuple(note for note in case.open_notes if note.id not in answered)
    change: Change = {"payments": (*case.payments, event), "open_notes": notes}
    promised = None if case.promise is None else case.promise.amount
    kept = promised is not None and case.received + event.amount - case.promise_base >= promised
    return change | ({"promise": None} if kept else {})


def _day_of(note: e.Event) -> object:
    return note.details.get("received_on") if isinstance(note, e.Noted) else None


def _proposes(note: e.Event, event: e.PaymentReceived) -> bool:
    """Whether the note was the proposal of the very payment that has now been entered: under its reference, or of the
    same sum when it is said without one."""
    if not isinstance(note, e.Noted) or note.what != "payment_proposed":
        return False
    if event.reference is not None:
        return bool(note.details.get("reference") == event.reference)
    return Decimal(str(note.details.get("amount") or 0)) == event.amount


def reversed_(case: Case, event: e.PaymentReversed) -> Change:
    """A settlement was agreed on what had been paid until then: once some of that is taken back, a person has to say
    whether it stands."""
    before = case.reversed.get(event.payment, Decimal(0))
    shaken = case.settlement is not None and event.payment in {p.id for p in case.payments[: case.settlement_base]}
    change: Change = {"reversed": {**case.reversed, event.payment: before + event.amount}}
    return change | ({"settlement_shaken": event} if shaken else {})


def credited(case: Case, event: e.CreditNoted) -> Change:
    return {"credits": (*case.credits, event)}


def disputed(case: Case, event: e.DisputeOpened) -> Change:
    coded = _without(case, e.ReplyEscalated)
    return {**unmade(case), **coded, "disputes": (*case.disputes, event), "reply": None}


def settled(case: Case, event: e.DisputeSettled) -> Change:
    """A rejected dispute leaves a reasoned answer to be given first; the next one's end does not give it, and a second
    rejection is answered with it."""
    left = tuple(dispute for dispute in case.disputes if not event.ends(dispute))
    return {"disputes": left, "answer_owed": _owed(case, event) if event.outcome == "rejected" else case.answer_owed}


def _owed(case: Case, event: e.DisputeSettled) -> e.DisputeSettled:
    """The rejection to be answered: with the reasons of one that was rejected while others were open. Reasons that
    nobody has written yet are still to be written for both."""
    before = case.answer_owed
    if before is None or not case.disputes:
        return event
    both = None not in (before.answer, event.answer)
    return event.model_copy(update={"answer": f"{before.answer}\n\n{event.answer}" if both else None})


def _without(case: Case, *moot: type[e.Event], what: str | None = None) -> Change:
    """The notes that still stand: those of these kinds, and about that signal, are moot."""
    kept = (note for note in case.open_notes if not isinstance(note, moot))
    return {"open_notes": tuple(n for n in kept if not (isinstance(n, e.Noted) and n.what == what and not n.asks))}


def plan(case: Case, event: e.PlanAgreed) -> Change:
    signed = (event.signed_on,) if event.signed_on else ()
    spans = plan_over(case, event.on)["interest_suspended"]
    return {
        **unmade(case),
        **NO_SETTLEMENT,
        **_without(case, e.PlanBroken, e.ReplyEscalated, what="plan_requested"),
        "plan": event,
        "plan_base": case.received,
        "plan_missed": None,
        "plan_moved": False,
        "broken": None,
        "interest_suspended": (*spans, (event.on, None)) if event.interest == "suspended" else spans,
        "promise": None,
        "reply": None,
        "signed": (*case.signed, *signed),
    }


def plan_missed(_case: Case, event: e.PlanMissed) -> Change:
    return {"plan_missed": event}


def plan_caught_up(_case: Case, _event: e.PlanCaughtUp) -> Change:
    return {"plan_missed": None}


def plan_broken(case: Case, event: e.PlanBroken) -> Change:
    """With acceleration all that was not due falls due; without, each instalment is asked on its own day."""
    plan = case.plan
    at_once = due_at_once(case, event.on) if plan is not None and plan.acceleration else {"broken": plan}
    return {
        **plan_over(case, event.on),
        **at_once,
        "plans_broken": case.plans_broken + 1,
        "resume_at_formal": event.resumes == "mise_en_demeure",
        "open_notes": (*case.open_notes, event),
    }


def promise(case: Case, event: e.PromiseMade) -> Change:
    made = case.promises_made + (0 if event.announced else 1)
    coded = {**unmade(case), **_without(case, e.ReplyEscalated), "reply": None}
    return {**coded, "promise": event, "promise_base": case.received, "promises_made": made}


def promise_broken(case: Case, _event: e.PromiseBroken) -> Change:
    announced = case.promise is not None and case.promise.announced
    return {"promise": None, "promises_broken": case.promises_broken + (0 if announced else 1)}


def hold(case: Case, event: e.HoldPlaced) -> Change:
    return {**unmade(case), "hold": event}


def lifted(case: Case, event: e.HoldLifted) -> Change:
    """A hold whose day has come ends alone. A resume ends every pause that a person may end by saying so; a plan or a
    dispute has words of its own."""
    if by_itself(event):
        return {"hold": None}
    notes = tuple(n for n in case.open_notes if not (isinstance(n, e.Noted) and n.pauses and n.asks is None))
    return {
        "hold": None,
        "promise": None,
        "reply": None,
        "returned": None,
        "declined": None,
        "open_notes": notes,
    }


def replied(case: Case, event: e.DebtorReplied) -> Change:
    return {**unmade(case), "reply": event}


def reply_escalated(case: Case, event: e.ReplyEscalated) -> Change:
    return {"reply": None, "open_notes": (*case.open_notes, event)}


def insolvent(case: Case, event: e.InsolvencyOpened) -> Change:
    change = unmade(case)
    steps = tuple(s for s in change.get("steps", case.steps) if s.step not in IN_INSOLVENCY)
    return {**change, "insolvency": event, "supplied_later": None, "approval": None, "approved": None, "steps": steps}


def waived(case: Case, event: e.AccessoriesWaived) -> Change:
    return {"waived": (*case.waived, event), "accessories_dropped": by_itself(event)}


def limitation(case: Case, event: e.LimitationNear) -> Change:
    return {"limitation": (*case.limitation, event)}


def passage(case: Case, event: e.PassageOpened) -> Change:
    return {
        **unmade(case),
        "passage": event.passage,
        "anchor_on": event.due_on,
        "approval": None,
        "approved": None,
    }


def adopted(_case: Case, event: e.PolicyAdopted) -> Change:
    return {"policy": event.policy, "version": event.version, "approval": None, "approved": None}


def noted(case: Case, event: e.Noted) -> Change:
    if event.what == "document":
        piece = str(event.details.get("piece") or "other")
        return {"open_notes": (*case.open_notes, event), "pieces": case.pieces | {piece}}
    if event.what == "owner":
        return {"named_owner": event.details.get("owner")}
    if event.what == "plan_requested" and event.asks is None:
        coded = _without(case, e.ReplyEscalated)
        return {"open_notes": (*coded["open_notes"], event), "reply": None}
    change: Change = factored(event) if event.what in ("assigned", "reassigned") and not event.after_closure else {}
    return {**change, "open_notes": (*case.open_notes, event)} if event.what != "note" else change


def refused(case: Case, event: e.SignalRefused) -> Change:
    return {"open_notes": (*case.open_notes, event)}


def task_closed(case: Case, event: e.TaskClosed) -> Change:
    if case.doubt is not None and event.task == f"in_doubt/{case.doubt.id}":
        return ruled(case, case.doubt, event.outcome)
    _, _, cause = event.task.partition("/")
    change: Change = {
        "open_notes": tuple(note for note in case.open_notes if note.id != cause),
        "done": case.done | {event.task},
    }
    call = case.call
    if call is not None and call.id == cause:
        change |= {**step(case, call.step, call.passage, outcome=StepOutcome.CALLED), "call": None}
    if case.insolvency is not None and event.task == f"performance_date/{case.insolvency.id}":
        change["supplied_later"] = event.outcome == "later"
    if case.settlement_shaken is not None and case.settlement_shaken.id == cause:
        change |= {"settlement_shaken": None} if event.outcome == "stands" else NO_SETTLEMENT
    change |= account_checked(case, event)
    if case.factor is not None and event.task == f"{CONSENT}/{case.factor.id}":
        change["factor_consents"] = event.outcome == "granted"
    change["payments_held"] = tuple(held for held in case.payments_held if held.id != cause)
    if event.outcome == "same":
        change["told_twice"] = case.told_twice + tuple(held for held in case.payments_held if held.id == cause)
    for pause in ("reply", "returned", "answer_owed"):
        holding = getattr(case, pause)
        if holding is not None and holding.id == cause:
            change[pause] = still_dead(case) if pause == "returned" else None
    return change


def closed(case: Case, event: e.CaseClosed) -> Change:
    agreed = ("hold", "promise", "settlement_shaken")
    asked = ("reply", "returned", "declined", "approval", "approved", "answer_owed")
    late = tuple(note for note in case.open_notes if note.after_closure or isinstance(note, e.SignalRefused))
    ended = {**dict.fromkeys(agreed + asked), **plan_over(case, event.on), **unmade(case)}
    return {**ended, "closed": event, "disputes": (), "open_notes": late}
