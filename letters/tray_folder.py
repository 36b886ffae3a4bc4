"""The tray as a folder: ``<day>/`` with a PDF a letter and the sheet ``adresses.csv``; ``retirees/`` beside the days.

With a cipher every file of it is sealed; what was laid there before is read as it is. Knows no letter, only files.
"""

import csv
import fcntl
import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from letters.store import Cipher, Open, write_whole
from letters.typography import clean

SHEET = "adresses.csv"
FOR_PRINTING = 0o640  # the owner's group may print and post
COLUMNS = (
    "fichier", "canal", "etape", "client", "destinataire", "adresse_1", "adresse_2", "adresse_3",
    "code_postal", "ville", "pays", "message", "sha256",
)  # fmt: skip
_BOM = b"\xef\xbb\xbf"
_DAYS = "2[0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


class Lying(NamedTuple):
    """A letter that lies in the tray: the day it was laid there, its file's name, its line of the sheet (empty cells
    when the sheet has none)."""

    day: str
    file: str
    line: dict[str, str]


class TrayFolder:
    """The files of one tray, turned by ``cipher`` as they are kept."""

    def __init__(self, folder: Path, cipher: Cipher | None = None) -> None:
        self._folder = folder
        self._cipher = cipher or Open()

    def lay(self, day: date, name: str, content: bytes, line: dict[str, str]) -> Path:
        """Lay a letter into the folder of a day, with its line in the sheet, in the place of an earlier one of that
        name; where it lies."""
        path = self._folder / f"{day:%Y-%m-%d}" / name
        write_whole(path, self._cipher.seal(content), FOR_PRINTING)
        with _alone(path.parent):
            self._write(path.parent / SHEET, [*self._rows(path.parent / SHEET, {name}), line])
        return path

    def days(self) -> list[str]:
        """The days on which letters were laid that still lie there, in order."""
        return sorted({path.parent.name for path in self._folder.glob(f"{_DAYS}/*.pdf")})

    def letters(self, day: date | None = None) -> list[Lying]:
        """What lies there to be printed, by day and name; of one ``day`` only when it is given."""
        found = []
        for folder in sorted(self._folder.glob(_DAYS if day is None else day.isoformat())):
            lines = {row["fichier"]: row for row in self._rows(folder / SHEET)}
            names = sorted(path.name for path in folder.glob("*.pdf"))
            found += [Lying(folder.name, name, lines.get(name) or _blank(name)) for name in names]
        return found

    def lies(self, one: Lying) -> bool:
        """Whether a letter still lies there: it may have been withdrawn, or taken out."""
        return (self._folder / one.day / one.file).exists()

    def read(self, one: Lying) -> bytes:
        """The PDF of a letter, opened; raises OSError when it is gone, and what the cipher raises."""
        return self._cipher.open((self._folder / one.day / one.file).read_bytes())

    def take(self, letters: Sequence[Lying]) -> None:
        """Take these letters out: whoever posts them has them."""
        for day in sorted({one.day for one in letters}):
            names = {one.file for one in letters if one.day == day}
            self._strike(self._folder / day, names)
            for name in names:
                (self._folder / day / name).unlink(missing_ok=True)

    def withdraw(self, message_id: str) -> None:
        """Lay a letter aside that must not be posted any more; a no-op when it is gone."""
        for path in self._folder.glob(f"2*/*{mark(message_id)}.pdf"):
            self._strike(path.parent, {path.name})
            aside = self._folder / "retirees"
            aside.mkdir(exist_ok=True)
            path.replace(aside / f"{path.parent.name}-{path.name}")

    def destroy(self, message_id: str) -> None:
        """Destroy a letter wherever it lies, and its line in the sheets; a no-op when it is gone."""
        for where in ("2*", "retirees"):
            for path in self._folder.glob(f"{where}/*{mark(message_id)}.pdf"):
                path.unlink(missing_ok=True)
        for sheet in self._folder.glob(f"2*/{SHEET}"):
            names = {row["fichier"] for row in self._rows(sheet) if row["message"] == message_id}
            if names:
                self._strike(sheet.parent, names)

    def _strike(self, day: Path, names: set[str]) -> None:
        """Take the lines of these files out of a day's sheet."""
        with _alone(day):
            if (day / SHEET).exists():
                self._write(day / SHEET, self._rows(day / SHEET, names))

    def _rows(self, sheet: Path, but: set[str] | None = None) -> list[dict[str, str]]:
        if not sheet.exists():
            return []
        text = self._cipher.open(sheet.read_bytes()).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
        return [row for row in rows if row["fichier"] not in (but or ())]

    def _write(self, sheet: Path, rows: Sequence[dict[str, str]]) -> None:
        write_whole(sheet, self._cipher.seal(sheet_of(rows)), FOR_PRINTING)


def sheet_of(rows: Sequence[dict[str, str]]) -> bytes:
    """A sheet of addresses: CSV with semicolons, UTF-8 with its mark, by file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["fichier"]))
    return _BOM + text.getvalue().encode()


def mark(message_id: str) -> str:
    """What names a letter in its file's name: a digest of its Message-ID."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:12]


def neutral(value: str) -> str:
    """A cell that a spreadsheet shows and never computes: a leading = + - @ gets an apostrophe (CWE-1236)."""
    shown = clean(value)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@", "|", "%") else shown


def _blank(name: str) -> dict[str, str]:
    return {**dict.fromkeys(COLUMNS, ""), "fichier": name}


@contextmanager
def _alone(day: Path) -> Iterator[None]:
    """One writer of the day's sheet at a time, whichever worker it belongs to."""
    with (day / ".adresses.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
