"""What is said to a judge of sums and due dates that changed: one French sentence each. Pure; data are cleaned."""

from collections.abc import Callable
from typing import Any

from evidence.wording import Money, motive, reference, short_day
from rules import events as e


def _held(event: e.PaymentHeld, money: Money) -> str:
    held = f"Paiement de {money(event.amount)} peut-être déjà connu, en attente d’une vérification"
    return f"{held}{reference(event.reference)}"


def _terms(event: e.TermsChanged, money: Money) -> str:
    why = motive(event.reason)
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
