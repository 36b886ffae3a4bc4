"""What can be done to a case from its page, in the order people need it. Data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from console.i18n import noted as _
from ledger.accounts import Role
from rules.case import Case, StepOutcome
from rules.decision import Decision

EVERYONE: Final = (Role.OPERATOR, Role.MANAGER, Role.ADMIN)
MANAGERS: Final = (Role.MANAGER, Role.ADMIN)
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Field:
    """A field. ``kind``: money, date, number, text, long, select or radio; ``start``: today, principal or a value."""

    name: str
    label: str
    kind: str = "text"
    options: Options = ()
    hint: str = ""
    required: bool = False
    start: str = ""
    missing: str = ""
    wrong: str = ""
    least: int = 1
    most: int = 60


@dataclass(frozen=True)
class Action:
    """Something to say to a case. ``kind``: the signal; ``when``: whether it makes sense for the case now."""

    name: str
    kind: str
    title: str
    button: str
    fields: tuple[Field, ...]
    roles: tuple[Role, ...] = EVERYONE
    when: Callable[[Case, Decision | None], bool] = lambda case, _: case.closed is None
    grave: bool = False


def _money(name: str, label: str, *, required: bool = False, hint: str = "", start: str = "") -> Field:
    wrong = _("Saisissez un montant, par exemple 1 234,56")
    return Field(
        name, label, "money", required=required, hint=hint or _("Exemple : 1 234,56"), start=start, missing=wrong,
        wrong=wrong,
    )  # fmt: skip


def _date(name: str, label: str, *, required: bool = False, start: str = "", hint: str = "") -> Field:
    wrong = _("Saisissez une date, jour, mois et année")
    return Field(name, label, "date", required=required, start=start, missing=wrong, wrong=wrong, hint=hint)


def _choice(name: str, label: str, *options: tuple[str, str], kind: str = "radio", start: str = "") -> Field:
    wrong = _("Choisissez une réponse")
    return Field(name, label, kind, options, required=True, start=start or options[0][0], missing=wrong, wrong=wrong)


def _long(name: str, label: str, *, required: bool = False) -> Field:
    return Field(name, label, "long", required=required, missing=_("Écrivez quelques mots"))


def _text(name: str, label: str, *, required: bool = False, hint: str = "") -> Field:
    return Field(name, label, required=required, hint=hint, missing=_("Remplissez ce champ"))


_METHODS = (("virement", _("Virement")), ("chèque", _("Chèque")), ("carte", _("Carte")), ("espèces", _("Espèces")))
_OUTCOMES = (
    ("promise", _("Promesse de payer")), ("payment_announced", _("Paiement annoncé")), ("dispute", _("Conteste")),
    ("reached", _("Joint, rien de convenu")), ("message_left", _("Message laissé")), ("no_answer", _("Sans réponse")),
    ("wrong_number", _("Faux numéro")),
)  # fmt: skip
_COURT = (
    ("filed", _("Déposé")), ("ordered", _("Ordonnance rendue")), ("served", _("Signifié")),
    ("opposed", _("Opposition formée")), ("not_opposed", _("Sans opposition")), ("enforceable", _("Exécutoire")),
    ("hearing", _("Audience fixée")), ("rejected", _("Rejeté")), ("withdrawn", _("Désistement")),
    ("paid", _("Payé")),
)  # fmt: skip
_CAUSES = (
    ("unclaimed", _("Non réclamé")), ("refused", _("Refusé")), ("unknown_address", _("Inconnu à l’adresse")),
    ("incomplete_address", _("Adresse incomplète")), ("deceased", _("Décédé")),
)  # fmt: skip
_PROCEDURES = (
    ("safeguard", _("Sauvegarde")), ("reorganisation", _("Redressement")), ("liquidation", _("Liquidation")),
    ("consumer_over_indebtedness", _("Surendettement")),
)  # fmt: skip


def _asked(case: Case, _decision: Decision | None) -> bool:
    return case.closed is None and case.approval is not None and case.approved is None


def _called(case: Case, _decision: Decision | None) -> bool:
    return case.closed is None and case.call is not None


def _paused(case: Case, decision: Decision | None) -> bool:
    return case.closed is None and decision is not None and decision.suspended is not None


def _disputed(case: Case, _decision: Decision | None) -> bool:
    return case.closed is None and bool(case.disputes)


ON_THEIR_WAY: Final[Mapping[str, tuple[StepOutcome, ...]]] = {
    "letter_posted": (StepOutcome.IN_TRAY,),
    "letter_delivered": (StepOutcome.IN_TRAY, StepOutcome.POSTED),
    "letter_returned": (StepOutcome.IN_TRAY, StepOutcome.POSTED),
}
"""Which registered letters an action of the post may speak of."""


def _with_letter(action: str) -> Callable[[Case, Decision | None], bool]:
    known = ON_THEIR_WAY[action]
    return lambda case, _: any(s.outcome in known and s.channel == "registered_letter" for s in case.steps)


def _paid(case: Case, _decision: Decision | None) -> bool:
    return bool(case.payments)


ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        "approve", "approve", _("Valider l’étape"), _("Valider l’étape"), (_text("reason", _("Motif")),), when=_asked
    ),
    Action(
        "decline", "decline", _("Refuser l’étape"), _("Refuser l’étape"),
        (_long("reason", _("Motif"), required=True),), when=_asked,
    ),
    Action(
        "call_outcome", "call_outcome", _("Consigner l’appel"), _("Consigner l’appel"),
        (
            _choice("outcome", _("Issue de l’appel"), *_OUTCOMES, start="reached"),
            _date("pay_on", _("Promet de payer le"), hint=_("Pour une promesse seulement")),
            _long("note", _("Note")),
        ), when=_called,
    ),
    Action(
        "paid", "paid", _("Enregistrer un paiement"), _("Enregistrer le paiement"),
        (
            _money("amount", _("Montant reçu"), required=True),
            _date("received_on", _("Date de réception"), required=True, start="today"),
            _choice("method", _("Moyen"), *_METHODS),
            _text("reference", _("Référence")),
        ),
    ),
    Action(
        "promise", "promise", _("Noter une promesse de payer"), _("Noter la promesse"),
        (_date("pay_on", _("Payera le"), required=True), _money("amount", _("Montant")), _long("note", _("Note"))),
    ),
    Action(
        "dispute", "dispute", _("Ouvrir un litige"), _("Ouvrir le litige"),
        (
            _long("reason", _("Ce que le débiteur conteste"), required=True),
            _money("amount", _("Montant contesté"), hint=_("Vide : toute la facture")),
            _text("category", _("Catégorie"), hint=_("Livraison, prix, qualité…")),
        ),
    ),
    Action(
        "dispute_settled", "dispute_settled", _("Trancher le litige"), _("Trancher le litige"),
        (
            _choice(
                "outcome", _("Issue"), ("rejected", _("Rejeté")), ("partial", _("Admis en partie")),
                ("accepted", _("Admis")),
            ),
            _money("credit", _("Avoir accordé"), hint=_("Si le litige est admis, en tout ou partie")),
        ), when=_disputed,
    ),
    Action(
        "payment_plan", "payment_plan", _("Mettre en place un échéancier"), _("Accorder l’échéancier"),
        (
            Field("parts", _("Nombre de mensualités"), "number", required=True, start="3", least=2, most=24,
                  missing=_("De 2 à 24"), wrong=_("De 2 à 24")),
            _date("first", _("Première mensualité le"), required=True),
            _date("signed_on", _("Signé par le débiteur le")),
        ),
    ),
    Action(
        "debtor_replied", "debtor_replied", _("Consigner une réponse"), _("Consigner la réponse"),
        (
            _choice(
                "channel", _("Canal"), ("email", _("Courriel")), ("letter", _("Lettre")), ("call", _("Téléphone"))
            ),
            _long("summary", _("Ce qu’il dit"), required=True),
        ),
    ),
    Action(
        "hold", "hold", _("Suspendre"), _("Suspendre le dossier"),
        (_date("until", _("Jusqu’au"), hint=_("Vide : sans date de fin")), _long("reason", _("Motif"), required=True)),
    ),
    Action("resume", "resume", _("Reprendre"), _("Reprendre les relances"), (), when=_paused),
    Action(
        "letter_posted", "letter_posted", _("Courrier posté"), _("Noter l’envoi"),
        (_date("posted_on", _("Posté le"), required=True, start="today"), _text("tracking", _("Numéro de suivi"))),
        when=_with_letter("letter_posted"),
    ),
    Action(
        "letter_delivered", "letter_delivered", _("Courrier distribué"), _("Noter la distribution"),
        (_date("delivered_on", _("Distribué le"), required=True), _text("proof", _("Avis de réception"))),
        when=_with_letter("letter_delivered"),
    ),
    Action(
        "letter_returned", "letter_returned", _("Courrier revenu"), _("Noter le retour"),
        (_choice("cause", _("Cause"), *_CAUSES), _date("presented_on", _("Présenté le"))),
        when=_with_letter("letter_returned"),
    ),
    Action(
        "contact_changed", "contact_changed", _("Corriger le contact"), _("Corriger le contact"),
        (
            _text("email", _("Courriel")), _text("phone", _("Téléphone")), _text("street", _("Rue")),
            _text("postal_code", _("Code postal")), _text("city", _("Ville")),
        ),
    ),
    Action(
        "credit_note", "credit_note", _("Enregistrer un avoir"), _("Enregistrer l’avoir"),
        (_text("number", _("Numéro de l’avoir"), required=True), _money("amount", _("Montant"), required=True)),
    ),
    Action("note", "note", _("Ajouter une note"), _("Ajouter la note"), (_long("note", _("Note"), required=True),),
           when=lambda _case, _decision: True),
    Action(
        "payment_reversed", "payment_reversed", _("Paiement repris par la banque"), _("Noter la reprise"),
        (_money("amount", _("Montant repris"), required=True), _text("reason", _("Motif"))), when=_paid,
    ),
    Action(
        "judicial_event", "judicial_event", _("Acte de procédure"), _("Noter l’acte"),
        (
            _choice("event", _("Acte"), *_COURT, kind="select"), _date("on", _("Date"), start="today"),
            _text("court", _("Juridiction")), _text("reference", _("Référence")),
            _date("hearing_on", _("Audience du")),
        ), MANAGERS,
    ),
    Action(
        "insolvency", "insolvency", _("Procédure collective"), _("Noter la procédure"),
        (
            _choice("procedure", _("Procédure"), *_PROCEDURES, kind="select"),
            _date("opened_on", _("Ouverte le"), required=True), _date("published_on", _("Publiée au BODACC le")),
            _text("court", _("Tribunal")), _text("representative", _("Mandataire")),
        ), MANAGERS, grave=True,
    ),
    Action(
        "settlement", "settlement", _("Transiger"), _("Proposer la transaction"),
        (_money("amount", _("Montant transigé"), required=True), _date("pay_by", _("À payer avant le"), required=True)),
        MANAGERS,
    ),
    Action(
        "write_off", "write_off", _("Passer en perte"), _("Passer en perte"),
        (_long("reason", _("Motif"), required=True),), MANAGERS, grave=True,
    ),
    Action(
        "cancel", "cancel", _("Annuler la facture"), _("Annuler la facture"),
        (_long("reason", _("Motif"), required=True),), MANAGERS, grave=True,
    ),
)  # fmt: skip


def offered(case: Case, decision: Decision | None, role: Role) -> list[Action]:
    """The actions that make sense for a case, for a role."""
    return [action for action in ACTIONS if role in action.roles and action.when(case, decision)]
