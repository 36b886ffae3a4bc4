"""A settlement: what was paid of it, whether it was kept, when it lapses, what of it nobody has to give back. Pure."""

from decimal import Decimal

from rules import events as e
from rules.calendars import end_of
from rules.case import Case, Outcome
from rules.claim import Context, region
from rules.law.days import add_business_days
from rules.money import ZERO, total
from rules.watch import Watch


def paid_of(case: Case, agreed: e.SettlementAgreed) -> Decimal:
    """What was paid of a settlement, in time and not taken back."""
    since = (p for p in case.payments[case.settlement_base :] if p.received_on <= agreed.pay_by)
    return total(p.amount - case.reversed.get(p.id, ZERO) for p in since)


def settlement_kept(case: Case, context: Context) -> bool:
    """Whether the settlement was paid by its day, whenever that became known, and nothing that was paid before it has
    been taken back since."""
    agreed = case.settlement
    if agreed is None or case.settlement_shaken is not None:
        return False
    paid = paid_of(case, agreed)
    return paid > ZERO and agreed.amount - paid <= context.policy.tolerance


def settlement_watches(case: Case, context: Context) -> list[Watch]:
    """A settlement is known to be unpaid once the bank has had the days to say that it was paid in time; one in doubt
    waits for a person."""
    agreed = case.settlement
    if agreed is None or case.settlement_lapsed or case.settlement_shaken is not None:
        return []
    known = add_business_days(agreed.pay_by, context.policy.promise.grace_business_days, region(case))
    fields: dict[str, object] = {"pay_by": agreed.pay_by, "missing": agreed.amount - paid_of(case, agreed)}
    because = f"transaction à payer avant le {agreed.pay_by:%d/%m/%Y} inclus"
    return [Watch(end_of(known, context.policy.zone), e.SettlementLapsed, fields, because)]


def to_refund(case: Case) -> Decimal:
    """What was paid or credited beyond the invoice, less what a settlement that was kept gave as interest and
    indemnity."""
    agreed = case.settlement
    kept = agreed is not None and case.closed is not None and case.closed.outcome == Outcome.SETTLED
    beside = max(ZERO, agreed.amount - case.settlement_open) if agreed is not None and kept else ZERO
    return max(ZERO, case.excess - beside)
