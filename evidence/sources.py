"""Where pieces come from: files of the creditor and the store of what was sent. Reads; says why it cannot."""

import hashlib
import io
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol
from urllib.parse import unquote

from evidence.naming import SIGNATURES, extension
from sealing.documents import MARK, DocumentSeal
from sealing.keys import Altered, UnknownKey

MEGABYTE = 1 << 20
LARGEST = 200 * MEGABYTE
"""A piece beyond this is not copied: no court's platform takes it, and one file must not fill the disk."""
_CHUNK = MEGABYTE
_TAIL = 2048


class Unusable(Exception):
    """A piece that cannot be copied: ``code`` is stable, ``reason`` a French sentence without its subject."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Copied(NamedTuple):
    """A copy that was made: its fingerprint, its size, the extension its name must have."""

    sha256: str
    size: int
    extension: str


class Documents(Protocol):
    """The store that keeps what was sent."""

    def path(self, document: str) -> Path:
        """The file that holds a stored document; raises Unusable when the name leads nowhere in the store."""
        ...


class StoredDocuments:
    """The document store on a folder. Documents are named by their path, absolute or from the store's ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def path(self, document: str) -> Path:
        """The file of a document; raises Unusable when it lies outside the store."""
        _check_path(document)
        found = (self._folder / document).resolve()
        if not found.is_relative_to(self._folder.resolve()):
            raise Unusable("path_refused", "la copie n’est pas rangée dans le magasin de documents")
        return found


def located(reference: str, roots: Sequence[Path]) -> Path:
    """The local file of a ``file://`` address or an absolute path, links followed; raises Unusable for anything else
    and for what lies outside the folders ``roots``: a billing system that names a file must not thereby publish any
    file of the machine."""
    if reference.lower().startswith("file:"):
        rest = reference[len("file:") :]
        host, slash, path = rest[2:].partition("/") if rest.startswith("//") else ("", "", rest)
        if host.lower() not in ("", "localhost"):
            raise Unusable("not_local", f"l’adresse désigne une autre machine ({host[:80]})")
        reference = unquote(slash + path)
    elif re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", reference):
        raise Unusable("not_local", "l’adresse n’est pas celle d’un fichier local (file://…)")
    if not reference.startswith("/"):
        raise Unusable("not_a_file", "la référence ne désigne pas un fichier (chemin absolu ou file://…)")
    _check_path(reference)
    found = Path(reference).resolve()
    if not any(found.is_relative_to(root.resolve()) for root in roots):
        where = "dans le sous-dossier du créancier d’un dossier de RELANCE_DOCUMENTS"
        raise Unusable("path_refused", f"le fichier n’est pas {where}")
    return found


def _check_path(path: str) -> None:
    if ".." in re.split(r"[/\\]", path):
        raise Unusable("path_refused", "le chemin contient « .. »")
    if any(not sign.isprintable() for sign in path):
        raise Unusable("path_refused", "le chemin contient des caractères non imprimables")


def copy(
    source: Path, target: Path, *, sha256: str | None, largest: int = LARGEST, seal: DocumentSeal | None = None
) -> Copied:
    """Copy a source to ``target``, byte for byte, opened when the store's ``seal`` covers it; raises Unusable, and then
    leaves no trace of it.

    An error of writing (disk full) is not the piece's fault and is raised as it comes.
    """
    try:
        with _opened(source, largest) as file, target.open("xb") as into:
            made = _pour(_unsealed(file, seal), into, source.name, largest)
        _check_fingerprint(made.sha256, sha256)
    except Unusable:
        target.unlink(missing_ok=True)
        raise
    return made


def _opened(source: Path, largest: int) -> BinaryIO:
    """The file of a piece, open; raises Unusable when it is none or has no reasonable size."""
    try:
        # Never waits: the name may be that of a pipe that nobody writes to.
        handle = os.open(source, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _unreadable(error) from None
    try:
        _check_kind(os.fstat(handle), largest)
    except Unusable:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def _unsealed(file: BinaryIO, seal: DocumentSeal | None) -> BinaryIO:
    """The document itself; what the store keeps sealed is opened, and shows at once whether a byte of it changed."""
    sealed = seal is not None and _read(file, len(MARK)) == MARK
    file.seek(0)
    if seal is None or not sealed:
        return file
    try:
        return io.BytesIO(seal.open(file.read()))
    except Altered:
        raise Unusable("altered", "la copie conservée a été modifiée : son scellé ne s’ouvre plus") from None
    except UnknownKey:
        raise Unusable("unreadable", "la clé qui scelle la copie conservée manque") from None


def _check_kind(found: os.stat_result, largest: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Unusable("not_a_file", "la référence désigne un dossier ou un périphérique, non un fichier")
    if found.st_size == 0:
        raise Unusable("empty", "le fichier est vide")
    if found.st_size > largest:
        raise _too_large(largest)


def _pour(file: BinaryIO, into: BinaryIO, name: str, largest: int) -> Copied:
    """Copy and fingerprint in one reading, so that what is fingerprinted is what was copied."""
    digest, size, head, tail = hashlib.sha256(), 0, b"", b""
    while chunk := _read(file):
        size += len(chunk)
        if size > largest:  # it grew while it was read
            raise _too_large(largest)
        digest.update(chunk)
        into.write(chunk)
        head = head or chunk[:_TAIL]
        tail = (tail + chunk)[-_TAIL:]
    into.flush()
    os.fsync(into.fileno())
    suffix = extension(name, head)
    _check_content(suffix, head, tail)
    return Copied(digest.hexdigest(), size, suffix)


def _read(file: BinaryIO, size: int = _CHUNK) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise _unreadable(error) from None


def _check_content(suffix: str, head: bytes, tail: bytes) -> None:
    """Refuse a file that cannot be what its name says, above all a PDF cut short."""
    signs, called = SIGNATURES.get(suffix, (b"", ""))
    # A PDF's header may follow up to 1024 bytes of something else (ISO 32000-1, annex H.3.4.1).
    begins = signs in head[:1024] if suffix == "pdf" else head.startswith(signs)
    if not begins:
        raise Unusable("corrupted", f"le fichier est abîmé : ce n’est pas {called}")
    if suffix == "pdf" and b"%%EOF" not in tail:
        raise Unusable("corrupted", "le fichier est abîmé : le PDF est tronqué")


def _check_fingerprint(found: str, announced: str | None) -> None:
    if announced and found != announced.strip().lower().removeprefix("sha256:"):
        raise Unusable("altered", "le contenu n’est plus celui qui a été annoncé (empreinte SHA-256 différente)")


def _too_large(largest: int) -> Unusable:
    return Unusable("too_large", f"le fichier dépasse {largest // MEGABYTE} Mo")


def _unreadable(error: OSError) -> Unusable:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Unusable("not_found", "le fichier est introuvable")
    if isinstance(error, PermissionError):
        return Unusable("unreadable", "la lecture du fichier est interdite")
    return Unusable("unreadable", f"le fichier ne se lit pas ({os.strerror(error.errno or 0)})")
