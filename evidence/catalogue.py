"""Which pieces a file should hold, in the order a court's list of pieces has them. Pure."""

from collections.abc import Iterator
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any, NamedTuple

from evidence.wording import channel_name, local_day, of_step, short_day, step_name
from letters.typography import clean, french
from rules import events as e
from rules.base import Frozen
from rules.brief import Brief, ClaimInFile, NoticeCopy


class Rank(IntEnum):
    """The order of the bordereau of a requête en injonction de payer (art. 1407 CPC, and practice)."""

    CONTRACT = 1
    QUOTE = 2
    ORDER = 3
    DELIVERY = 4
    INVOICE = 5
    CREDITS = 6
    REMINDERS = 7
    FORMAL_NOTICE = 8
    DECOMPTE = 9
    IDENTITY = 10
    RATE = 11
    POWER = 12
    OTHER = 13


class Origin(StrEnum):
    """Who brought a piece."""

    INVOICE = "invoice"
    EVENT = "event"
    NOTICE = "notice"
    RELANCE = "relance"


class _Kind(NamedTuple):
    rank: Rank
    title: str


KINDS = {
    "contract": _Kind(Rank.CONTRACT, "Contrat"),
    "terms": _Kind(Rank.CONTRACT, "Conditions générales de vente"),
    "quote": _Kind(Rank.QUOTE, "Devis"),
    "order": _Kind(Rank.ORDER, "Bon de commande"),
    "delivery": _Kind(Rank.DELIVERY, "Bon de livraison ou procès-verbal de réception"),
    "timesheet": _Kind(Rank.DELIVERY, "Relevé de temps"),
    "invoice": _Kind(Rank.INVOICE, "Facture"),
    "credit_note": _Kind(Rank.CREDITS, "Avoir"),
    "payment": _Kind(Rank.CREDITS, "Justificatif de paiement"),
    "identity": _Kind(Rank.IDENTITY, "Identité du débiteur (extrait Kbis, répertoire Sirene)"),
    "bodacc": _Kind(Rank.IDENTITY, "Consultation du BODACC"),
    "rate": _Kind(Rank.RATE, "Justificatif du taux"),
    "power": _Kind(Rank.POWER, "Pouvoir du signataire"),
    "irrecoverable": _Kind(Rank.OTHER, "Certificat d’irrécouvrabilité"),
    "other": _Kind(Rank.OTHER, "Autre pièce"),
}
"""The kinds of document a billing system may name; any other is an « autre pièce » under its own name."""


class Wanted(Frozen):
    """A piece that exists somewhere: ``reference`` is where, ``of`` the event or the message that names it."""

    kind: str
    rank: Rank
    title: str
    on: date | None = None
    origin: Origin
    reference: str
    sha256: str | None = None
    of: str | None = None


DECOMPTE = "decompte"


def wanted(brief: Brief) -> tuple[Wanted, ...]:
    """Every piece the brief names, the décompte at its place, in the order of the list; none twice."""
    found = [_decompte(brief)]
    for one in brief.claims:
        found += [*_of_invoice(one), *_of_events(one), *_of_notices(one)]
    ordered = sorted(found, key=lambda piece: piece.rank)  # stable: within a rank, as they were named
    return tuple(_told_apart(dict.fromkeys(ordered)))


def is_formal(notice: NoticeCopy) -> bool:
    """Whether a letter is a mise en demeure: by its step's name, or by leaving registered."""
    return notice.step.startswith("mise_en_demeure") or notice.channel == "registered_letter"


def _of_invoice(one: ClaimInFile) -> Iterator[Wanted]:
    for document in one.invoice.documents:
        title, rank, on = _named(document.kind), _rank(document.kind), document.issued_on
        if document.kind == "invoice":
            title, on = f"Facture {clean(one.invoice.number, 80)}", one.invoice.issued_on
        yield Wanted(
            kind=document.kind,
            rank=rank,
            title=title,
            on=on,
            origin=Origin.INVOICE,
            reference=document.uri,
            sha256=document.sha256,
        )


def _of_events(one: ClaimInFile) -> Iterator[Wanted]:
    for event in one.events:
        match event:
            case e.PlanAgreed(document=str(document)):
                on = event.signed_on or event.on
                yield _from_event(event, "plan", Rank.CREDITS, "Échéancier signé par le débiteur", on, document)
            case e.Noted(what="document", details=details):
                yield _told_piece(event, details)
            case (
                e.SettlementAgreed(document=str(document))
                | e.Noted(what="settlement", asks=None, details={"document": str(document)})
            ):
                yield _from_event(event, "settlement", Rank.CREDITS, "Accord transactionnel", event.on, document)
            case e.DebtorReplied(document=str(document)):
                yield _from_event(event, "reply", Rank.REMINDERS, "Réponse du débiteur", event.on, document)
            case e.MediationOpened(document=str(document)):
                on = event.agreed_on
                yield _from_event(event, "mediation", Rank.OTHER, "Accord de médiation ou conciliation", on, document)
            case e.CostIncurred(document=str(document)):
                yield _from_event(event, "cost", Rank.OTHER, "Justificatif de frais", event.on, document)
            case e.JudicialEventNoted(details={"document": str(document)}):
                yield _from_event(event, "judicial", Rank.OTHER, "Acte de procédure", event.on, document)
            case _:
                pass


def _told_piece(event: e.Noted, details: dict[str, Any]) -> Wanted:
    """A document that a person brought; ``issued_on``: the day it bears."""
    kind, on = str(details.get("piece") or "other"), details.get("issued_on")
    day = date.fromisoformat(on) if isinstance(on, str) else None
    piece = _from_event(event, kind, _rank(kind), _named(kind), day, str(details.get("file") or ""))
    return piece.model_copy(update={"sha256": str(details.get("sha256") or "") or None})


def _of_notices(one: ClaimInFile) -> Iterator[Wanted]:
    for notice in one.notices:
        on, formal = local_day(notice.at), is_formal(notice)
        rank = Rank.FORMAL_NOTICE if formal else Rank.REMINDERS
        current = notice.passage == one.passage
        yield Wanted(
            kind=_kind(formal, current),
            rank=rank,
            title=french(f"{step_name(notice.step)} ({channel_name(notice.channel)})"),
            on=on,
            origin=Origin.NOTICE,
            reference=notice.document or "",
            sha256=notice.sha256,
            of=notice.message_id,
        )
        yield from _proofs(one, notice, rank, current and formal)


def _kind(formal: bool, current: bool) -> str:
    if not formal:
        return "reminder"
    return "formal_notice" if current else "earlier_formal_notice"


def _proofs(one: ClaimInFile, notice: NoticeCopy, rank: Rank, decisive: bool) -> Iterator[Wanted]:
    """What shows that a letter was posted and delivered; ``decisive``: of the mise en demeure the file stands on."""
    told = set()
    for event in one.events:
        match event:
            case e.LetterPosted(proof=str(proof)):
                kind, title, on = "posting_proof", "Preuve de dépôt", event.posted_on
            case e.LetterDelivered(proof=str(proof)):
                kind, title, on = "delivery_proof", "Avis de réception", event.delivered_on
            case _:
                continue
        if (event.step, event.passage) == (notice.step, notice.passage):
            told.add(proof)
            title = f"{title} {of_step(notice.step)}"
            yield _from_event(event, kind if decisive else "other_proof", rank, title, on, proof)
    for proof in notice.proofs:
        if proof not in told:
            title = f"Preuve d’acheminement {of_step(notice.step)}"
            yield Wanted(
                kind="other_proof", rank=rank, title=title, origin=Origin.EVENT, reference=proof, of=notice.message_id
            )


def _decompte(brief: Brief) -> Wanted:
    title = "Décompte des sommes dues"
    return Wanted(
        kind=DECOMPTE, rank=Rank.DECOMPTE, title=title, on=brief.as_of, origin=Origin.RELANCE, reference=""
    )  # fmt: skip


def _from_event(event: e.Event, kind: str, rank: Rank, title: str, on: date | None, reference: str) -> Wanted:
    return Wanted(kind=kind, rank=rank, title=title, on=on, origin=Origin.EVENT, reference=reference, of=event.id)


def _rank(kind: str) -> Rank:
    return KINDS.get(kind, KINDS["other"]).rank


def _named(kind: str) -> str:
    known = KINDS.get(kind)
    return known.title if known else french(f"{KINDS['other'].title} ({clean(kind, 60)})")


def _told_apart(pieces: dict[Wanted, None]) -> Iterator[Wanted]:
    """Two pieces of one title and day get « (2) », « (3) »: each line of the list names one document."""
    counted: dict[tuple[str, date | None], int] = {}
    for piece in pieces:
        key = (piece.title, piece.on)
        counted[key] = counted.get(key, 0) + 1
        number = counted[key]
        yield piece if number == 1 else piece.model_copy(update={"title": f"{piece.title} ({number})"})


def dated(title: str, on: date | None) -> str:
    """A piece's title with its day, as a sentence names it."""
    return title if on is None else f"{title}, {short_day(on)}"
