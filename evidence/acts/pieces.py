"""The numbered pieces of a file, as an act cites them. Pure."""

from collections.abc import Iterable

from evidence.manifest import Piece
from letters.typography import clean


class Pieces:
    """The numbered pieces of a file, found by what they are."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        self._pieces = pieces

    def of(self, *kinds: str) -> str:
        """« (pièces n° 2 et 3) »; empty when no piece is of these kinds."""
        return cited(piece.number for piece in self._pieces if piece.kind in kinds)

    def told(self, *names: str) -> str:
        """The same for the pieces that events or messages of these ids brought."""
        return cited(piece.number for piece in self._pieces if piece.source.of in names)

    def numbers(self, *kinds: str) -> str:
        """« 2, 3 »; a dash when there is none."""
        return ", ".join(str(piece.number) for piece in self._pieces if piece.kind in kinds) or "–"

    def invoice(self, number: str) -> str:
        """The number of the piece that is the invoice itself."""
        title = f"Facture {clean(number, 80)}"
        return next((str(p.number) for p in self._pieces if p.kind == "invoice" and p.title.startswith(title)), "–")


def cited(numbers: Iterable[int]) -> str:
    """« (pièce n° 5) », « (pièces n° 2, 3 et 4) »."""
    found = [str(number) for number in sorted(set(numbers))]
    if not found:
        return ""
    return f"(pièce{'s' if len(found) > 1 else ''} n° {listed(found)})"


def listed(words: list[str]) -> str:
    """« a, b et c »."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} et {words[-1]}"
