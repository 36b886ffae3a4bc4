"""Admitting what changes what is due and when: settlements, other due dates, sums withheld or set off. Pure."""

from datetime import date
from decimal import Decimal

from rules import commands as c
from rules import events as e
from rules.admission import Admission, name_of
from rules.case import Case
from rules.claim import claim_of
from rules.commands_base import COMMON
from rules.invoice import Instalment
from rules.money import ZERO, total
from rules.refusals import Code, Refused


def noted(a: Admission, command: c.Command, *, pauses: bool, **more: object) -> e.Event:
    """What was said, kept as it was said."""
    details = command.model_dump(mode="json", exclude_none=True, exclude=set(COMMON))
    if more.get("asks") is not None:
        more["payments"] = len(a.case.payments)
    return a.event(e.Noted, command, what=name_of(command), pauses=pauses, details=details, **more)


def settlement(a: Admission, command: c.Settlement) -> tuple[e.Event, ...]:
    """Less than is owed, by a day that is not past."""
    owed = claim_of(a.case, a.context.creditor, a.context.tables, a.today).total
    if command.pay_by < a.today:
        raise Refused(f"settlement: pay_by {command.pay_by} is before today, {a.today}.", Code.DATE_INVALID)
    if command.amount >= owed:
        raise Refused(
            f"settlement: {command.amount} is not less than the {owed} owed; a payment needs no settlement.",
            Code.AMOUNT_INVALID,
        )
    return (_agreed(a, command),)


def _agreed(a: Admission, command: c.Settlement, payments: int | None = None) -> e.Event:
    fields = {"amount": command.amount, "pay_by": command.pay_by, "document": command.document}
    return a.event(e.SettlementAgreed, command, **fields, payments=payments)


def granted_settlement(a: Admission, command: c.Settlement, note: e.Noted) -> tuple[e.Event, ...]:
    """What a manager grants is the settlement as it was said: the debtor may have paid it meanwhile."""
    return (_agreed(a, command, note.payments),)


def terms(a: Admission, command: c.TermsChanged) -> tuple[e.Event, ...]:
    """Other due dates of the same sum; said of neither date nor instalments, a person has to look."""
    if command.due_on is None and not command.instalments:
        return (noted(a, command, pauses=True),)
    if command.due_on is not None and command.instalments:
        raise Refused("terms_changed: give due_on or instalments, not both.")
    one = (Instalment(due_on=command.due_on, amount=a.case.invoice.total),) if command.due_on else ()
    parts = tuple(sorted(command.instalments or one, key=lambda part: part.due_on))
    _check_parts(a.case, parts)
    if parts == a.case.invoice.schedule:
        return ()
    if command.interruption and a.case.interrupted_on is not None:
        raise Refused(
            f"terms_changed: the period was interrupted on {a.case.interrupted_on} already, which a public buyer may "
            "do once (R2192-27 CCP): the due date stands; leave interruption out if another was agreed.",
            Code.NOT_ALLOWED_NOW,
        )
    fields = {"instalments": parts, "reason": command.reason, "interruption": command.interruption or None}
    return (a.event(e.TermsChanged, command, **fields),)


def _check_parts(case: Case, parts: tuple[Instalment, ...]) -> None:
    invoice, sums = case.invoice, total(part.amount for part in parts)
    if sums != invoice.total:
        raise Refused(f"terms_changed: the parts add up to {sums}, not to {invoice.total}.", Code.AMOUNT_INVALID)
    if any(part.amount <= ZERO for part in parts):
        raise Refused("terms_changed: an instalment is not above zero.", Code.AMOUNT_INVALID)
    days = [part.due_on for part in parts]
    if len(set(days)) != len(days):
        raise Refused("terms_changed: two instalments fall due on one day; add them up.", Code.DATE_INVALID)
    if days[0] < invoice.issued_on:
        raise Refused(
            f"terms_changed: {days[0]} is before the invoice, {invoice.issued_on}; correct it.", Code.DATE_INVALID
        )


def retention(a: Admission, command: c.Retention) -> tuple[e.Event, ...]:
    """The part withheld falls due on ``until``; without amount or day, a person has to look."""
    if command.amount is None or command.until is None:
        return (noted(a, command, pauses=True),)
    if command.until <= a.today:
        raise Refused(f"retention: until {command.until} is not after today, {a.today}.", Code.DATE_INVALID)
    if command.amount > a.case.open_principal:
        raise Refused(
            f"retention: {command.amount} is more than is open, {a.case.open_principal}.", Code.AMOUNT_INVALID
        )
    schedule = a.case.invoice.schedule
    earlier = total(part.amount for part in schedule if part.due_on < command.until)
    if command.amount > earlier:
        raise Refused(
            f"retention: only {earlier} falls due before {command.until}, and nothing is withheld until before it is "
            "due; give in until a day after that.",
            Code.DATE_INVALID,
        )
    parts = _withheld(schedule, command.amount, command.until)
    fields = {"instalments": parts, "retained": command.amount, "reason": command.reason}
    return (a.event(e.TermsChanged, command, **fields),)


def _withheld(schedule: tuple[Instalment, ...], amount: Decimal, until: date) -> tuple[Instalment, ...]:
    """The schedule with that amount taken off the latest parts before ``until``, and due on that day instead."""
    due = {part.due_on: part.amount for part in schedule}
    left = amount
    for day in sorted((day for day in due if day < until), reverse=True):
        off = min(left, due[day])
        due[day] -= off
        left -= off
    due[until] = due.get(until, ZERO) + amount
    return tuple(Instalment(due_on=day, amount=due[day]) for day in sorted(due) if due[day] > ZERO)


def offset(a: Admission, command: c.Offset) -> tuple[e.Event, ...]:
    """A set-off (1347 C. civ.) extinguishes only what a person agrees is owed to the debtor: until then nothing is
    written."""
    if command.amount is not None and command.amount > a.case.open_principal:
        raise Refused(f"offset: {command.amount} is more than is open, {a.case.open_principal}.", Code.AMOUNT_INVALID)
    return (noted(a, command, pauses=True),)


def set_off(a: Admission, command: c.TaskDone, note: e.Noted) -> e.Event:
    """The set-off that a person accepted: it pays, from the day it was invoked (1347, 1347-4 C. civ.)."""
    asked = Decimal(str(note.details.get("amount") or a.case.open_principal))
    amount = min(asked, a.case.open_principal)
    if amount <= ZERO:
        raise Refused("task_done: nothing is open any more to set off against; say rejected.", Code.AMOUNT_INVALID)
    fields = {"amount": amount, "received_on": note.on, "method": "offset"}
    return a.event(e.PaymentReceived, command, **fields).model_copy(update={"id": f"{a.id}/offset"})
