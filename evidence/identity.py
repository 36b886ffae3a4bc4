"""The debtor's identity sheet: who he is, where he is reached, what is known of him. Pure; data are cleaned."""

from collections.abc import Iterator

from evidence.acts.parties import one_line, register_of
from evidence.manifest import Piece
from evidence.sentences import PROCEEDINGS, RETURNS
from evidence.wording import of_step, short_day
from letters.typography import clean, french, phone_groups
from rules import events as e
from rules.brief import Brief
from rules.law.kinds import DebtorKind

KINDS = {
    DebtorKind.BUSINESS: "professionnel",
    DebtorKind.CONSUMER: "consommateur",
    DebtorKind.PUBLIC_BODY: "personne publique",
    DebtorKind.UNKNOWN: "qualité à déterminer",
}
STATUSES = {"deceased": "décès", "struck_off": "radiation", "dissolved": "dissolution", "merged": "fusion"}
_OPEN = "à compléter"


def identity_rows(brief: Brief, pieces: tuple[Piece, ...]) -> list[list[str]]:
    """Label and value, one line each; what nobody has told is « à compléter », never guessed."""
    found = [*_who(brief), *_reached(brief), *_checked(brief, pieces), *_happened(brief)]
    return [[french(label), french(clean(value, 1000))] for label, value in found]


def _who(brief: Brief) -> Iterator[tuple[str, str]]:
    debtor = brief.debtor
    merchant = {True: ", commerçant ou société commerciale", False: ", non commerçant", None: ""}[debtor.merchant]
    yield "Dénomination ou nom", debtor.legal_name or debtor.name
    if debtor.legal_name and debtor.legal_name != debtor.name:
        yield "Nom d’usage", debtor.name
    yield "Qualité", KINDS[debtor.kind] + merchant
    if debtor.kind is not DebtorKind.CONSUMER:
        yield "Forme", debtor.legal_form or _OPEN
        yield "Immatriculation", register_of(debtor.siren, debtor.rcs) or _OPEN
        yield "Représentant légal", _OPEN
    else:
        yield "Date et lieu de naissance", _OPEN
    yield "Numéro de client", debtor.id


def _reached(brief: Brief) -> Iterator[tuple[str, str]]:
    debtor = brief.debtor
    home = one_line(debtor.address, brief.creditor.address.country)
    yield ("Domicile" if debtor.kind is DebtorKind.CONSUMER else "Siège"), home or _OPEN
    yield "Téléphone", phone_groups(debtor.phone) if debtor.phone else "–"
    yield "Courriel", debtor.email or "–"
    for contact in debtor.contacts:
        reach = " – ".join(part for part in (contact.email or "", phone_groups(contact.phone or "")) if part)
        yield f"Contact ({clean(contact.role or 'sans fonction', 60)})", reach or "–"


def _checked(brief: Brief, pieces: tuple[Piece, ...]) -> Iterator[tuple[str, str]]:
    for kind, label in (("identity", "Extrait Kbis ou Sirene"), ("bodacc", "Consultation du BODACC")):
        found = [piece for piece in pieces if piece.kind == kind]
        told = [f"pièce n° {p.number}{f', datée du {short_day(p.on)}' if p.on else ', sans date'}" for p in found]
        yield label, " ; ".join(told) or "aucun au dossier"
    opened = brief.insolvency
    name = "" if opened is None else PROCEEDINGS.get(opened.procedure, opened.procedure)
    known = "aucune connue" if opened is None else f"{name}, ouverte le {short_day(opened.opened_on)}"
    yield "Procédure collective", known


def _happened(brief: Brief) -> Iterator[tuple[str, str]]:
    """Contacts changed, letters come back, changes of status: what makes an address good or doubtful."""
    for one in brief.claims:
        for event in one.events:
            match event:
                case e.ContactChanged(address=address) if address is not None:
                    yield f"Adresse changée le {short_day(event.on)}", one_line(address, brief.creditor.address.country)
                case e.LetterReturned():
                    cause = RETURNS.get(event.cause, event.cause)
                    yield f"Pli revenu le {short_day(event.on)}", f"retour {of_step(event.step)} : {cause}"
                case e.Noted(what="debtor_status", details=details):
                    status = str(details.get("status") or "")
                    yield f"Situation au {short_day(event.on)}", STATUSES.get(status, status)
                case _:
                    pass
