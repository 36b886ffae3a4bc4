"""Admitting what is said of letters and approvals: posted, delivered, returned, bounced, approved, declined. Pure."""

from rules import commands as c
from rules import events as e
from rules.admission import Admission
from rules.admit_judicial import picked
from rules.commands_judicial import Approve
from rules.plausible import not_ahead
from rules.refusals import Code, Refused
from rules.refusing import StopContact
from rules.settle import letter_digest


def _letter(a: Admission, name: str, step: str, passage: int | None) -> int:
    """The passage a letter event is about; refuses when no letter of that step lies in the tray or on its way."""
    wanted = a.case.passage if passage is None else passage
    taken = a.case.taken(step, wanted)
    if taken is None or not taken.written or taken.channel not in ("registered_letter", "letter"):
        raise Refused(f"{name}: no letter « {step} » of passage {wanted} was made for this case.", Code.NOT_ALLOWED_NOW)
    return wanted


def posted(a: Admission, command: c.LetterPosted) -> tuple[e.Event, ...]:
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


def delivered(a: Admission, command: c.LetterDelivered) -> tuple[e.Event, ...]:
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


def returned(a: Admission, command: c.LetterReturned) -> tuple[e.Event, ...]:
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


def bounced(a: Admission, command: c.NoticeBounced) -> tuple[e.Event, ...]:
    if command.message_id in a.case.bounced:
        return ()
    sent = [s for s in a.case.steps if s.message_id == command.message_id and s.channel == "email"]
    if not sent and _is_copy(a, command.message_id):
        return _copy_bounced(a, command)
    if not sent:
        raise Refused(f"notice_bounced: no e-mail of this case is {command.message_id}.", Code.NOT_ALLOWED_NOW)
    moved = a.case.moved
    since = moved is not None and moved.email is not None and moved.at > sent[-1].at
    fields = {
        "message_id": command.message_id,
        "diagnostic": command.diagnostic,
        "address": None if since else a.case.debtor.email,
    }
    return (a.event(e.NoticeBounced, command, **fields),)


def _is_copy(a: Admission, message_id: str) -> bool:
    """Whether it names the copy by e-mail of a letter that left by another channel: the letter's id, marked."""
    letter = message_id.replace("<email.", "<", 1)
    return letter != message_id and any(s.message_id == letter for s in a.case.steps)


def _copy_bounced(a: Admission, command: c.NoticeBounced) -> tuple[e.Event, ...]:
    """The letter stands; the address of its copy is dead."""
    address = a.case.email
    if address is None:
        return ()
    fields = {"message_id": command.message_id, "diagnostic": command.diagnostic, "address": address}
    return (a.event(e.NoticeBounced, command, **fields),)


def moved(a: Admission, command: c.ContactChanged) -> tuple[e.Event, ...]:
    fields = {name: getattr(command, name) for name in ("email", "phone", "address", "language", "debtor_kind")}
    if all(value is None for value in fields.values()):
        raise Refused("contact_changed: give at least one of email, phone, address, language, debtor_kind.")
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


def approve(a: Admission, command: Approve) -> tuple[e.Event, ...]:
    letter = _approval(a, "approve", command.step, command.passage)
    fields = {"step": command.step, "passage": a.case.passage, "letter": letter, "reason": command.reason}
    fields["procedure"] = picked(a, command)
    return (a.event(e.StepApproved, command, **fields),)


def decline(a: Admission, command: c.Decline) -> tuple[e.Event, ...]:
    _approval(a, "decline", command.step, command.passage)
    return (a.event(e.StepDeclined, command, step=command.step, passage=a.case.passage, reason=command.reason),)


def refused_contact(a: Admission, command: StopContact) -> tuple[e.Event, ...]:
    """The e-mail address is named in the event, so that a later change of it does not change what was asked."""
    address = command.address or a.case.debtor.email
    if command.channel == "email" and address is None:
        raise Refused(
            "stop_contact: the case holds no e-mail address; give the one that is meant.", Code.NOT_ALLOWED_NOW
        )
    fields = {
        "channel": command.channel,
        "address": address if command.channel == "email" else None,
        "lifted": command.lifted,
        "reason": command.reason,
    }
    return (a.event(e.ContactRefused, command, **fields),)
