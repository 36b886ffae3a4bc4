"""What was said to a case becomes events, or is refused with a sentence. Pure.

``admit`` is the only way in: the clerk, the preview and the tests ask it alike. A refusal changes nothing.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from rules import commands as c
from rules import events as e
from rules.calendars import local_day
from rules.case import Case, Outcome, StepOutcome
from rules.claim import Context, region
from rules.law.days import add_business_days, add_months, next_business_day
from rules.money import ZERO
from rules.plans import check_plan, check_promise
from rules.plausible import check_words, not_ahead
from rules.refusals import Code, Refused
from rules.settle import letter_digest


class Admission(NamedTuple):
    """What an admission is made from. ``day``: the day the thing happened; ``id``: the event's."""

    case: Case
    context: Context
    now: datetime
    id: str
    day: date
    door: str

    @property
    def today(self) -> date:
        """The day of the admission in the creditor's time zone."""
        return local_day(self.now, self.context.policy.zone)

    def event(self, kind: type[e.Event], command: c.Command, **fields: Any) -> e.Event:
        """The event of that kind, with what every command carries."""
        common = {
            "id": self.id,
            "on": self.day,
            "at": self.now,
            "by": command.by,
            "door": self.door,
            "note": command.note,
        }
        return kind.model_validate({**common, **fields})


def admit(
    case: Case, command: c.Command, context: Context, now: datetime, *, said_id: str, door: str
) -> tuple[e.Event, ...]:
    """The events that a command means for the case at ``now`` (aware UTC, virtual); empty when it only wakes the
    case or
    repeats what is known. ``said_id`` names it when it carries no id of its own. Raises Refused."""
    check_words(command)
    today = local_day(now, context.policy.zone)
    day = command.on or today
    if day > today:
        raise Refused(f"{_name(command)}: on {day} lies ahead of today, {today}.", Code.DATE_INVALID)
    admission = Admission(case, context, now, command.id or said_id, day, door)
    if command.scope == "debtor" and not isinstance(command, _OF_THE_DEBTOR):
        known = ", ".join(sorted(kind.model_fields["kind"].default for kind in _OF_THE_DEBTOR))
        raise Refused(f"{_name(command)}: scope debtor goes with {known} only.")
    if case.closed is not None:
        return _after_closure(admission, command)
    return _ADMITTED[type(command)](admission, command)


def same_words(event: e.Event, command: c.Command) -> bool:
    """Whether an event already entered under the command's id says the same: every field the command gives explicitly
    and the event has is equal."""
    given = {name for name in command.model_fields_set if name not in ("id", "kind", "scope")}
    known = {name: getattr(event, name) for name in given if hasattr(event, name)}
    return all(value == getattr(command, name) for name, value in known.items())


def _name(command: c.Command) -> str:
    return str(getattr(command, "kind", "event"))


def _after_closure(a: Admission, command: c.Command) -> tuple[e.Event, ...]:
    """A closed case takes note, and opens a task; nothing it decided changes."""
    if isinstance(command, c.Reconsider):
        return ()
    if isinstance(command, c.Paid | c.TaskDone):
        admitted = _ADMITTED[type(command)](a, command)
        return tuple(event.model_copy(update={"after_closure": True}) for event in admitted)
    details = command.model_dump(mode="json", exclude_none=True, exclude={"id", "by", "on", "note", "scope", "kind"})
    return (a.event(e.Noted, command, what=_name(command), details=details, after_closure=True),)


def _paid(a: Admission, command: c.Paid) -> tuple[e.Event, ...]:
    not_ahead(command, a.today, "received_on")
    received = command.received_on or a.day
    if any(_is_known(a.case, known, command, received) for known in a.case.payments):
        return ()
    amount = a.case.open_principal if command.amount is None else command.amount
    if amount <= ZERO:
        raise Refused("paid: nothing is owed any more; give the amount that was received.", Code.AMOUNT_INVALID)
    return (
        a.event(
            e.PaymentReceived, command,
            amount=amount, received_on=received, reference=command.reference, method=command.method,
        ),
    )  # fmt: skip


def _is_known(case: Case, known: e.PaymentReceived, command: c.Paid, received: date) -> bool:
    """The same reference, amount and day, or no word of amount or day, is said twice; once the payment was taken back,
    only the same day is, for the debtor may pay again under his reference."""
    if command.reference is None or known.reference != command.reference:
        return False
    if command.amount is not None and command.amount != known.amount:
        return False
    standing = case.reversed.get(known.id, ZERO) < known.amount
    return known.received_on == received or (command.received_on is None and standing)


def _reversed(a: Admission, command: c.PaymentReversed) -> tuple[e.Event, ...]:
    if command.reference is None and command.amount is None:
        raise Refused("payment_reversed: name the payment by its reference or its amount.")
    standing = [p for p in a.case.payments if a.case.reversed.get(p.id, ZERO) < p.amount]
    found = [p for p in standing if command.reference is None or p.reference == command.reference]
    if command.reference is None:
        found = [p for p in found if p.amount == command.amount]
    if not found:
        what = command.reference or command.amount
        raise Refused(f"payment_reversed: no payment of this case matches {what}.", Code.NOT_ALLOWED_NOW)
    payment = found[-1]
    left = payment.amount - a.case.reversed.get(payment.id, ZERO)
    amount = command.amount or left
    if amount > left:
        raise Refused(f"payment_reversed: {amount} is more than the {left} still standing of it.", Code.AMOUNT_INVALID)
    fields = {
        "payment": payment.id,
        "amount": amount,
        "reference": command.reference,
        "reason": command.reason,
    }
    return (a.event(e.PaymentReversed, command, **fields),)


def _credit(a: Admission, command: c.CreditNote) -> tuple[e.Event, ...]:
    known = next((n for n in a.case.credits if n.number == command.number), None)
    if known is not None and known.amount == command.amount:
        return ()
    if known is not None:
        raise Refused(f"credit_note: {command.number} is known with {known.amount}.", Code.ID_CONFLICT)
    if command.amount > a.case.invoice.total:
        raise Refused(
            f"credit_note: {command.amount} is more than the invoice, {a.case.invoice.total}.",
            Code.AMOUNT_INVALID,
        )
    return (a.event(e.CreditNoted, command, number=command.number, amount=command.amount),)


def _dispute(a: Admission, command: c.Dispute) -> tuple[e.Event, ...]:
    if command.amount is not None and command.amount > a.case.open_principal:
        raise Refused(f"dispute: {command.amount} is more than is open, {a.case.open_principal}.", Code.AMOUNT_INVALID)
    rule = a.context.policy.dispute
    fields = {
        "amount": command.amount,
        "reason": command.reason,
        "category": command.category,
        "written": command.written,
        "owner": command.owner or rule.owner,
        "answer_by": add_business_days(a.day, rule.answer_days, region(a.case)),
    }
    return (a.event(e.DisputeOpened, command, **fields),)


def _settled(a: Admission, command: c.DisputeSettled) -> tuple[e.Event, ...]:
    if not a.case.disputes:
        raise Refused("dispute_settled: no dispute is open on this case.", Code.NOT_ALLOWED_NOW)
    credit = command.credit
    if command.outcome == "accepted" and credit is None:
        credit = a.case.disputed
    if credit is not None and credit > a.case.open_principal:
        raise Refused(
            f"dispute_settled: credit {credit} is more than is open, {a.case.open_principal}.",
            Code.AMOUNT_INVALID,
        )
    settled = a.event(e.DisputeSettled, command, outcome=command.outcome, credit=credit)
    if not credit:
        return (settled,)
    noted = a.event(e.CreditNoted, command, number=f"litige {a.id}", amount=credit)
    return settled, noted.model_copy(update={"id": f"{a.id}/credit"})


def _plan(a: Admission, command: c.PaymentPlan) -> tuple[e.Event, ...]:
    check_plan(a.case, command, a.context, a.now)
    parts = tuple(sorted(command.instalments, key=lambda part: part.due_on))
    fields = {
        "instalments": parts,
        "signed_on": command.signed_on,
        "signed_by": command.signed_by,
        "document": command.document,
        "acceleration": command.acceleration,
        "interest": command.interest,
    }
    return (a.event(e.PlanAgreed, command, **fields),)


def _promise(a: Admission, command: c.Promise) -> tuple[e.Event, ...]:
    check_promise(a.case, command, a.context, a.now)
    return (a.event(e.PromiseMade, command, pay_on=command.pay_on, amount=command.amount),)


def _announced(a: Admission, command: c.PaymentAnnounced) -> tuple[e.Event, ...]:
    """« Paiement transmis »: five banking days, and not a promise that counts against the debtor's number of them."""
    pay_on = add_business_days(a.day, 5, region(a.case))
    return (a.event(e.PromiseMade, command, pay_on=pay_on, amount=command.amount, announced=True),)


def _hold(a: Admission, command: c.Hold) -> tuple[e.Event, ...]:
    if command.until is not None and command.until <= a.today:
        raise Refused(f"hold: until {command.until} is not after today, {a.today}.", Code.DATE_INVALID)
    return (a.event(e.HoldPlaced, command, until=command.until, reason=command.reason),)


def _resume(a: Admission, command: c.Resume) -> tuple[e.Event, ...]:
    case = a.case
    notes = any(isinstance(note, e.Noted) and note.pauses for note in case.open_notes)
    if not (case.hold or case.promise or case.reply or case.returned or case.declined or notes):
        by = "; settle the dispute" if case.disputes else "; replace or break the plan" if case.plan else ""
        raise Refused(f"resume: nothing that resume could end holds this case{by}.", Code.NOT_ALLOWED_NOW)
    return (a.event(e.HoldLifted, command),)


def _replied(a: Admission, command: c.DebtorReplied) -> tuple[e.Event, ...]:
    review = add_business_days(a.day, a.context.policy.reply_days, region(a.case))
    fields = {"channel": command.channel, "summary": command.summary, "review_by": review}
    return (a.event(e.DebtorReplied, command, **fields),)


def _letter(a: Admission, name: str, step: str, passage: int | None) -> int:
    """The passage a letter event is about; refuses when no letter of that step lies in the tray or on its way."""
    wanted = a.case.passage if passage is None else passage
    taken = a.case.taken(step, wanted)
    if taken is None or not taken.written or taken.channel not in ("registered_letter", "letter"):
        raise Refused(f"{name}: no letter « {step} » of passage {wanted} was made for this case.", Code.NOT_ALLOWED_NOW)
    return wanted


def _posted(a: Admission, command: c.LetterPosted) -> tuple[e.Event, ...]:
    passage = _letter(a, "letter_posted", command.step, command.passage)
    not_ahead(command, a.today, "posted_on")
    fields = {
        "step": command.step,
        "passage": passage,
        "posted_on": command.posted_on or a.day,
        "tracking": command.tracking,
        "proof": command.proof,
    }
    return (a.event(e.LetterPosted, command, **fields),)


def _delivered(a: Admission, command: c.LetterDelivered) -> tuple[e.Event, ...]:
    passage = _letter(a, "letter_delivered", command.step, command.passage)
    not_ahead(command, a.today, "delivered_on")
    delivered = command.delivered_on or a.day
    taken = a.case.taken(command.step, passage)
    if taken is not None and delivered < taken.on:
        raise Refused(f"letter_delivered: {delivered} is before the letter was made, {taken.on}.", Code.DATE_INVALID)
    fields = {
        "step": command.step,
        "passage": passage,
        "delivered_on": delivered,
        "tracking": command.tracking,
        "proof": command.proof,
    }
    return (a.event(e.LetterDelivered, command, **fields),)


def _returned(a: Admission, command: c.LetterReturned) -> tuple[e.Event, ...]:
    passage = _letter(a, "letter_returned", command.step, command.passage)
    not_ahead(command, a.today, "presented_on")
    taken, presented = a.case.taken(command.step, passage), command.presented_on or a.day
    if taken is not None and presented < taken.on:
        raise Refused(f"letter_returned: {presented} is before the letter was made, {taken.on}.", Code.DATE_INVALID)
    fields = {
        "step": command.step,
        "passage": passage,
        "cause": command.cause,
        "presented_on": command.presented_on,
    }
    return (a.event(e.LetterReturned, command, **fields),)


def _bounced(a: Admission, command: c.NoticeBounced) -> tuple[e.Event, ...]:
    sent = [s for s in a.case.steps if s.message_id == command.message_id and s.channel == "email"]
    if not sent:
        raise Refused(f"notice_bounced: no e-mail of this case is {command.message_id}.", Code.NOT_ALLOWED_NOW)
    if sent[-1].outcome is StepOutcome.FAILED:
        return ()
    moved = a.case.moved
    since = moved is not None and moved.email is not None and moved.at > sent[-1].at
    fields = {
        "message_id": command.message_id,
        "diagnostic": command.diagnostic,
        "address": None if since else a.case.debtor.email,
    }
    return (a.event(e.NoticeBounced, command, **fields),)


def _moved(a: Admission, command: c.ContactChanged) -> tuple[e.Event, ...]:
    fields = {name: getattr(command, name) for name in ("email", "phone", "address", "language")}
    if all(value is None for value in fields.values()):
        raise Refused("contact_changed: give at least one of email, phone, address, language.")
    return (a.event(e.ContactChanged, command, **fields),)


def _approval(a: Admission, name: str, step: str, passage: int | None) -> str:
    """The letter an answer is about; refuses when nobody asked."""
    case = a.case
    if passage is not None and passage != case.passage:
        raise Refused(f"{name}: passage {passage} is not the current one, {case.passage}.", Code.NOT_ALLOWED_NOW)
    if case.approval is not None and case.approval.step == step:
        return case.approval.letter
    rung = a.context.policy.at(step)
    if name == "approve" and rung is not None and case.declined is not None and case.declined.step == step:
        return letter_digest(case, rung, a.context)
    raise Refused(f"{name}: no approval of « {step} » is being asked for.", Code.NOT_ALLOWED_NOW)


def _approve(a: Admission, command: c.Approve) -> tuple[e.Event, ...]:
    letter = _approval(a, "approve", command.step, command.passage)
    fields = {"step": command.step, "passage": a.case.passage, "letter": letter, "reason": command.reason}
    return (a.event(e.StepApproved, command, **fields),)


def _decline(a: Admission, command: c.Decline) -> tuple[e.Event, ...]:
    _approval(a, "decline", command.step, command.passage)
    return (a.event(e.StepDeclined, command, step=command.step, passage=a.case.passage, reason=command.reason),)


def _insolvency(a: Admission, command: c.Insolvency) -> tuple[e.Event, ...]:
    """Art. L622-24, R622-24 C. com.: two months from publication in the BODACC, four for a creditor abroad."""
    not_ahead(command, a.today, "opened_on", "published_on")
    months = 2 if a.context.creditor.address.country == "FR" else 4
    published = command.published_on
    declare_by = next_business_day(add_months(published, months)) if published else None
    fields = {
        "procedure": command.procedure,
        "opened_on": command.opened_on,
        "published_on": published,
        "court": command.court,
        "representative": command.representative,
        "declare_by": declare_by,
    }
    return (a.event(e.InsolvencyOpened, command, **fields),)


def _judicial(a: Admission, command: c.JudicialEvent) -> tuple[e.Event, ...]:
    kept = {"id", "by", "on", "note", "scope", "kind", "event", "court", "reference", "hearing_on"}
    details = command.model_dump(mode="json", exclude_none=True, exclude=kept)
    fields = {"event": command.event, "court": command.court, "reference": command.reference}
    return (a.event(e.JudicialEventNoted, command, **fields, hearing_on=command.hearing_on, details=details),)


def _close(a: Admission, command: c.WriteOff | c.Cancel) -> tuple[e.Event, ...]:
    outcome = Outcome.CANCELLED if isinstance(command, c.Cancel) else Outcome.WRITTEN_OFF
    return (a.event(e.CaseClosed, command, outcome=outcome, because=command.reason),)


def _waive(a: Admission, command: c.Waive) -> tuple[e.Event, ...]:
    if min(command.interest, command.indemnity, command.principal) < ZERO:
        raise Refused("waive: an amount is negative.", Code.AMOUNT_INVALID)
    if command.principal > a.case.open_principal:
        raise Refused(
            f"waive: principal {command.principal} is more than is open, {a.case.open_principal}.",
            Code.AMOUNT_INVALID,
        )
    given_up = a.event(e.AccessoriesWaived, command, interest=command.interest, indemnity=command.indemnity)
    if not command.principal:
        return (given_up,)
    noted = a.event(e.CreditNoted, command, number=f"remise {a.id}", amount=command.principal)
    return given_up, noted.model_copy(update={"id": f"{a.id}/principal"})


def _assigned(a: Admission, command: c.Assigned) -> tuple[e.Event, ...]:
    if command.notified:
        return (a.event(e.CaseClosed, command, outcome=Outcome.ASSIGNED, because="créance cédée et notifiée"),)
    return _note(a, command)


def _task_done(a: Admission, command: c.TaskDone) -> tuple[e.Event, ...]:
    doubt = a.case.doubt
    if doubt is not None and command.task == f"in_doubt/{doubt.id}" and command.outcome not in ("sent", "not_sent"):
        raise Refused("task_done: say in outcome whether the letter left: sent or not_sent.")
    return (a.event(e.TaskClosed, command, task=command.task, outcome=command.outcome),)


def _note(a: Admission, command: c.Command) -> tuple[e.Event, ...]:
    details = command.model_dump(mode="json", exclude_none=True, exclude={"id", "by", "on", "note", "scope", "kind"})
    pauses = isinstance(command, _STOPPING)
    return (a.event(e.Noted, command, what=_name(command), pauses=pauses, details=details),)


def _nothing(_a: Admission, _command: c.Command) -> tuple[e.Event, ...]:
    return ()


_OF_THE_DEBTOR = (c.Dispute, c.Hold, c.Resume, c.Insolvency, c.ContactChanged, c.DebtorStatus)
"""Signals that may concern all the debtor's cases."""

_STOPPING = (c.PlanRequested, c.Settlement, c.TermsChanged, c.DebtorStatus, c.Offset, c.Retention)
"""Signals after which nothing is written until a person has looked."""

_ADMITTED: dict[type[c.Command], Callable[[Admission, Any], tuple[e.Event, ...]]] = {
    c.Paid: _paid,
    c.PaymentReversed: _reversed,
    c.CreditNote: _credit,
    c.Dispute: _dispute,
    c.DisputeSettled: _settled,
    c.PaymentPlan: _plan,
    c.Promise: _promise,
    c.PaymentAnnounced: _announced,
    c.Hold: _hold,
    c.Resume: _resume,
    c.DebtorReplied: _replied,
    c.LetterPosted: _posted,
    c.LetterDelivered: _delivered,
    c.LetterReturned: _returned,
    c.NoticeBounced: _bounced,
    c.ContactChanged: _moved,
    c.Approve: _approve,
    c.Decline: _decline,
    c.Insolvency: _insolvency,
    c.JudicialEvent: _judicial,
    c.WriteOff: _close,
    c.Cancel: _close,
    c.Waive: _waive,
    c.Assigned: _assigned,
    c.TaskDone: _task_done,
    c.Reconsider: _nothing,
    c.Settlement: _note,
    c.Reassigned: _note,
    c.PlanRequested: _note,
    c.DocumentAdded: _note,
    c.TermsChanged: _note,
    c.DebtorStatus: _note,
    c.Offset: _note,
    c.Retention: _note,
    c.Note: _note,
    c.Owner: _note,
}
