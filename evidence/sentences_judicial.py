"""What the events of a procedure say to a judge: one French sentence each. Pure; data are cleaned, never markup."""

from collections.abc import Callable
from typing import Any

from evidence.wording import Money, motive, of_step, short_day
from letters.typography import clean
from rules import events as e

CLOCKS = {
    "order_deposit": "consignation des frais de greffe",
    "order_service": "signification de l’ordonnance",
    "opposition": "délai d’opposition",
    "order_enforceable": "délai avant l’exécution de l’ordonnance",
    "lawyer_constitution": "constitution d’avocat",
    "hearing": "audience",
    "summons_service": "signification de l’assignation",
    "summons_filing": "remise de l’assignation au greffe",
    "small_claim_answer": "réponse du débiteur",
    "l126_answer": "réponse au commandement",
    "l126_report": "procès-verbal de non-contestation",
    "majoration": "majoration du taux légal",
    "title": "exécution du titre",
    "declaration": "déclaration de la créance",
    "foreclosure_relief": "relevé de forclusion",
}
ROLES = {
    "collection_agency": "une société de recouvrement",
    "avocat": "un avocat",
    "commissaire_de_justice": "un commissaire de justice",
}
NATURES = {
    "court_fee": "frais de greffe",
    "service": "frais de signification",
    "enforcement": "frais d’exécution",
    "lawyer": "honoraires d’avocat",
    "agency": "commission de recouvrement",
    "postage": "frais postaux",
}


def _clock(name: str) -> str:
    return CLOCKS.get(name, clean(name, 60))


def _near(event: e.DeadlineNear, _: Money) -> str:
    return f"Délai proche, {_clock(event.clock)} : dernier jour le {short_day(event.last_day)}"


def _passed(event: e.DeadlinePassed, _: Money) -> str:
    return f"Délai expiré, {_clock(event.clock)} : dernier jour le {short_day(event.last_day)}"


def _handed(event: e.HandedOver, _: Money) -> str:
    terms = f", conditions : {clean(event.commission, 200)}" if event.commission else ""
    role = ROLES.get(event.role, clean(event.role, 60))
    return f"Dossier confié à {clean(event.to, 120)} ({role}){terms}"


def _opened(event: e.MediationOpened, _: Money) -> str:
    who = f", médiateur : {clean(event.mediator, 120)}" if event.mediator else ""
    return f"Médiation convenue le {short_day(event.agreed_on)}{who}"


def _ended(event: e.MediationEnded, _: Money) -> str:
    return "Fin de la médiation : accord" if event.outcome == "agreement" else "Fin de la médiation sans accord"


SENTENCES: dict[type[e.Event], Callable[[Any, Money], str]] = {
    e.DeadlineNear: _near,
    e.DeadlinePassed: _passed,
    e.FileOvertaken: lambda x, _: (
        f"Dossier à refaire avant tout dépôt{motive(x.because)}{motive(x.invoice, 'facture')}"
    ),
    e.FileRecalled: lambda x, _: f"Rappel {of_step(x.step)} avant son dépôt{motive(x.reason)}",
    e.HandedOver: _handed,
    e.TakenBack: lambda x, _: f"Dossier repris par le créancier{motive(x.reason)}",
    e.MediationOpened: _opened,
    e.MediationEnded: _ended,
    e.CostIncurred: lambda x, money: f"Frais engagés : {NATURES.get(x.nature, x.nature)}, {money(x.amount)}",
}
