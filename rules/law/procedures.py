"""The procedures: when each is open, which comes first, whether it needs a lawyer or an amicable attempt.
Pure.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from rules.base import Frozen
from rules.law.courts import CIVIL, COMMERCIAL, Court
from rules.law.days import add_months
from rules.law.kinds import Dispute
from rules.law.tables import Clock, Switch, Tables
from rules.law.wording import euros, french


class Procedure(StrEnum):
    """What a creditor can start, in the words of the public interface."""

    ORDER = "injonction_de_payer"
    SMALL_CLAIM = "petites_creances"
    INTERIM = "refere_provision"
    SUMMONS = "assignation"
    UNCONTESTED = "l126"
    DECLARATION = "declaration_de_creance"
    NONE = "none"


class Reason(Frozen):
    """Why, and by which text."""

    text: str
    article: str


class Alternative(Frozen):
    """Another procedure: whether it is open, and why."""

    procedure: Procedure
    court: Court | None
    available: bool
    because: str


class Setting(NamedTuple):
    """The facts of the case once the court is known."""

    amount: Decimal
    court: Court
    as_of: date
    limitation_on: date | None
    disputed: Dispute
    insolvent: bool
    public: bool
    consumer: bool
    abroad: bool
    between_merchants: bool
    tables: Tables
    refused: tuple[Procedure, ...] = ()
    over_indebted: bool = False

    def figure(self, name: str) -> Decimal:
        """A figure of the tables on the day."""
        return self.tables.amount(name, self.as_of)

    @property
    def barred(self) -> bool:
        """Whether limitation is acquired."""
        return self.limitation_on is not None and self.limitation_on < self.as_of

    @property
    def pressed(self) -> bool:
        """Whether limitation comes before an order could be served: three to four months."""
        if self.limitation_on is None or self.barred:
            return False
        return self.limitation_on < add_months(self.as_of, int(self.figure("limitation_alert_months")))


class Needs(NamedTuple):
    """What the chosen procedure requires."""

    lawyer: bool | None
    amicable: bool
    appeal: bool | None
    reasons: tuple[Reason, ...]


def _day(day: date | None) -> str:
    return french(day) if day is not None else "?"


def _interim_article(case: Setting) -> str:
    return "873 al. 2 CPC" if case.court in COMMERCIAL - CIVIL else "835 al. 2 CPC"


SUSPENDED = "surendettement : poursuites suspendues, la commission demande la créance"


def first_procedure(case: Setting) -> tuple[Procedure, list[Reason]]:
    """The procedure to propose first, and why. Checked 2026-11-22."""
    if case.over_indebted:
        return Procedure.NONE, [Reason(text=SUSPENDED, article="L722-2 et L722-5 C. conso (à confirmer)")]
    if case.insolvent:
        text = "procédure collective ouverte : poursuites arrêtées, la créance se déclare"
        return Procedure.DECLARATION, [Reason(text=text, article="L622-21, L622-24 et R622-24 C. com.")]
    if case.barred:
        text = f"prescription acquise depuis le {_day(case.limitation_on)} : aucune procédure n'est proposée"
        return Procedure.NONE, [Reason(text=text, article="2219 et 2247 C. civ.")]
    if case.public:
        return _against_public(case)
    if case.disputed is Dispute.SERIOUS:
        text = "contestation sérieuse : seul le juge du fond peut la trancher"
        return Procedure.SUMMONS, [Reason(text=text, article="54 et 56 CPC")]
    if case.pressed:
        text = (
            f"prescription le {_day(case.limitation_on)} : l'assignation interrompt une fois signifiée, "
            "une requête en injonction non ; à défaut, obtenir une reconnaissance de dette"
        )
        return Procedure.SUMMONS, [Reason(text=text, article="2240 et 2241 C. civ.")]
    if case.disputed is Dispute.WEAK:
        text = "contestation écrite mais peu sérieuse : provision en référé, sans urgence à prouver"
        return Procedure.INTERIM, [Reason(text=text, article=_interim_article(case))]
    if case.abroad:
        text = "débiteur domicilié hors de France : l'injonction de payer suppose un domicile en France"
        return Procedure.INTERIM, [Reason(text=text, article="1406 CPC")]
    return _after_a_refusal(case) or (Procedure.ORDER, [_UNDISPUTED])


def _after_a_refusal(case: Setting) -> tuple[Procedure, list[Reason]] | None:
    """What remains once a judge has turned a procedure down; None when none was."""
    if Procedure.INTERIM in case.refused:
        text = "provision refusée en référé, sans autorité de chose jugée au fond : le juge du fond reste ouvert"
        return Procedure.SUMMONS, [Reason(text=text, article=_interim_article(case))]
    if Procedure.ORDER in case.refused:
        text = "requête en injonction rejetée, sans recours : l'action ordinaire reste ouverte"
        return Procedure.INTERIM, [Reason(text=text, article="1409 CPC")]
    return None


_UNDISPUTED = Reason(
    text="créance contractuelle d'un montant déterminé, sans contestation connue", article="1405 et 1406 CPC"
)


def _against_public(case: Setting) -> tuple[Procedure, list[Reason]]:
    if case.disputed is Dispute.SERIOUS:
        text = "contestation sérieuse avec une personne publique : requête au fond devant le juge administratif"
        return Procedure.NONE, [Reason(text=text, article="CJA")]
    text = "personne publique : demande préalable écrite, puis référé-provision ; ni injonction ni saisie"
    return Procedure.INTERIM, [Reason(text=text, article="R541-1 CJA")]


def needs(procedure: Procedure, case: Setting) -> Needs:
    """Lawyer (761 and 853 CPC), amicable attempt (750-1 CPC), appeal by amount. Checked 2026-11-22."""
    if procedure in {Procedure.NONE, Procedure.DECLARATION}:
        return Needs(None, False, None, ())
    if case.public:
        text = "représentation par avocat et voies de recours : à confirmer"
        return Needs(None, False, None, (Reason(text=text, article="CJA"),))
    if procedure is Procedure.ORDER:
        return _needs_of_order(case)
    if procedure is Procedure.SMALL_CLAIM:
        return Needs(False, False, None, ())
    lawyer = case.court is not Court.PROTECTION and case.amount > case.figure("lawyer_threshold")
    appeal = case.amount > case.figure("last_resort_threshold")
    amicable = case.court in CIVIL and case.amount <= case.figure("amicable_threshold")
    article = "853 CPC" if case.court in COMMERCIAL - CIVIL else "761 CPC"
    reasons = [Reason(text="avocat obligatoire" if lawyer else "avocat facultatif", article=article)]
    if amicable:
        text = "tentative amiable préalable, à peine d'irrecevabilité"
        if procedure is Procedure.INTERIM:
            text += " (le texte n'exclut pas le référé : à confirmer)"
        reasons.append(Reason(text=text, article="750-1 CPC"))
    text = "jugement susceptible d'appel" if appeal else "jugement en dernier ressort : pourvoi seul"
    reasons.append(Reason(text=text, article="service-public.fr F1792 et F35125"))
    return Needs(lawyer, amicable, appeal, tuple(reasons))


def _needs_of_order(case: Setting) -> Needs:
    """Of an injonction: no lawyer, no amicable attempt, one court; the order itself is not appealed but
    opposed.
    """
    reasons = (
        Reason(text="avocat facultatif pour la requête", article="1407 CPC"),
        Reason(text="aucune tentative amiable préalable", article="Cass. 2e civ., avis 25/09/2025 n° 25-70.013"),
        Reason(text="seul le juge du domicile du débiteur, malgré toute clause contraire", article="1406 CPC"),
        *_service(case),
        Reason(text="rejet sans appel ; l'action ordinaire reste ouverte", article="1409 CPC"),
    )
    return Needs(False, False, case.amount > case.figure("last_resort_threshold"), reasons)


def _service(case: Setting) -> tuple[Reason, ...]:
    """How long an order rendered that day may wait for its service."""
    row = case.tables.at(Clock, case.as_of, name="order_service")
    if row is None:
        return ()
    text = f"ordonnance caduque si elle n'est pas signifiée dans les {row.months} mois ; opposition sous un mois"
    return (Reason(text=text, article=f"{row.article} ; 1416 CPC"),)


def alternatives(chosen: Procedure, case: Setting) -> tuple[Alternative, ...]:
    """Every other procedure of the law, open or not, and why."""
    found = []
    for procedure in (
        Procedure.ORDER,
        Procedure.SMALL_CLAIM,
        Procedure.INTERIM,
        Procedure.SUMMONS,
        Procedure.UNCONTESTED,
    ):
        if procedure is chosen:
            continue
        closed = is_closed(procedure, case)
        court = None if procedure in {Procedure.SMALL_CLAIM, Procedure.UNCONTESTED} else case.court
        because = closed or OPEN[procedure]
        found.append(Alternative(procedure=procedure, court=court, available=closed is None, because=because))
    return tuple(found)


OPEN = {
    Procedure.ORDER: "créance contractuelle d'un montant déterminé (1405 CPC)",
    Procedure.SMALL_CLAIM: "si le débiteur coopère ; frais à la charge du créancier (L125-1 CPCE)",
    Procedure.INTERIM: "obligation non sérieusement contestable (873 al. 2 et 835 al. 2 CPC)",
    Procedure.SUMMONS: "ouverte ; interrompt la prescription dès sa signification (54 CPC, 2241 C. civ.)",
    Procedure.UNCONTESTED: "créance facturée entre commerçants (L126-1 CPCE)",
}


BASIS = {
    Procedure.ORDER: "1405 à 1425 CPC",
    Procedure.SMALL_CLAIM: "L125-1 et R125-1 CPCE",
    Procedure.INTERIM: "873 al. 2 et 835 al. 2 CPC ; R541-1 CJA",
    Procedure.SUMMONS: "54 et 56 CPC",
    Procedure.UNCONTESTED: "L126-1 à L126-5 CPCE",
    Procedure.DECLARATION: "L622-24 et R622-24 C. com.",
}
"""The texts a procedure rests on."""


def is_closed(procedure: Procedure, case: Setting) -> str | None:
    """Why a procedure is closed; None when it is open."""
    if case.over_indebted:
        return f"{SUSPENDED} (L722-2 C. conso, à confirmer)"
    if case.insolvent:
        return None if procedure is Procedure.DECLARATION else "poursuites arrêtées (L622-21 C. com.)"
    if procedure in {Procedure.DECLARATION, Procedure.NONE}:
        return "aucune procédure collective n'est ouverte (L622-24 C. com.)"
    if case.barred:
        return "prescription acquise (2219 C. civ.)"
    if case.public:
        return _closed_to_public(procedure)
    if procedure in case.refused:
        return "déjà rejetée par un juge pour cette créance (1409 CPC)"
    serious = case.disputed is Dispute.SERIOUS
    match procedure:
        case Procedure.ORDER:
            return _order_closed(case)
        case Procedure.SMALL_CLAIM if case.amount > case.figure("small_claim_threshold"):
            return f"au-delà de {euros(case.figure('small_claim_threshold'))}, intérêts compris (R125-1 CPCE)"
        case Procedure.SMALL_CLAIM if case.disputed is not Dispute.NO:
            return "suppose l'accord du débiteur, qui conteste (L125-1 CPCE)"
        case Procedure.INTERIM if serious:
            return "contestation sérieuse (873 al. 2 et 835 al. 2 CPC)"
        case Procedure.UNCONTESTED:
            return _uncontested_closed(case)
    return None


def _order_closed(case: Setting) -> str | None:
    if case.abroad:
        return "débiteur domicilié hors de France (1406 CPC)"
    if case.disputed is not Dispute.NO:
        return "contestée : l'opposition est probable et renverrait à l'audience (1415 à 1420 CPC)"
    if case.pressed:
        return "n'interrompt pas la prescription avant sa signification (Cass. 1re civ. 9/09/2020 n° 19-12.006)"
    return None


def _uncontested_closed(case: Setting) -> str | None:
    if not case.between_merchants:
        return "réservée aux créances entre commerçants (L126-1 CPCE)"
    if case.disputed is not Dispute.NO:
        return "toute contestation y met fin (L126-1 à L126-5 CPCE)"
    if case.tables.at(Switch, case.as_of, name="l126") is None:
        return "décret d'application non publié : non proposée (loi 2026-307 du 23/04/2026)"
    return None


def _closed_to_public(procedure: Procedure) -> str | None:
    if procedure is Procedure.INTERIM:
        return None
    return "n'existe pas contre une personne publique ; requête au fond devant le juge administratif"
