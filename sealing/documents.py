"""Documents of the store, sealed under the master key ring. A file says by its first bytes whether it is sealed, so
that a store begun without keys is read with them.
"""

from pathlib import Path

from rules.refusals import Refused
from sealing.keys import KeyRing

MARK = b"RELANCE SEALED 1\n"
_CONTEXT = "document"


class DocumentSeal:
    """Seals what is kept and opens what was kept. Without a ring documents are kept as they are."""

    def __init__(self, ring: KeyRing | None) -> None:
        self._ring = ring

    def seal(self, content: bytes) -> bytes:
        """The bytes as they are kept."""
        return content if self._ring is None else MARK + self._ring.seal(content, _CONTEXT)

    def open(self, kept: bytes) -> bytes:
        """The document; raises UnknownKey, Altered, and Refused when it is sealed and there are no keys."""
        if not kept.startswith(MARK):
            return kept
        if self._ring is None:
            raise Refused("This document is sealed under master keys; set RELANCE_PAYLOAD_KEYS to read it.")
        return self._ring.open(kept[len(MARK) :], _CONTEXT)

    def read(self, path: Path) -> bytes:
        """The document in a file; raises OSError when it is not there, and what ``open`` raises."""
        return self.open(path.read_bytes())
