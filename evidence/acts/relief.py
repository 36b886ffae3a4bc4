"""The requête to be relieved from foreclosure, when a claim was not declared in time (art. L622-26 C. com.). Pure."""

from collections.abc import Iterator

from evidence.acts import parties
from evidence.acts.blocks import Act, Block, blank, choice, demands, formula, heading, note, paragraph
from evidence.acts.closing import bordereau, signatory
from evidence.acts.declaration import claim, procedure
from evidence.acts.facts import facts
from evidence.acts.pieces import Pieces
from evidence.manifest import Piece
from letters.typography import amount
from rules.brief import Brief


def relief(brief: Brief, pieces: tuple[Piece, ...]) -> Act:
    """The requête, addressed to the juge-commissaire of the procedure."""
    court = brief.insolvency.court if brief.insolvency is not None and brief.insolvency.court else ""
    return Act(
        file="requete_releve_de_forclusion.pdf",
        title="Requête en relevé de forclusion",
        subtitle="article L622-26 du code de commerce",
        addressee=(
            "À Madame ou Monsieur le juge-commissaire",
            f"près le {court}" if court else "(tribunal de la procédure à compléter)",
        ),
        blocks=(
            heading("Requérant"),
            parties.creditor_fields(brief),
            heading("Débiteur"),
            parties.debtor_fields(brief),
            *procedure(brief, late=True),
            heading("Origine de la créance"),
            *facts(brief, Pieces(pieces)),
            heading("Créance au jour du jugement d’ouverture"),
            *claim(brief),
            heading("Motifs du relevé"),
            *_grounds(),
            formula("PAR CES MOTIFS"),
            *_demands(brief),
            heading("Pièces jointes"),
            bordereau(pieces),
            signatory(brief, "Signature du requérant ou de son mandataire"),
        ),
    )  # fmt: skip


def _grounds() -> Iterator[Block]:
    """What the text asks the creditor to establish; which of the two only he can say."""
    yield paragraph(
        "La créance n’a pas été déclarée dans le délai. Le juge-commissaire relève de la forclusion le créancier qui "
        "établit que sa défaillance n’est pas due à son fait, ou qu’elle tient à une omission du débiteur dans la "
        "liste de ses créances (art. L622-26 C. com.)."
    )
    yield choice(
        "La défaillance n’est pas due au fait du créancier.",
        "Le débiteur a omis cette créance de la liste remise au mandataire judiciaire.",
    )
    yield blank("À établir par le requérant", "Circonstances", "Pièces qui les prouvent")
    yield note(
        "Cocher le motif et le prouver : sans preuve la requête est rejetée. Demander au mandataire judiciaire la "
        "liste des créances remise par le débiteur. Les frais de l’instance restent en principe au créancier : à "
        "confirmer."
    )


def _demands(brief: Brief) -> Iterator[Block]:
    owed = amount(brief.decompte.total, brief.invoice.currency, "fr")
    yield paragraph("Le requérant demande au juge-commissaire de :")
    yield demands(
        (
            f"le relever de la forclusion encourue pour sa créance de {owed} ;",
            "l’autoriser à la déclarer dans le délai d’un mois (art. L622-24 C. com.), la déclaration jointe étant "
            "prête à être envoyée.",
        )
    )
