"""What the ledger's codes are called on a page. French here; English in the catalogue."""

from collections.abc import Mapping
from typing import Final

from console import fields
from console.i18n import noted as _
from console.words_bank import LINES
from console.words_judicial import JUDICIAL_GROUPS, JUDICIAL_TASKS, PROCEDURES
from console.words_letters import FACETS, PROFILES, SENT, WAYS
from console.words_login import TURNED

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
FILES: Final[Mapping[str, str]] = {
    name: PROCEDURES[name] for name in ("declaration_de_creance", "releve_de_forclusion")
}
"""The steps of an insolvency, on no ladder."""
NEXT: Final[Mapping[str, str]] = {
    **STEPS,
    **FILES,
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
    "bank_data": _("Relevé bancaire attendu"),
    "debtor_held": _("Débiteur suspendu"),
    "debtor_kind": _("Nature du débiteur à dire"),
    "ne_pas_relancer": _("Aucune relance"),
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
    "bank_data": _("Importer le relevé"),
    "payment_proposed": _("Paiement à confirmer"),
    "publish_rate": _("Publier le taux"),
    "claim_accessories": _("Réclamer les accessoires"),
    "signal_refused": _("Signal refusé"),
    "act_gave_up": _("Envoi en échec"),
    "notice_failed": _("Courrier refusé"),
    "limitation": _("Prescription proche"),
    "penalty_note": _("Note de pénalités"),
    "refund": _("Trop-perçu"),
    "plan_requested": _("Échéancier demandé"),
    "probable_duplicate": _("Paiement en double ?"),
    "settlement_shaken": _("Transaction à confirmer"),
    "write_answer": _("Répondre par écrit"),
    "grant": _("À accorder"),
    "offset": _("Compensation invoquée"),
    "retention": _("Retenue invoquée"),
    "performance_date": _("Date d’exécution"),
    "factor_consent": _("Accord de l’affactureur"),
    "check_account": _("Vérifier le compte"),
    "debtor_status": _("Situation du débiteur"),
    "debtor_kind": _("Dire ce qu’est le débiteur"),
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
    "called": _("appelé"),
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
ANCHORS: Final[Mapping[str, str]] = {
    "due": _("après l’échéance"),
    "issued": _("après l’émission"),
    "month_end": _("fin du mois de l’échéance, plus"),
    "after": _("après"),
    "unanswered": _("sans réponse après"),
}
ASKED: Final[Mapping[str, str]] = {
    "pending": _("en attente"),
    "done": _("entendu"),
    "refused": _("refusé"),
    "not_sent": _("non envoyé"),
}
CHECKS: Final[Mapping[str, str]] = {
    "replay": _("L’historique se rejoue"),
    "chain": _("La chaîne d’empreintes est entière"),
    "events": _("L’historique et le grand livre disent la même chose"),
    "decisions": _("Chaque décision se retrouve"),
    "promises": _("Les promesses faites au débiteur sont tenues"),
}
LOOKS: Final[Mapping[str, str]] = {
    "case": _("dossier"),
    "debtor": _("débiteur"),
    "letter": _("courrier"),
    "export": _("export de la liste"),
    "file": _("dossier judiciaire"),
    "audit": _("vérification"),
    "chains": _("chaînes du grand livre"),
    "bank_line": _("ligne de relevé"),
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
    "statement": _("Relevé importé"),
    "recall": _("Rappel"),
    "insolvency": _("Procédure collective"),
    "settlement": _("Transaction"),
    "write_off": _("Passage en perte"),
    "cancel": _("Annulation"),
    "task_done": _("Tâche classée"),
    "waive": _("Remise"),
    "assigned": _("Cession"),
    "reassigned": _("Rétrocession"),
    "payment_announced": _("Paiement annoncé"),
    "document": _("Pièce"),
    "terms_changed": _("Échéances modifiées"),
}
ENDS: Final[Mapping[str, str]] = {
    **dict(fields.OUTCOMES),
    **STATES,
    "rejected": _("Rejeté"),
    "accepted": _("Admis"),
    "partial": _("Admis en partie"),
    "sent": _("Message envoyé"),
    "agreement": _("Accord"),
    "failure": _("Sans accord"),
}
"""How a thing ended: a call as the form offers it, but a promise or a dispute by the state of the case."""
GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    **JUDICIAL_GROUPS,
    "state": STATES,
    "step": {**STEPS, **FILES},
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
    "look": LOOKS,
    "line": LINES,
    "profile": PROFILES,
    "sent": SENT,
    "anchor": ANCHORS,
    "asked": ASKED,
    "check": CHECKS,
    "act": {**TASKS, **ACTS},
    "end": ENDS,
    "turned": TURNED,
    "facet": FACETS,
    "way": WAYS,
}

RAMP: Final = (
    "not_due", "rappel", "relance_1", "relance_2", "derniere_relance", "amicable", "formal_notice", "pre_judicial",
    "judicial", "promise", "payment_plan", "reply", "returned_letter", "dispute", "hold",
)  # fmt: skip
"""The states in the order of a ladder: pressure rising, then someone talking, then stopped."""
