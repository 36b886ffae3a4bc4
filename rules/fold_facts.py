"""How a case changes by what is said of it: money, disputes, plans, pauses, tasks, its end. Pure."""

from decimal import Decimal

from rules import events as e
from rules.case import Case
from rules.fold_steps import Change, ruled
from rules.judicial import DECLARATION


def reopened(case: Case, event: e.CaseOpened) -> Change:
    if not event.continues or case.closed is None:
        return {}
    granted = tuple(given_up for given_up in case.waived if not by_itself(given_up))
    return {"closed": None, "waived": granted, "accessories_dropped": False, "reopened": case.closed.outcome}


def by_itself(event: e.Event) -> bool:
    """Whether Relance entered the event of its own, and nobody said so."""
    return event.door is None


def paid(case: Case, event: e.PaymentReceived) -> Change:
    """A payment; the proposal of it is answered."""
    notes = tuple(note for note in case.open_notes if not _proposes(note, event.reference))
    return {"payments": (*case.payments, event), "open_notes": notes}


def _proposes(note: e.Event, reference: str | None) -> bool:
    """Whether the note was the proposal of the very payment that has now been entered."""
    if not isinstance(note, e.Noted) or note.what != "payment_proposed" or reference is None:
        return False
    return bool(note.details.get("reference") == reference)


def reversed_(case: Case, event: e.PaymentReversed) -> Change:
    before = case.reversed.get(event.payment, Decimal(0))
    return {"reversed": {**case.reversed, event.payment: before + event.amount}}


def credited(case: Case, event: e.CreditNoted) -> Change:
    return {"credits": (*case.credits, event)}


def disputed(case: Case, event: e.DisputeOpened) -> Change:
    return {"disputes": (*case.disputes, event), "reply": None, "call": None}


def settled(_case: Case, _event: e.DisputeSettled) -> Change:
    return {"disputes": ()}


def plan(case: Case, event: e.PlanAgreed) -> Change:
    signed = (event.signed_on,) if event.signed_on else ()
    return {
        "plan": event,
        "plan_base": case.received,
        "plan_missed": None,
        "promise": None,
        "reply": None,
        "call": None,
        "signed": (*case.signed, *signed),
    }


def plan_missed(_case: Case, event: e.PlanMissed) -> Change:
    return {"plan_missed": event}


def plan_caught_up(_case: Case, _event: e.PlanCaughtUp) -> Change:
    return {"plan_missed": None}


def plan_broken(case: Case, event: e.PlanBroken) -> Change:
    return {
        "plan": None,
        "plan_missed": None,
        "plans_broken": case.plans_broken + 1,
        "resume_at_formal": event.resumes == "mise_en_demeure",
        "open_notes": (*case.open_notes, event),
    }


def promise(case: Case, event: e.PromiseMade) -> Change:
    made = case.promises_made + (0 if event.announced else 1)
    return {"promise": event, "promises_made": made, "reply": None, "call": None}


def promise_broken(case: Case, _event: e.PromiseBroken) -> Change:
    announced = case.promise is not None and case.promise.announced
    return {"promise": None, "promises_broken": case.promises_broken + (0 if announced else 1)}


def hold(_case: Case, event: e.HoldPlaced) -> Change:
    return {"hold": event, "call": None}


def lifted(case: Case, event: e.HoldLifted) -> Change:
    """A hold whose day has come ends alone. A resume ends every pause that a person may end by saying so; a plan or a
    dispute has words of its own."""
    if by_itself(event):
        return {"hold": None}
    notes = tuple(note for note in case.open_notes if not (isinstance(note, e.Noted) and note.pauses))
    return {
        "hold": None,
        "promise": None,
        "reply": None,
        "returned": None,
        "declined": None,
        "open_notes": notes,
    }


def replied(_case: Case, event: e.DebtorReplied) -> Change:
    return {"reply": event, "call": None}


def reply_escalated(case: Case, event: e.ReplyEscalated) -> Change:
    return {"reply": None, "open_notes": (*case.open_notes, event)}


def insolvent(case: Case, event: e.InsolvencyOpened) -> Change:
    steps = tuple(s for s in case.steps if s.step != DECLARATION)
    return {"insolvency": event, "approval": None, "approved": None, "call": None, "steps": steps}


def waived(case: Case, event: e.AccessoriesWaived) -> Change:
    return {"waived": (*case.waived, event), "accessories_dropped": by_itself(event)}


def limitation(case: Case, event: e.LimitationNear) -> Change:
    return {"limitation": (*case.limitation, event)}


def passage(_case: Case, event: e.PassageOpened) -> Change:
    return {
        "passage": event.passage,
        "anchor_on": event.due_on,
        "approval": None,
        "approved": None,
        "call": None,
    }


def adopted(_case: Case, event: e.PolicyAdopted) -> Change:
    return {"policy": event.policy, "version": event.version, "approval": None, "approved": None}


def noted(case: Case, event: e.Noted) -> Change:
    if event.what == "document":
        piece = str(event.details.get("piece") or "other")
        return {"open_notes": (*case.open_notes, event), "pieces": case.pieces | {piece}}
    return {"open_notes": (*case.open_notes, event)} if event.what != "note" else {}


def refused(case: Case, event: e.SignalRefused) -> Change:
    return {"open_notes": (*case.open_notes, event)}


def task_closed(case: Case, event: e.TaskClosed) -> Change:
    if case.doubt is not None and event.task == f"in_doubt/{case.doubt.id}":
        return ruled(case, case.doubt, event.outcome)
    _, _, cause = event.task.partition("/")
    notes = tuple(note for note in case.open_notes if note.id != cause)
    called = case.call is not None and case.call.id == cause
    return {"open_notes": notes, "call": None if called else case.call, "done": case.done | {event.task}}


def closed(_case: Case, event: e.CaseClosed) -> Change:
    pauses = (
        "hold",
        "promise",
        "reply",
        "returned",
        "declined",
        "plan",
        "plan_missed",
        "approval",
        "approved",
        "call",
    )
    return {**dict.fromkeys(pauses), "closed": event, "disputes": ()}
