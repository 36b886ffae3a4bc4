"""Taking documents out of the store: files, judicial folders with their zip, letters still in the tray."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ledger.privacy import Going, PrivacyBook
from letters.store import located
from letters.tray_folder import TrayFolder
from privacy.copies import Copies
from rules.retention import Kind, Term
from sealing.documents import DocumentSeal

UNFINISHED = timedelta(days=2)


class Bin:
    """Empties what the ledger has written down as going. Interrupted, it goes on where it stood."""

    def __init__(self, book: PrivacyBook, store: Path, seal: DocumentSeal) -> None:
        self._book = book
        self._store = store.resolve()
        self._copies = Copies(self._store)
        self._tray = TrayFolder(self._store / "tray", seal)

    async def empty(self, each: Callable[[Going], object] = lambda _: None) -> None:
        """Remove every such document, and what lies unfinished."""
        for going in await self._book.to_remove():
            each(going)
            await asyncio.to_thread(self._remove, going)
            await self._book.removed(going.document, datetime.now(UTC).replace(microsecond=0))
        await asyncio.to_thread(self._sweep_unfinished, datetime.now(UTC))

    def _sweep_unfinished(self, now: datetime) -> None:
        """What a killed worker had made of a judicial file that nobody went on with: an act gives up after a day."""
        for half in self._store.glob("dossiers/*/*/.*.building"):
            if datetime.fromtimestamp(half.stat().st_mtime, UTC) < now - UNFINISHED:
                shutil.rmtree(half, ignore_errors=True)

    def _remove(self, going: Going) -> None:
        if going.mark is not None:
            self._tray.destroy(going.mark)
            for copy in self._copies.of(going.case.split("/")[1], going.mark):
                copy.unlink(missing_ok=True)
        path = located(self._store, going.document)
        if going.kind is Kind.JUDICIAL_FILE:
            shutil.rmtree(path, ignore_errors=True)
            path.with_name(f"{path.name}.zip").unlink(missing_ok=True)
        else:
            path.unlink(missing_ok=True)


def going_of(terms: Sequence[Term]) -> list[Going]:
    """The documents of these terms, as the ledger writes down that they go."""
    return [
        Going(term.kept.document, term.kept.case, term.kept.kind, term.kept.mark)
        for term in terms
        if term.kept.document is not None
    ]
