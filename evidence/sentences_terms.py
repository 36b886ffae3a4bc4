"""What is said to a judge of sums and due dates that changed: one French sentence each. Pure; data are cleaned."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from evidence.wording import short_day
from letters.typography import clean
from rules import events as e

Money = Callable[[Decimal], str]


def _held(event: e.PaymentHeld, money: Money) -> str:
    reference = f", référence {clean(event.reference, 200)}" if event.reference else ""
    return f"Paiement de {money(event.amount)} peut-être déjà connu, en attente d’une vérification{reference}"


def _terms(event: e.TermsChanged, money: Money) -> str:
    why = f", motif : {clean(event.reason, 4000)}" if event.reason else ""
    if event.retained is not None:
        return f"Retenue de {money(event.retained)} exigible le {short_day(event.instalments[-1].due_on)}{why}"
    days = ", ".join(f"{money(part.amount)} le {short_day(part.due_on)}" for part in event.instalments)
    return f"Nouvelles échéances : {days}{why}"


OF_TERMS: dict[type[e.Event], Callable[[Any, Money], str]] = {
    e.PaymentHeld: _held,
    e.SettlementAgreed: lambda x, money: f"Transaction : {money(x.amount)} à payer d’ici le {short_day(x.pay_by)}",
    e.SettlementLapsed: lambda x, money: f"Transaction non payée, il manquait {money(x.missing)}",
    e.TermsChanged: _terms,
}
