"""Against a public body: the requête en référé-provision before the administrative judge (art. R541-1 CJA). Pure.

The written demand comes first, and is the mise en demeure of the « public » ladder.
"""

from collections.abc import Iterator

from evidence.acts import courts, parties
from evidence.acts.blocks import Act, Block, demands, formula, heading, note, paragraph
from evidence.acts.closing import bordereau, signatory
from evidence.acts.facts import facts
from evidence.acts.pieces import Pieces
from evidence.acts.sums import asked, sums
from evidence.manifest import Piece
from rules.brief import Brief


def administrative(brief: Brief, pieces: tuple[Piece, ...]) -> Act:
    """The requête of a file against a public body."""
    found = Pieces(pieces)
    return Act(
        file="requete_refere_provision.pdf",
        title="Requête en référé-provision",
        subtitle="article R541-1 du code de justice administrative",
        addressee=courts.president(brief.proposal),
        blocks=(
            heading("Requérant"),
            parties.creditor_fields(brief),
            parties.lawyer_blank(None),
            heading("Personne publique débitrice"),
            parties.debtor_fields(brief),
            heading("Faits"),
            *facts(brief, found),
            heading("Discussion"),
            *_law(),
            *sums(brief, found),
            formula("PAR CES MOTIFS"),
            *_demands(brief),
            heading("Pièces jointes"),
            bordereau(pieces),
            signatory(brief, "Signature du requérant ou de son avocat"),
        ),
    )


def _law() -> Iterator[Block]:
    yield paragraph(
        "Le juge des référés peut, même en l’absence de demande au fond, accorder une provision au créancier qui l’a "
        "saisi lorsque l’existence de l’obligation n’est pas sérieusement contestable (art. R541-1 CJA)."
    )
    yield paragraph(
        "Le retard de paiement fait courir de plein droit les intérêts moratoires et ouvre droit à l’indemnité "
        "forfaitaire pour frais de recouvrement (art. R2192-31 et D2192-35 CCP)."
    )
    yield note(
        "Demande préalable, ministère d’avocat et délais de recours sont à vérifier avant le dépôt ; ni injonction de "
        "payer ni saisie contre une personne publique."
    )


def _demands(brief: Brief) -> Iterator[Block]:
    name = brief.debtor.legal_name or brief.debtor.name
    asks = f"condamner {name} à verser à {brief.creditor.name}, à titre de provision"
    yield paragraph(f"Il est demandé au juge des référés de {asks} :")
    *first, last = asked(brief)
    yield demands((*(f"{text} ;" for text in first), f"{last}."))
