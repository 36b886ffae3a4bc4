"""Which debt a payment discharges, and which part of it. Pure.

Art. 1342-10 C. civ.: the debt the debtor names; else debts fallen due, the one he had most interest to
discharge, the oldest, and pro rata when all is equal. Art. 1343-1: within a debt, interest before capital,
unless the contract or the creditor says otherwise. The place of the fixed indemnity is unsettled: last by
default. Checked 2026-11-22.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import groupby
from typing import Literal

from rules.law.account import Account
from rules.law.facts import Paid
from rules.law.kinds import IndemnityPlace
from rules.law.statement import Imputed, Share
from rules.money import CENT, ZERO

Pocket = Literal["interest", "principal", "indemnity"]
Pass = tuple[Pocket, ...]

# How the parts of the debts fallen due are met, in order: one row per choice of the creditor and place of the
# 40 €.
_DUE: dict[tuple[bool, IndemnityPlace], tuple[Pass, ...]] = {
    (False, "last"): (("interest", "principal"),),
    (False, "after_interest"): (("interest", "indemnity", "principal"),),
    (False, "first"): (("indemnity", "interest", "principal"),),
    (True, "last"): (("principal",), ("interest",)),
    (True, "after_interest"): (("principal",), ("interest",)),
    (True, "first"): (("indemnity",), ("principal",), ("interest",)),
}
_CAPITAL: tuple[Pass, ...] = (("principal",),)
_INDEMNITY: tuple[Pass, ...] = (("indemnity",),)


def spread(amount: Decimal, wants: Sequence[Decimal]) -> list[Decimal]:
    """Share an amount in proportion to what each wants, to the cent, never more than it wants; largest
    remainders first.
    """
    if len(wants) == 1:
        return [min(amount, wants[0])]
    asked = sum(wants, ZERO)
    if amount >= asked:
        return list(wants)
    exact = [amount * want / asked for want in wants]
    shares = [part.quantize(CENT, rounding=ROUND_DOWN) for part in exact]
    left = int((amount - sum(shares, ZERO)) / CENT)
    by_remainder = sorted(range(len(wants)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[:left]:
        shares[i] += CENT
    return shares


class Purse:
    """One payment while it is being spent; remembers what each debt received."""

    def __init__(self, amount: Decimal) -> None:
        self.left = amount
        self.received: dict[int, tuple[Account, dict[Pocket, Decimal]]] = {}

    def spend(self, debts: Sequence[Account], on: date, passes: Sequence[Pass]) -> None:
        """Meet the passes in order over the debts, most urgent first, pro rata among equals."""
        if not self.left or not debts:
            return
        groups = [debts]
        if len(debts) > 1:
            groups = [list(found) for _, found in groupby(debts, key=lambda debt: _urgency(debt, on))]
        for pockets in passes:
            for group in groups:
                if not self.left:
                    return
                self._meet(group, on, pockets)

    def _meet(self, group: Sequence[Account], on: date, pockets: Pass) -> None:
        for debt in group:
            debt.accrue(on)
        wants = [_wanted(debt, pockets) for debt in group]
        for debt, share in zip(group, spread(self.left, wants), strict=True):
            unspent = share
            for pocket in pockets:
                part = min(unspent, _owing(debt, pocket))
                if part:
                    unspent -= part
                    self._give(debt, pocket, part)
            self.left -= share

    def _give(self, debt: Account, pocket: Pocket, part: Decimal) -> None:
        if pocket == "interest":
            debt.pay_interest(part)
        elif pocket == "principal":
            debt.pay_principal(part)
        else:
            debt.pay_indemnity(part)
        _, pockets = self.received.setdefault(id(debt), (debt, {}))
        pockets[pocket] = pockets.get(pocket, ZERO) + part


def impute(payment: Paid, accounts: Sequence[Account], *, principal_first: bool, place: IndemnityPlace) -> Imputed:
    """Post one payment to the accounts, which it changes, and say where it went."""
    on = payment.on
    purse = Purse(payment.amount)
    named = payment.invoice
    chosen = [debt for debt in accounts if debt.invoice == named] if named is not None else []
    others = [debt for debt in accounts if debt.invoice != named] if named is not None else accounts
    passes = _DUE[principal_first, place]
    chosen_due, chosen_later = _by_urgency(chosen, on)
    due, later = _by_urgency(others, on)
    purse.spend(chosen_due, on, passes)
    purse.spend(chosen_later, on, _CAPITAL)
    purse.spend(due, on, passes)
    purse.spend(chosen_due + due, on, _INDEMNITY)
    purse.spend(later, on, _CAPITAL)
    return _receipt(payment, purse)


def credit_order(accounts: Sequence[Account], on: date, invoice: str | None) -> list[Account]:
    """The debts a credit note lowers, in order: those of its invoice when it names one, else as a payment
    would.
    """
    if invoice is not None:
        return sorted((debt for debt in accounts if debt.invoice == invoice), key=lambda debt: debt.due_on)
    due, later = _by_urgency(accounts, on)
    return due + later


def _by_urgency(debts: Sequence[Account], on: date) -> tuple[list[Account], list[Account]]:
    ordered = debts if len(debts) < 2 else sorted(debts, key=lambda debt: (*_urgency(debt, on), debt.invoice))
    return [debt for debt in ordered if debt.due_on <= on], [debt for debt in ordered if debt.due_on > on]


def _urgency(debt: Account, on: date) -> tuple[Decimal, date]:
    """The dearest rate first (« le plus d'intérêt d'acquitter »), then the oldest due date."""
    return -debt.rate_on(on), debt.due_on


def _owing(debt: Account, pocket: Pocket) -> Decimal:
    if pocket == "interest":
        return debt.interest
    return debt.principal if pocket == "principal" else debt.indemnity


def _wanted(debt: Account, pockets: Pass) -> Decimal:
    wanted = ZERO
    for pocket in pockets:
        wanted += _owing(debt, pocket)
    return wanted


def _receipt(payment: Paid, purse: Purse) -> Imputed:
    shares = tuple(
        Share(
            invoice=debt.invoice,
            due_on=debt.due_on,
            to_interest=pockets.get("interest", ZERO),
            to_principal=pockets.get("principal", ZERO),
            to_indemnity=pockets.get("indemnity", ZERO),
        )
        for debt, pockets in purse.received.values()
    )
    return Imputed(
        on=payment.on,
        amount=payment.amount,
        to_interest=sum((share.to_interest for share in shares), ZERO),
        to_principal=sum((share.to_principal for share in shares), ZERO),
        to_indemnity=sum((share.to_indemnity for share in shares), ZERO),
        remainder=purse.left,
        invoice=payment.invoice,
        reference=payment.reference,
        shares=shares,
    )
