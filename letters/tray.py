"""The tray of letters to post: a print-ready PDF and an address line for each. Writes files, posts nothing."""

import asyncio
import csv
import fcntl
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from letters.parties import recipient
from letters.render import Renderer
from letters.store import Store, safe_name, write_whole
from letters.typography import clean, language_of
from rules.dispatch import NotTaken, Refusal
from rules.letter import Dispatched, Letter

SHEET = "adresses.csv"
FOR_PRINTING = 0o640  # the owner's group may print and post
COLUMNS = (
    "fichier", "canal", "etape", "client", "destinataire", "adresse_1", "adresse_2", "adresse_3",
    "code_postal", "ville", "pays", "message", "sha256",
)  # fmt: skip


class TrayDispatcher:
    """Lays letters in ``folder``/<day>/. The same letter again finds its own file and line: it is repeatable.

    With a ``store``, a copy is kept there and named in the answer: the tray is emptied when letters are posted.
    """

    repeatable = True

    def __init__(self, folder: Path, renderer: Renderer, store: Store | None = None) -> None:
        self._folder = folder
        self._renderer = renderer
        self._store = store

    async def hand_over(self, letter: Letter) -> Dispatched:
        """Render and lay down; raises NotTaken (address) when the debtor's address is not complete."""
        return await asyncio.to_thread(self._lay_down, letter)

    async def withdraw(self, message_id: str) -> None:
        """Take a letter out of the tray: its file goes to ``retirees`` beside the days, its line out of the sheet."""
        await asyncio.to_thread(self._take_out, message_id)

    def _take_out(self, message_id: str) -> None:
        for path in self._folder.glob(f"2*/*{_mark(message_id)}.pdf"):
            with _alone(path.parent):
                _strike(path.parent / SHEET, path.name)
                aside = self._folder / "retirees"
                aside.mkdir(exist_ok=True)
                path.replace(aside / f"{path.parent.name}-{path.name}")

    def _lay_down(self, letter: Letter) -> Dispatched:
        address = letter.debtor.address
        if address is None or not address.complete:
            raise NotTaken(Refusal.ADDRESS, f"{clean(letter.debtor.name, 120)} has no complete postal address.")
        content = self._renderer.render(letter).pdf
        assert content is not None  # every paper channel is rendered as a PDF
        day = self._folder / f"{letter.on:%Y-%m-%d}"
        path = day / safe_name(f"{letter.items[0].number}_{letter.step}_{_mark(letter.message_id)}.pdf")
        digest = hashlib.sha256(content).hexdigest()
        write_whole(path, content, FOR_PRINTING)
        with _alone(day):
            _enter(day / SHEET, _line(letter, path.name, digest))
        kept = path
        if self._store is not None:
            kept = self._store.put(f"{letter.creditor.key}/{day.name}/{path.name}", content)
        return Dispatched(document=str(kept), sha256=digest)


def destroy(folder: Path, message_id: str) -> None:
    """Destroy a letter wherever it lies in the tray, and its line in the sheets; a no-op when it is gone."""
    for path in [*folder.glob(f"2*/*{_mark(message_id)}.pdf"), *folder.glob(f"retirees/*{_mark(message_id)}.pdf")]:
        path.unlink(missing_ok=True)
    for sheet in folder.glob(f"2*/{SHEET}"):
        if message_id in sheet.read_text(encoding="utf-8-sig"):
            with _alone(sheet.parent):
                _write(sheet, [row for row in _rows(sheet, "") if row["message"] != message_id])


def _mark(message_id: str) -> str:
    """What names the letter in its file's name: a digest of its Message-ID."""
    return hashlib.sha256(message_id.encode()).hexdigest()[:12]


def neutral(value: str) -> str:
    """A cell that a spreadsheet shows and never computes: a leading = + - @ gets an apostrophe (CWE-1236)."""
    shown = clean(value)
    return f"'{shown}" if shown[:1] in ("=", "+", "-", "@", "|", "%") else shown


def _line(letter: Letter, file: str, digest: str) -> dict[str, str]:
    debtor, address = letter.debtor, letter.debtor.address
    assert address is not None
    name = recipient(debtor, letter.creditor, language_of(letter.language))[0]
    lines = [*address.lines[:2], " ".join(address.lines[2:]), "", ""]
    values = (
        file, letter.channel.value, letter.step, debtor.id, name, *lines[:3], address.postal_code, address.city,
        address.country, letter.message_id, digest,
    )  # fmt: skip
    return {column: neutral(value) for column, value in zip(COLUMNS, values, strict=True)}


@contextmanager
def _alone(day: Path) -> Iterator[None]:
    """One writer of the day's sheet at a time, whichever worker it belongs to."""
    with (day / ".adresses.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _enter(sheet: Path, line: dict[str, str]) -> None:
    """Write the line into the day's sheet, in the place of an earlier one for the same file."""
    _write(sheet, [*_rows(sheet, line["fichier"]), line])


def _strike(sheet: Path, file: str) -> None:
    """Take the file's line out of the day's sheet."""
    if sheet.exists():
        _write(sheet, _rows(sheet, file))


def _rows(sheet: Path, but: str) -> list[dict[str, str]]:
    if not sheet.exists():
        return []
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file, delimiter=";") if row["fichier"] != but]


def _write(sheet: Path, rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(sorted(rows, key=lambda row: row["fichier"]))
    write_whole(sheet, b"\xef\xbb\xbf" + text.getvalue().encode(), FOR_PRINTING)
