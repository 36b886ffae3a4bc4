"""Documents of the judicial file in the house style: décompte and chronology. In French.

Pure but for the typesetter; the same input gives the same bytes. No lawyer has reviewed them: they are drafts.
"""

from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any

from letters.claim import printed_claim
from letters.labels import LABELS
from letters.parties import address_lines, identity_of, legal_line
from letters.tables import table_of
from letters.typeset import Typesetter
from letters.typography import NBSP, clean, french, long_date, short_date, siren_groups
from rules.base import Frozen
from rules.creditor import Creditor
from rules.invoice import Debtor
from rules.law import Decompte
from rules.letter import LetterItem
from rules.policy import Claims

DRAFT = "PROJET — à vérifier et à signer"
LANGUAGE = "fr"


class Paper(Frozen):
    """What every document says of its case. ``draft`` heads each page; empty, it is left out."""

    creditor: Creditor
    debtor: Debtor
    case: str
    on: date
    currency: str = "EUR"
    draft: str = DRAFT
    moment: datetime | None = None


class ChronologyRow(Frozen):
    """One fact of the case, on its day; ``piece`` is the number of the piece that proves it."""

    on: date
    what: str
    detail: str = ""
    piece: int | None = None


def decompte_pdf(setter: Typesetter, paper: Paper, counted: Decompte, invoices: tuple[LetterItem, ...] = ()) -> bytes:
    """The décompte: invoices when given, interest line by line, payments and where they went, warnings."""
    blocks: list[dict[str, Any]] = []
    if invoices:
        blocks += [_heading("Factures"), _invoices(invoices, paper)]
    claim = printed_claim(counted, paper.currency, LANGUAGE)
    blocks += [_heading("Intérêts, paiements et total"), {"kind": "calculation", "claim": asdict(claim)}]
    if claim.daily:
        text = f"Au-delà du {claim.interest_to}, les intérêts courent à raison de {claim.daily} par jour."
        blocks.append(_paragraph(text))
    if counted.warnings:
        blocks.append(_heading("À vérifier"))
        blocks += [_paragraph(f"– {warning.text}") for warning in counted.warnings]
    subtitle = f"arrêté au {long_date(counted.as_of, LANGUAGE)} – dossier {clean(paper.case)}"
    return _set(setter, paper, "Décompte des sommes dues", subtitle, blocks)


def chronologie_pdf(setter: Typesetter, paper: Paper, rows: tuple[ChronologyRow, ...]) -> bytes:
    """What happened, in the order of the days, each fact with its piece."""
    table = _table(("Date", "Fait", "Pièce"), ("auto", "fill", "auto"), ("left", "left", "right"))
    for row in sorted(rows, key=lambda fact: fact.on):
        what = {"text": clean(row.what), "under": clean(row.detail, 1000)} if row.detail else clean(row.what)
        table["rows"].append([short_date(row.on, LANGUAGE), what, f"n°{NBSP}{row.piece}" if row.piece else "–"])
    return _set(setter, paper, "Chronologie", f"dossier {clean(paper.case)}", [table])


def page_of(paper: Paper, title: str, subtitle: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """What the design « document » is filled with: the parties and their registers, then the blocks."""
    creditor, debtor = paper.creditor, paper.debtor
    seat = address_lines(creditor.address, abroad_from=creditor.address.country, language=LANGUAGE)
    home = address_lines(debtor.address, abroad_from=creditor.address.country, language=LANGUAGE)
    theirs = _nonempty(clean(debtor.legal_name or debtor.name), identity_of(debtor), *home)
    return {
        "title": french(clean(title)),
        "subtitle": french(clean(subtitle)),
        "draft": clean(paper.draft),
        "creditor": clean(creditor.name),
        "legal": legal_line(creditor, LANGUAGE),
        "label": LABELS[LANGUAGE],
        "parties": [
            {"role": "Créancier", "lines": _nonempty(clean(creditor.name), _register(creditor), *seat)},
            {"role": "Débiteur", "lines": theirs},
        ],
        "blocks": blocks,
    }


def _register(creditor: Creditor) -> str:
    """« 732 829 320 RCS Lyon »; empty unless both are known."""
    if not creditor.siren or not creditor.rcs:
        return ""
    return f"{siren_groups(clean(creditor.siren))} RCS {clean(creditor.rcs)}"


def _set(setter: Typesetter, paper: Paper, title: str, subtitle: str, blocks: list[dict[str, Any]]) -> bytes:
    moment = paper.moment or datetime.combine(paper.on, time(12), UTC)
    return setter.pdf("document", page_of(paper, title, subtitle, blocks), moment)


def _invoices(items: tuple[LetterItem, ...], paper: Paper) -> dict[str, Any]:
    """The invoices as a table with its sums."""
    shown, label = table_of(items, paper.currency, Claims.PRINCIPAL, LANGUAGE, paper.on), LABELS[LANGUAGE]
    table = _table(
        (label["invoice"], label["issued"], label["due"], label["total"], label["settled"], label["balance"]),
        ("fill", "auto", "auto", "auto", "auto", "auto"),
        ("left", "left", "left", "right", "right", "right"),
    )
    for row in (*shown.rows, *((shown.sums,) if len(shown.rows) > 1 else ())):
        table["rows"].append([row.number, row.issued, row.due, row.total, row.settled or "–", row.balance])
    return table


def _table(head: tuple[str, ...], widths: tuple[str, ...], aligns: tuple[str, ...]) -> dict[str, Any]:
    return {"kind": "table", "head": list(head), "widths": list(widths), "aligns": list(aligns), "rows": []}


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "text": french(clean(text))}


def _paragraph(text: str) -> dict[str, Any]:
    return {"kind": "paragraph", "text": french(clean(text, 20_000))}


def _nonempty(*lines: str) -> list[str]:
    return [line for line in lines if line]
