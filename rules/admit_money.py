"""Admitting what is said of sums: payments, credit notes, disputes, plans, promises, waivers. Pure."""

from rules import commands as c
from rules import events as e
from rules.admission import Admission
from rules.case import Case
from rules.claim import region
from rules.duplicates import is_known, looks_like, ruled_the_same
from rules.events_said import EVERY, REMISSION
from rules.law.days import add_business_days
from rules.money import ZERO
from rules.plans import check_plan, check_promise
from rules.plausible import not_ahead
from rules.refusals import Code, Refused


def paid(a: Admission, command: c.Paid) -> tuple[e.Event, ...]:
    not_ahead(command, a.today, "received_on")
    received = command.received_on or a.day
    held = any(is_known(a.case, known, command, received) for known in a.case.payments_held)
    if held or any(is_known(a.case, known, command, received) for known in a.case.payments):
        return ()
    amount = a.case.open_principal if command.amount is None else command.amount
    if amount <= ZERO:
        raise Refused("paid: nothing is owed any more; give the amount that was received.", Code.AMOUNT_INVALID)
    fields = {"amount": amount, "received_on": received, "reference": command.reference, "method": command.method}
    if any(ruled_the_same(ruled, command, amount, received) for ruled in a.case.told_twice):
        return ()
    like = looks_like(a, command, amount, received)
    if like is not None:
        return (a.event(e.PaymentHeld, command, **fields, like=like.id),)
    return (a.event(e.PaymentReceived, command, **fields),)


def taken_back(a: Admission, command: c.PaymentReversed) -> tuple[e.Event, ...]:
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


def credit(a: Admission, command: c.CreditNote) -> tuple[e.Event, ...]:
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


def dispute(a: Admission, command: c.Dispute) -> tuple[e.Event, ...]:
    if command.amount is not None and command.amount > a.case.open_principal:
        raise Refused(f"dispute: {command.amount} is more than is open, {a.case.open_principal}.", Code.AMOUNT_INVALID)
    rule = a.context.policy.dispute
    fields = {
        "amount": command.amount,
        "reason": command.reason,
        "category": command.category,
        "written": command.written,
        "channel": command.channel,
        "lines": command.lines,
        "owner": command.owner or rule.owner,
        "answer_by": add_business_days(a.day, rule.answer_days, region(a.case)),
    }
    return (a.event(e.DisputeOpened, command, **fields),)


def settled(a: Admission, command: c.DisputeSettled) -> tuple[e.Event, ...]:
    ending = _ending(a, command)
    credit = command.credit
    if command.outcome == "accepted" and credit is None:
        credit = a.case.model_copy(update={"disputes": ending}).disputed
    if credit is not None and credit > a.case.open_principal:
        raise Refused(
            f"dispute_settled: credit {credit} is more than is open, {a.case.open_principal}.",
            Code.AMOUNT_INVALID,
        )
    fields = {"outcome": command.outcome, "credit": credit, "answer": command.answer, "dispute": command.dispute}
    settled = a.event(e.DisputeSettled, command, **fields)
    if not credit:
        return (settled,)
    noted = a.event(e.CreditNoted, command, number=f"litige {a.id}", amount=credit)
    return settled, noted.model_copy(update={"id": f"{a.id}/credit"})


def _ending(a: Admission, command: c.DisputeSettled) -> tuple[e.DisputeOpened, ...]:
    """The disputes that end. Each has its own part of the invoice and its own answer: one word must not end another's
    dispute, so that nothing is asked that is still contested."""
    named, disputes = command.dispute, a.case.disputes
    if not disputes and named in (None, EVERY) and a.case.answer_owed is not None and command.answer is not None:
        return ()
    known = "; ".join(_described(a.case, dispute) for dispute in disputes)
    if not disputes:
        raise Refused("dispute_settled: no dispute is open on this case.", Code.NOT_ALLOWED_NOW)
    if named is None and len(disputes) > 1:
        said = f"{len(disputes)} disputes are open; name one in dispute, or {EVERY}: {known}."
        raise Refused(f"dispute_settled: {said}", Code.NOT_ALLOWED_NOW)
    ending = tuple(dispute for dispute in disputes if named in (None, EVERY, dispute.id))
    if not ending:
        raise Refused(f"dispute_settled: « {named} » is no open dispute of this case: {known}.", Code.NOT_ALLOWED_NOW)
    return ending


def _described(case: Case, dispute: e.DisputeOpened) -> str:
    what = "the whole" if dispute.amount is None else f"{dispute.amount} {case.invoice.currency}"
    return f"{dispute.id} ({what}, since {dispute.on})"


def plan(a: Admission, command: c.PaymentPlan) -> tuple[e.Event, ...]:
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


def promise(a: Admission, command: c.Promise) -> tuple[e.Event, ...]:
    check_promise(a.case, command, a.context, a.now)
    return (a.event(e.PromiseMade, command, pay_on=command.pay_on, amount=command.amount),)


def announced(a: Admission, command: c.PaymentAnnounced) -> tuple[e.Event, ...]:
    """« Paiement transmis »: five banking days, and not a promise that counts against the debtor's number of them."""
    pay_on = add_business_days(a.day, 5, region(a.case))
    return (a.event(e.PromiseMade, command, pay_on=pay_on, amount=command.amount, announced=True),)


def waive(a: Admission, command: c.Waive) -> tuple[e.Event, ...]:
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
    noted = a.event(e.CreditNoted, command, number=f"{REMISSION}{a.id}", amount=command.principal)
    return given_up, noted.model_copy(update={"id": f"{a.id}/principal"})
