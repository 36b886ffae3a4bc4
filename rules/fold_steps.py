"""How a case changes when a rung is climbed: letters, calls, approvals, files. Pure."""

from typing import Any

from rules import events as e
from rules.case import Case, StepOutcome, StepTaken
from rules.claim import asked_principal, asks, given_up

Change = dict[str, Any]
ANSWER = "dispute_answer"
"""The letter that gives the reasons for which a dispute was rejected."""


def step(case: Case, step: str, passage: int, **changed: Any) -> Change:
    steps = tuple(
        taken.model_copy(update=changed) if (taken.step, taken.passage) == (step, passage) else taken
        for taken in case.steps
    )
    return {"steps": steps}


def withdrawn(case: Case, event: e.LetterWithdrawn) -> Change:
    """What was approved stays approved while the letter never left the tray: should a sum have changed since, the
    approval lapses by itself. One that left and came back is approved anew."""
    steps = tuple(s for s in case.steps if (s.step, s.passage) != (event.step, event.passage))
    never = tuple(s for s in case.steps if s.message_id == event.message_id and s.outcome is StepOutcome.IN_TRAY)
    asked, approved = (case.granted if never else None) or (None, None)
    back: Change = {"steps": steps, "approval": asked, "approved": approved, "granted": None}
    gone = (s for s in case.steps if s not in steps and s.outcome is StepOutcome.RETURNED)
    back["lost"] = case.lost + tuple(s.model_copy(update={"lost_on": event.on}) for s in gone)
    return {**back, "withdrawals": case.withdrawals + 1, "unposted": case.unposted + never}


def posted(case: Case, event: e.LetterPosted) -> Change:
    """News of the delivery may come before that of the posting: it stands."""
    taken = case.taken(event.step, event.passage)
    known = taken is not None and taken.outcome in (StepOutcome.DELIVERED, StepOutcome.RETURNED)
    outcome = taken.outcome if taken is not None and known else StepOutcome.POSTED
    proven = {"pieces": case.pieces | {"posting_proof"}} if event.proof else {}
    return {**step(case, event.step, event.passage, outcome=outcome, posted_on=event.posted_on), **proven}


def delivered(case: Case, event: e.LetterDelivered) -> Change:
    taken = case.taken(event.step, event.passage)
    posted = (taken.posted_on if taken else None) or event.delivered_on
    change = step(
        case, event.step, event.passage,
        outcome=StepOutcome.DELIVERED, posted_on=posted, answer_from=event.delivered_on,
    )  # fmt: skip
    change |= _reached(case, event)
    return {**change, "pieces": case.pieces | {"delivery_proof"}} if event.proof else change


def letter_returned(case: Case, event: e.LetterReturned) -> Change:
    """Unclaimed or refused, the letter is valid and the answer period runs from its presentation."""
    if event.cause in ("unclaimed", "refused"):
        presented = event.presented_on or event.on
        taken = case.taken(event.step, event.passage)
        posted = (taken.posted_on if taken else None) or presented
        change = step(
            case, event.step, event.passage,
            outcome=StepOutcome.DELIVERED, posted_on=posted, answer_from=presented,
        )  # fmt: skip
        return {**change, **_reached(case, event)}
    change = step(case, event.step, event.passage, outcome=StepOutcome.RETURNED)
    return {**change, "returned": event, "returns": case.returns + 1, "astray": True, "granted": None}


def _reached(case: Case, event: e.LetterDelivered | e.LetterReturned) -> Change:
    """A letter that reached the debtor after all did not come back."""
    back, taken = case.returned, case.taken(event.step, event.passage)
    same = back is not None and (back.step, back.passage) == (event.step, event.passage)
    reached = taken is not None and taken.outcome is StepOutcome.RETURNED
    return {"returned": None if same else back, "astray": case.astray and not reached}


def bounced(case: Case, event: e.NoticeBounced) -> Change:
    """The address is dead. The rung whose letter did not arrive is ahead again, unless a copy reached the debtor by
    another channel or a later rung was climbed meanwhile."""
    gone = {event.address} if event.address else set()
    change: Change = {
        "bad_addresses": case.bad_addresses | gone,
        "bounced": case.bounced | {event.message_id},
        "open_notes": (*case.open_notes, event),
    }
    taken = next((s for s in reversed(case.steps) if s.message_id == event.message_id), None)
    if taken is None or taken.copies:
        return change
    if taken != _last_of(case, taken.passage) or taken.passage != case.passage:
        return {**change, **step(case, taken.step, taken.passage, outcome=StepOutcome.FAILED)}
    change["lost"] = (*case.lost, taken.model_copy(update={"outcome": StepOutcome.FAILED, "lost_on": event.on}))
    change["steps"] = tuple(s for s in case.steps if s != taken)
    return {**change, "answer_owed": case.answered} if _answers(taken.step) else change


def _last_of(case: Case, passage: int) -> StepTaken:
    return [taken for taken in case.steps if taken.passage == passage][-1]


def moved(case: Case, event: e.ContactChanged) -> Change:
    before, said = case.moved, event
    if before is not None:
        kept = {name: getattr(before, name) for name in ("email", "phone", "address", "language")}
        known = {name: value for name, value in kept.items() if getattr(event, name) is None}
        event = event.model_copy(update=known)
    notes = case.open_notes
    if said.email is not None:
        notes = tuple(note for note in notes if not isinstance(note, e.NoticeBounced))
    if said.phone is not None:
        notes = tuple(note for note in notes if not isinstance(note, e.CallEnded))
    change: Change = {
        "moved": event,
        "open_notes": notes,
        "bad_addresses": case.bad_addresses - {said.email},
        "bad_phones": case.bad_phones - {said.phone},
    }
    if said.address is not None:
        change |= {"returned": still_dead(case), "astray": False}
    if said.debtor_kind is not None:
        debtor = case.invoice.debtor.model_copy(update={"kind": said.debtor_kind})
        change["invoice"] = case.invoice.model_copy(update={"debtor": debtor})
    return change


def still_dead(case: Case) -> e.LetterReturned | None:
    """The return that no address and no task ends: of a letter to a debtor who has died, until somebody says resume."""
    return case.returned if case.returned is not None and case.returned.cause == "deceased" else None


def deferred(_case: Case, event: e.ContactDeferred) -> Change:
    return {"deferred": event}


def refused_contact(case: Case, event: e.ContactRefused) -> Change:
    what = (event.address or case.debtor.email or "").lower() if event.channel == "email" else event.channel
    return {"refused": case.refused - {what} if event.lifted else case.refused | {what}}


def approval(case: Case, event: e.ApprovalRequested) -> Change:
    return {"approval": event, "approved": None, "approval_asks": asks(case, event.as_of)}


def approval_lapsed(case: Case, _event: e.ApprovalLapsed) -> Change:
    return {"approval": None, "approved": None, "approvals_lapsed": case.approvals_lapsed + 1}


def approved(case: Case, event: e.StepApproved) -> Change:
    asked = asks(case, event.on) if case.approval is None else case.approval_asks
    return {"approved": event, "declined": None, "approval_asks": asked}


def declined(_case: Case, event: e.StepDeclined) -> Change:
    return {"declined": event, "approved": None, "approval": None}


def unmade(case: Case) -> Change:
    """A call still asked for as something overtakes it: nobody has to make it any more."""
    call = case.call
    if call is None:
        return {"call": None}
    return {**step(case, call.step, call.passage, outcome=StepOutcome.LAPSED), "call": None}


def took(case: Case, event: Any, outcome: StepOutcome, **more: Any) -> Change:
    taken = StepTaken(step=event.step, passage=event.passage, at=event.at, on=event.on, outcome=outcome, **more)
    cleared: Change = {"approval": None, "approved": None, "approvals_lapsed": 0, "gave_up": None}
    if case.doubt is not None and (case.doubt.step, case.doubt.passage) == (event.step, event.passage):
        cleared["doubt"] = None
    cleared["granted"] = None if case.approved is None else (case.approval, case.approved)
    others = tuple(s for s in case.steps if (s.step, s.passage) != (event.step, event.passage))
    return {"steps": (*others, taken), **cleared}


def skipped(case: Case, event: e.RungSkipped) -> Change:
    return took(case, event, StepOutcome.SKIPPED, because=event.because)


def call_(case: Case, event: e.CallRequested) -> Change:
    return {**took(case, event, StepOutcome.CALL, channel=event.channel or "call"), "call": event}


def call_lapsed(case: Case, event: e.CallLapsed) -> Change:
    return {**step(case, event.step, event.passage, outcome=StepOutcome.LAPSED), "call": None}


def call_ended(case: Case, event: e.CallEnded) -> Change:
    """Nobody answered: the same task again, one attempt further, or the rung has lapsed. A wrong number is no contact
    with the debtor, and somebody has to find the right one."""
    call = case.call
    if event.again_on is not None and call is not None:
        lapses_on = max(call.lapses_on, event.again_on)
        again = {"attempt": event.attempt + 1, "again_on": event.again_on, "lapses_on": lapses_on}
        return {"call": call.model_copy(update=again)}
    if event.outcome == "no_answer":
        return {**step(case, event.step, event.passage, outcome=StepOutcome.LAPSED), "call": None}
    if event.outcome != "wrong_number":
        return {**step(case, event.step, event.passage, outcome=StepOutcome.CALLED), "call": None}
    wrong = {event.phone} if event.phone else set()
    return {
        **step(case, event.step, event.passage, outcome=StepOutcome.FAILED),
        "call": None,
        "bad_phones": case.bad_phones | wrong,
        "open_notes": (*case.open_notes, event),
    }


def sent(case: Case, event: e.NoticeSent) -> Change:
    carried = event.carrier is not None
    registered = StepOutcome.POSTED if carried else StepOutcome.IN_TRAY
    outcome = registered if event.channel == "registered_letter" else StepOutcome.SENT
    change = took(
        case, event, outcome, posted_on=event.on if carried else None,
        channel=event.channel, message_id=event.message_id, claim=event.claim, crossed=event.crossed,
        principal=case.open_principal, disputed=case.disputed,
        asked=asked_principal(case, event.on), given_up=given_up(case), copies=event.copies,
    )  # fmt: skip
    gave_up = [n for n in case.open_notes if isinstance(n, e.ActGaveUp) and n.step == event.step]
    notes = tuple(note for note in case.open_notes if note not in gave_up)
    change |= {"resume_at_formal": False, "open_notes": notes}
    return {**change, "answer_owed": None, "answered": case.answer_owed} if _answers(event.step) else change


def _answers(step: str) -> bool:
    return step.startswith(f"{ANSWER}_")


def failed(case: Case, event: e.NoticeFailed) -> Change:
    taken = took(case, event, StepOutcome.FAILED, channel=event.channel, because=event.because)
    return {**taken, "open_notes": (*case.open_notes, event)}


def in_doubt(case: Case, event: e.NoticeInDoubt) -> Change:
    taken = took(case, event, StepOutcome.IN_DOUBT, channel=event.channel, message_id=event.message_id)
    return {**taken, "doubt": event}


def gave_up(case: Case, event: e.ActGaveUp) -> Change:
    return {"gave_up": event, "open_notes": (*case.open_notes, event)}


def prepared(case: Case, event: e.FilePrepared) -> Change:
    return {**took(case, event, StepOutcome.PREPARED), "file": event, "files": case.files + 1, "outdated": None}


def overdue(case: Case, event: e.DeliveryOverdue) -> Change:
    return step(case, event.step, event.passage, overdue=True)


def ruled(case: Case, doubt: e.NoticeInDoubt, outcome: str | None) -> Change:
    """A person has ruled: the letter left, and counts; or it did not, and its rung is ahead again. A registered letter
    in doubt was a carrier's: one of the tray is laid there again, and never in doubt."""
    if outcome == "sent" and doubt.channel == "registered_letter":
        posted = step(case, doubt.step, doubt.passage, outcome=StepOutcome.POSTED, posted_on=doubt.on)
        return {"doubt": None, **posted}
    if outcome == "sent":
        return {"doubt": None, **step(case, doubt.step, doubt.passage, outcome=StepOutcome.SENT)}
    steps = tuple(s for s in case.steps if (s.step, s.passage) != (doubt.step, doubt.passage))
    return {"doubt": None, "steps": steps}
