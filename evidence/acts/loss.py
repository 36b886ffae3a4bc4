"""What the accounts keep of a claim that was written off: what is lost, who decided it and why, what was tried, the
proof that it is irrecoverable. Pure.

The recovery of its VAT (art. 272-1 CGI) is to be confirmed by whoever keeps the accounts, and says so.
"""

from collections.abc import Iterator
from decimal import Decimal

from evidence.acts import parties
from evidence.acts.blocks import Act, Block, blank, fields, heading, note, paragraph, table
from evidence.acts.closing import bordereau, signatory
from evidence.acts.facts import facts
from evidence.acts.pieces import Pieces
from evidence.manifest import Piece
from evidence.wording import short_day
from letters.typography import amount, long_date
from rules.brief import Brief
from rules.case import Case
from rules.fold import fold_all


def loss(brief: Brief, pieces: tuple[Piece, ...]) -> Act:
    """The sheet of a written-off claim."""
    case = fold_all(brief.case, brief.events, brief.invoice)
    return Act(
        file="passage_en_perte.pdf",
        title="Créance passée en perte",
        subtitle="justificatif pour la comptabilité",
        addressee=("Dossier comptable", brief.creditor.name),
        blocks=(
            heading("Créancier"),
            parties.creditor_fields(brief),
            heading("Débiteur"),
            parties.debtor_fields(brief),
            heading("Créance restée impayée"),
            _lost(brief, case),
            paragraph(
                "Pour la comptabilité, ce qui fut encaissé vient en déduction de la facture ; le décompte l’impute "
                "d’abord sur les intérêts (art. 1343-1 C. civ.)."
            ),
            heading("Décision"),
            _decision(case),
            heading("Ce qui a été tenté"),
            *facts(brief, Pieces(pieces)),
            heading("Preuve de l’irrécouvrabilité"),
            *_proof(Pieces(pieces)),
            heading("Taxe sur la valeur ajoutée"),
            *_vat(),
            heading("Pièces"),
            bordereau(pieces),
            signatory(brief, "Signature pour le créancier"),
        ),
    )  # fmt: skip


def _lost(brief: Brief, case: Case) -> Block:
    """Payments are counted on the principal: what the accounts lose is the invoice less what came in."""

    def money(value: Decimal) -> str:
        return amount(value, brief.invoice.currency, "fr")

    row = [
        brief.invoice.number, short_day(brief.invoice.issued_on), short_day(case.anchor_on), money(case.invoice.total),
        money(case.received) if case.received else "–", money(case.credited) if case.credited else "–",
        money(case.open_principal),
    ]  # fmt: skip
    head = ("Facture", "Émise le", "Échéance", "Montant TTC", "Encaissé", "Avoirs", "Perte TTC")
    return table(head, ("left", "left", "left", "right", "right", "right", "right"), [row])


def _decision(case: Case) -> Block:
    closed = case.closed
    assert closed is not None
    return fields(
        ("Passée en perte le", long_date(closed.on, "fr")),
        ("Par", closed.by or ""),
        ("Motif", closed.because or ""),
    )


def _proof(pieces: Pieces) -> Iterator[Block]:
    held = pieces.of("irrecoverable")
    if held:
        yield paragraph(f"Le certificat d’irrécouvrabilité est au dossier {held}.")
        return
    yield note(
        "Aucun certificat d’irrécouvrabilité n’est au dossier. Le joindre dès qu’il est délivré (document, "
        "irrecoverable), ou le jugement de clôture : sans preuve, la perte se discute."
    )


def _vat() -> Iterator[Block]:
    yield blank(
        "À compléter par la comptabilité",
        "Perte hors taxe",
        "Taux et montant de la taxe",
        "Déclaration sur laquelle la taxe est récupérée",
    )
    yield note(
        "Récupération de la taxe d’une créance définitivement irrécouvrable (art. 272-1 CGI), duplicata de la facture "
        "et mention « facture demeurée impayée » : à confirmer avec l’expert-comptable avant toute imputation."
    )
