"""The envelopes that wait for a person or for the post: which letters, for which cases; the tray as it lies."""

import contextlib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, Final, cast

from fastapi.concurrency import run_in_threadpool

from console.guard import Person
from console.house import House
from ledger.letterbook import LetterFilter, Sent
from ledger.lists import Wanted
from letters.tray_folder import SHEET, Lying, TrayFolder, sheet_of
from rules.case import StepOutcome, StepTaken
from rules.outbox import Covered, Message
from sealing.documents import DocumentSeal
from sealing.keys import parse_ring

MOST: Final = 200
"""How many envelopes a page shows; a tray is emptied every other day."""
NOT_TO_POST: Final = "A-NE-PAS-POSTER.txt"
_NOT_TO_POST: Final = (
    "Sortis du bac pendant ce téléchargement, à ne pas poster :\r\n"
    "Left the tray during this download, not to be posted:\r\n\r\n"
)
LATEST: Final = 15
"""How many days of the tray a page offers."""


@dataclass(frozen=True)
class Envelope:
    """A registered letter and the cases it speaks for that wait for news of it. ``due_on``: to be posted before."""

    sent: Sent
    waiting: tuple[Covered, ...]
    due_on: date | None = None
    taken: StepTaken | None = None


async def to_post(house: House, person: Person) -> list[Envelope]:
    """The letters that lie in the tray, the most urgent first; one envelope may speak for several cases."""
    wanted = Wanted(today=house.today, creditors=person.creditors, rows=MOST)
    tasks = (await house.ledger.worklist.page(wanted, "post_letter", counted=False)).tasks
    found: dict[str, Envelope] = {}
    for one in tasks:
        _, passage, step = one.task.id.split("/", 2)
        messages = await house.ledger.reads.messages_of(one.case.id)
        for message in messages:
            covered = message.of(one.case.id)
            if covered is None or (covered.step, covered.passage) != (step, int(passage)):
                continue
            known = found.get(message.id)
            sender = one.case if known is None else known.sent.case
            waiting = (covered,) if known is None else (*known.waiting, covered)
            due_on = one.task.due_on if known is None or known.due_on is None else min(known.due_on, one.task.due_on)
            found[message.id] = Envelope(Sent(message=message, case=sender), waiting, due_on)
    return list(found.values())


async def on_their_way(house: House, person: Person) -> list[Envelope]:
    """The registered letters that were posted and of which nothing is known yet, among the latest."""
    wanted = LetterFilter(creditors=person.creditors, channel="registered_letter", rows=MOST)
    letters, _ = await house.ledger.letterbook.page(wanted)
    found = []
    for sent in letters:
        waiting = []
        last = None
        for covered in sent.message.covers:
            recorded = await house.ledger.reads.case(covered.case)
            taken = None if recorded is None else recorded.case.taken(covered.step, covered.passage)
            if taken is not None and taken.outcome is StepOutcome.POSTED:
                waiting.append(covered)
                last = taken
        if waiting:
            found.append(Envelope(sent, tuple(waiting), taken=last))
    return sorted(found, key=lambda one: one.taken.posted_on if one.taken and one.taken.posted_on else date.max)


def folder_of(house: House) -> TrayFolder:
    """The tray of the house, opened with its keys."""
    return TrayFolder(house.settings.store / "tray", DocumentSeal(parse_ring(house.settings.payload_keys)))


async def days_of_the_tray(house: House) -> list[date]:
    """The latest days on which letters were laid that still lie there, the newest first."""
    days = await run_in_threadpool(folder_of(house).days)
    return [date.fromisoformat(day) for day in days[: -LATEST - 1 : -1]]


async def lying(house: House, person: Person, day: date) -> list[tuple[Lying, Message]]:
    """The letters of one day that still lie in the tray, simple ones too, of the creditors a person was granted."""
    found = []
    for one in await run_in_threadpool(folder_of(house).letters, day):
        sent = await house.ledger.letterbook.one(one.line["message"])
        if sent is not None and person.sees(sent.message.creditor):
            found.append((one, sent.message))
    return found


def packed(folder: TrayFolder, letters: list[Lying]) -> Iterator[bytes]:
    """A zip of these letters, opened one after the other, with their sheet of addresses at its end: one letter at a
    time is in memory, and none on the disk in the clear. What left the tray meanwhile is not on the sheet, and a file
    of its own says not to post it. Raises what the seal raises."""
    out = _Pipe()
    with zipfile.ZipFile(cast("IO[bytes]", out), "w", zipfile.ZIP_STORED) as into:
        for one in letters:
            with contextlib.suppress(FileNotFoundError):
                into.writestr(one.file, folder.read(one))
            yield out.taken()
        there = [one for one in letters if folder.lies(one)]
        into.writestr(SHEET, sheet_of([one.line for one in there]))
        gone = [one.file for one in letters if one not in there]
        if gone:
            into.writestr(NOT_TO_POST, _NOT_TO_POST + "".join(f"{name}\r\n" for name in gone))
    yield out.taken()


class _Pipe:
    """What ``zipfile`` writes to where it cannot go back: kept until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        return len(part)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        whole = b"".join(self._parts)
        self._parts.clear()
        return whole


def check_opens(folder: TrayFolder, letters: list[Lying]) -> None:
    """Open each letter before the first byte is sent: what fails later can only break the download off. One that left
    the tray meanwhile is no failure."""
    for one in letters:
        with contextlib.suppress(FileNotFoundError):
            folder.read(one)
