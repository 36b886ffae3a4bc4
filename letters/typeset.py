"""Typesetting by typst, in process: data goes in as JSON and is never markup; fonts are those of the wheel.

Same data, same moment, same bytes. Nothing is read but the page designs beside this file.
"""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from letters.legible import has_long_words, legible

DESIGNS = Path(__file__).parent / "templates" / "pages"


class Typesetter:
    """One compiler and one set of fonts for the process; safe to call from several threads, one page at a time."""

    def __init__(self) -> None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
        self._compiler = typst.Compiler(root=DESIGNS, font_paths=fonts, ignore_system_fonts=True)
        self._lock = threading.Lock()

    def pdf(self, design: str, data: dict[str, Any], moment: datetime) -> bytes:
        """The PDF/A-2b of ``pages/<design>.typ`` filled with ``data``, dated ``moment`` (a time with its zone), to
        the second.

        A sign that no font holds is shown as « ? »."""
        shown = legible(data)
        inputs = {
            "data": json.dumps(shown, ensure_ascii=False, sort_keys=True, default=_signs),
            "long-words": "yes" if has_long_words(shown) else "no",
        }
        with self._lock:
            made = self._compiler.compile(
                DESIGNS / f"{design}.typ",
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=["a-2b"],
                timestamp=moment.astimezone(UTC).replace(microsecond=0),
            )
        assert isinstance(made, bytes)  # a PDF is one file; only images come as a list
        return made


def image(content: bytes | None) -> dict[str, Any] | None:
    """An image as JSON: an SVG as its text, a bitmap as its bytes; None when there is none.

    Raises ValueError on any format but PNG, JPEG and SVG.
    """
    if content is None:
        return None
    if content.startswith(b"\x89PNG"):
        return {"format": "png", "bytes": content}
    if content.startswith(b"\xff\xd8\xff"):
        return {"format": "jpg", "bytes": content}
    if b"<svg" in content[:2000]:
        return {"format": "svg", "text": content.decode()}
    raise ValueError("the image is neither PNG, JPEG nor SVG")


def _signs(content: bytes) -> str:
    """A bitmap in JSON, a sign for each byte (U+0000 to U+00FF): as numbers it costs as much as its page."""
    return content.decode("latin-1")
