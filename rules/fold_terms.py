"""How a case changes by what is due and when: payments in doubt, settlements, other terms, plans at an end. Pure."""

from datetime import date, timedelta
from typing import Final

from rules import events as e
from rules.case import Case
from rules.fold_steps import Change, unmade
from rules.invoice import Instalment
from rules.money import ZERO, total

NO_SETTLEMENT: Final[Change] = {"settlement": None, "settlement_lapsed": False, "settlement_shaken": None}
"""Another agreement, or somebody else who negotiates, takes the place of a settlement."""


def payment_held(case: Case, event: e.PaymentHeld) -> Change:
    return {"payments_held": (*case.payments_held, event)}


def settlement(case: Case, event: e.SettlementAgreed) -> Change:
    """It takes the place of a plan. What is paid counts from the moment at which it was first said."""
    base = len(case.payments) if event.payments is None else event.payments
    since = total(p.amount - case.reversed.get(p.id, ZERO) for p in case.payments[base:])
    fresh = {"settlement": event, "settlement_base": base, "settlement_open": case.open_principal + since}
    ended = {**plan_over(case, event.on), "promise": None, "reply": None, "broken": None}
    return {**unmade(case), **NO_SETTLEMENT, **fresh, **ended}


def settlement_lapsed(_case: Case, _event: e.SettlementLapsed) -> Change:
    return {"settlement_lapsed": True}


def terms(case: Case, event: e.TermsChanged) -> Change:
    """The ladder counts from the first day on which something is still open. Should letters have gone out and nothing
    be due any more, it waits for that day and begins there at its foot: that is a new passage."""
    invoice = case.invoice.model_copy(update={"instalments": event.instalments, "due_on": event.instalments[0].due_on})
    notes = tuple(note for note in case.open_notes if not (isinstance(note, e.Noted) and note.what == "terms_changed"))
    change: Change = {"invoice": invoice, "open_notes": notes, "broken": None, "plan_moved": case.plan is not None}
    if event.interruption:
        change["interrupted_on"] = event.on
    open_ = [part.due_on for part in case.model_copy(update=change).balances() if part.amount > 0]
    climbed = any(taken.passage == case.passage for taken in case.steps)
    if open_ and (not climbed or open_[0] <= max(event.on, case.anchor_on)):
        change["anchor_on"] = open_[0]
    return change


def plan_over(case: Case, on: date) -> Change:
    """The plan ends on a day, from which interest runs again if it had suspended it."""
    day = on - timedelta(days=1)
    closed = ((began, min(day, ended or day)) for began, ended in case.interest_suspended)
    return {
        "plan": None,
        "plan_missed": None,
        "interest_suspended": tuple((began, ended) for began, ended in closed if began <= ended),
    }


def due_at_once(case: Case, on: date) -> Change:
    """The debtor has lost the benefit of the term: what was to fall due later is due on that day."""
    if all(part.due_on <= on for part in case.invoice.schedule):
        return {"broken": None}
    due: dict[date, Instalment] = {}
    for part in case.invoice.schedule:
        day = min(part.due_on, on)
        known = due[day].amount if day in due else ZERO
        due[day] = Instalment(due_on=day, amount=known + part.amount)
    parts = tuple(due[day] for day in sorted(due))
    invoice = case.invoice.model_copy(update={"instalments": parts, "due_on": parts[0].due_on})
    return {"broken": None, "invoice": invoice, "anchor_on": min(case.anchor_on, on)}
