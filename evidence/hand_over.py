"""The sheet that goes with a case to a collection agency, an avocat or a commissaire de justice, and the one that comes
back. Pure; the columns are documented in docs/judicial.md.
"""

from datetime import date

from evidence.french_csv import day, number, sheet
from letters.tray_folder import neutral
from rules.brief import Brief, ClaimInFile
from rules.holder_sheet import COLUMNS
from rules.money import ZERO, total
from rules.standing import Holder

SENT = (
    "Dossier", "Créancier", "SIREN créancier", "IBAN créancier", "Débiteur", "N° client", "Qualité", "Forme", "SIREN",
    "RCS", "Adresse", "Code postal", "Ville", "Pays", "Courriel", "Téléphone", "Facture", "Émise le", "Échéance",
    "Montant TTC", "Principal dû", "Intérêts", "Indemnité", "Total", "Devise", "Arrêté au", "Mise en demeure reçue le",
    "Prescription le", "Confié à", "Rôle", "Depuis le", "Commission", "Honoraires", "Mandat", "Retour le",
    "Empreinte du manifeste (SHA-256)",
)  # fmt: skip


def sent_csv(brief: Brief, holder: Holder | None, manifest: str, limitation_on: date | None) -> bytes:
    """One line per due date, with the terms under which the case was given."""
    rows = []
    for one in brief.claims:
        rows += _lines(brief, one, holder, manifest, limitation_on)
    return sheet(SENT, rows)


def back_csv(brief: Brief) -> bytes:
    """The empty sheet of what comes back, its first two columns filled in."""
    return sheet(COLUMNS, [{"Dossier": one.case, "Facture": neutral(one.invoice.number)} for one in brief.claims])


def _lines(
    brief: Brief, one: ClaimInFile, holder: Holder | None, manifest: str, limitation_on: date | None
) -> list[dict[str, str]]:
    known = _parties(brief) | _terms(holder)
    received = [n.delivered_on for n in one.notices if n.channel == "registered_letter" and n.delivered_on is not None]
    lines = []
    for debt in (balance for balance in brief.decompte.balances if balance.invoice == one.invoice.number):
        parts = (debt.principal, debt.interest, debt.indemnity)
        lines.append(
            known
            | {
                "Dossier": one.case,
                "Facture": neutral(debt.invoice),
                "Émise le": day(one.invoice.issued_on),
                "Échéance": day(debt.due_on),
                "Montant TTC": number(debt.amount),
                "Principal dû": number(debt.principal),
                "Intérêts": number(debt.interest),
                "Indemnité": number(debt.indemnity or ZERO),
                "Total": number(total(parts)),
                "Devise": one.invoice.currency,
                "Arrêté au": day(brief.decompte.as_of),
                "Mise en demeure reçue le": day(max(received, default=None)),
                "Prescription le": day(limitation_on),
                "Empreinte du manifeste (SHA-256)": manifest,
            }
        )
    return lines


def _parties(brief: Brief) -> dict[str, str]:
    creditor, debtor, home = brief.creditor, brief.debtor, brief.debtor.address
    return {
        "Créancier": neutral(creditor.name),
        "SIREN créancier": creditor.siren or "",
        "IBAN créancier": creditor.iban or "",
        "Débiteur": neutral(debtor.legal_name or debtor.name),
        "N° client": neutral(debtor.id),
        "Qualité": str(debtor.kind),
        "Forme": neutral(debtor.legal_form or ""),
        "SIREN": neutral(debtor.siren or ""),
        "RCS": neutral(debtor.rcs or ""),
        "Adresse": neutral(", ".join(home.lines)) if home is not None else "",
        "Code postal": neutral(home.postal_code) if home is not None else "",
        "Ville": neutral(home.city) if home is not None else "",
        "Pays": home.country if home is not None else "",
        "Courriel": neutral(debtor.email or ""),
        "Téléphone": neutral(debtor.phone or ""),
    }


def _terms(holder: Holder | None) -> dict[str, str]:
    if holder is None:
        return {}
    return {
        "Confié à": neutral(holder.to),
        "Rôle": holder.role,
        "Depuis le": day(holder.since),
        "Commission": neutral(holder.commission or ""),
        "Honoraires": number(holder.fee) if holder.fee is not None else "",
        "Mandat": neutral(holder.mandate or ""),
        "Retour le": day(holder.returns_on),
    }
