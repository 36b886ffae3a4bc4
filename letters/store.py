"""The document store on a folder: what left, byte for byte. What is kept is never overwritten."""

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


class FolderStore:
    """Keeps documents under ``folder``, made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> Path:
        """Keep ``content`` under ``name`` (a relative path; every part is made safe) and say where.

        The file appears whole or not at all. When the name already holds other bytes, the fingerprint of the new
        ones is added to it, so that nothing kept is ever overwritten. Raises OSError when the disk refuses.
        """
        path = self._folder.joinpath(*safe_parts(name))
        if not holds(path, content):
            if path.exists():
                path = path.with_stem(f"{path.stem}-{hashlib.sha256(content).hexdigest()[:12]}")
            write_whole(path, content)
        return path


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


def holds(path: Path, content: bytes) -> bool:
    """Whether the file is there with exactly these bytes."""
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def write_whole(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write a file that is never seen half: to a neighbour, synced, then renamed over. It holds personal data, so
    only its owner reads it unless ``mode`` says otherwise.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
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
