"""What a test of the cabinet works at, and how it reads what was built."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from evidence.cabinet import FolderCabinet
from letters.typography import plain_spaces
from rules.brief import Brief


@dataclass(frozen=True)
class Built:
    """A file that was built."""

    folder: Path
    digest: str

    @property
    def manifest(self) -> dict[str, Any]:
        """Its manifest."""
        read: dict[str, Any] = json.loads((self.folder / "manifest.json").read_bytes())
        return read

    @property
    def zip(self) -> Path:
        """Its zip."""
        return self.folder.with_name(f"{self.folder.name}.zip")

    def missing(self, severity: str | None = None) -> list[str]:
        """The codes of what is missing."""
        return [lack["code"] for lack in self.manifest["missing"] if severity in (None, lack["severity"])]

    def text(self, name: str) -> str:
        """The words of one of its papers, every space a plain one."""
        pages = PdfReader(BytesIO((self.folder / name).read_bytes())).pages
        return plain_spaces(" ".join(page.extract_text() for page in pages)).replace("\u200b", "")

    def contents(self) -> dict[str, bytes]:
        """Every file by its path, and the zip."""
        files = {str(p.relative_to(self.folder)): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}
        return files | {".zip": self.zip.read_bytes()}


@dataclass(frozen=True)
class Desk:
    """Where pieces lie, where the store is, who files, and a brief to change."""

    scans: Path
    store: Path
    cabinet: FolderCabinet
    brief: Callable[..., Brief]

    async def build(self, brief: Brief | None = None, cabinet: FolderCabinet | None = None) -> Built:
        """Build a file (default: the whole one)."""
        ready = await (cabinet or self.cabinet).prepare(brief or self.brief())
        return Built(Path(ready.path), ready.manifest)
