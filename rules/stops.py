"""What stops every letter about money, whatever it is about: another has the case, it is held, a sum or a letter is in
doubt, or the debtor is dead. Pure.

Nothing is written meanwhile, and no plan or promise is judged: what a person or the bank is about to say may change it
all."""

from datetime import date, datetime

from rules import events as e
from rules.calendars import start_of
from rules.case import Case, Pause
from rules.claim import Context
from rules.decision import Suspension


def stop(case: Case, context: Context, on: date) -> Suspension | None:
    """The stop that stands on a day; None when letters may leave."""
    if case.handed is not None or case.mediation is not None:
        return Suspension(by=Pause.HOLD)
    if case.hold is not None:
        return Suspension(by=Pause.HOLD, until=case.hold.until)
    if _debtor_held(context, on):
        return Suspension(by=Pause.HOLD, until=context.debtor.held_until)
    if _in_doubt(case):
        return Suspension(by=Pause.HOLD)
    deceased = case.returned is not None and case.returned.cause == "deceased"
    return Suspension(by=Pause.RETURNED_LETTER) if deceased else None


def _in_doubt(case: Case) -> bool:
    """Whether nobody knows if a letter left, or what a sum or a fact that was told is."""
    shaken = case.settlement_shaken is not None
    return case.doubt is not None or shaken or bool(case.payments_held) or paused_by_note(case)


def paused_by_note(case: Case) -> bool:
    return any(isinstance(note, e.Noted) and note.pauses for note in case.open_notes)


def _debtor_held(context: Context, on: date) -> bool:
    until = context.debtor.held_until
    return context.debtor.held and (until is None or on < until)


def ends_stopped(case: Case, context: Context, moment: datetime) -> datetime | None:
    """The moment from which what ends by the clock at ``moment`` ends all the same: later when the debtor is held until
    a day; None while only an event can end the stop, and in insolvency, where he may not pay (L622-7 C. com.)."""
    if case.stay is not None or stop(case, context, date.max) is not None:
        return None
    until = context.debtor.held_until
    held = context.debtor.held and until is not None
    return max(moment, start_of(until, context.policy.zone)) if held and until is not None else moment
