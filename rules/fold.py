"""Folding events into a case: one small function per kind of event, and nothing else. Pure."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from rules import events as e
from rules.case import Case, StepOutcome, StepTaken
from rules.invoice import InvoiceIssued

Change = dict[str, Any]


def open_case(case_id: str, opened: e.CaseOpened, invoice: InvoiceIssued | None = None) -> Case:
    """The case as its first event leaves it; ``invoice`` when the event was stored without it."""
    known = opened.invoice or invoice
    if known is None:
        raise ValueError(f"{case_id}: the opening event carries no invoice")
    left = known.already_paid
    anchor = known.schedule[-1].due_on
    for part in known.schedule:
        if left < part.amount:
            anchor = part.due_on
            break
        left -= part.amount
    return Case(
        id=case_id,
        invoice=known,
        policy=opened.policy,
        version=opened.version,
        opened_at=opened.at,
        opened_on=opened.on,
        position=1,
        last_at=opened.at,
        anchor_on=anchor,
    )


def fold(case: Case, event: e.Event) -> Case:
    """The case after one more event."""
    change = {"reopened": None, **_CHANGES.get(type(event), _nothing)(case, event)}
    change["position"] = case.position + 1
    change["last_at"] = max(case.last_at, event.at)
    return case.model_copy(update=change)


def fold_all(case_id: str, history: Iterable[e.Event], invoice: InvoiceIssued | None = None) -> Case:
    """The case that a whole history amounts to; raises ValueError when it does not begin with its opening."""
    events = iter(history)
    first = next(events, None)
    if not isinstance(first, e.CaseOpened):
        raise ValueError(f"{case_id}: the history does not begin with case_opened")
    case = open_case(case_id, first, invoice)
    for event in events:
        case = fold(case, event)
    return case


def _nothing(_case: Case, _event: Any) -> Change:
    return {}


def _reopened(case: Case, event: e.CaseOpened) -> Change:
    if not event.continues or case.closed is None:
        return {}
    granted = tuple(given_up for given_up in case.waived if not _by_itself(given_up))
    return {"closed": None, "waived": granted, "accessories_dropped": False, "reopened": case.closed.outcome}


def _by_itself(event: e.Event) -> bool:
    """Whether Relance entered the event of its own, and nobody said so."""
    return event.door is None


def _paid(case: Case, event: e.PaymentReceived) -> Change:
    return {"payments": (*case.payments, event)}


def _reversed(case: Case, event: e.PaymentReversed) -> Change:
    before = case.reversed.get(event.payment, Decimal(0))
    return {"reversed": {**case.reversed, event.payment: before + event.amount}}


def _credited(case: Case, event: e.CreditNoted) -> Change:
    return {"credits": (*case.credits, event)}


def _disputed(case: Case, event: e.DisputeOpened) -> Change:
    return {"disputes": (*case.disputes, event), "reply": None, "call": None}


def _settled(_case: Case, _event: e.DisputeSettled) -> Change:
    return {"disputes": ()}


def _plan(case: Case, event: e.PlanAgreed) -> Change:
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


def _plan_missed(_case: Case, event: e.PlanMissed) -> Change:
    return {"plan_missed": event}


def _plan_caught_up(_case: Case, _event: e.PlanCaughtUp) -> Change:
    return {"plan_missed": None}


def _plan_broken(case: Case, event: e.PlanBroken) -> Change:
    return {
        "plan": None,
        "plan_missed": None,
        "plans_broken": case.plans_broken + 1,
        "resume_at_formal": event.resumes == "mise_en_demeure",
        "open_notes": (*case.open_notes, event),
    }


def _promise(case: Case, event: e.PromiseMade) -> Change:
    made = case.promises_made + (0 if event.announced else 1)
    return {"promise": event, "promises_made": made, "reply": None, "call": None}


def _promise_broken(case: Case, _event: e.PromiseBroken) -> Change:
    announced = case.promise is not None and case.promise.announced
    return {"promise": None, "promises_broken": case.promises_broken + (0 if announced else 1)}


def _hold(_case: Case, event: e.HoldPlaced) -> Change:
    return {"hold": event, "call": None}


def _lifted(case: Case, event: e.HoldLifted) -> Change:
    """A hold whose day has come ends alone. A resume ends every pause that a person may end by saying so; a plan or a
    dispute has words of its own."""
    if _by_itself(event):
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


def _replied(_case: Case, event: e.DebtorReplied) -> Change:
    return {"reply": event, "call": None}


def _reply_escalated(case: Case, event: e.ReplyEscalated) -> Change:
    return {"reply": None, "open_notes": (*case.open_notes, event)}


def _step(case: Case, step: str, passage: int, **changed: Any) -> Change:
    steps = tuple(
        taken.model_copy(update=changed) if (taken.step, taken.passage) == (step, passage) else taken
        for taken in case.steps
    )
    return {"steps": steps}


def _withdrawn(case: Case, event: e.LetterWithdrawn) -> Change:
    """What was approved stays approved: should a sum have changed since, the approval lapses by itself."""
    steps = tuple(s for s in case.steps if (s.step, s.passage) != (event.step, event.passage))
    asked, approved = case.granted or (None, None)
    back = {"steps": steps, "approval": asked, "approved": approved, "granted": None}
    return {**back, "withdrawals": case.withdrawals + 1}


def _posted(case: Case, event: e.LetterPosted) -> Change:
    """News of the delivery may come before that of the posting: it stands."""
    taken = case.taken(event.step, event.passage)
    known = taken is not None and taken.outcome in (StepOutcome.DELIVERED, StepOutcome.RETURNED)
    outcome = taken.outcome if taken is not None and known else StepOutcome.POSTED
    return _step(case, event.step, event.passage, outcome=outcome, posted_on=event.posted_on)


def _delivered(case: Case, event: e.LetterDelivered) -> Change:
    taken = case.taken(event.step, event.passage)
    posted = (taken.posted_on if taken else None) or event.delivered_on
    return _step(
        case, event.step, event.passage,
        outcome=StepOutcome.DELIVERED, posted_on=posted, answer_from=event.delivered_on,
    )  # fmt: skip


def _letter_returned(case: Case, event: e.LetterReturned) -> Change:
    """Unclaimed or refused, the letter is valid and the answer period runs from its presentation."""
    if event.cause in ("unclaimed", "refused"):
        presented = event.presented_on or event.on
        taken = case.taken(event.step, event.passage)
        posted = (taken.posted_on if taken else None) or presented
        return _step(
            case, event.step, event.passage,
            outcome=StepOutcome.DELIVERED, posted_on=posted, answer_from=presented,
        )  # fmt: skip
    return {**_step(case, event.step, event.passage, outcome=StepOutcome.RETURNED), "returned": event}


def _bounced(case: Case, event: e.NoticeBounced) -> Change:
    gone = {event.address} if event.address else set()
    taken = [s for s in case.steps if s.message_id == event.message_id]
    change = _step(case, taken[-1].step, taken[-1].passage, outcome=StepOutcome.FAILED) if taken else {}
    return {**change, "bad_addresses": case.bad_addresses | gone, "open_notes": (*case.open_notes, event)}


def _moved(case: Case, event: e.ContactChanged) -> Change:
    before, said = case.moved, event
    if before is not None:
        kept = {name: getattr(before, name) for name in ("email", "phone", "address", "language")}
        known = {name: value for name, value in kept.items() if getattr(event, name) is None}
        event = event.model_copy(update=known)
    notes = case.open_notes
    if said.email is not None:
        notes = tuple(note for note in notes if not isinstance(note, e.NoticeBounced))
    change: Change = {"moved": event, "open_notes": notes, "bad_addresses": case.bad_addresses - {said.email}}
    if said.address is not None:
        change["returned"] = None
    return change


def _approval(_case: Case, event: e.ApprovalRequested) -> Change:
    return {"approval": event, "approved": None}


def _approval_lapsed(case: Case, _event: e.ApprovalLapsed) -> Change:
    return {"approval": None, "approved": None, "approvals_lapsed": case.approvals_lapsed + 1}


def _approved(_case: Case, event: e.StepApproved) -> Change:
    return {"approved": event, "declined": None}


def _declined(_case: Case, event: e.StepDeclined) -> Change:
    return {"declined": event, "approved": None, "approval": None}


def _insolvent(_case: Case, event: e.InsolvencyOpened) -> Change:
    return {"insolvency": event, "approval": None, "approved": None, "call": None}


def _waived(case: Case, event: e.AccessoriesWaived) -> Change:
    return {"waived": (*case.waived, event), "accessories_dropped": _by_itself(event)}


def _took(case: Case, event: Any, outcome: StepOutcome, **more: Any) -> Change:
    taken = StepTaken(step=event.step, passage=event.passage, at=event.at, on=event.on, outcome=outcome, **more)
    cleared: Change = {"approval": None, "approved": None, "approvals_lapsed": 0, "doubt": None, "gave_up": None}
    cleared["granted"] = None if case.approved is None else (case.approval, case.approved)
    others = tuple(s for s in case.steps if (s.step, s.passage) != (event.step, event.passage))
    return {"steps": (*others, taken), **cleared}


def _skipped(case: Case, event: e.RungSkipped) -> Change:
    return _took(case, event, StepOutcome.SKIPPED, because=event.because)


def _call(case: Case, event: e.CallRequested) -> Change:
    return {**_took(case, event, StepOutcome.CALL, channel="call"), "call": event}


def _call_lapsed(case: Case, event: e.CallLapsed) -> Change:
    return {**_step(case, event.step, event.passage, outcome=StepOutcome.LAPSED), "call": None}


def _sent(case: Case, event: e.NoticeSent) -> Change:
    outcome = StepOutcome.IN_TRAY if event.channel == "registered_letter" else StepOutcome.SENT
    change = _took(
        case, event, outcome,
        channel=event.channel, message_id=event.message_id, claim=event.claim, crossed=event.crossed,
        principal=case.open_principal, disputed=case.disputed,
    )  # fmt: skip
    return {**change, "resume_at_formal": False}


def _failed(case: Case, event: e.NoticeFailed) -> Change:
    taken = _took(case, event, StepOutcome.FAILED, channel=event.channel, because=event.because)
    return {**taken, "open_notes": (*case.open_notes, event)}


def _in_doubt(case: Case, event: e.NoticeInDoubt) -> Change:
    taken = _took(case, event, StepOutcome.IN_DOUBT, channel=event.channel, message_id=event.message_id)
    return {**taken, "doubt": event}


def _gave_up(case: Case, event: e.ActGaveUp) -> Change:
    return {"gave_up": event, "open_notes": (*case.open_notes, event)}


def _prepared(case: Case, event: e.FilePrepared) -> Change:
    return {**_took(case, event, StepOutcome.PREPARED), "file": event}


def _overdue(case: Case, event: e.DeliveryOverdue) -> Change:
    return _step(case, event.step, event.passage, overdue=True)


def _limitation(case: Case, event: e.LimitationNear) -> Change:
    return {"limitation": (*case.limitation, event)}


def _passage(_case: Case, event: e.PassageOpened) -> Change:
    return {
        "passage": event.passage,
        "anchor_on": event.due_on,
        "approval": None,
        "approved": None,
        "call": None,
    }


def _judicial(case: Case, event: e.JudicialEventNoted) -> Change:
    return {"judicial": (*case.judicial, event)}


def _adopted(_case: Case, event: e.PolicyAdopted) -> Change:
    return {"policy": event.policy, "version": event.version, "approval": None, "approved": None}


def _noted(case: Case, event: e.Noted) -> Change:
    return {"open_notes": (*case.open_notes, event)} if event.what != "note" else {}


def _refused(case: Case, event: e.SignalRefused) -> Change:
    return {"open_notes": (*case.open_notes, event)}


def _task_closed(case: Case, event: e.TaskClosed) -> Change:
    if case.doubt is not None and event.task == f"in_doubt/{case.doubt.id}":
        return _ruled(case, case.doubt, event.outcome)
    _, _, cause = event.task.partition("/")
    notes = tuple(note for note in case.open_notes if note.id != cause)
    called = case.call is not None and case.call.id == cause
    return {"open_notes": notes, "call": None if called else case.call}


def _ruled(case: Case, doubt: e.NoticeInDoubt, outcome: str | None) -> Change:
    """A person has ruled: the letter left, and counts; or it did not, and its rung is ahead again."""
    if outcome == "sent":
        registered = doubt.channel == "registered_letter"
        left = StepOutcome.IN_TRAY if registered else StepOutcome.SENT
        return {"doubt": None, **_step(case, doubt.step, doubt.passage, outcome=left)}
    steps = tuple(s for s in case.steps if (s.step, s.passage) != (doubt.step, doubt.passage))
    return {"doubt": None, "steps": steps}


def _closed(_case: Case, event: e.CaseClosed) -> Change:
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


_CHANGES: dict[type[e.Event], Callable[[Case, Any], Change]] = {
    e.CaseOpened: _reopened,
    e.PaymentReceived: _paid,
    e.PaymentReversed: _reversed,
    e.CreditNoted: _credited,
    e.DisputeOpened: _disputed,
    e.DisputeSettled: _settled,
    e.PlanAgreed: _plan,
    e.PlanMissed: _plan_missed,
    e.PlanCaughtUp: _plan_caught_up,
    e.PlanBroken: _plan_broken,
    e.PromiseMade: _promise,
    e.PromiseBroken: _promise_broken,
    e.HoldPlaced: _hold,
    e.HoldLifted: _lifted,
    e.DebtorReplied: _replied,
    e.ReplyEscalated: _reply_escalated,
    e.LetterWithdrawn: _withdrawn,
    e.LetterPosted: _posted,
    e.LetterDelivered: _delivered,
    e.LetterReturned: _letter_returned,
    e.NoticeBounced: _bounced,
    e.ContactChanged: _moved,
    e.ApprovalRequested: _approval,
    e.ApprovalLapsed: _approval_lapsed,
    e.StepApproved: _approved,
    e.StepDeclined: _declined,
    e.InsolvencyOpened: _insolvent,
    e.AccessoriesWaived: _waived,
    e.RungSkipped: _skipped,
    e.CallRequested: _call,
    e.CallLapsed: _call_lapsed,
    e.NoticeSent: _sent,
    e.NoticeFailed: _failed,
    e.NoticeInDoubt: _in_doubt,
    e.ActGaveUp: _gave_up,
    e.FilePrepared: _prepared,
    e.DeliveryOverdue: _overdue,
    e.LimitationNear: _limitation,
    e.PassageOpened: _passage,
    e.JudicialEventNoted: _judicial,
    e.PolicyAdopted: _adopted,
    e.Noted: _noted,
    e.TaskClosed: _task_closed,
    e.SignalRefused: _refused,
    e.CaseClosed: _closed,
}
