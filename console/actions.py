"""What can be done to a case from its page, in the order people need it. Data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from console.answers import QUESTIONS, closable
from console.fields import (
    CAUSES,
    COURT,
    KINDS,
    METHODS,
    OUTCOMES,
    PROCEDURES,
    PROCEEDINGS,
    TO_THE_PERSON,
    WAYS,
    Field,
    choice,
    day,
    long,
    money,
    text,
)  # fmt: skip
from console.i18n import noted as _
from console.which import which_dispute
from ledger.accounts import Role
from rules.case import Case, StepOutcome
from rules.decision import Decision, Task
from rules.events import Noted
from rules.judicial import proceedings
from rules.law.kinds import DebtorKind

EVERYONE: Final = (Role.OPERATOR, Role.MANAGER, Role.ADMIN)
MANAGERS: Final = (Role.MANAGER, Role.ADMIN)


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


def _asked(case: Case, _decision: Decision | None) -> bool:
    return case.closed is None and case.approval is not None and case.approved is None


def _letter_asked(case: Case, decision: Decision | None) -> bool:
    return _asked(case, decision) and case.approval is not None and case.approval.route is None


def _file_asked(case: Case, decision: Decision | None) -> bool:
    return _asked(case, decision) and not _letter_asked(case, decision)


def _called(case: Case, _decision: Decision | None) -> bool:
    return case.closed is None and case.call is not None


def _paused(case: Case, decision: Decision | None) -> bool:
    return case.closed is None and decision is not None and decision.suspended is not None


def _of_unknown_kind(case: Case, _decision: Decision | None) -> bool:
    return case.closed is None and case.invoice.debtor.kind is DebtorKind.UNKNOWN


def _may_come_back(case: Case, _decision: Decision | None) -> bool:
    """A file that waits to be lodged, or a case that another holds."""
    waits = case.file is not None and proceedings(case) is None
    return case.closed is None and (waits or case.handed is not None)


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


def _doubted(case: Case, _decision: Decision | None) -> bool:
    return case.closed is None and case.doubt is not None


def _to_grant(case: Case, _decision: Decision | None) -> bool:
    return case.closed is None and any(isinstance(note, Noted) and note.asks is not None for note in case.open_notes)


def _tasked(_case: Case, decision: Decision | None) -> bool:
    return decision is not None and closable(decision.tasks) is not None


ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        "approve", "approve", _("Valider l’étape"), _("Valider l’étape"), (text("reason", _("Motif")),),
        when=_letter_asked,
    ),
    Action(
        "approve_file", "approve", _("Valider le dossier judiciaire"), _("Valider le dossier"),
        (
            Field("procedure", _("Procédure"), "select", (("", _("Celle qui est proposée")), *WAYS)),
            text("reason", _("Motif")),
        ), MANAGERS, when=_file_asked,
    ),
    Action(
        "decline", "decline", _("Refuser l’étape"), _("Refuser l’étape"),
        (long("reason", _("Motif"), required=True),), when=_asked,
    ),
    Action(
        "call_outcome", "call_outcome", _("Consigner l’appel"), _("Consigner l’appel"),
        (
            choice("outcome", _("Issue de l’appel"), *OUTCOMES, start="reached"),
            day("pay_on", _("Promet de payer le"), hint=_("Pour une promesse seulement")),
            long("note", _("Note")),
        ), when=_called,
    ),
    Action(
        "paid", "paid", _("Enregistrer un paiement"), _("Enregistrer le paiement"),
        (
            money("amount", _("Montant reçu"), required=True),
            day("received_on", _("Date de réception"), required=True, start="today"),
            choice("method", _("Moyen"), *METHODS),
            text("reference", _("Référence")),
        ),
    ),
    Action(
        "in_doubt", "task_done", _("Dire si le courrier est parti"), _("Noter ce qu’il en est"),
        (choice("outcome", _("Le courrier"), ("sent", _("est parti")), ("not_sent", _("n’est pas parti"))),),
        when=_doubted,
    ),
    Action(
        "grant", "task_done", _("Accorder ou refuser la demande"), _("Rendre la décision"),
        (choice("outcome", _("La demande est"), ("granted", _("accordée")), ("refused", _("refusée"))),),
        MANAGERS, when=_to_grant,
    ),
    Action(
        "promise", "promise", _("Noter une promesse de payer"), _("Noter la promesse"),
        (day("pay_on", _("Payera le"), required=True), money("amount", _("Montant")), long("note", _("Note"))),
    ),
    Action(
        "dispute", "dispute", _("Ouvrir un litige"), _("Ouvrir le litige"),
        (
            long("reason", _("Ce que le débiteur conteste"), required=True),
            money("amount", _("Montant contesté"), hint=_("Vide : toute la facture")),
            text("category", _("Catégorie"), hint=_("Livraison, prix, qualité…")),
        ),
    ),
    Action(
        "dispute_settled", "dispute_settled", _("Trancher le litige"), _("Trancher le litige"),
        (
            choice(
                "outcome", _("Issue"), ("rejected", _("Rejeté")), ("partial", _("Admis en partie")),
                ("accepted", _("Admis")),
            ),
            money("credit", _("Avoir accordé"), hint=_("Si le litige est admis, en tout ou partie")),
            text("answer", _("Motifs du rejet"), hint=_("Envoyés au débiteur avant toute relance")),
        ), when=_disputed,
    ),
    Action(
        "payment_plan", "payment_plan", _("Mettre en place un échéancier"), _("Accorder l’échéancier"),
        (
            Field("parts", _("Nombre de mensualités"), "number", required=True, start="3", least=2, most=24,
                  missing=_("De 2 à 24 mensualités"), wrong=_("De 2 à 24 mensualités")),
            day("first", _("Première mensualité le"), required=True),
            day("signed_on", _("Signé par le débiteur le")),
        ),
    ),
    Action(
        "debtor_replied", "debtor_replied", _("Consigner une réponse"), _("Consigner la réponse"),
        (
            choice(
                "channel", _("Canal"), ("email", _("Courriel")), ("letter", _("Lettre")), ("call", _("Téléphone"))
            ),
            long("summary", _("Ce qu’il dit"), required=True),
        ),
    ),
    Action(
        "hold", "hold", _("Suspendre"), _("Suspendre le dossier"),
        (day("until", _("Jusqu’au"), hint=_("Vide : sans date de fin")), long("reason", _("Motif"), required=True)),
    ),
    Action("resume", "resume", _("Reprendre"), _("Reprendre les relances"), (), when=_paused),
    Action(
        "letter_posted", "letter_posted", _("Courrier posté"), _("Noter l’envoi"),
        (day("posted_on", _("Posté le"), required=True, start="today"), text("tracking", _("Numéro de suivi"))),
        when=_with_letter("letter_posted"),
    ),
    Action(
        "letter_delivered", "letter_delivered", _("Courrier distribué"), _("Noter la distribution"),
        (day("delivered_on", _("Distribué le"), required=True), text("proof", _("Avis de réception"))),
        when=_with_letter("letter_delivered"),
    ),
    Action(
        "letter_returned", "letter_returned", _("Courrier revenu"), _("Noter le retour"),
        (choice("cause", _("Cause"), *CAUSES), day("presented_on", _("Présenté le"))),
        when=_with_letter("letter_returned"),
    ),
    Action(
        "contact_changed", "contact_changed", _("Corriger le contact"), _("Corriger le contact"),
        (
            text("email", _("Courriel")), text("phone", _("Téléphone")), text("street", _("Rue")),
            text("postal_code", _("Code postal")), text("city", _("Ville")),
        ),
    ),
    Action(
        "debtor_kind", "contact_changed", _("Dire ce qu’est le débiteur"), _("Enregistrer la nature"),
        (choice("debtor_kind", _("Nature du débiteur"), *KINDS),), when=_of_unknown_kind,
    ),
    Action(
        "credit_note", "credit_note", _("Enregistrer un avoir"), _("Enregistrer l’avoir"),
        (text("number", _("Numéro de l’avoir"), required=True), money("amount", _("Montant"), required=True)),
    ),
    Action(
        "task_done", "task_done", _("Classer la tâche"), _("Classer la tâche"),
        (text("outcome", _("Ce qui a été fait"), required=True),), when=_tasked,
    ),
    Action("note", "note", _("Ajouter une note"), _("Ajouter la note"), (long("note", _("Note"), required=True),),
           when=lambda _case, _decision: True),
    Action(
        "payment_reversed", "payment_reversed", _("Paiement repris par la banque"), _("Noter la reprise"),
        (money("amount", _("Montant repris"), required=True), text("reason", _("Motif"))), when=_paid,
    ),
    Action(
        "judicial_event", "judicial_event", _("Acte de procédure"), _("Noter l’acte"),
        (
            choice("event", _("Acte"), *COURT, kind="select"), day("on", _("Date"), start="today"),
            Field("procedure", _("Procédure"), "select", PROCEEDINGS),
            text("court", _("Juridiction")), text("reference", _("Référence")),
            Field("served_to_person", _("Signification"), "select", TO_THE_PERSON),
            day("hearing_on", _("Audience du")), money("costs", _("Frais de l’acte, ou accordés")),
        ), MANAGERS,
    ),
    Action(
        "recall", "recall", _("Rappeler le dossier"), _("Rappeler le dossier"), (long("reason", _("Motif")),),
        MANAGERS, when=_may_come_back,
    ),
    Action(
        "insolvency", "insolvency", _("Procédure collective"), _("Noter la procédure"),
        (
            choice("procedure", _("Procédure"), *PROCEDURES, kind="select"),
            day("opened_on", _("Ouverte le"), required=True), day("published_on", _("Publiée au BODACC le")),
            text("court", _("Tribunal")), text("representative", _("Mandataire")),
        ), MANAGERS, grave=True,
    ),
    Action(
        "settlement", "settlement", _("Transiger"), _("Proposer la transaction"),
        (money("amount", _("Montant transigé"), required=True), day("pay_by", _("À payer avant le"), required=True)),
        MANAGERS,
    ),
    Action(
        "write_off", "write_off", _("Passer en perte"), _("Passer en perte"),
        (long("reason", _("Motif"), required=True),), MANAGERS, grave=True,
    ),
    Action(
        "cancel", "cancel", _("Annuler la facture"), _("Annuler la facture"),
        (long("reason", _("Motif"), required=True),), MANAGERS, grave=True,
    ),
)  # fmt: skip


def for_case(action: Action, case: Case, task: Task | None = None) -> Action:
    """The action with what its form asks of this very case, or of a task that it says done."""
    if action.name == "task_done":
        # Of a closed case an offset asks nothing any more: its task is said done in words.
        moot = case.closed is not None and task is not None and task.kind == "offset"
        asked = None if task is None or moot else QUESTIONS.get(task.kind)
        return action if asked is None else replace(action, fields=(asked,))
    which = which_dispute(case) if action.name == "dispute_settled" else None
    return action if which is None else replace(action, fields=(which, *action.fields))


def offered(case: Case, decision: Decision | None, role: Role) -> list[Action]:
    """The actions that make sense for a case, for a role."""
    task = closable(decision.tasks) if decision is not None else None
    return [for_case(action, case, task) for action in ACTIONS if role in action.roles and action.when(case, decision)]
