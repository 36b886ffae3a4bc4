"""The procedures a claim has been through, as an act tells them to the next judge: each step, its day, its piece. Pure.

A judge who is not told of an opposition, or of another judge already seized, is misled.
"""

from collections.abc import Iterator

from evidence.acts.pieces import Pieces
from letters.typography import long_date
from rules import events as e
from rules.brief import Brief
from rules.judicial import ENDINGS, IN_INSOLVENCY
from rules.law import Procedure

_NAMES: dict[str, str] = {
    Procedure.ORDER: "d’injonction de payer",
    Procedure.SMALL_CLAIM: "de recouvrement simplifié des petites créances",
    Procedure.INTERIM: "de référé-provision",
    Procedure.SUMMONS: "d’assignation en paiement",
    Procedure.UNCONTESTED: "de commandement de payer entre commerçants",
}
_STEPS = {
    "filed": "acte déposé le {day}",
    "ordered": "décision rendue le {day}",
    "served": "signification le {day}",
    "opposed": "opposition du débiteur le {day}",
    "not_opposed": "absence d’opposition attestée le {day}",
    "enforceable": "décision exécutoire le {day}",
    "rejected": "rejet le {day}",
    "withdrawn": "désistement du créancier le {day}",
    "lapsed": "caducité relevée le {day}",
    "appealed": "appel le {day}",
}
_OF_ORDER = {
    "filed": "requête déposée le {day}",
    "ordered": "ordonnance rendue le {day}",
    "served": "signification de l’ordonnance le {day}",
    "lapsed": "ordonnance non avenue, relevé le {day}",
}


def course(brief: Brief, pieces: Pieces) -> Iterator[str]:
    """One sentence for each procedure, the earliest first; the one that the act itself begins is left out."""
    told: list[str] = []
    for one in brief.claims:
        for run in _runs(event for event in one.events if isinstance(event, e.JudicialEventNoted)):
            ended = run[-1].event in ENDINGS
            if ended or run[-1].procedure != brief.procedure:
                told.append(_sentence(run, pieces, ended=ended))
    yield from dict.fromkeys(told)


def opposed(brief: Brief) -> bool:
    """Whether the debtor has opposed an order for one of the claims."""
    events = (event for one in brief.claims for event in one.events)
    return any(isinstance(event, e.JudicialEventNoted) and event.event == "opposed" for event in events)


def _runs(events: Iterator[e.JudicialEventNoted]) -> Iterator[list[e.JudicialEventNoted]]:
    """The events of each procedure: one ends with what ends it, or where another begins."""
    run: list[e.JudicialEventNoted] = []
    for event in (one for one in events if one.procedure not in IN_INSOLVENCY):
        if run and event.procedure != run[-1].procedure:
            yield run
            run = []
        run.append(event)
        if event.event in ENDINGS:
            yield run
            run = []
    if run:
        yield run


def _sentence(run: list[e.JudicialEventNoted], pieces: Pieces, *, ended: bool) -> str:
    name = _NAMES.get(run[-1].procedure or Procedure.ORDER, "judiciaire")
    steps = [text for event in run if (text := _step(event))]
    proof = pieces.told(*(event.id for event in run))
    where = next((f" devant {event.court}" for event in run if event.court), "")
    state = "a déjà été suivie" if ended else "est en cours"
    return f"Une procédure {name} {state}{where} : {', '.join(steps)} {proof}".rstrip(" :") + "."


def _step(event: e.JudicialEventNoted) -> str:
    if event.event == "hearing":
        return f"audience fixée au {long_date(event.hearing_on, 'fr')}" if event.hearing_on else ""
    own = _OF_ORDER if event.procedure == Procedure.ORDER else {}
    text = (own | {name: text for name, text in _STEPS.items() if name not in own}).get(event.event, "")
    number = f" (n° {event.reference})" if event.event == "ordered" and event.reference else ""
    person = ", à personne" if event.event == "served" and event.details.get("served_to_person") is True else ""
    return text.format(day=long_date(event.on, "fr")) + number + person if text else ""
