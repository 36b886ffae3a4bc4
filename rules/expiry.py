"""The last useful day of a case's claim, the earliest of its instalments. Pure; periods and interruptions are the
law's."""

from datetime import date

from rules.base import remembered
from rules.case import Case
from rules.judicial import interruptions
from rules.law import Limitation, LimitationEvent, LimitationFacts, Tables, add_months, limitation
from rules.law.kinds import ClaimKind
from rules.law.limitation import earliest
from rules.money import ZERO


@remembered
def limitation_on(case: Case, tables: Tables) -> date | None:
    """The day after which the oldest open instalment can no longer be sued for (2224, 2228, 2229 C. civ.); None when
    nothing of the principal is open.

    Part payments that stand and signed plans interrupt it (2240 C. civ.); a mise en demeure does not."""
    return min((_after_mediations(one.last_day, case) for one in _limitations(case, tables)), default=None)


def limitation_article(case: Case, tables: Tables) -> str | None:
    """The article of that last day; None when nothing of the principal is open."""
    found = earliest(_limitations(case, tables))
    return None if found is None else found.article


def _limitations(case: Case, tables: Tables) -> list[Limitation]:
    """Of each instalment that is open."""
    invoice = case.invoice
    events = [
        LimitationEvent(on=payment.received_on, kind="payment")
        for payment in case.payments
        if _stands(case, payment.id)
    ]
    events += [LimitationEvent(on=day, kind="plan") for day in case.signed]
    events += interruptions(case)
    return [
        limitation(
            LimitationFacts(
                due_on=part.due_on,
                performed_on=invoice.performed_on,
                debtor_kind=invoice.debtor.kind,
                claim=invoice.claim or ClaimKind.SERVICES,
                events=tuple(event for event in events if event.on >= invoice.issued_on),
                term_agreed=not invoice.due_by_default,
            ),
            tables,
        )
        for part in case.balances()
        if part.amount > ZERO
    ]


def _after_mediations(last_day: date, case: Case) -> date:
    """Art. 2238 C. civ.: suspended meanwhile, and never less than six months after; only once it has ended."""
    for began, ended in case.mediated:
        if began <= last_day:
            last_day = max(last_day + (ended - began), add_months(ended, 6))
    return last_day


def _stands(case: Case, payment: str) -> bool:
    amount = next(p.amount for p in case.payments if p.id == payment)
    return case.reversed.get(payment, ZERO) < amount
