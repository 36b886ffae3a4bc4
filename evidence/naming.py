"""Names of files and folders made from what people wrote: never a path, never two meanings. Pure."""

import hashlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath

from letters.typography import fold

LONGEST = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_EXTENSIONS = frozenset({
    "pdf", "eml", "msg", "xml", "png", "jpg", "jpeg", "tif", "tiff", "txt", "csv", "json", "html", "docx", "odt",
    "xlsx", "ods", "zip", "p7m",
})  # fmt: skip


def folder_name(text: str, usual: Callable[[str], str]) -> str:
    """One folder's name for a creditor's key or an invoice number, itself when it is plain.

    ``usual`` is the case such names are written in (``str.upper``, ``str.lower``). Any other text is cleaned and
    carries a fingerprint after ``~``, a sign no plain name has: « F/1 », « F 1 » and « f-1 » never share a folder, even
    on a disk that takes capitals and small letters for the same.
    """
    plain = _UNSAFE.sub("-", text).strip("-.")[:LONGEST]
    if plain and plain == text and plain == usual(plain) and ".." not in plain:
        return plain
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{plain.replace('..', '-') or 'sans-nom'}~{mark}"


def slug(title: str) -> str:
    """A title as the part of a file name: « Bon de livraison » → ``bon-de-livraison``."""
    return re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:40].strip("-") or "piece"


def extension(name: str, head: bytes) -> str:
    """The extension of a copy, without its dot: that of the source when it is a document's, else what the first bytes
    say, else ``bin``: a program never gets into the folder under a name that runs it."""
    given = PurePosixPath(name).suffix.lower().removeprefix(".")
    if given in _EXTENSIONS:
        return given
    for found, (signs, _) in SIGNATURES.items():
        if head.startswith(signs):
            return found
    return "bin"


SIGNATURES = {
    "pdf": (b"%PDF-", "un PDF"),
    "png": (b"\x89PNG\r\n\x1a\n", "une image PNG"),
    "jpg": (b"\xff\xd8\xff", "une image JPEG"),
    "jpeg": (b"\xff\xd8\xff", "une image JPEG"),
}
"""How a document of each kind begins, and what it is called."""
