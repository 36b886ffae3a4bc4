"""The papers a file adds to its pieces: bordereau, décompte, chronology, in the house style.

Pure but for the typesetter.
"""

from datetime import datetime, time
from typing import Any

from evidence.acts.blocks import Act
from evidence.chronology import rows
from evidence.completeness import Missing
from evidence.identity import identity_rows
from evidence.manifest import Piece
from evidence.stamps import Stamper
from evidence.wording import PARIS, short_day
from letters.documents import DRAFT, Paper, chronologie_pdf, decompte_pdf, page_of
from letters.typeset import Typesetter
from letters.typography import clean, french, long_date
from rules.brief import Brief
from rules.letter import LetterItem
from rules.pieces import Severity

NOT_REVIEWED = "aucun avocat n’a relu ce document"


class Papers:
    """Sets the papers of one brief; the same brief gives the same bytes."""

    def __init__(self, setter: Typesetter, brief: Brief) -> None:
        self._setter = setter
        self._brief = brief
        self._paper = Paper(
            creditor=brief.creditor,
            debtor=brief.debtor,
            case=brief.invoice.number,
            on=brief.as_of,
            currency=brief.invoice.currency,
            draft=f"{DRAFT} – {NOT_REVIEWED}",
            moment=datetime.combine(brief.as_of, time(12), PARIS),
        )

    def decompte(self) -> bytes:
        """What is owed, line by line."""
        return decompte_pdf(self._setter, self._paper, self._brief.decompte, self._invoices())

    def chronologie(self, numbers: dict[str, int]) -> bytes:
        """What happened; ``numbers``: the pieces that prove it, by the id of the event or message."""
        return chronologie_pdf(self._setter, self._paper, rows(self._brief, numbers))

    def bordereau(self, pieces: tuple[Piece, ...], missing: tuple[Missing, ...]) -> bytes:
        """The numbered list of the pieces, then what is missing."""
        blocks = [_table(pieces), {"kind": "paragraph", "text": french(WHERE)}]
        for severity, heading in HEADINGS.items():
            lacks = [lack for lack in missing if lack.severity is severity]
            if lacks:
                blocks.append({"kind": "heading", "text": french(heading)})
                blocks += [{"kind": "paragraph", "text": french(f"– {_lack(lack)}")} for lack in lacks]
        return self._setter.pdf("document", self._page("Bordereau de pièces", blocks), self._moment())

    def identite(self, pieces: tuple[Piece, ...]) -> bytes:
        """The debtor's identity sheet."""
        table = {
            "kind": "table",
            "head": ["Rubrique", "Ce que l’on sait"],
            "widths": ["auto", "fill"],
            "aligns": ["left", "left"],
            "rows": identity_rows(self._brief, pieces),
        }
        return self._setter.pdf("document", self._page("Identité du débiteur", [table]), self._moment())

    def stamper(self) -> Stamper:
        """What numbers the copies to be lodged."""
        return Stamper(self._setter, self._brief.creditor.name, self._moment())

    def act(self, act: Act) -> bytes:
        """The draft of an act: to be checked, completed and signed by a person."""
        data = self._page(act.title, list(act.blocks)) | {
            "title": french(act.title),
            "subtitle": french(act.subtitle),
            "addressee": [french(clean(line)) for line in act.addressee],
        }
        return self._setter.pdf("act", data, self._moment())

    def _invoices(self) -> tuple[LetterItem, ...]:
        """Each due date as it stands in the décompte: « réglé » is what came off its principal, so that it adds up."""
        brief = self._brief
        issued = {one.invoice.number: one.invoice.issued_on for one in brief.claims}
        return tuple(
            LetterItem(
                case=brief.case,
                step=brief.step,
                passage=brief.passage,
                number=debt.invoice,
                issued_on=issued.get(debt.invoice, brief.invoice.issued_on),
                due_on=debt.due_on,
                total=debt.amount,
                paid=debt.amount - debt.principal,
                balance=debt.principal,
                asked=debt.principal,
                days_late=(brief.as_of - debt.due_on).days,
            )
            for debt in brief.decompte.balances
        )

    def _moment(self) -> datetime:
        assert self._paper.moment is not None
        return self._paper.moment

    def _page(self, title: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
        subtitle = f"au {long_date(self._brief.as_of, 'fr')} – dossier {clean(self._brief.invoice.number)}"
        return page_of(self._paper, title, subtitle, blocks)


WHERE = (
    "Les pièces sont dans « pieces », telles que reçues : leur empreinte SHA-256 figure ci-dessus. Les copies à "
    "produire, qui portent leur numéro sur chaque page, sont dans « pieces_cotees »."
)
HEADINGS = {
    Severity.BLOCKS: "Pièces manquantes, à réunir avant tout dépôt",
    Severity.WEAKENS: "Pièces manquantes ou à vérifier, qui affaiblissent la demande",
}


def _table(pieces: tuple[Piece, ...]) -> dict[str, Any]:
    return {
        "kind": "table",
        "head": ["N°", "Pièce", "Date"],
        "widths": ["auto", "fill", "auto"],
        "aligns": ["right", "left", "left"],
        "rows": [
            [
                str(piece.number),
                {"text": french(clean(piece.title)), "under": f"{piece.file} – SHA-256 {piece.sha256}"},
                short_day(piece.on) if piece.on else "–",
            ]
            for piece in pieces
        ],
    }


def _lack(lack: Missing) -> str:
    return f"{clean(lack.title)} : {clean(lack.reason)}."
