"""A folder that appears whole or not at all, and the zip of it. Knows files, nothing of pieces."""

import fcntl
import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence.made import FOLDER
from evidence.manifest import FileEntry
from letters.store import Cipher, Open, sync_folder

PATIENCE = 60.0
"""Seconds to wait for another worker that builds the same file; then the caller tries again later."""
_PAUSE = 0.05
_CHUNK = 1 << 20
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can hold: the real one would differ at each building


class Busy(Exception):
    """Another worker has been building the same file for longer than one waits."""


@contextmanager
def building(target: Path, patience: float = PATIENCE, cipher: Cipher | None = None) -> Iterator[Path]:
    """An empty folder to fill; when the block ends well it takes the place of ``target``, with its zip beside it, each
    file as ``cipher`` turns it, or as it is.

    When the block fails, or the machine, what was there before is still there. A killed worker leaves the copies it
    made beside the folder (``made_beside``), for whoever goes on.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target, patience):
        beside = target.with_name(f".{target.name}.building")
        _clear(beside)
        built = beside / target.name
        built.mkdir(parents=True)
        try:
            yield built
            _settle(built, target, cipher)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def made_beside(built: Path) -> Path:
    """Where the copies made for a folder under construction are kept until it stands."""
    return built.parent / FOLDER


def _clear(beside: Path) -> None:
    """Take away what a crash left, but the copies that were made."""
    for left in beside.iterdir() if beside.is_dir() else ():
        if left.name != FOLDER:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def _alone(target: Path, patience: float) -> Iterator[None]:
    """One builder of ``target`` at a time, whichever process it belongs to; the lock dies with its process."""
    until = time.monotonic() + patience
    with target.with_name(f".{target.name}.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Busy(f"{target}: another worker is building it; try again later.") from None
                time.sleep(_PAUSE)
        yield


def write(folder: Path, name: str, content: bytes) -> FileEntry:
    """Write one file of the folder, to the disk and not only to its cache."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return FileEntry(file=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def _settle(built: Path, target: Path, cipher: Cipher | None) -> None:
    """Put the folder and its zip in their place; a target that holds the same already is left untouched, so that
    nobody who reads it is disturbed."""
    packed = built.parent / f"{target.name}.zip"
    pack(built, packed)
    same = is_same(built, target, cipher)
    if cipher is not None:
        for path in [packed, *(() if same else (built / name for name in names(built)))]:
            _seal(path, cipher)
    if not same:
        _replace(built, target)
    packed.replace(target.with_name(packed.name))
    sync_folder(target.parent)


def _seal(path: Path, cipher: Cipher) -> None:
    content = cipher.seal(path.read_bytes())
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _replace(built: Path, target: Path) -> None:
    """A folder cannot be renamed over a full one: the old one is set aside first. A crash in between leaves no folder,
    and the next building makes it again."""
    aside = built.parent / "old"
    if target.exists():
        target.rename(aside)
    built.rename(target)


def pack(folder: Path, into: Path) -> None:
    """All files of the folder as a zip, in the order of their names, all of one date, stored as they are: compression
    would differ from one zlib to another, and the pieces are compressed already."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as packed:
        for name in names(folder):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3  # Unix, wherever it is built
            entry.external_attr = 0o100644 << 16
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, packed.open(entry, "w") as target:
                shutil.copyfileobj(source, target, _CHUNK)
    with into.open("rb") as file:
        os.fsync(file.fileno())


def names(folder: Path) -> list[str]:
    """The files of a folder by their path from it, in order."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def is_same(one: Path, other: Path, cipher: Cipher | None = None) -> bool:
    """Whether two folders hold the same files with the same bytes; those of the other as ``cipher`` opens them."""
    if not other.is_dir() or names(one) != names(other):
        return False
    opened = (cipher or Open()).open
    return all((one / name).read_bytes() == opened((other / name).read_bytes()) for name in names(one))
