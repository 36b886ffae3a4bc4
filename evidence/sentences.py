"""What each event says to a judge: one French sentence. Pure; data are cleaned, never markup."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from evidence.sentences_judicial import SENTENCES
from evidence.sentences_terms import OF_TERMS
from evidence.wording import Money, channel_name, motive, of_step, reference, short_day, step_name
from letters.typography import amount, clean, french
from rules import events as e
from rules.events_said import is_remission

LONGEST = 480
"""A free text longer than this is cut with « … »: the whole stands in the history."""

Telling = Callable[[Any, Money], str]


def sentence(event: e.Event, currency: str) -> str:
    """The event as one sentence; an event of a kind unknown here by its own name, never left out."""

    def money(value: Decimal) -> str:
        return amount(value, currency, "fr")

    told = _SENTENCES.get(type(event), _unknown)(event, money)
    if event.after_closure:
        told += ", après la clôture du dossier"
    if event.note:
        told += f"{' :' if isinstance(event, e.Noted) else '. Note :'} {clean(event.note, 4000)}"
    return french(shortened(told))


def shortened(text: str) -> str:
    """The text, cut at a word with « … » when it is too long for a row."""
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST].rsplit(" ", 1)[0] + " …"


def _by(day: date | None, words: str) -> str:
    return f", {words} {short_day(day)}" if day else ""


def _lower(step: str) -> str:
    name = step_name(step)
    return name[:1].lower() + name[1:]


def _unknown(event: e.Event, _: Money) -> str:
    return f"Événement « {clean(event.kind, 80)} »"


def _opened(event: e.CaseOpened, _: Money) -> str:
    again = "Réouverture" if event.continues else "Ouverture"
    return f"{again} du dossier de recouvrement (politique « {clean(event.policy, 80)} »)"


def _paid(event: e.PaymentReceived, money: Money) -> str:
    how = f" par {clean(event.method, 80)}" if event.method else ""
    return f"Paiement de {money(event.amount)} reçu{how}{reference(event.reference)}"


def _reversed(event: e.PaymentReversed, money: Money) -> str:
    return f"Paiement de {money(event.amount)} repris par la banque{reference(event.reference)}{motive(event.reason)}"


def _disputed(event: e.DisputeOpened, money: Money) -> str:
    what = f"à hauteur de {money(event.amount)}" if event.amount is not None else "pour le tout"
    form = " par écrit" if event.written else ""
    by = f" ({clean(event.channel, 40)})" if event.channel else ""
    on = f", lignes {clean(', '.join(event.lines), 80)}" if event.lines else ""
    return f"Contestation du débiteur{form}{by} {what}{on}{motive(event.category, 'catégorie')}{motive(event.reason)}"


def _settled(event: e.DisputeSettled, money: Money) -> str:
    outcome = {"rejected": "rejetée", "accepted": "acceptée", "partial": "acceptée en partie"}[event.outcome]
    given = f", {money(event.credit)} abandonnés" if event.credit is not None else ""
    return f"Contestation {outcome} par le créancier{given}"


def _credited(event: e.CreditNoted, money: Money) -> str:
    if is_remission(event.number):
        return f"Remise de {money(event.amount)} consentie par le créancier"
    return f"Avoir n° {clean(event.number, 120)} de {money(event.amount)}"


def _planned(event: e.PlanAgreed, money: Money) -> str:
    parts = " ; ".join(f"{money(part.amount)} le {short_day(part.due_on)}" for part in event.instalments[:6])
    more = " ; …" if len(event.instalments) > 6 else ""
    count = len(event.instalments)
    signed = f", signé par {clean(event.signed_by, 120)}" if event.signed_by else ""
    plural = "s" if count > 1 else ""
    return f"Échéancier convenu en {count} échéance{plural}{_by(event.signed_on, 'signé le')}{signed} : {parts}{more}"


def _promised(event: e.PromiseMade, money: Money) -> str:
    what = "Paiement annoncé" if event.announced else "Promesse de paiement"
    sum_ = f" de {money(event.amount)}" if event.amount is not None else ""
    return f"{what}{sum_} pour le {short_day(event.pay_on)}"


def _replied(event: e.DebtorReplied, _: Money) -> str:
    way = f" par {channel_name(event.channel)}" if event.channel else ""
    return f"Réponse du débiteur{way}{motive(event.summary, 'en substance')}"


def _returned(event: e.LetterReturned, _: Money) -> str:
    cause = RETURNS.get(event.cause, clean(event.cause, 80))
    return f"Retour {of_step(event.step)} : {cause}{_by(event.presented_on, 'présentée le')}"


RETURNS = {
    "unclaimed": "pli avisé et non réclamé",
    "refused": "pli refusé par le destinataire",
    "unknown_address": "destinataire inconnu à l’adresse",
    "incomplete_address": "adresse incomplète",
    "deceased": "destinataire décédé",
}


def _moved(event: e.ContactChanged, _: Money) -> str:
    changed = {"email": "courriel", "phone": "téléphone", "address": "adresse", "language": "langue"}
    names = [word for field, word in changed.items() if getattr(event, field) is not None]
    return f"Coordonnées du débiteur modifiées ({', '.join(names)})"


def _insolvent(event: e.InsolvencyOpened, _: Money) -> str:
    name = PROCEEDINGS.get(event.procedure, clean(event.procedure, 80))
    court = f", {clean(event.court, 120)}" if event.court else ""
    days = _by(event.published_on, "publiée le") + _by(event.declare_by, "à déclarer au plus tard le")
    return f"Ouverture d’une procédure collective ({name}){court}{days}"


PROCEEDINGS = {
    "safeguard": "sauvegarde",
    "reorganisation": "redressement judiciaire",
    "liquidation": "liquidation judiciaire",
    "consumer_over_indebtedness": "surendettement",
}


def _waived(event: e.AccessoriesWaived, money: Money) -> str:
    parts = [
        f"{words} {money(value)}"
        for words, value in (
            ("intérêts", event.interest),
            ("indemnité", event.indemnity),
            ("reliquat", event.remainder),
        )
        if value
    ]
    return f"Abandon par le créancier : {', '.join(parts) or 'néant'}"


def _sent(event: e.NoticeSent, money: Money) -> str:
    copies = f", copie par {', '.join(channel_name(copy) for copy in event.copies)}" if event.copies else ""
    crossed = ", croisée avec un règlement" if event.crossed else ""
    claimed = f"{money(event.claim)} réclamés"
    if event.claim != event.principal:
        claimed += f" dont {money(event.principal)} de principal"
    return f"{step_name(event.step)} par {channel_name(event.channel)}{copies}, {claimed}{crossed}"


def _judicial(event: e.JudicialEventNoted, _: Money) -> str:
    name = JUDICIAL.get(event.event, clean(event.event, 80))
    court = f", {clean(event.court, 120)}" if event.court else ""
    return f"Procédure : {name}{court}{reference(event.reference, 'n°')}{_by(event.hearing_on, 'audience du')}"


JUDICIAL = {
    "filed": "requête ou acte déposé",
    "ordered": "décision rendue",
    "served": "signification",
    "opposed": "opposition du débiteur",
    "enforceable": "décision exécutoire",
    "rejected": "demande rejetée",
    "paid": "paiement en exécution de la décision",
    "hearing": "audience",
    "withdrawn": "désistement",
    "lapsed": "caducité",
    "not_opposed": "certificat de non-opposition",
    "appealed": "appel",
}


def _noted(event: e.Noted, _: Money) -> str:
    return NOTES.get(event.what, f"Information « {clean(event.what, 80)} »")


NOTES = {
    "plan_requested": "Demande d’échéancier par le débiteur",
    "settlement": "Proposition de transaction",
    "terms_changed": "Modification des échéances",
    "debtor_status": "Changement de la situation du débiteur",
    "offset": "Compensation invoquée",
    "retention": "Retenue de garantie invoquée",
    "document": "Pièce versée au dossier",
    "assigned": "Cession de la créance",
    "reassigned": "Créance rétrocédée au créancier",
    "note": "Note au dossier",
    "owner": "Changement de gestionnaire",
}


def _closed(event: e.CaseClosed, _: Money) -> str:
    outcome = OUTCOMES.get(event.outcome, clean(event.outcome, 80))
    return f"Clôture du dossier : {outcome}{motive(event.because)}"


OUTCOMES = {
    "paid": "payé",
    "credited": "soldé par avoir",
    "settled": "transaction",
    "written_off": "passé en perte",
    "insolvency": "procédure collective",
    "time_barred": "prescription",
    "cancelled": "facture annulée",
    "assigned": "créance cédée",
}


def _posted(event: e.LetterPosted, _: Money) -> str:
    return f"Dépôt {of_step(event.step)} à la poste{reference(event.tracking, 'n° de suivi')}"


def _delivered(event: e.LetterDelivered, _: Money) -> str:
    return f"Distribution {of_step(event.step)} au destinataire{reference(event.tracking, 'n° de suivi')}"


_CALLS = {
    "promise": "Appel : le débiteur a promis de payer",
    "payment_announced": "Appel : le débiteur a annoncé un paiement",
    "dispute": "Appel : le débiteur a contesté la créance",
    "reached": "Appel : le débiteur a été joint, sans engagement",
    "message_left": "Appel : message laissé sur répondeur",
    "sent": "SMS envoyé au débiteur",
    "no_answer": "Appel resté sans réponse",
    "wrong_number": "Appel : le numéro n’est pas celui du débiteur",
}

_CONTACTS = {"email": "les courriels", "letter": "les lettres simples", "call": "les appels"}
_SENTENCES: dict[type[e.Event], Telling] = {
    e.CaseOpened: _opened,
    e.PaymentReceived: _paid,
    e.PaymentReversed: _reversed,
    e.CreditNoted: _credited,
    e.DisputeOpened: _disputed,
    e.DisputeSettled: _settled,
    e.PlanAgreed: _planned,
    e.PlanMissed: lambda x, money: f"Échéance du plan du {short_day(x.due_on)} impayée : il manque {money(x.missing)}",
    e.PlanBroken: lambda x, _: f"Échéancier rompu{motive(x.because)}",
    e.PlanCaughtUp: lambda *_: "Échéancier régularisé",
    e.PromiseMade: _promised,
    e.PromiseBroken: lambda x, _: f"Promesse de paiement du {short_day(x.pay_on)} non tenue",
    e.HoldPlaced: lambda x, _: f"Suspension du recouvrement{_by(x.until, 'jusqu’au')}{motive(x.reason)}",
    e.HoldLifted: lambda *_: "Reprise du recouvrement",
    e.DebtorReplied: _replied,
    e.ReplyEscalated: lambda *_: "Réponse du débiteur non traitée dans le délai, signalée à un responsable",
    e.LetterPosted: _posted,
    e.LetterDelivered: _delivered,
    e.LetterReturned: _returned,
    e.NoticeBounced: lambda x, _: (
        f"Courriel non remis{motive(x.address, 'adresse')}{motive(x.diagnostic, 'diagnostic')}"
    ),
    e.ContactChanged: _moved,
    e.ContactDeferred: lambda x, _: f"Contact reporté au {short_day(x.until)}, {_lower(x.step)}{motive(x.because)}",
    e.ContactRefused: lambda x, _: (
        f"Le débiteur {'accepte à nouveau' if x.lifted else 'refuse'} {_CONTACTS.get(x.channel, 'ce canal')}"
    ),
    e.ApprovalRequested: lambda x, _: f"Demande de validation {of_step(x.step)}",
    e.ApprovalLapsed: lambda x, _: f"Demande de validation caduque, {_lower(x.step)}{motive(x.because)}",
    e.StepApproved: lambda x, _: f"Validation {of_step(x.step)}{motive(x.reason)}",
    e.StepDeclined: lambda x, _: f"Refus de validation {of_step(x.step)}{motive(x.reason)}",
    e.InsolvencyOpened: _insolvent,
    e.AccessoriesWaived: _waived,
    e.RungSkipped: lambda x, _: f"Étape omise, {_lower(x.step)}{motive(x.because)}",
    e.CallRequested: lambda x, _: "SMS à envoyer" if x.channel == "sms" else "Appel téléphonique à faire",
    e.CallEnded: lambda x, _: _CALLS.get(x.outcome, "Appel terminé"),
    e.CallLapsed: lambda *_: "Appel téléphonique non fait dans le délai",
    e.NoticeSent: _sent,
    e.NoticeFailed: lambda x, _: f"Échec de l’envoi {of_step(x.step)} par {channel_name(x.channel)}{motive(x.because)}",
    e.NoticeInDoubt: lambda x, _: f"Sort inconnu {of_step(x.step)} par {channel_name(x.channel)}, à vérifier",
    e.ActGaveUp: lambda x, _: f"Étape reportée, {_lower(x.step)}{motive(x.because)}",
    e.FilePrepared: lambda x, _: f"Préparation {of_step(x.step)}",
    e.LetterWithdrawn: lambda x, _: f"Retrait {of_step(x.step)}{motive(x.because)}",
    e.DeliveryOverdue: lambda x, _: f"Aucune nouvelle de la distribution {of_step(x.step)}",
    e.LimitationNear: lambda x, _: f"Alerte de prescription, dernier jour utile le {short_day(x.last_day)}",
    e.PassageOpened: lambda x, _: f"Nouveau cycle de relances, échéance du {short_day(x.due_on)}",
    e.JudicialEventNoted: _judicial,
    e.PolicyAdopted: lambda x, _: f"Politique « {clean(x.policy, 80)} » adoptée",
    e.Noted: _noted,
    e.TaskClosed: lambda x, _: f"Tâche terminée{motive(x.outcome, 'issue')}",
    e.SignalRefused: lambda x, _: f"Message « {clean(x.name, 80)} » refusé{motive(x.reason)}",
    e.CaseClosed: _closed,
    **SENTENCES,
    **OF_TERMS,
}
