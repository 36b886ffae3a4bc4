"""The décompte as a sheet for a French accountant: opens as columns in Excel and LibreOffice. Pure.

UTF-8 with a byte-order mark, semicolons, decimal commas, dd/mm/yyyy, CRLF: what a French Excel reads without asking.
"""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from letters.tray import neutral
from rules.law import Decompte

COLUMNS = (
    "Nature", "Facture", "Échéance", "Du", "Au", "Jours", "Assiette", "Taux annuel (%)", "Montant", "Devise",
    "Sur intérêts", "Sur principal", "Sur indemnité", "Référence", "Fondement ou observation",
)  # fmt: skip

NOT_DUE = "dont non échu"

Row = dict[str, str]


def decompte_csv(counted: Decompte, currency: str) -> bytes:
    """The lines of the décompte, then what remains due; every amount in ``currency``."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row in (*_details(counted), *_settlements(counted), *_sums(counted)):
        writer.writerow({"Devise": currency if row.get("Montant") else ""} | row)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _details(counted: Decompte) -> Iterator[Row]:
    for balance in counted.balances:
        owed = {"Échéance": _day(balance.due_on), "Montant": _number(balance.amount)}
        yield {"Nature": "Créance", "Facture": neutral(balance.invoice)} | owed
    for line in counted.lines:
        yield {
            "Nature": "Intérêts",
            "Facture": neutral(line.invoice),
            "Échéance": _day(line.due_on),
            "Du": _day(line.from_on),
            "Au": _day(line.to_on),
            "Jours": str(line.days),
            "Assiette": _number(line.base),
            "Taux annuel (%)": _number(line.rate),
            "Montant": _number(line.interest),
            "Fondement ou observation": neutral(line.article),
        }
    for fixed in counted.indemnities:
        yield {
            "Nature": "Indemnité forfaitaire",
            "Facture": neutral(fixed.invoice),
            "Montant": _number(fixed.amount),
            "Fondement ou observation": neutral(fixed.article),
        }


def _settlements(counted: Decompte) -> Iterator[Row]:
    for paid in counted.payments:
        yield {
            "Nature": "Paiement",
            "Facture": neutral(paid.invoice or ""),
            "Du": _day(paid.on),
            "Montant": _number(-paid.amount),
            "Sur intérêts": _number(paid.to_interest),
            "Sur principal": _number(paid.to_principal),
            "Sur indemnité": _number(paid.to_indemnity),
            "Référence": neutral(paid.reference or ""),
        }
    for credit in counted.credits:
        yield {
            "Nature": "Avoir",
            "Facture": neutral(credit.invoice or ""),
            "Du": _day(credit.on),
            "Montant": _number(-credit.amount),
            "Sur principal": _number(credit.to_principal),
            "Référence": neutral(credit.number or ""),
        }


def _sums(counted: Decompte) -> Iterator[Row]:
    on = _day(counted.as_of)
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
        yield {"Nature": name, "Au": on, "Montant": _number(value)}
    for warning in counted.warnings:
        yield {"Nature": "À vérifier", "Fondement ou observation": neutral(warning.text)}


def _number(value: Decimal) -> str:
    """1234,50: no space between thousands, which Excel would read as text."""
    return f"{value:f}".replace(".", ",")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
