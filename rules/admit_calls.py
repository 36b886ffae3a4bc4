"""Admitting what came of a call: the call has ended, and what the debtor said takes its own effect. Pure."""

from datetime import date

from rules import admit_money
from rules import commands as c
from rules import events as e
from rules.admission import Admission
from rules.calling import CallOutcome
from rules.claim import region
from rules.law.days import add_business_days
from rules.refusals import Code, Refused


def outcome(a: Admission, command: CallOutcome) -> tuple[e.Event, ...]:
    """The call's end, then the promise or the dispute that it brought, under an id of its own."""
    call = a.case.call
    if call is None:
        raise Refused(
            "call_outcome: no call is being asked for; say promise, dispute or note directly.", Code.NOT_ALLOWED_NOW
        )
    follows = tuple(event.model_copy(update={"id": f"{a.id}/{command.outcome}"}) for event in _brought(a, command))
    fields = {
        "step": call.step,
        "passage": call.passage,
        "outcome": command.outcome,
        "pay_on": command.pay_on,
        "amount": command.amount,
        "attempt": call.attempt,
        "again_on": _again_on(a, call) if command.outcome == "no_answer" else None,
        "phone": a.case.debtor.phone if command.outcome == "wrong_number" else None,
    }
    return (a.event(e.CallEnded, command, **fields), *follows)


def _brought(a: Admission, command: CallOutcome) -> tuple[e.Event, ...]:
    said = {"by": command.by, "note": command.note}
    if command.outcome == "promise" and command.pay_on is not None:
        return admit_money.promise(a, c.Promise(pay_on=command.pay_on, amount=command.amount, **said))
    if command.outcome == "payment_announced":
        return admit_money.announced(a, c.PaymentAnnounced(amount=command.amount, **said))
    if command.outcome == "dispute":
        words = {"reason": command.reason, "category": command.category, "channel": "call"}
        return admit_money.dispute(a, c.Dispute(amount=command.amount, **words, **said))
    return ()


def _again_on(a: Admission, call: e.CallRequested) -> date | None:
    """The business day of the next attempt; None when the policy's attempts are used up and the call lapses."""
    if call.attempt >= a.context.policy.call_attempts:
        return None
    return add_business_days(a.day, 1, region(a.case))
