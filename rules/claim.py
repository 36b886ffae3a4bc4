"""What a case claims: its décompte on a day, and what a rung asks of it. Pure; the arithmetic is the law's."""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from pydantic import ConfigDict

from rules.base import Frozen, remembered
from rules.case import Case, Outcome, StepOutcome, StepTaken
from rules.creditor import Creditor
from rules.decision import Claim, DebtorFacts
from rules.judicial import judgment_of, recoverable
from rules.law import (
    AgreedRate,
    Credited,
    Decompte,
    DecompteFacts,
    Owed,
    Paid,
    Suspended,
    Tables,
    Waived,
    decompte,
    region_of,
)
from rules.money import ZERO, total
from rules.policy import Policy


class Context(Frozen):
    """What the rules need besides the case: who claims, under which policy, what is known of the debtor, which law."""

    creditor: Creditor
    policy: Policy
    tables: Tables
    debtor: DebtorFacts = DebtorFacts()

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)


def region(case: Case) -> str:
    """The region whose public holidays the debtor keeps."""
    address = case.debtor.address
    return region_of(address.postal_code, address.country) if address else "FR"


def decompte_facts(case: Case, creditor: Creditor, as_of: date) -> DecompteFacts:
    """The facts of the case's décompte on a day."""
    invoice = case.invoice
    formal = next((s for s in reversed(case.steps) if _is_formal_notice(s)), None)
    agreed = creditor.agreed_rate
    return DecompteFacts(
        owed=tuple(Owed(invoice=invoice.number, due_on=p.due_on, amount=p.amount) for p in invoice.schedule),
        payments=_payments(case, as_of),
        credits=_credits(case, as_of),
        waived=_waived(case, as_of),
        debtor_kind=invoice.debtor.kind,
        as_of=as_of,
        rates=() if agreed is None else (AgreedRate(rate=agreed),),
        principal_first=creditor.imputation == "principal_first",
        formal_notice_on=formal.answer_from if formal else None,
        suspended=tuple(Suspended(from_on=a, to_on=b, because="échéancier") for a, b in case.interest_suspended),
        insolvency_on=case.stay.opened_on if case.stay else None,
        judgment=judgment_of(case, as_of),
    )


def _credits(case: Case, as_of: date) -> tuple[Credited, ...]:
    """Named after the invoice, as they are: of several instalments the oldest is credited first, and what a letter asks
    is the account to the cent."""
    number = case.invoice.number
    return tuple(
        Credited(on=n.on, amount=n.amount, number=n.number, invoice=number) for n in case.credits if n.on <= as_of
    )


def _is_formal_notice(taken: StepTaken) -> bool:
    """A mise en demeure that reached the debtor; an ordinary letter delivered to him is none."""
    delivered = taken.outcome is StepOutcome.DELIVERED and taken.answer_from is not None
    return delivered and taken.channel == "registered_letter"


def _payments(case: Case, as_of: date) -> tuple[Paid, ...]:
    before = case.invoice.already_paid
    first = (Paid(on=case.invoice.issued_on, amount=before),) if before else ()
    standing = []
    for payment in case.payments:
        amount = payment.amount - case.reversed.get(payment.id, ZERO)
        if amount > ZERO and payment.received_on <= as_of:
            standing.append(Paid(on=payment.received_on, amount=amount, reference=payment.reference))
    return (*first, *standing)


def _waived(case: Case, as_of: date) -> tuple[Waived, ...]:
    return tuple(
        Waived(on=given_up.on, interest=given_up.interest, indemnity=given_up.indemnity, invoice=case.invoice.number)
        for given_up in case.waived
        if given_up.on <= as_of
    )


def claimed_facts(case: Case, creditor: Creditor, as_of: date) -> DecompteFacts:
    """The facts of what a letter may claim: as ``decompte_facts``, less what may not be asked yet and the disputed
    part; every payment too named after its invoice, so that several cases can be drawn up together."""
    facts = decompte_facts(case, creditor, max(as_of, case.invoice.issued_on))
    number = case.invoice.number
    return facts.model_copy(
        update={
            "owed": _less(facts.owed, case.disputed + _asked_later(case, as_of)),
            "payments": tuple(p.model_copy(update={"invoice": number}) for p in facts.payments),
        }
    )


def _less(owed: tuple[Owed, ...], amount: Decimal) -> tuple[Owed, ...]:
    """The debts with that amount taken off, the latest due first."""
    left, kept = amount, []
    for part in reversed(owed):
        off = min(left, part.amount)
        left -= off
        if part.amount > off:
            kept.append(part.model_copy(update={"amount": part.amount - off}))
    return tuple(reversed(kept))


def _asked_later(case: Case, on: date) -> Decimal:
    """What of the open principal a plan that broke without acceleration still leaves to a later day."""
    if case.broken is None:
        return ZERO
    return case.open_principal - case.due_principal(max(on, case.anchor_on))


def suable_decompte(case: Case, creditor: Creditor, tables: Tables, as_of: date) -> Decompte:
    """The décompte of what may be asked of a judge on a day: all that is owed, less the instalments of a broken plan
    whose day has not come. In insolvency, where all is declared, the whole."""
    later = ZERO if case.stay is not None else _asked_later(case, as_of)
    if not later:
        return decompte_of(case, creditor, tables, as_of)
    facts = decompte_facts(case, creditor, max(as_of, case.invoice.issued_on))
    return decompte(facts.model_copy(update={"owed": _less(facts.owed, later)}), tables, strict=False)


def claimed_decompte(case: Case, context: "Context", as_of: date) -> Decompte:
    """The décompte of what a letter claims for one case, the disputed part left out."""
    return _decompte(claimed_facts(case, context.creditor, as_of), context.tables)


@lru_cache(maxsize=1024)
def _drawn(facts: DecompteFacts, tables: Tables) -> Decompte:
    """A letter, the decision before it and the one after it draw up the same account on the same day."""
    return decompte(facts, tables, strict=False)


def _decompte(facts: DecompteFacts, tables: Tables) -> Decompte:
    # Rates that are equal may be written differently (10 and 10.0), and the account repeats them as written.
    written = facts.rates or facts.judgment
    return decompte(facts, tables, strict=False) if written else _drawn(facts, tables)


@remembered
def decompte_of(case: Case, creditor: Creditor, tables: Tables, as_of: date) -> Decompte:
    """The itemised claim on a day; interest to the last day whose rate is published, never refused."""
    day = max(as_of, case.invoice.issued_on)
    return _decompte(decompte_facts(case, creditor, day), tables)


def claim_of(case: Case, creditor: Creditor, tables: Tables, as_of: date) -> Claim:
    """What is owed by law on a day, net of payments; nothing once the case was paid, credited, cancelled or sold."""
    if case.closed is not None and case.closed.outcome in _NOTHING_LEFT:
        return Claim()
    drawn = decompte_of(case, creditor, tables, as_of)
    costs = recoverable(case, as_of)
    return Claim(principal=drawn.principal, interest=drawn.interest, indemnity=drawn.indemnity, costs=costs)


_NOTHING_LEFT = frozenset({Outcome.PAID, Outcome.CREDITED, Outcome.SETTLED, Outcome.CANCELLED, Outcome.ASSIGNED})


def asked_principal(case: Case, on: date) -> Decimal:
    """The principal a letter of that day is about: what is due, or before any due date the next instalment; less what
    is disputed."""
    due = case.due_principal(max(on, case.anchor_on))
    return max(ZERO, due - case.disputed)


def given_up(case: Case) -> Decimal:
    """What of interest and indemnity was waived so far."""
    return total(one.interest + one.indemnity for one in case.waived)


def asks(case: Case, on: date) -> tuple[date, Decimal, Decimal]:
    """What a letter of that day asks for and leaves out, to be compared later on the terms of then."""
    return on, asked_principal(case, on), given_up(case)
