"""What was said to a case becomes events, or is refused with a sentence. Pure.

``admit`` is the only way in: the clerk, the preview and the tests ask it alike. A refusal changes nothing.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from rules import admit_calls, admit_judicial, admit_letters, admit_money, admit_terms
from rules import commands as c
from rules import commands_judicial as cj
from rules import events as e
from rules.admission import Admission, name_of
from rules.admit_tasks import posted_after_all, task_done
from rules.admit_terms import noted, set_off
from rules.adopting import Adopt
from rules.bank import PaymentProposed
from rules.calendars import local_day
from rules.calling import CallOutcome
from rules.case import Case, Outcome
from rules.claim import Context, region
from rules.factoring import another_account, check_iban
from rules.granting import check_approves, check_grants, to_be_granted
from rules.insolvency import declaration_limit
from rules.judicial import NO_DECLARATION
from rules.law.days import add_business_days
from rules.money import ZERO
from rules.plausible import check_words, not_ahead
from rules.reading import parse_command
from rules.refusals import Code, Refused
from rules.refusing import StopContact


def admit(
    case: Case, command: c.Command, context: Context, now: datetime, *, said_id: str, door: str
) -> tuple[e.Event, ...]:
    """The events that a command means for the case at ``now`` (aware UTC, virtual); empty when it only wakes the case
    or repeats what is known. ``said_id`` names it when it carries no id of its own. Raises Refused."""
    check_words(command)
    today = local_day(now, context.policy.zone)
    day = command.on or today
    if day > today:
        raise Refused(f"{name_of(command)}: on {day} lies ahead of today, {today}.", Code.DATE_INVALID)
    admission = Admission(case, context, now, command.id or said_id, day, door)
    if command.scope == "debtor" and not isinstance(command, _OF_THE_DEBTOR):
        known = ", ".join(sorted(kind.model_fields["kind"].default for kind in _OF_THE_DEBTOR))
        raise Refused(f"{name_of(command)}: scope debtor goes with {known} only.")
    if case.closed is not None:
        return _after_closure(admission, command)
    admitted = _ADMITTED[type(command)](admission, command)
    return (to_be_granted(admission, command) if admitted else ()) or admitted


_NOT_SAID = frozenset({"id", "kind", "scope", "by", "actor", "via"})


def same_words(event: e.Event, command: c.Command) -> bool:
    """Whether an event already entered under the command's id says the same: every field the command gives explicitly
    and the event has is equal."""
    given = {name for name in command.model_fields_set if name not in _NOT_SAID}
    known = {name: getattr(event, name) for name in given if hasattr(event, name)}
    return all(value == getattr(command, name) for name, value in known.items())


def _after_closure(a: Admission, command: c.Command) -> tuple[e.Event, ...]:
    """A closed case takes note, and opens a task; nothing it decided changes."""
    if isinstance(command, c.Reconsider) or admit_judicial.of_a_common_file(command):
        return ()
    if isinstance(command, c.Paid | c.TaskDone | cj.JudicialEvent | cj.Cost):
        admitted = _ADMITTED[type(command)](a, command)
        return tuple(event.model_copy(update={"after_closure": True}) for event in admitted)
    return (noted(a, command, pauses=False, after_closure=True),)


def _hold(a: Admission, command: c.Hold) -> tuple[e.Event, ...]:
    if command.until is not None and command.until <= a.today:
        raise Refused(f"hold: until {command.until} is not after today, {a.today}.", Code.DATE_INVALID)
    return (a.event(e.HoldPlaced, command, until=command.until, reason=command.reason),)


def _resume(a: Admission, command: c.Resume) -> tuple[e.Event, ...]:
    case = a.case
    notes = any(isinstance(note, e.Noted) and note.pauses and note.asks is None for note in case.open_notes)
    if not (case.hold or case.promise or case.reply or case.returned or case.declined or notes):
        by = "; settle the dispute" if case.disputes else "; replace or break the plan" if case.plan else ""
        raise Refused(f"resume: nothing that resume could end holds this case{by}.", Code.NOT_ALLOWED_NOW)
    return (a.event(e.HoldLifted, command),)


def _replied(a: Admission, command: c.DebtorReplied) -> tuple[e.Event, ...]:
    review = add_business_days(a.day, a.context.policy.reply_days, region(a.case))
    fields = {name: getattr(command, name) for name in ("channel", "summary", "document", "sha256")}
    return (a.event(e.DebtorReplied, command, **fields, review_by=review),)


def _insolvency(a: Admission, command: c.Insolvency) -> tuple[e.Event, ...]:
    """Art. L622-24, R622-24 C. com.: the declaration's last day counts from the publication in the BODACC."""
    not_ahead(command, a.today, "opened_on", "published_on")
    published = command.published_on
    declared = published is not None and command.procedure != NO_DECLARATION
    declare_by = declaration_limit(published, a.case, a.context).expires_on if published and declared else None
    fields = {
        "procedure": command.procedure,
        "opened_on": command.opened_on,
        "published_on": published,
        "court": command.court,
        "representative": command.representative,
        "declare_by": declare_by,
    }
    return (a.event(e.InsolvencyOpened, command, **fields),)


def _close(a: Admission, command: c.WriteOff | c.Cancel) -> tuple[e.Event, ...]:
    outcome = Outcome.CANCELLED if isinstance(command, c.Cancel) else Outcome.WRITTEN_OFF
    return (a.event(e.CaseClosed, command, outcome=outcome, because=command.reason),)


def _assigned(a: Admission, command: c.Assigned) -> tuple[e.Event, ...]:
    if command.notified:
        return (a.event(e.CaseClosed, command, outcome=Outcome.ASSIGNED, because="créance cédée et notifiée"),)
    check_iban(command.payee_iban)
    return (noted(a, command, pauses=another_account(a.case, command.payee_iban)),)


def _reassigned(a: Admission, command: c.Reassigned) -> tuple[e.Event, ...]:
    """The debt is the creditor's again; a case closed by the assignment goes on where it stood."""
    if a.case.reopened not in (None, Outcome.ASSIGNED):
        raise Refused(f"reassigned: the case was closed as {a.case.reopened}, not assigned.", Code.NOT_ALLOWED_NOW)
    return _note(a, command)


def _note(a: Admission, command: c.Command) -> tuple[e.Event, ...]:
    return (noted(a, command, pauses=isinstance(command, _STOPPING)),)


def _approve(a: Admission, command: cj.Approve) -> tuple[e.Event, ...]:
    check_approves(a, command)
    return admit_letters.approve(a, command)


def _task_done(a: Admission, command: c.TaskDone) -> tuple[e.Event, ...]:
    """The task's end; what a manager grants takes effect, what a person rules is entered."""
    ended = task_done(a, command)
    _, _, cause = command.task.partition("/")
    note = next((note for note in a.case.open_notes if note.id == cause and isinstance(note, e.Noted)), None)
    if note is not None and note.asks is not None and command.outcome == "granted":
        check_grants(a, command, note.asks)
        who = {"by": command.by, "actor": command.actor, "via": command.via}
        asked = parse_command(note.what, note.details).model_copy(update=who)
        if isinstance(asked, c.Settlement):
            granted = admit_terms.granted_settlement(a, asked, note)
        else:
            granted = _ADMITTED[type(asked)](a, asked)
        return (*ended, *(event.model_copy(update={"id": f"{a.id}/{n}"}) for n, event in enumerate(granted, 1)))
    if note is not None and note.what == "offset" and command.outcome == "accepted":
        return (*ended, set_off(a, command, note))
    return (*ended, *posted_after_all(a, command))


def _proposed(a: Admission, command: PaymentProposed) -> tuple[e.Event, ...]:
    """Nothing is proposed that was entered already and stands: a payment taken back may come again."""
    said = (command.reference, command.amount, command.received_on)
    standing = (p for p in a.case.payments if a.case.reversed.get(p.id, ZERO) < p.amount)
    known = any((p.reference, p.amount, p.received_on) == said for p in standing)
    return () if known else _note(a, command)


def _adopt(a: Admission, command: Adopt) -> tuple[e.Event, ...]:
    """Steps already taken stay taken: the new ladder goes on after them, and never closer than its least distance."""
    if command.version is None:
        raise Refused(f"adopt: policy {command.policy} is looked up by the case's own worker only.")
    if command.version == a.case.version:
        return ()
    return (a.event(e.PolicyAdopted, command, policy=command.policy, version=command.version),)


def _nothing(_a: Admission, _command: c.Command) -> tuple[e.Event, ...]:
    return ()


_OF_THE_DEBTOR = (c.Dispute, c.Hold, c.Resume, c.Insolvency, c.ContactChanged, c.DebtorStatus, StopContact)


"""Signals that may concern all the debtor's cases."""


_STOPPING = (c.PlanRequested, c.DebtorStatus, PaymentProposed)


"""Signals after which nothing is written until a person has looked."""


_ADMITTED: dict[type[c.Command], Callable[[Admission, Any], tuple[e.Event, ...]]] = {
    c.Paid: admit_money.paid,
    c.PaymentReversed: admit_money.taken_back,
    c.CreditNote: admit_money.credit,
    c.Dispute: admit_money.dispute,
    c.DisputeSettled: admit_money.settled,
    c.PaymentPlan: admit_money.plan,
    c.Promise: admit_money.promise,
    c.PaymentAnnounced: admit_money.announced,
    c.Hold: _hold,
    c.Resume: _resume,
    c.DebtorReplied: _replied,
    c.LetterPosted: admit_letters.posted,
    c.LetterDelivered: admit_letters.delivered,
    c.LetterReturned: admit_letters.returned,
    c.NoticeBounced: admit_letters.bounced,
    c.ContactChanged: admit_letters.moved,
    StopContact: admit_letters.refused_contact,
    cj.Approve: _approve,
    c.Decline: admit_letters.decline,
    c.Insolvency: _insolvency,
    cj.JudicialEvent: admit_judicial.judicial,
    cj.Recall: admit_judicial.recall,
    cj.FileOvertaken: admit_judicial.overtaken,
    cj.HandOver: admit_judicial.handed_over,
    cj.Mediation: admit_judicial.mediation,
    cj.Cost: admit_judicial.cost,
    c.WriteOff: _close,
    c.Cancel: _close,
    c.Waive: admit_money.waive,
    c.Assigned: _assigned,
    c.TaskDone: _task_done,
    CallOutcome: admit_calls.outcome,
    Adopt: _adopt,
    c.Reconsider: _nothing,
    PaymentProposed: _proposed,
    c.Settlement: admit_terms.settlement,
    c.Reassigned: _reassigned,
    c.PlanRequested: _note,
    c.DocumentAdded: _note,
    c.TermsChanged: admit_terms.terms,
    c.DebtorStatus: _note,
    c.Offset: admit_terms.offset,
    c.Retention: admit_terms.retention,
    c.Note: _note,
    c.Owner: _note,
}
