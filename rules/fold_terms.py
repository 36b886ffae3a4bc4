"""How a case changes by what is due and when: payments in doubt, settlements, other due dates. Pure."""

from rules import events as e
from rules.case import Case
from rules.fold_steps import Change, unmade


def payment_held(case: Case, event: e.PaymentHeld) -> Change:
    return {"payments_held": (*case.payments_held, event)}


def settlement(case: Case, event: e.SettlementAgreed) -> Change:
    fresh = {"settlement": event, "settlement_base": len(case.payments), "settlement_lapsed": False}
    return {**unmade(case), **fresh, "promise": None, "reply": None}


def settlement_lapsed(_case: Case, _event: e.SettlementLapsed) -> Change:
    return {"settlement_lapsed": True}


def terms(case: Case, event: e.TermsChanged) -> Change:
    """The ladder counts from the first day on which something is still open. Should letters have gone out and nothing
    be due any more, it waits for that day and begins there at its foot: that is a new passage."""
    invoice = case.invoice.model_copy(update={"instalments": event.instalments, "due_on": event.instalments[0].due_on})
    notes = tuple(note for note in case.open_notes if not (isinstance(note, e.Noted) and note.what == "terms_changed"))
    change: Change = {"invoice": invoice, "open_notes": notes}
    open_ = [part.due_on for part in case.model_copy(update=change).balances() if part.amount > 0]
    climbed = any(taken.passage == case.passage for taken in case.steps)
    if open_ and (not climbed or open_[0] <= max(event.on, case.anchor_on)):
        change["anchor_on"] = open_[0]
    return change
