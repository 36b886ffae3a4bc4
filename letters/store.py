"""The document store on a folder: what left, byte for byte. What is kept is never overwritten."""

import errno
import hashlib
import os
import re
import tempfile
import unicodedata
from pathlib import Path
from typing import Protocol

MAX_NAME = 120


class Store(Protocol):
    """Keeps a document under a name and says where."""

    def put(self, name: str, content: bytes) -> Path:
        """Keep the bytes; the same bytes under the same name again change nothing."""
        ...


class Cipher(Protocol):
    """Turns a document into what is kept, and back."""

    def seal(self, content: bytes) -> bytes:
        """The bytes as they are kept."""
        ...

    def open(self, kept: bytes) -> bytes:
        """The document of kept bytes."""
        ...


class Open:
    """Keeps documents as they are."""

    def seal(self, content: bytes) -> bytes:
        """The same bytes."""
        return content

    def open(self, kept: bytes) -> bytes:
        """The same bytes."""
        return kept


class FolderStore:
    """Keeps documents under ``folder``, made when the first one comes; as ``cipher`` turns them, or as they are."""

    def __init__(self, folder: Path, cipher: Cipher | None = None) -> None:
        self._folder = folder
        self._cipher = cipher or Open()

    def put(self, name: str, content: bytes) -> Path:
        """Keep ``content`` under ``name`` (a relative path; every part is made safe) and say where.

        The file appears whole or not at all. When the name already holds other bytes, the fingerprint of the new
        ones is added to it, so that nothing kept is ever overwritten. Raises OSError when the disk refuses.
        """
        path = self._folder.joinpath(*safe_parts(name))
        if not self._holds(path, content):
            if path.exists():
                path = path.with_stem(f"{path.stem}-{hashlib.sha256(content).hexdigest()[:12]}")
            write_whole(path, self._cipher.seal(content))
        return path

    def get(self, document: str | Path) -> bytes:
        """The document at a path that ``put`` named, as it was given; raises OSError when it is not there."""
        return self._cipher.open((self._folder / document).read_bytes())

    def _holds(self, path: Path, content: bytes) -> bool:
        try:
            return self.get(path) == content
        except OSError:
            return False


def located(store: Path, document: str) -> Path:
    """Where a document that the ledger names lies today: ledgers name the place of the day it was written, and a store
    may have been moved, or copied to an auditor's machine, since. Always inside the store, there or not."""
    root, parts = store.resolve(), Path(document).parts
    path = (root / document).resolve()
    if path.is_relative_to(root) and path != root:
        return path
    tails = (root.joinpath(*parts[place:]).resolve() for place in range(1, len(parts)))
    inside = [tail for tail in tails if tail.is_relative_to(root) and tail != root]
    return next((tail for tail in inside if tail.exists()), inside[0] if inside else root / safe_name(document))


def safe_name(text: str) -> str:
    """A file name that any system takes: ASCII letters, digits, dots, dashes; never hidden, empty or a reserved name.

    A text that loses signs, or is cut, ends with a digest of the whole, so that two never meet under one name.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9._@-]+", "-", plain).strip(".-")
    if kept == text and 0 < len(kept) <= MAX_NAME:
        return kept
    stem, dot, suffix = kept.rpartition(".")
    if not dot or len(suffix) > 5:
        stem, dot, suffix = kept, "", ""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{stem[: MAX_NAME - 20] or 'x'}-{digest}{dot}{suffix}"


def safe_parts(name: str) -> list[str]:
    """The parts of a relative path, each a safe name; ``..`` and empty parts are gone."""
    parts = [safe_name(part) for part in re.split(r"[/\\]", name) if part.strip(". ")]
    return parts or [safe_name(name)]


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file that is never seen half and survives a power cut: to a neighbour, synced, then renamed over, and
    its folder synced. It holds personal data, so only its owner reads it unless ``mode`` says otherwise.
    """
    _made(path.parent)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), mode)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _made(folder: Path) -> None:
    """The folder, made with those above it where they are missing."""
    if not folder.is_dir():
        _made(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """What a folder names is on the disk: a renamed file is in its folder only once that was synced (fsync(2)). Some
    network shares know no such thing (EINVAL); they keep their folders as they see fit."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(handle)
