"""Where kept histories lie in the store: ``histories/{creditor}/{number}/{run}.history``, byte for byte as the ledger's
hash says.
"""

from pathlib import Path

from letters.store import safe_parts, write_whole
from rules.runs import Run


class HistoryShelf:
    """The histories of a store."""

    def __init__(self, store: Path) -> None:
        self._store = store.resolve()

    def put(self, run: Run, content: bytes) -> str:
        """Keep the bytes of a run; their name in the store. The same run again takes the place of the first, of which
        the ledger knew nothing."""
        parts = ["histories", *safe_parts(run.case.removeprefix("invoice/")), f"{run.run}.history"]
        write_whole(self._store.joinpath(*parts), content)
        return "/".join(parts)

    def get(self, document: str) -> bytes:
        """The bytes under a name; raises OSError when they are not there, ValueError for a name outside the store."""
        path = (self._store / document).resolve()
        if not path.is_relative_to(self._store):
            raise ValueError(f"{document} lies outside the store")
        return path.read_bytes()

    def remove(self, document: str) -> None:
        """Remove a history; a no-op when it is gone."""
        (self._store / document).unlink(missing_ok=True)
