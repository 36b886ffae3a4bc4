"""The numbered copies that were made so far of a file being built, each under what it was made from: who goes on after
a killed worker finds them, and makes the others. Knows bytes, nothing of pieces."""

import hashlib
from collections.abc import Callable
from pathlib import Path

FOLDER = "made"
_DIGEST = hashlib.sha256().digest_size


class Made:
    """Copies under ``folder``. One that a crash left half written, or that was touched, is made again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def kept(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The copy of that key, made if it is not there yet; raises what ``make`` raises, and OSError when it cannot
        be written."""
        found = self._read(key)
        if found is not None:
            return found
        content = make()
        self._folder.mkdir(parents=True, exist_ok=True)
        half = self._folder / f"{key}.half"
        half.write_bytes(hashlib.sha256(content).digest() + content)
        half.replace(self._folder / key)
        return content

    def _read(self, key: str) -> bytes | None:
        try:
            stored = (self._folder / key).read_bytes()
        except FileNotFoundError:
            return None
        digest, content = stored[:_DIGEST], stored[_DIGEST:]
        return content if hashlib.sha256(content).digest() == digest else None
