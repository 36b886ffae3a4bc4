"""What a killed worker had made of a judicial file leaves the store when nobody goes on with it."""

import os
import time
from pathlib import Path

from privacy.bin import Bin
from sealing.documents import DocumentSeal


class NothingGoes:
    """A book in which nothing is to be removed."""

    async def to_remove(self) -> list[object]:
        return []


async def test_a_file_begun_and_left_for_two_days_is_taken_away(tmp_path: Path) -> None:
    left, begun = (tmp_path / "dossiers" / "acme" / number / ".1.building" for number in ("F-1", "F-2"))
    for half in (left, begun):
        (half / "made").mkdir(parents=True)
        (half / "made" / "copy").write_bytes(b"page")
    old = time.time() - 3 * 86_400
    os.utime(left, (old, old))

    await Bin(NothingGoes(), tmp_path, DocumentSeal(None)).empty()  # type: ignore[arg-type]

    assert not left.exists()
    assert (begun / "made" / "copy").exists()
