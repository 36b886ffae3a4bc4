"""One payment of a debtor over several invoices: the debtor's own choice, else the order of the law. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from rules.case import Case
from rules.claim import decompte_facts
from rules.creditor import Creditor
from rules.invoice import Instalment
from rules.law import Owed, Paid, Tables, decompte
from rules.money import ZERO, total
from rules.refusals import Code, Refused


def chosen(allocation: Mapping[str, Decimal], cases: Sequence[Case], amount: Decimal | None) -> dict[str, Decimal]:
    """The debtor's choice, by case id (art. 1342-10 al. 1 C. civ.); ``allocation`` is by invoice number.

    Raises Refused when a number is not one of the debtor's open invoices, or the parts do not add up to ``amount``."""
    known = {case.invoice.number: case.id for case in cases}
    for number in allocation:
        if number not in known:
            raise Refused(f"allocation: {number} is no open invoice of this debtor; open: {', '.join(sorted(known))}.")
    parts = total(allocation.values())
    if amount is not None and parts != amount:
        raise Refused(f"allocation: the parts add up to {parts}, not to {amount}.", Code.AMOUNT_INVALID)
    return {known[number]: part for number, part in allocation.items() if part > ZERO}


def shared(
    cases: Sequence[Case], creditor: Creditor, tables: Tables, amount: Decimal, on: date
) -> tuple[dict[str, Decimal], Decimal]:
    """The parts of a payment by case id, and what no invoice takes: debts due, most interest to discharge, oldest, pro
    rata (art. 1342-10 al. 2 C. civ.), each one's interest first unless the creditor agreed otherwise (1343-1)."""
    facts = [decompte_facts(case, creditor, max(on, case.invoice.issued_on)) for case in cases]
    # Each invoice's own history is settled first, so that only the new payment looks for its place.
    alone = [decompte(fact, tables, strict=False) for fact in facts]
    owed = []
    for case, drawn in zip(cases, alone, strict=True):
        owed += [
            Owed(invoice=case.id, due_on=balance.due_on, amount=balance.principal)
            for balance in drawn.balances
            if balance.principal > ZERO
        ]
    if not owed:
        return {}, amount
    payment = Paid(on=on, amount=amount)
    only = {"owed": tuple(owed), "payments": (payment,), "credits": (), "waived": (), "as_of": on}
    merged = facts[0].model_copy(update=only)
    posted = decompte(merged, tables, strict=False).payments[-1]
    parts: dict[str, Decimal] = {}
    for share in posted.shares:
        part = share.to_interest + share.to_principal + share.to_indemnity
        parts[share.invoice] = parts.get(share.invoice, ZERO) + part
    return {case_id: part for case_id, part in parts.items() if part > ZERO}, posted.remainder


def plan_parts(cases: Sequence[Case], instalments: Sequence[Instalment]) -> dict[str, tuple[Instalment, ...]]:
    """A plan over several invoices, cut into one plan each: the oldest debt is paid first.

    Raises Refused when the instalments do not add up to the open principal of the invoices covered."""
    open_ = total(case.open_principal for case in cases)
    asked = total(part.amount for part in instalments)
    if asked < open_:
        raise Refused(
            f"payment_plan: the instalments add up to {asked}, less than the {open_} open.", Code.AMOUNT_INVALID
        )
    ordered = sorted(cases, key=lambda case: (case.anchor_on, case.id))
    left = {case.id: case.open_principal for case in ordered}
    left[ordered[-1].id] += asked - open_
    found: dict[str, list[Instalment]] = {case.id: [] for case in ordered}
    for part in sorted(instalments, key=lambda one: one.due_on):
        rest = part.amount
        for case in ordered:
            taken = min(rest, left[case.id])
            if taken > ZERO:
                found[case.id].append(Instalment(due_on=part.due_on, amount=taken))
                left[case.id] -= taken
                rest -= taken
    return {case_id: tuple(parts) for case_id, parts in found.items() if parts}
