"""A case's events as a person reads them: the newest first, what happened, who said it, what it changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from console.formats import PARIS
from console.i18n import noted as _
from rules import events as e
from rules.case import Case
from rules.events import Event


@dataclass(frozen=True)
class Item:
    """A line of the chronology. ``mark``: decision, letter, payment, signal, court; ``quiet``: of little interest;
    ``reason``: a sentence of the rules; ``note``: the words of a person, or of a machine that refused;
    ``refusal``: what the rules refused, in English."""

    mark: str
    title: str
    on: date
    at: datetime
    amount: Decimal | None = None
    tone: str = ""
    details: tuple[tuple[str, Any], ...] = ()
    reason: str | None = None
    note: str | None = None
    refusal: str | None = None
    who: str | None = None
    door: str | None = None
    step: str | None = None
    letter: tuple[str, int] | None = None
    position: int = 0
    quiet: bool = False


@dataclass(frozen=True)
class _Telling:
    """How a kind of event is told: its mark, its title, and which of its fields are shown under which name, which one
    is a sentence of the rules, and which one is said in somebody's words."""

    mark: str
    title: str
    tone: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    reason: str | None = None
    note: str = "note"
    refusal: str | None = None
    quiet: bool = False


def _t(mark: str, title: str, *fields: tuple[str, str], **more: Any) -> _Telling:
    return _Telling(mark, title, fields=fields, **more)


_STEP, _DUE = ("step", _("Étape")), ("due_on", _("Échéance"))
_REASON, _UNTIL = ("reason", _("Motif")), ("until", _("Jusqu’au"))
_CHANNEL, _REFERENCE = ("channel", _("Canal")), ("reference", _("Référence"))
_CLOCK = ("clock", _("Délai"))
_TELLINGS: Final[Mapping[type[Event], _Telling]] = {
    e.CaseOpened: _t("signal", _("Facture reçue"), ("policy", _("Politique"))),
    e.PaymentReceived: _t(
        "payment", _("Paiement reçu"), ("received_on", _("Reçu le")), ("method", _("Moyen")), _REFERENCE, tone="good"
    ),
    e.PaymentReversed: _t("payment", _("Paiement repris par la banque"), _REFERENCE, _REASON, tone="bad"),
    e.CreditNoted: _t("payment", _("Avoir"), ("number", _("Numéro")), tone="good"),
    e.DisputeOpened: _t(
        "signal", _("Litige ouvert"), ("category", _("Catégorie")), _REASON, ("answer_by", _("Répondre avant le"))
    ),
    e.DisputeSettled: _t("signal", _("Litige tranché"), ("outcome", _("Issue")), ("credit", _("Avoir"))),
    e.PlanAgreed: _t(
        "signal", _("Échéancier accordé"), ("signed_on", _("Signé le")), ("signed_by", _("Par"))
    ),
    e.PlanMissed: _t("decision", _("Échéance manquée"), _DUE, ("missing", _("Manque")), tone="bad"),
    e.PlanBroken: _t("decision", _("Échéancier rompu"), reason="because", tone="bad"),
    e.PlanCaughtUp: _t("decision", _("Échéancier rattrapé")),
    e.PromiseMade: _t("signal", _("Promesse de paiement"), ("pay_on", _("Pour le"))),
    e.PromiseBroken: _t("decision", _("Promesse non tenue"), ("pay_on", _("Pour le")), tone="bad"),
    e.HoldPlaced: _t("signal", _("Suspension"), _UNTIL, _REASON),
    e.HoldLifted: _t("signal", _("Suspension levée")),
    e.DebtorReplied: _t("signal", _("Le débiteur a répondu"), _CHANNEL, ("summary", _("Résumé"))),
    e.ReplyEscalated: _t("decision", _("Réponse transmise au responsable")),
    e.LetterPosted: _t(
        "letter", _("Courrier posté"), _STEP, ("posted_on", _("Posté le")), ("tracking", _("Suivi")), quiet=True
    ),
    e.LetterDelivered: _t(
        "letter", _("Courrier distribué"), _STEP, ("delivered_on", _("Distribué le")), ("tracking", _("Suivi"))
    ),
    e.LetterReturned: _t(
        "letter", _("Courrier revenu"), _STEP, ("cause", _("Cause")), ("presented_on", _("Présenté le")), tone="bad"
    ),
    e.LetterWithdrawn: _t("letter", _("Courrier retiré"), _STEP, reason="because"),
    e.NoticeSent: _t("letter", _("Courrier envoyé"), _CHANNEL),
    e.NoticeFailed: _t("letter", _("Courrier refusé"), _CHANNEL, note="because", tone="bad"),
    e.NoticeInDoubt: _t("letter", _("Envoi incertain"), _CHANNEL, tone="bad"),
    e.NoticeBounced: _t("letter", _("Courriel revenu"), ("address", _("Adresse")), tone="bad"),
    e.ContactChanged: _t(
        "signal", _("Contact modifié"), ("email", _("Courriel")), ("phone", _("Téléphone")), ("address", _("Adresse"))
    ),
    e.ApprovalRequested: _t("decision", _("Validation demandée"), _STEP, ("lapses_on", _("Avant le"))),
    e.ApprovalLapsed: _t("decision", _("Validation périmée"), _STEP, reason="because", quiet=True),
    e.StepApproved: _t("signal", _("Étape validée"), _STEP, _REASON, tone="good"),
    e.StepDeclined: _t("signal", _("Étape refusée"), _STEP, _REASON, tone="bad"),
    e.InsolvencyOpened: _t(
        "court", _("Procédure collective"), ("opened_on", _("Ouverte le")), ("declare_by", _("Déclarer avant le"))
    ),
    e.AccessoriesWaived: _t("decision", _("Accessoires abandonnés"), ("interest", _("Intérêts")), quiet=True),
    e.RungSkipped: _t("decision", _("Étape passée"), _STEP, reason="because", quiet=True),
    e.CallRequested: _t("decision", _("Appel à passer"), ("lapses_on", _("Avant le"))),
    e.CallEnded: _t("signal", _("Appel passé"), ("outcome", _("Issue")), ("pay_on", _("Pour le"))),
    e.CallLapsed: _t("decision", _("Appel périmé"), quiet=True),
    e.ActGaveUp: _t("decision", _("Envoi abandonné"), _STEP, note="because", tone="bad"),
    e.FilePrepared: _t("court", _("Dossier judiciaire prêt")),
    e.DeliveryOverdue: _t("decision", _("Distribution sans nouvelles"), _STEP),
    e.LimitationNear: _t("decision", _("Prescription proche"), ("last_day", _("Dernier jour")), tone="bad"),
    e.PassageOpened: _t("decision", _("Nouvelle échéance à recouvrer"), _DUE),
    e.JudicialEventNoted: _t(
        "court", _("Procédure"), ("event", _("Acte")), ("court", _("Juridiction")), _REFERENCE,
        ("hearing_on", _("Audience du")),
    ),
    e.PaymentHeld: _t(
        "payment", _("Paiement peut-être déjà connu"), ("received_on", _("Reçu le")), ("method", _("Moyen")), _REFERENCE
    ),
    e.SettlementAgreed: _t("signal", _("Transaction"), ("pay_by", _("À payer avant le"))),
    e.SettlementLapsed: _t("decision", _("Transaction caduque"), ("missing", _("Manque")), tone="bad"),
    e.TermsChanged: _t("signal", _("Échéances modifiées"), ("retained", _("Retenu")), _REASON),
    e.PolicyAdopted: _t("decision", _("Changement de politique"), ("policy", _("Politique"))),
    e.Noted: _t("signal", _("Note"), ("what", _("Objet"))),
    e.TaskClosed: _t("signal", _("Tâche faite"), ("outcome", _("Issue")), quiet=True),
    e.SignalRefused: _t("signal", _("Signal refusé"), refusal="reason", tone="bad"),
    e.ContactDeferred: _t("decision", _("Contact reporté"), _STEP, _UNTIL, reason="because", quiet=True),
    e.ContactRefused: _t("signal", _("Ne veut plus être contacté ainsi"), _CHANNEL, ("address", _("Adresse")), _REASON),
    e.CostIncurred: _t("court", _("Frais engagés"), ("nature", _("Nature"))),
    e.DeadlineNear: _t("court", _("Délai proche"), _CLOCK, ("last_day", _("Dernier jour")), tone="bad"),
    e.DeadlinePassed: _t("court", _("Délai expiré"), _CLOCK, ("last_day", _("Dernier jour"))),
    e.FileOvertaken: _t("court", _("Dossier dépassé"), ("invoice", _("Facture")), note="because", tone="bad"),
    e.FileRecalled: _t("court", _("Dossier rappelé"), _REASON),
    e.HandedOver: _t(
        "court", _("Dossier confié"), ("to", _("À")), ("role", _("Qualité")), ("returns_on", _("Retour le"))
    ),
    e.TakenBack: _t("court", _("Dossier repris"), _REASON),
    e.MediationOpened: _t("court", _("Médiation ouverte"), ("mediator", _("Médiateur")), _UNTIL),
    e.MediationEnded: _t("court", _("Médiation terminée"), ("outcome", _("Issue"))),
    e.CaseClosed: _t("decision", _("Dossier clos"), ("outcome", _("Issue")), reason="because"),
}  # fmt: skip
_UNKNOWN = _Telling("signal", _("Événement"))
_AMOUNTS = ("amount", "claim")


def timeline(case: Case, events: Iterable[Event]) -> list[Item]:
    """The chronology, the newest first."""
    known = list(events)
    asked = max((n for n, event in enumerate(known, 1) if isinstance(event, e.ApprovalRequested)), default=0)
    items = [_item(case, event, position, asked) for position, event in enumerate(known, 1)]
    return items[::-1]


def folded(items: Iterable[Item]) -> list[list[Item]]:
    """The items, runs of quiet ones together: machines' noise stands behind one line."""
    groups: list[list[Item]] = []
    for item in items:
        if item.quiet and groups and groups[-1][-1].quiet:
            groups[-1].append(item)
        else:
            groups.append([item])
    # A run of two is shown as it is.
    return [part for group in groups for part in ([group] if len(group) > 2 else [[item] for item in group])]


def _item(case: Case, event: Event, position: int, asked: int) -> Item:
    day = event.at.astimezone(PARIS).date()
    told = _TELLINGS.get(type(event), _UNKNOWN)
    values = [(name, getattr(event, of, None), of) for of, name in told.fields]
    step = getattr(event, "step", None)
    sent = isinstance(event, e.NoticeSent) and event.channel != "call"
    amount = next((getattr(event, name) for name in _AMOUNTS if getattr(event, name, None)), None)
    return Item(
        mark=told.mark,
        title=told.title,
        on=event.on,
        at=event.at,
        amount=case.invoice.total if isinstance(event, e.CaseOpened) else amount,
        tone=told.tone,
        details=tuple((name, (of, value)) for name, value, of in values if value not in (None, "", (), {}, day)),
        reason=getattr(event, told.reason) if told.reason else None,
        note=getattr(event, told.note),
        refusal=getattr(event, told.refusal) if told.refusal else None,
        who=event.by,
        door=event.door,
        step=step,
        letter=(event.step, event.passage) if isinstance(event, e.NoticeSent) and sent else None,
        position=position,
        quiet=told.quiet or (isinstance(event, e.ApprovalRequested) and position < asked),
    )
