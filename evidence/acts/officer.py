"""What a commissaire de justice is asked for: the simplified recovery of small claims (art. L125-1 CPCE), or the order
of payment between merchants (art. L126-1 CPCE). Pure."""

from collections.abc import Iterator

from evidence.acts import parties
from evidence.acts.blocks import Act, Block, heading, note, paragraph
from evidence.acts.closing import bordereau, signatory
from evidence.acts.facts import facts
from evidence.acts.pieces import Pieces
from evidence.acts.sums import sums
from evidence.manifest import Piece
from rules.brief import Brief
from rules.law import Procedure


def officer(brief: Brief, pieces: tuple[Piece, ...]) -> Act:
    """The demand to the commissaire de justice, as the file has it."""
    small = brief.procedure == Procedure.SMALL_CLAIM
    found = Pieces(pieces)
    articles = "article L125-1" if small else "articles L126-1 à L126-5"
    return Act(
        file="demande_commissaire_de_justice.pdf",
        title="Demande de recouvrement simplifié" if small else "Demande de commandement de payer",
        subtitle=f"{articles} du code des procédures civiles d’exécution",
        addressee=("À un commissaire de justice", "du ressort de la cour d’appel du débiteur (à choisir)"),
        blocks=(
            heading("Créancier"),
            parties.creditor_fields(brief),
            heading("Débiteur"),
            parties.debtor_fields(brief),
            heading("Faits"),
            *facts(brief, found),
            heading("Sommes dues"),
            *sums(brief, found),
            *_rules(small=small),
            heading("Pièces jointes"),
            bordereau(pieces),
            signatory(brief, "Signature du créancier"),
        ),
    )  # fmt: skip


def _rules(*, small: bool) -> Iterator[Block]:
    if small:
        yield paragraph(
            "Le créancier demande que le débiteur soit invité à participer à la procédure. Sans réponse dans le mois, "
            "elle prend fin ; un accord vaut titre exécutoire. Les frais restent à la charge du créancier."
        )
        yield note("Le commissaire de justice qui délivre le titre ne peut pas l’exécuter (art. L125-1 CPCE).")
        return
    yield paragraph("Le créancier demande que soit signifié au débiteur un commandement de payer les sommes ci-dessus.")
    yield note("Toute contestation du débiteur dans le mois met fin à la procédure. Tarif et décret : à confirmer.")
