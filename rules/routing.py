"""The route of a case: the facts of its procedure and court, from where it stands. Pure; the choice is the law's."""

from datetime import date

from rules.case import Case
from rules.claim import suable_decompte
from rules.creditor import Creditor
from rules.expiry import limitation_on
from rules.judicial import NO_DECLARATION, turned_down, was_opposed
from rules.law import Dispute, RouteFacts, Subject, Tables
from rules.law.kinds import ClaimKind
from rules.money import ZERO


def route_facts(case: Case, creditor: Creditor, tables: Tables, as_of: date) -> RouteFacts:
    """What the choice of a procedure depends on, on a day: the amount is principal and interest of the décompte.

    A dispute still open counts as weak; a person who finds it serious asks with ``--disputed serious``."""
    drawn = suable_decompte(case, creditor, tables, as_of)
    address = case.debtor.address
    rent = case.invoice.claim is ClaimKind.RESIDENTIAL_RENT
    return RouteFacts(
        amount=max(ZERO, drawn.principal + drawn.interest),
        debtor_kind=case.debtor.kind,
        as_of=as_of,
        merchant=case.debtor.merchant,
        creditor_merchant=creditor.merchant,
        postal_code=address.postal_code if address else None,
        country=address.country if address else "FR",
        subject=Subject.RENT if rent else Subject.TRADE,
        disputed=Dispute.WEAK if case.disputes or was_opposed(case) else Dispute.NO,
        refused=turned_down(case),
        insolvent=case.insolvency is not None,
        over_indebted=case.insolvency is not None and case.insolvency.procedure == NO_DECLARATION,
        limitation_on=limitation_on(case, tables),
    )
