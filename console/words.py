"""What the ledger's codes are called on a page. French here; English in the catalogue."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from console.fields import OUTCOMES as OUTCOMES_OF_CALLS
from console.i18n import noted as _
from console.words_judicial import COURT, CRITERIA, JUDGES, JUDICIAL_TASKS, LACKS, PROCEDURES

Translate = Callable[[str], str]

STEPS: Final[Mapping[str, str]] = {
    "rappel": _("Rappel avant échéance"),
    "relance_1": _("Relance 1"),
    "relance_2": _("Relance 2"),
    "relance_3": _("Relance 3"),
    "appel": _("Appel"),
    "derniere_relance": _("Dernière relance"),
    "mise_en_demeure": _("Mise en demeure"),
    "dossier_judiciaire": _("Dossier judiciaire"),
    "releve": _("Relevé de compte"),
    "plan_reminder": _("Rappel d’échéancier"),
    "plan_missed": _("Échéance manquée"),
}
STATES: Final[Mapping[str, str]] = {
    **STEPS,
    "not_due": _("Avant échéance"),
    "amicable": _("Amiable"),
    "formal_notice": _("Mise en demeure"),
    "pre_judicial": _("Pré-judiciaire"),
    "judicial": _("Contentieux"),
    "closed": _("Clos"),
    "dispute": _("Litige"),
    "payment_plan": _("Échéancier"),
    "promise": _("Promesse"),
    "hold": _("Suspendu"),
    "reply": _("Réponse à lire"),
    "returned_letter": _("Courrier revenu"),
    "paid": _("Soldé"),
    "credited": _("Annulé par avoir"),
    "settled": _("Transigé"),
    "written_off": _("Passé en perte"),
    "insolvency": _("Procédure collective"),
    "time_barred": _("Prescrit"),
    "cancelled": _("Annulé"),
    "assigned": _("Cédé"),
}
NEXT: Final[Mapping[str, str]] = {
    **STEPS,
    "wait": _("Attente"),
    "close": _("Clôture"),
    "contact": _("Trouver un contact"),
    "rate": _("Taux à publier"),
    "ladder_ended": _("Décider de la suite"),
    "no_mise_en_demeure": _("Décider de la suite"),
    "reopened": _("Décider de la suite"),
    "accessories": _("Réclamer les accessoires"),
    "dispute": _("Réponse au litige"),
    "payment_plan": _("Échéance de l’échéancier"),
    "promise": _("Fin de la promesse"),
    "hold": _("Fin de suspension"),
    "reply": _("Lire la réponse"),
    "returned_letter": _("Vérifier l’adresse"),
    "declined": _("Décider de la suite"),
    "insolvency": _("Déclarer la créance"),
    "in_doubt": _("Vérifier l’envoi"),
    "judicial": _("Suivre la procédure"),
    "court": _("Suivre la procédure"),
    "approval": _("Validation attendue"),
    "lodge": _("Déposer le dossier"),
    "post_letter": _("Courrier à poster"),
    "delivery_news": _("Distribution attendue"),
    "debtor_held": _("Débiteur suspendu"),
}
TASKS: Final[Mapping[str, str]] = {
    **JUDICIAL_TASKS,
    "call": _("Appeler"),
    "approve": _("Valider"),
    "post_letter": _("Poster"),
    "delivery_news": _("Interroger la poste"),
    "check_address": _("Vérifier l’adresse"),
    "answer_dispute": _("Répondre au litige"),
    "code_reply": _("Qualifier la réponse"),
    "decide": _("Décider"),
    "plan_missed": _("Échéance manquée"),
    "plan_broken": _("Échéancier rompu"),
    "review_hold": _("Revoir la suspension"),
    "in_doubt": _("Vérifier l’envoi"),
    "find_contact": _("Trouver un contact"),
    "fix_contact": _("Corriger le contact"),
    "publish_rate": _("Publier le taux"),
    "claim_accessories": _("Réclamer les accessoires"),
    "signal_refused": _("Signal refusé"),
    "act_gave_up": _("Envoi en échec"),
    "notice_failed": _("Courrier refusé"),
    "limitation": _("Prescription proche"),
    "penalty_note": _("Note de pénalités"),
    "refund": _("Trop-perçu"),
    "plan_requested": _("Échéancier demandé"),
    "debtor_status": _("Situation du débiteur"),
    "sms": _("Envoyer un message"),
    "fix_phone": _("Corriger le numéro"),
}
CHANNELS: Final[Mapping[str, str]] = {
    "email": _("Courriel"),
    "letter": _("Lettre simple"),
    "registered_letter": _("Lettre recommandée"),
    "call": _("Appel"),
    "sms": _("Message téléphonique"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "sent": _("envoyé"),
    "in_tray": _("à poster"),
    "posted": _("posté"),
    "delivered": _("distribué"),
    "returned": _("revenu"),
    "skipped": _("passé"),
    "call": _("à appeler"),
    "lapsed": _("périmé"),
    "failed": _("échoué"),
    "in_doubt": _("incertain"),
    "prepared": _("préparé"),
    "sending": _("en cours d’envoi"),
}
KINDS: Final[Mapping[str, str]] = {
    "business": _("Professionnel"),
    "consumer": _("Consommateur"),
    "public_body": _("Personne publique"),
    "unknown": _("Nature inconnue"),
}
ROLES: Final[Mapping[str, str]] = {
    "operator": _("Gestionnaire"),
    "manager": _("Responsable"),
    "auditor": _("Auditeur"),
    "admin": _("Administrateur"),
}
DOORS: Final[Mapping[str, str]] = {
    "signal": _("signal"),
    "update": _("console ou commande"),
    "command": _("commande"),
    "file": _("import"),
    "api": _("API"),
    "console": _("console"),
    "preview": _("simulation"),
}
CAUSES: Final[Mapping[str, str]] = {
    "unclaimed": _("non réclamé"),
    "refused": _("refusé"),
    "unknown_address": _("destinataire inconnu à l’adresse"),
    "incomplete_address": _("adresse incomplète"),
    "deceased": _("destinataire décédé"),
}
AGES: Final[Mapping[str, str]] = {
    "not_due": _("Non échu"),
    "1": _("1–30 j"),
    "31": _("31–60 j"),
    "61": _("61–90 j"),
    "91": _("> 90 j"),
}
VIEWS: Final[Mapping[str, str]] = {
    "open": _("Ouverts"),
    "todo": _("À traiter"),
    "promise": _("Promesses"),
    "dispute": _("Litiges"),
    "old": _("> 90 jours"),
    "stuck": _("Sans prochaine action"),
    "closed": _("Clos"),
    "all": _("Tous"),
}
PROFILES: Final[Mapping[str, str]] = {
    "fidele": _("Fidèle"),
    "standard": _("Ordinaire"),
    "retardataire": _("Retardataire"),
    "sensible": _("Particulier"),
    "public": _("Personne publique"),
}
SENT: Final[Mapping[str, str]] = {
    "sending": _("En cours d’envoi"),
    "sent": _("Parti"),
    "failed": _("Refusé"),
    "in_doubt": _("Incertain"),
}
LOOKS: Final[Mapping[str, str]] = {
    "case": _("dossier"),
    "debtor": _("débiteur"),
    "letter": _("courrier"),
    "export": _("export de la liste"),
    "file": _("dossier judiciaire"),
}
ACTS: Final[Mapping[str, str]] = {
    "paid": _("Paiement"),
    "promise": _("Promesse"),
    "dispute": _("Litige"),
    "dispute_settled": _("Litige tranché"),
    "payment_plan": _("Échéancier"),
    "debtor_replied": _("Réponse du débiteur"),
    "hold": _("Suspension"),
    "resume": _("Reprise des relances"),
    "approve": _("Validation"),
    "decline": _("Refus"),
    "call_outcome": _("Appel consigné"),
    "letter_posted": _("Courrier posté"),
    "letter_delivered": _("Courrier distribué"),
    "letter_returned": _("Courrier revenu"),
    "contact_changed": _("Contact modifié"),
    "credit_note": _("Avoir"),
    "note": _("Note"),
    "payment_reversed": _("Paiement repris par la banque"),
    "judicial_event": _("Acte de procédure"),
    "insolvency": _("Procédure collective"),
    "settlement": _("Transaction"),
    "write_off": _("Passage en perte"),
    "cancel": _("Annulation"),
    "task_done": _("Tâche classée"),
}
ENDS: Final[Mapping[str, str]] = {
    **STATES,
    "rejected": _("Rejeté"),
    "accepted": _("Admis"),
    "partial": _("Admis en partie"),
    "payment_announced": _("Paiement annoncé"),
    "reached": _("Joint, rien de convenu"),
    "message_left": _("Message laissé"),
    "sent": _("Message envoyé"),
    "no_answer": _("Sans réponse"),
    "wrong_number": _("Faux numéro"),
}
GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "state": STATES,
    "step": STEPS,
    "next": NEXT,
    "task": TASKS,
    "channel": CHANNELS,
    "outcome": OUTCOMES,
    "kind": KINDS,
    "role": ROLES,
    "door": DOORS,
    "cause": CAUSES,
    "age": AGES,
    "view": VIEWS,
    "court": COURT,
    "look": LOOKS,
    "procedure": PROCEDURES,
    "judge": JUDGES,
    "criterion": CRITERIA,
    "lack": LACKS,
    "profile": PROFILES,
    "sent": SENT,
    "act": ACTS,
    "end": ENDS,
}

RAMP: Final = (
    "not_due", "rappel", "relance_1", "relance_2", "derniere_relance", "amicable", "formal_notice", "pre_judicial",
    "judicial", "promise", "payment_plan", "reply", "returned_letter", "dispute", "hold",
)  # fmt: skip
"""The states in the order of a ladder: pressure rising, then someone talking, then stopped."""

_SAID: Final[Mapping[str, str]] = {**CAUSES, **ACTS, **STEPS}
_CODES: Final = re.compile(
    r"\b("
    + "|".join(sorted({*STEPS, *(code for code in _SAID if "_" in code), "approve", "decline"}, key=len)[::-1])
    + r")\b"
)

_ASIDES: Final[Mapping[str, str]] = {**COURT, "operator": ROLES["operator"], "manager": ROLES["manager"]}
_ASIDE: Final = re.compile(r"\((" + "|".join(_ASIDES) + r")\)")
_ANSWERS: Final[Mapping[str, str]] = {**dict(OUTCOMES_OF_CALLS), "plan_requested": TASKS["plan_requested"]}
_ANSWER: Final = re.compile(r"(Code\s?: |\b)(" + "|".join(_ANSWERS) + r")\b(?=[.,]|$)")


def word(translate: Translate, group: str, code: str | None) -> str:
    """What a code is called; a code of one's own (a policy's step) is shown as it is, without underscores."""
    if code is None:
        return "—"
    known = GROUPS[group].get(code) or (ACTS.get(code) if group == "task" else None)
    if known is not None:
        return translate(known)
    kind, day = _of_plan(code)
    if day is not None:
        return f"{translate(STEPS[kind])} ({day[6:]}/{day[4:6]})"
    return code.replace("_", " ").capitalize()


_PLAN_LETTER: Final = re.compile(r"(plan_missed|plan_reminder)_(\d{8})$")


def _of_plan(code: str) -> tuple[str, str | None]:
    """A letter of a payment plan names its instalment: its kind and the day."""
    found = _PLAN_LETTER.match(code)
    return (found[1], found[2]) if found else (code, None)


def kind_of(code: str) -> str:
    """A code without the day of an instalment: what colours and sums go by."""
    return _of_plan(code)[0]


def with_step_names(translate: Translate, sentence: str) -> str:
    """A sentence of the rules with the steps' names in it."""
    named = _CODES.sub(lambda found: f"« {translate(_SAID[found[1]]).lower()} »", sentence)
    return _ASIDE.sub(lambda found: f"({translate(_ASIDES[found[1]]).lower()})", named)


def with_outcome_names(translate: Translate, line: str) -> str:
    """A line of a call's script with the names of the answers in place of their codes."""
    return _ANSWER.sub(lambda found: f"{found[1]}« {translate(_ANSWERS[found[2]]).lower()} »", line)
