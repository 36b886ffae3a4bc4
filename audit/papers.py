"""The documents that the ledger names: copies of letters, answers received, judicial files with every piece of theirs.

One that is not there was either taken out by retention, which the ledger says, or by somebody else, which is found.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.findings import Check, Finding
from audit.report import Remark
from ledger.material import Material
from letters.store import located
from rules import events as e
from rules.refusals import Refused
from sealing.documents import DocumentSeal
from sealing.keys import Altered as SealBroken
from sealing.keys import UnknownKey


class Papers:
    """The documents of one store."""

    def __init__(self, store: Path, seal: DocumentSeal) -> None:
        self._store = store
        self._seal = seal

    def check(self, material: Material, remarks: list[Remark]) -> Iterator[Finding]:
        """Every document of a case against what the ledger knows of it; what was destroyed on purpose is a remark."""
        for message in material.messages:
            if message.document is not None:
                field = f"messages.document {message.id}"
                yield from self._document(material, message.document, message.sha256, None, field, remarks)
        if material.retained is not None:
            yield from self._document(material, *material.retained, None, "retained.document", remarks)
        hashes = {row["position"]: row["hash"] for row in material.rows}
        files = {event.path: event for event in material.events or () if isinstance(event, e.FilePrepared)}
        for place, event in enumerate(material.events or (), 1):
            if isinstance(event, e.DebtorReplied) and event.document is not None:
                yield from self._document(material, event.document, event.sha256, place, "document", remarks)
            elif isinstance(event, e.FilePrepared) and files[event.path] is not event:
                remarks.append(_replaced(event, files[event.path]))
            elif isinstance(event, e.FilePrepared):
                yield from self._judicial(material, place, event, hashes, remarks)

    def _document(
        self,
        material: Material,
        document: str,
        sha256: str | None,
        place: int | None,
        field: str,
        remarks: list[Remark],
    ) -> Iterator[Finding]:
        name = Path(document).name
        try:
            content = self._seal.read(located(self._store, document))
        except OSError:
            yield from _gone(material, document, place, field, remarks)
        except (SealBroken, UnknownKey, Refused) as broken:
            yield _wrong(place, field, f"{name} cannot be read: {broken}")
        else:
            if sha256 is not None and hashlib.sha256(content).hexdigest() != sha256:
                yield _wrong(place, field, f"the copy {name} is not what left")

    def _judicial(
        self, material: Material, place: int, event: e.FilePrepared, hashes: dict[int, str], remarks: list[Remark]
    ) -> Iterator[Finding]:
        folder = located(self._store, event.path)
        try:
            content = self._seal.read(folder / "manifest.json")
        except OSError:
            yield from _gone(material, event.path, place, "manifest", remarks)
            return
        except (SealBroken, UnknownKey, Refused) as broken:
            yield _wrong(place, "manifest", f"the judicial file's manifest cannot be read: {broken}")
            return
        if hashlib.sha256(content).hexdigest() != event.manifest:
            yield _wrong(place, "manifest", "the judicial file's manifest is not the one that was prepared")
            return
        manifest = json.loads(content)
        ledger = _head_of(manifest, material.case)
        if hashes.get(ledger["position"]) != ledger["hash"]:
            said = "the judicial file's manifest carries another hash"
            here, there = hashes.get(ledger["position"]), ledger["hash"]
            yield Finding(
                check=Check.CHAIN, position=ledger["position"], field="hash", said=said, here=here, there=there
            )
        listed = {entry["file"]: entry["sha256"] for entry in [*manifest["pieces"], *manifest["files"]]}
        for file, sha256 in listed.items():
            if self._fingerprint(folder / file) != sha256:
                yield _wrong(place, f"manifest.{file}", "this piece of the judicial file is not as it was")
        if self._packed(folder) != {"manifest.json": event.manifest, **listed}:
            yield _wrong(place, "zip", "the zip of the judicial file does not hold what was prepared")

    def _packed(self, folder: Path) -> dict[str, str] | None:
        """The fingerprints of what lies in the zip beside a judicial folder; None when it cannot be read."""
        try:
            with zipfile.ZipFile(io.BytesIO(self._seal.read(folder.with_name(f"{folder.name}.zip")))) as packed:
                return {name: hashlib.sha256(packed.read(name)).hexdigest() for name in packed.namelist()}
        except (OSError, SealBroken, UnknownKey, Refused, zipfile.BadZipFile, ValueError):
            return None

    def _fingerprint(self, path: Path) -> str | None:
        try:
            return hashlib.sha256(self._seal.read(path)).hexdigest()
        except (OSError, SealBroken, UnknownKey, Refused):
            return None


def _head_of(manifest: dict[str, Any], case: str) -> dict[str, Any]:
    """Where the manifest says the case's chain stood: a common file names several cases."""
    own: dict[str, Any] = manifest["ledger"]
    return next((head for head in manifest.get("joined", ()) if head["case"] == case), own)


def _replaced(event: e.FilePrepared, last: e.FilePrepared) -> Remark:
    return Remark(
        en=f"The file prepared on {event.on:%d/%m/%Y} was replaced by the one of {last.on:%d/%m/%Y}.",
        fr=f"Le dossier préparé le {event.on:%d/%m/%Y} a été remplacé par celui du {last.on:%d/%m/%Y}.",
    )


def _gone(material: Material, document: str, place: int | None, field: str, remarks: list[Remark]) -> Iterator[Finding]:
    disposed = material.disposed.get(document)
    if disposed is None:
        yield _wrong(place, field, f"{Path(document).name} is not where the ledger says")
    else:
        because, on = disposed
        name, term = Path(document).name, because == "retention"
        why = "at the end of its term" if term else "when its debtor was forgotten"
        pourquoi = "au terme de sa conservation" if term else "avec les données de son débiteur"
        remarks.append(
            Remark(
                en=f"{name} was destroyed on {on:%d/%m/%Y}, {why}.",
                fr=f"{name} a été détruit le {on:%d/%m/%Y}, {pourquoi}.",
            )
        )


def _wrong(place: int | None, field: str, said: str) -> Finding:
    return Finding(check=Check.CHAIN, position=place, field=field, said=said)
