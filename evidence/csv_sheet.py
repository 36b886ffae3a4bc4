"""The décompte as a sheet for a French accountant: opens as columns in Excel and LibreOffice. Pure."""

from collections.abc import Iterator

from evidence.french_csv import day, number, sheet
from letters.tray_folder import neutral
from rules.events_said import is_remission
from rules.law import Decompte

COLUMNS = (
    "Nature", "Facture", "Échéance", "Du", "Au", "Jours", "Assiette", "Taux annuel (%)", "Montant", "Devise",
    "Sur intérêts", "Sur principal", "Sur indemnité", "Référence", "Fondement ou observation",
)  # fmt: skip

NOT_DUE = "dont non échu"

Row = dict[str, str]


def decompte_csv(counted: Decompte, currency: str) -> bytes:
    """The lines of the décompte, then what remains due; every amount in ``currency``."""
    rows = (*_details(counted), *_settlements(counted), *_sums(counted))
    return sheet(COLUMNS, ({"Devise": currency if row.get("Montant") else ""} | row for row in rows))


def _details(counted: Decompte) -> Iterator[Row]:
    for balance in counted.balances:
        owed = {"Échéance": day(balance.due_on), "Montant": number(balance.amount)}
        yield {"Nature": "Créance", "Facture": neutral(balance.invoice)} | owed
    for line in counted.lines:
        yield {
            "Nature": "Intérêts",
            "Facture": neutral(line.invoice),
            "Échéance": day(line.due_on),
            "Du": day(line.from_on),
            "Au": day(line.to_on),
            "Jours": str(line.days),
            "Assiette": number(line.base),
            "Taux annuel (%)": number(line.rate),
            "Montant": number(line.interest),
            "Fondement ou observation": neutral(line.article),
        }
    for fixed in counted.indemnities:
        yield {
            "Nature": "Indemnité forfaitaire",
            "Facture": neutral(fixed.invoice),
            "Montant": number(fixed.amount),
            "Fondement ou observation": neutral(fixed.article),
        }


def _settlements(counted: Decompte) -> Iterator[Row]:
    for paid in counted.payments:
        yield {
            "Nature": "Paiement",
            "Facture": neutral(paid.invoice or ""),
            "Du": day(paid.on),
            "Montant": number(-paid.amount),
            "Sur intérêts": number(paid.to_interest),
            "Sur principal": number(paid.to_principal),
            "Sur indemnité": number(paid.to_indemnity),
            "Référence": neutral(paid.reference or ""),
        }
    for credit in counted.credits:
        waived = is_remission(credit.number)
        yield {
            "Nature": "Remise" if waived else "Avoir",
            "Facture": neutral(credit.invoice or ""),
            "Du": day(credit.on),
            "Montant": number(-credit.amount),
            "Sur principal": number(credit.to_principal),
            "Référence": "" if waived else neutral(credit.number or ""),
        }


def _sums(counted: Decompte) -> Iterator[Row]:
    on = day(counted.as_of)
    sums = (
        ("Principal restant dû", counted.principal),
        ("Intérêts restant dus", counted.interest),
        ("Indemnité restant due", counted.indemnity),
        ("Total", counted.total),
        (NOT_DUE, counted.not_yet_due),
        ("Intérêts par jour ensuite", counted.daily),
    )
    for name, value in sums:
        if name == NOT_DUE and not value:
            continue
        yield {"Nature": name, "Au": on, "Montant": number(value)}
    for warning in counted.warnings:
        yield {"Nature": "À vérifier", "Fondement ou observation": neutral(warning.text)}
