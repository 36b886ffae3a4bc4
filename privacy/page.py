"""The readable account of a subject access request, in the house style. Pure but for the typesetter."""

from collections import Counter
from typing import Any

from evidence.sentences import sentence
from evidence.wording import PARIS, step_name
from letters.labels import LABELS
from letters.parties import legal_line
from letters.typeset import Typesetter
from letters.typography import amount, clean, french, long_date
from privacy.access import CaseHeld, Held, identity, until_words
from privacy.words import KINDS
from rules.hooks import DeliveryState
from rules.retention import Kind, Term


def access_pdf(held: Held, setter: Typesetter | None = None) -> bytes:
    """The PDF/A; the same content gives the same bytes."""
    at = held.as_of.astimezone(PARIS)
    data = {
        "title": "Données vous concernant",
        "subtitle": french(f"au {long_date(at.date(), 'fr')} – client {clean(held.who.debtor)}"),
        "draft": "",
        "creditor": clean(held.creditor.name),
        "legal": legal_line(held.creditor, "fr"),
        "label": LABELS["fr"],
        "parties": [
            {"role": "Responsable du traitement", "lines": [clean(held.creditor.name), clean(held.creditor.email)]},
            {"role": "Personne concernée", "lines": [clean(held.debtor.name)]},
        ],
        "blocks": [
            *_identity(held),
            *(block for one in held.cases for block in _case(one)),
            *_waited(held),
            *_lines(held),
            *_terms(held),
            *_passed_on(held),
            *_looks(held),
        ],
    }
    return (setter or Typesetter()).pdf("document", data, held.as_of)


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "text": french(text)}


def _table(head: list[str], widths: list[str], rows: list[list[Any]]) -> dict[str, Any]:
    aligns = ["left"] * len(head)
    return {"kind": "table", "head": head, "widths": widths, "aligns": aligns, "rows": rows}


def _identity(held: Held) -> list[dict[str, Any]]:
    rows: list[list[Any]] = [[name, clean(value)] for name, value in identity(held)]
    return [_heading("Identité et coordonnées"), _table(["Donnée", "Valeur"], ["auto", "fill"], rows)]


def _case(one: CaseHeld) -> list[dict[str, Any]]:
    invoice = one.recorded.case.invoice
    total = amount(invoice.total, invoice.currency, "fr")
    title = f"Facture {clean(invoice.number)} du {invoice.issued_on:%d/%m/%Y}, {total}"
    rows: list[list[Any]] = [[f"{event.on:%d/%m/%Y}", sentence(event, invoice.currency)] for event in one.events]
    return [_heading(title), _table(["Date", "Fait"], ["auto", "fill"], rows)]


def _waited(held: Held) -> list[dict[str, Any]]:
    if not held.waited:
        return []
    rows: list[list[Any]] = [
        [
            clean(one.invoice.number),
            f"{one.invoice.issued_on:%d/%m/%Y}",
            amount(one.invoice.total, one.invoice.currency, "fr"),
            french(f"refusée : {clean(one.refusal)}") if one.refusal else "attend l’ouverture de son dossier",
        ]
        for one in held.waited
    ]
    years = held.creditor.retention.unclaimed_years
    ends = french(f"Une facture refusée est effacée {years} ans après avoir été annoncée.")
    return [
        _heading("Factures sans dossier"),
        _table(["Facture", "Date", "Montant", "État"], ["auto", "auto", "auto", "fill"], rows),
        {"kind": "paragraph", "text": ends},
    ]


def _lines(held: Held) -> list[dict[str, Any]]:
    found = held.rows["bank_lines"]
    if not found:
        return []
    rows: list[list[Any]] = [
        [
            f"{line['booked_on']:%d/%m/%Y}",
            amount(-line["amount"] if line["reversal"] else line["amount"], line["currency"], "fr"),
            {
                "text": clean(line["payer"] or "–"),
                "under": clean(" ".join(filter(None, (line["reference"], line["text"])))),
            },
        ]
        for line in found
    ]
    head = ["Date", "Montant", "Donneur d’ordre et motif"]
    return [_heading("Lignes de relevés bancaires"), _table(head, ["auto", "auto", "fill"], rows)]


def _terms(held: Held) -> list[dict[str, Any]]:
    if not held.terms:
        return []
    rows: list[list[Any]] = [
        [
            clean(term.kept.case.rpartition("/")[2]),
            {"text": KINDS[term.kept.kind.value], "under": _what(term)},
            until_words(term.until),
            term.article or "politique du créancier",
        ]
        for term in held.terms
    ]
    head = ["Facture", "Ce qui est conservé", "Jusqu’à quand", "Pourquoi"]
    return [_heading("Durées de conservation"), _table(head, ["auto", "fill", "auto", "auto"], rows)]


def _what(term: Term) -> str:
    named = term.kept.kind in (Kind.CORRESPONDENCE, Kind.JUDICIAL_FILE)
    return step_name(term.kept.what) if named else clean(term.kept.what)


def _passed_on(held: Held) -> list[dict[str, Any]]:
    """Which of the creditor's own programs were told, and how often."""
    told = Counter(row["name"] for row in held.rows["passed_on"] if row["state"] == DeliveryState.DELIVERED)
    if not told:
        return []
    rows: list[list[Any]] = [[clean(name), str(count)] for name, count in sorted(told.items())]
    title = "Programmes du créancier informés de faits de vos dossiers"
    return [_heading(title), _table(["Programme", "Faits transmis"], ["fill", "auto"], rows)]


def _looks(held: Held) -> list[dict[str, Any]]:
    looked = held.rows["consultations"]
    if not looked:
        return []
    rows: list[list[Any]] = [[f"{one['at'].astimezone(PARIS):%d/%m/%Y %H:%M}", one["what"]] for one in looked]
    return [_heading("Consultations de vos données"), _table(["Quand", "Quoi"], ["auto", "fill"], rows)]
