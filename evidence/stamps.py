"""Copies of the pieces that bear their number on every page, to be lodged. The pieces themselves stay as they are.

A PDF is stamped; a picture and an e-mail are set as pages; of anything else a sheet says where the file is. Same bytes
in, same bytes out; nothing active (scripts, attachments) is carried over.
"""

import email
import email.policy
import hashlib
import io
import json
from datetime import datetime
from email.message import EmailMessage
from importlib.metadata import version
from pathlib import Path
from struct import error as struct_error
from typing import Any
from zlib import error as zlib_error

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import FileNotDecryptedError, PyPdfError

from evidence.manifest import Piece
from letters.typeset import DESIGNS, Typesetter, image
from letters.typography import clean, french

LARGEST = 50 << 20
"""Bytes of a piece beyond which only a sheet is made: stamping holds the whole of it in memory."""
MOST_PAGES = 400
_LINES = 2000
_DESIGNS = ("sheet", "stamp")
_UNREADABLE = (
    PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError, OSError,
    NotImplementedError, zlib_error, struct_error,
)  # fmt: skip
"""What a damaged PDF makes its reader raise."""


class Unstamped(Exception):
    """A piece that cannot bear its number; says why, in French."""


class Stamper:
    """Makes the numbered copies of one file's pieces."""

    def __init__(self, setter: Typesetter, creditor: str, moment: datetime) -> None:
        self._setter = setter
        self._creditor = creditor
        self._moment = moment

    def key(self, piece: Piece) -> str:
        """What its numbered copy is made from, as a digest: the bytes, the number, the words, the tools."""
        said = [piece.sha256, piece.file, piece.number, piece.title, self._creditor, self._moment.isoformat()]
        tools = [version("pypdf"), version("typst"), *((DESIGNS / f"{name}.typ").read_text() for name in _DESIGNS)]
        return hashlib.sha256(json.dumps([*said, *tools]).encode()).hexdigest()

    def stamped(self, piece: Piece, source: Path) -> bytes:
        """A PDF of the piece with its number on every page; raises Unstamped when it cannot be read."""
        if source.stat().st_size > LARGEST:
            raise Unstamped(f"elle dépasse {LARGEST >> 20} Mo")
        content = source.read_bytes()
        pages = self._as_pdf(piece, content)
        try:
            return self._numbered(piece, pages)
        except FileNotDecryptedError:
            raise Unstamped("le PDF est protégé par un mot de passe, le juge ne l’ouvrira pas non plus") from None
        except _UNREADABLE:
            raise Unstamped("le PDF ne se lit pas") from None

    def sheet(self, piece: Piece) -> bytes:
        """What stands in for a piece that cannot be stamped: its number, and which file it is."""
        rows = [["Fichier joint", piece.file], ["SHA-256", piece.sha256], ["Taille", f"{piece.size} octets"]]
        lines = ["Cette pièce est produite sous forme de fichier ; sa copie cotée est à établir à la main."]
        return self._numbered(piece, self._page(piece, rows, lines))

    def _as_pdf(self, piece: Piece, content: bytes) -> bytes:
        suffix = piece.file.rpartition(".")[2]
        match suffix:
            case "pdf":
                return content
            case "png" | "jpg" | "jpeg":
                return self._picture(piece, content)
            case "eml":
                return self._mail(piece, content)
            case "txt":
                lines = content.decode("utf-8", errors="replace").splitlines()
                return self._page(piece, [], lines)
        raise Unstamped(f"un fichier .{suffix} ne se met pas en pages")

    def _picture(self, piece: Piece, content: bytes) -> bytes:
        try:
            return self._page(piece, [], [], picture=image(content))
        except (RuntimeError, ValueError):
            raise Unstamped("l’image ne se lit pas") from None

    def _mail(self, piece: Piece, content: bytes) -> bytes:
        """An e-mail as it left: its headers, its words, the names of what was attached."""
        message = email.message_from_bytes(content, policy=email.policy.default)
        names = {"From": "De", "To": "À", "Cc": "Copie", "Date": "Date", "Subject": "Objet", "Message-ID": "Message-ID"}
        rows = [[french(label), clean(str(message[name]))] for name, label in names.items() if message[name]]
        rows += [["Pièce jointe", clean(part.get_filename() or "sans nom")] for part in message.iter_attachments()]
        return self._page(piece, rows, _words(message).splitlines())

    def _page(
        self, piece: Piece, rows: list[list[str]], lines: list[str], *, picture: dict[str, Any] | None = None
    ) -> bytes:
        kept = [clean(line, 2000) for line in lines[:_LINES]]
        data = {
            "title": french(clean(piece.title)),
            "creditor": clean(self._creditor),
            "rows": rows,
            "lines": [line for line in kept if line],
            "picture": picture,
        }
        return self._setter.pdf("sheet", data, self._moment)

    def _numbered(self, piece: Piece, content: bytes) -> bytes:
        writer = PdfWriter()
        reader = PdfReader(io.BytesIO(content))
        if not 0 < len(reader.pages) <= MOST_PAGES:
            raise Unstamped(f"elle a {len(reader.pages)} pages")
        pages = [writer.add_page(page) for page in reader.pages]
        for page, mark in zip(pages, self._marks(piece, pages), strict=True):
            corner = page.mediabox.lower_left
            page.merge_transformed_page(mark, Transformation().translate(float(corner[0]), float(corner[1])))
        written = io.BytesIO()
        writer.write(written)
        return written.getvalue()

    def _marks(self, piece: Piece, pages: list[PageObject]) -> list[PageObject]:
        for page in pages:
            if page.rotation:
                page.transfer_rotation_to_content()
        sizes = [{"width": float(page.mediabox.width), "height": float(page.mediabox.height)} for page in pages]
        mark = french(f"Pièce n° {piece.number}")
        data = {"title": mark, "creditor": clean(self._creditor), "mark": mark, "pages": sizes}
        return list(PdfReader(io.BytesIO(self._setter.pdf("stamp", data, self._moment))).pages)


def _words(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    if body is None:
        return "(message sans texte brut : voir le fichier joint)"
    try:
        return str(body.get_content())
    except (LookupError, UnicodeError, KeyError):
        return "(texte illisible : voir le fichier joint)"
