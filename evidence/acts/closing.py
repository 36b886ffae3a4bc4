"""How every act ends: its list of pieces and who signs. Pure."""

from evidence.acts.blocks import Block, signature, table
from evidence.manifest import Piece
from evidence.wording import short_day
from rules.brief import Brief


def bordereau(pieces: tuple[Piece, ...]) -> Block:
    """The numbered pieces, as the bordereau has them."""
    rows = [[str(piece.number), piece.title, short_day(piece.on) if piece.on else "–"] for piece in pieces]
    return table(("N°", "Pièce", "Date"), ("right", "left", "left"), rows, fill=1)


def signatory(brief: Brief, title: str = "Signature du demandeur ou de son mandataire") -> Block:
    """The legal representative, or whoever signs for him under a power (art. 1407 CPC)."""
    creditor = brief.creditor
    if creditor.signatory:
        return signature(title, creditor.signatory, "(joindre son pouvoir)")
    if creditor.representative is not None:
        return signature(title, creditor.representative.name, creditor.representative.capacity)
    return signature(title, "Nom et qualité :")
