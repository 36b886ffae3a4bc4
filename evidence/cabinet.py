"""The cabinet: builds the evidence folder of a case, and its zip, in the document store. Writes files, sends nothing.

The same brief over the same pieces gives the same bytes. A piece that cannot be had is said, and never stops the rest.
Who begins again after a killed worker finds the numbered copies it made.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from evidence.acts.choice import acts_of
from evidence.catalogue import DECOMPTE, Origin, Wanted, wanted
from evidence.completeness import Failure, Held, Missing, missing, not_stamped
from evidence.csv_sheet import decompte_csv
from evidence.folder import building, made_beside, write
from evidence.made import Made
from evidence.manifest import FileEntry, Piece, Source, canonical, history_of, manifest_of
from evidence.naming import folder_name, slug
from evidence.papers import Papers
from evidence.sources import LARGEST, Documents, StoredDocuments, Unusable, copy, located
from evidence.stamps import Stamper, Unstamped
from letters.store import safe_parts
from letters.typeset import Typesetter
from rules.brief import Brief, FileReady
from sealing.documents import DocumentSeal

_INCOMING = ".incoming"


class FolderCabinet:
    """Files judicial folders under ``store``/dossiers/<creditor>/<number>/<passage>, with a zip of each beside it.

    ``documents`` finds the copies of what was sent (default: in ``store`` itself); ``largest`` is the size in bytes
    beyond which a piece is not copied; ``seal`` opens what the store keeps sealed, and seals the file itself when it
    ``stays`` in the store instead of going to people; ``roots`` are the folders in whose
    subfolder of that name a creditor's pieces may lie, beside its own in the store.
    """

    def __init__(
        self,
        store: Path,
        documents: Documents | None = None,
        *,
        typesetter: Typesetter | None = None,
        largest: int = LARGEST,
        seal: DocumentSeal | None = None,
        stays: bool = False,
        roots: Sequence[Path] = (),
    ) -> None:
        self._store = store
        self._documents = documents or StoredDocuments(store)
        self._setter = typesetter or Typesetter()
        self._largest = largest
        self._seal = seal
        self._keep = seal if stays else None
        self._roots = roots

    async def prepare(self, brief: Brief) -> FileReady:
        """Build the folder, or find it as it was; in a thread, so that the worker stays alive meanwhile.

        Raises OSError when the store cannot be written to, and Busy when another worker is at it for too long.
        """
        return await asyncio.to_thread(self._prepare, brief)

    def place(self, brief: Brief) -> Path:
        """The folder of a brief; its zip has the same name with ``.zip``."""
        invoice = brief.invoice
        creditor, number = folder_name(invoice.creditor, str.lower), folder_name(invoice.number, str.upper)
        return self._store / "dossiers" / creditor / number / str(brief.passage)

    def _prepare(self, brief: Brief) -> FileReady:
        target = self.place(brief)
        with building(target, cipher=self._keep) as folder:
            manifest = self._build(brief, folder)
        return FileReady(path=str(target), manifest=hashlib.sha256(manifest).hexdigest())

    def _build(self, brief: Brief, folder: Path) -> bytes:
        """Fill the folder; answers with the bytes of its manifest."""
        papers = Papers(self._setter, brief)
        pieces, failures = self._gather(brief, papers, folder)
        pieces, copies, unstamped = _stamped(papers.stamper(), pieces, folder)
        lacks = (*missing(brief, (Held(piece.kind, piece.on) for piece in pieces), failures), *unstamped)
        numbers = {piece.source.of: piece.number for piece in reversed(pieces) if piece.source.of is not None}
        files = (
            *copies,
            *(write(folder, act.file, papers.act(act)) for act in acts_of(brief, pieces)),
            write(folder, "bordereau.pdf", papers.bordereau(pieces, lacks)),
            write(folder, "chronologie.pdf", papers.chronologie(numbers)),
            write(folder, "identite_debiteur.pdf", papers.identite(pieces)),
            write(folder, "decompte.csv", decompte_csv(brief.decompte, brief.invoice.currency)),
            write(folder, "history/evenements.json", history_of(brief)),
        )
        manifest = canonical(manifest_of(brief, pieces, files, lacks))
        write(folder, "manifest.json", manifest)
        return manifest

    def _gather(self, brief: Brief, papers: Papers, folder: Path) -> tuple[tuple[Piece, ...], list[Failure]]:
        """Bring in every piece that can be had, numbered without a gap in the order of the list."""
        (folder / "pieces").mkdir()
        pieces: list[Piece] = []
        failures: list[Failure] = []
        for piece in wanted(brief):
            number = len(pieces) + 1
            try:
                drawn = self._decompte(piece, number, papers, folder)
                pieces.append(drawn or self._copied(brief, piece, number, folder))
            except Unusable as refused:
                failures.append(Failure(piece, refused.code, refused.reason))
        return tuple(pieces), failures

    def _decompte(self, piece: Wanted, number: int, papers: Papers, folder: Path) -> Piece | None:
        if piece.kind != DECOMPTE:
            return None
        entry = write(folder, "decompte.pdf", papers.decompte())
        return _entered(piece, number, entry.file, entry.sha256, entry.size)

    def _copied(self, brief: Brief, piece: Wanted, number: int, folder: Path) -> Piece:
        incoming, source = folder / "pieces" / _INCOMING, self._source(brief, piece)
        made = copy(source, incoming, sha256=piece.sha256, largest=self._largest, seal=self._seal)
        name = f"pieces/{number:02d}-{slug(piece.title)}.{made.extension}"
        incoming.rename(folder / name)
        return _entered(piece, number, name, made.sha256, made.size)

    def _source(self, brief: Brief, piece: Wanted) -> Path:
        """What was sent stands in the store; anything else in the creditor's own part of it, or of the folders that the
        operator lets pieces be taken from."""
        if not piece.reference:
            raise Unusable("not_kept", "aucune copie n’en a été conservée")
        if piece.origin is Origin.NOTICE:
            return self._documents.path(piece.reference)
        parts = safe_parts(brief.invoice.creditor)
        return located(piece.reference, [root.joinpath(*parts) for root in (self._store, *self._roots)])


def _stamped(
    stamper: Stamper, pieces: tuple[Piece, ...], folder: Path
) -> tuple[tuple[Piece, ...], list[FileEntry], list[Missing]]:
    """The numbered copies to be lodged; what cannot be numbered gets a sheet in its place, and is said."""
    marked, copies, lacks = [], [], []
    made = Made(made_beside(folder))
    for piece in pieces:
        name = f"pieces_cotees/{piece.number:02d}-{slug(piece.title)}.pdf"
        try:
            content = made.kept(stamper.key(piece), partial(stamper.stamped, piece, folder / piece.file))
        except Unstamped as why:
            content = stamper.sheet(piece)
            lacks.append(not_stamped(piece.title, piece.on, str(why)))
        copies.append(write(folder, name, content))
        marked.append(piece.model_copy(update={"stamped": name}))
    return tuple(marked), copies, lacks


def _entered(piece: Wanted, number: int, file: str, sha256: str, size: int) -> Piece:
    return Piece(
        number=number,
        title=piece.title,
        on=piece.on,
        kind=piece.kind,
        file=file,
        sha256=sha256,
        size=size,
        source=Source(origin=piece.origin, reference=piece.reference or None, of=piece.of),
    )
