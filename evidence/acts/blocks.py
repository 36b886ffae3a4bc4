"""What an act is made of, as the page design ``act.typ`` sets it. Pure; data are cleaned, never markup."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from letters.typography import clean, french

Block = dict[str, Any]


class Act(NamedTuple):
    """A draft: its file name, whom it is addressed to (one line each), its title, and its parts in order."""

    file: str
    title: str
    subtitle: str
    addressee: tuple[str, ...]
    blocks: tuple[Block, ...]


def heading(text: str) -> Block:
    """A numbered part."""
    return {"kind": "heading", "text": _set(text)}


def formula(text: str) -> Block:
    """Words that stand alone in the middle, such as « PAR CES MOTIFS »."""
    return {"kind": "formula", "text": _set(text)}


def paragraph(text: str) -> Block:
    return {"kind": "paragraph", "text": _set(text)}


def note(text: str) -> Block:
    """What whoever signs must know or decide; it is to be struck out before the act leaves."""
    return {"kind": "note", "text": _set(text)}


def fields(*rows: tuple[str, str]) -> Block:
    """The boxes of a form: label and value; an empty value is left open, on a dotted line."""
    return {"kind": "fields", "rows": [[_set(label), _set(value)] for label, value in rows]}


def blank(text: str, *rows: str) -> Block:
    """A part that only another may fill in: each row is a label before a dotted line."""
    return {"kind": "blank", "text": _set(text), "rows": [_set(row) for row in rows]}


def choice(*rows: str) -> Block:
    """Boxes to tick."""
    return {"kind": "choice", "rows": [_set(row) for row in rows]}


def demands(rows: Iterable[str]) -> Block:
    """What is asked of the judge, numbered."""
    return {"kind": "demands", "rows": [_set(row) for row in rows]}


def signature(text: str, *rows: str) -> Block:
    """Place, day and a box to sign in."""
    return {"kind": "signature", "text": _set(text), "rows": [_set(row) for row in rows]}


def table(
    head: Sequence[str], aligns: Sequence[str], rows: Iterable[Sequence[str]], sums: Sequence[str] = (), fill: int = 0
) -> Block:
    """A table; ``fill``: the column that takes what width is left; ``sums``: its last line."""
    return {
        "kind": "table",
        "head": [_set(cell) for cell in head],
        "widths": ["fill" if place == fill else "auto" for place in range(len(head))],
        "aligns": list(aligns),
        "rows": [[_set(cell) for cell in row] for row in rows],
        "sums": [_set(cell) for cell in sums],
    }


def _set(text: str) -> str:
    return french(clean(text, 20_000))
