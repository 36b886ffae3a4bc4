"""Reading PDFs back."""

import io
from typing import Any

from pypdf import PdfReader
from pypdf.generic import StreamObject

MM = 72 / 25.4
A4_HEIGHT = 297.0


def reader_of(pdf: bytes) -> PdfReader:
    """The document."""
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """All its text with plain spaces."""
    pages = reader_of(pdf).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ").replace("\u202f", " ")


def placed(pdf: bytes, page: int = 0) -> list[tuple[str, float, float]]:
    """The runs of text of a page with their place in mm from the left and from the top."""
    found: list[tuple[str, float, float]] = []

    def visit(text: str, matrix: Any, place: Any, *_rest: Any) -> None:
        if text.strip():
            x = (place[4] * matrix[0] + matrix[4]) / MM
            y = (place[5] * matrix[3] + matrix[5]) / MM
            found.append((text.strip(), x, A4_HEIGHT - y))

    reader_of(pdf).pages[page].extract_text(visitor_text=visit)
    return found


def bitmaps_of(pdf: bytes) -> list[Any]:
    """Its bitmaps, as streams."""
    reader = reader_of(pdf)
    found = (reader.get_object(number) for number in range(1, int(str(reader.trailer["/Size"]))))
    return [one for one in found if isinstance(one, StreamObject) and one.get("/Subtype") == "/Image"]
