"""Built again, built elsewhere, built by two at once, built after a crash: the same bytes, and never half a file."""

import asyncio
import fcntl
import json
import signal
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from audit.papers import Papers
from audit.report import Remark
from evidence import folder as folders
from evidence.cabinet import FolderCabinet
from evidence.made import Made
from evidence.manifest import Piece
from evidence.stamps import Stamper
from letters.typeset import Typesetter
from rules.events import FilePrepared
from sealing.documents import MARK, DocumentSeal
from sealing.keys import KeyRing
from tests.evidence.desk import Desk


async def test_the_same_brief_gives_the_same_bytes_in_another_store(
    desk: Desk, tmp_path: Path, setter: Typesetter
) -> None:
    brief = desk.brief()
    store = tmp_path / "elsewhere"
    there = FolderCabinet(store, desk.cabinet._documents, typesetter=setter, roots=(desk.scans.parent,))

    one, other = await desk.build(brief), await desk.build(brief, there)

    assert other.folder.is_relative_to(store)
    assert one.contents() == other.contents()
    assert one.digest == other.digest


def kept_at(folder: Path) -> dict[str, bytes]:
    """The bytes of a file and of its zip as they lie in the store."""
    paths = [path for path in folder.rglob("*") if path.is_file()] + [folder.with_name(f"{folder.name}.zip")]
    return {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in paths}


def sealed_cabinet(desk: Desk, store: Path, setter: Typesetter, seal: DocumentSeal) -> FolderCabinet:
    roots = (desk.scans.parent,)
    return FolderCabinet(store, desk.cabinet._documents, typesetter=setter, seal=seal, stays=True, roots=roots)


async def test_a_file_that_stays_in_the_store_is_sealed_and_opens_to_the_same_bytes(
    desk: Desk, tmp_path: Path, setter: Typesetter
) -> None:
    brief, seal = desk.brief(), DocumentSeal(KeyRing({"k1": bytes(32)}))
    plain, cabinet = await desk.build(brief), sealed_cabinet(desk, tmp_path / "sealed", setter, seal)
    ready = await cabinet.prepare(brief)
    assert ready.manifest == plain.digest
    sealed = kept_at(Path(ready.path))
    assert {content[: len(MARK)] for content in sealed.values()} == {MARK}
    assert {name: seal.open(content) for name, content in sealed.items()} == kept_at(plain.folder)
    assert await cabinet.prepare(brief) == ready
    again = kept_at(Path(ready.path))
    assert {name for name in sealed if sealed[name] != again[name]} == {"1.zip"}, "the folder was left untouched"


class Known(NamedTuple):
    """What the check of documents reads of a case."""

    case: str
    events: tuple[FilePrepared, ...]
    rows: tuple[dict[str, Any], ...]
    messages: tuple[()] = ()
    retained: None = None


async def test_an_audit_opens_a_sealed_file_and_finds_every_piece_that_was_touched(
    desk: Desk, tmp_path: Path, setter: Typesetter
) -> None:
    brief, seal, store = desk.brief(), DocumentSeal(KeyRing({"k1": bytes(32)})), tmp_path / "sealed"
    ready = await sealed_cabinet(desk, store, setter, seal).prepare(brief)
    folder, now = Path(ready.path), datetime(2026, 5, 4, tzinfo=UTC)
    head = json.loads(seal.read(folder / "manifest.json"))["ledger"]
    event = FilePrepared(
        id="file", on=now.date(), at=now, step="file", passage=1, path=ready.path, manifest=ready.manifest
    )
    known: Any = Known(brief.case, (event,), ({"position": head["position"], "hash": head["hash"]},))

    def found(ring: DocumentSeal) -> list[str]:
        return [finding.field for finding in Papers(store, ring).check(known, [])]

    assert found(seal) == []
    earlier = event.model_copy(update={"id": "earlier", "manifest": "0" * 64})
    remarks: list[Remark] = []
    twice: Any = known._replace(events=(earlier, event), rows=({"position": 0, "hash": ""}, *known.rows))
    assert list(Papers(store, seal).check(twice, remarks)) == []
    assert "was replaced by the one of" in remarks[0].en
    assert found(DocumentSeal(None)) == ["manifest"], "without the keys it cannot be read, and that is said"
    named = {"1/manifest.json": "manifest", "1.zip": "zip"}
    for name in sorted(kept_at(folder)):
        path = folder.parent / name
        before = path.read_bytes()
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        assert found(seal) == [named.get(name, f"manifest.{name.removeprefix('1/')}")]
        path.write_bytes(seal.seal(b"another paper, sealed as well"))
        assert len(found(seal)) == 1
        path.write_bytes(before)


async def test_building_again_touches_nothing(desk: Desk) -> None:
    brief = desk.brief()
    first = await desk.build(brief)
    before = {path: path.stat().st_ino for path in first.folder.rglob("*")}

    again = await desk.build(brief)

    assert again.digest == first.digest
    assert {path: path.stat().st_ino for path in again.folder.rglob("*")} == before


async def test_a_changed_brief_replaces_the_file_whole(desk: Desk) -> None:
    first = await desk.build()
    old = {piece["file"] for piece in first.manifest["pieces"]}

    second = await desk.build(desk.brief(documents=()))

    assert second.folder == first.folder
    assert second.digest != first.digest
    left = {f"pieces/{path.name}" for path in (second.folder / "pieces").iterdir()}
    assert left != old
    assert left == {p["file"] for p in second.manifest["pieces"] if p["file"].startswith("pieces/")}


async def test_four_workers_at_once_build_one_file(desk: Desk) -> None:
    brief = desk.brief()

    built = await asyncio.gather(*(desk.build(brief) for _ in range(4)))

    assert len({one.digest for one in built}) == 1
    assert _left_beside(built[0].folder) == {"1", "1.zip", ".1.lock"}


async def test_another_worker_that_never_ends_makes_it_busy(desk: Desk) -> None:
    target = desk.cabinet.place(desk.brief())
    target.parent.mkdir(parents=True)
    with target.with_name(".1.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(folders.Busy, match="another worker"), folders.building(target, patience=0.1):
            pass


async def test_a_crash_half_way_leaves_the_old_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await desk.build()
    before = first.contents()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evidence.folder.pack", fail)
    with pytest.raises(OSError, match="No space"):
        await desk.build(desk.brief(documents=()))

    assert first.contents() == before
    assert _left_beside(first.folder) == {"1", "1.zip", ".1.lock"}


async def test_what_a_killed_worker_left_is_cleared(desk: Desk) -> None:
    brief = desk.brief()
    target = desk.cabinet.place(brief)
    half = target.with_name(".1.building") / "1" / "pieces"
    half.mkdir(parents=True)
    (half / "01-facture.pdf").write_bytes(b"half")

    built = await desk.build(brief)

    assert built.manifest["complete"]
    assert _left_beside(built.folder) == {"1", "1.zip", ".1.lock"}


KILLED = """
import os, signal, sys
from pathlib import Path
from evidence.cabinet import FolderCabinet
from evidence.stamps import Stamper
from rules.brief import Brief

stamped, done = Stamper.stamped, []

def killed_at_the_fourth(self, piece, source):
    if len(done) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(piece)
    return stamped(self, piece, source)

Stamper.stamped = killed_at_the_fourth
store, scans = Path(sys.argv[1]), Path(sys.argv[2])
FolderCabinet(store, roots=(scans,))._prepare(Brief.model_validate_json(sys.stdin.buffer.read()))
"""


async def test_who_goes_on_after_a_killed_worker_stamps_only_what_it_had_not(
    desk: Desk, tmp_path: Path, setter: Typesetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = desk.brief()
    there = FolderCabinet(tmp_path / "b", desk.cabinet._documents, typesetter=setter, roots=(desk.scans.parent,))
    whole = await desk.build(brief, there)
    command = (sys.executable, "-c", KILLED, str(desk.store), str(desk.scans.parent))
    worker = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE)
    await asyncio.wait_for(worker.communicate(brief.model_dump_json().encode()), timeout=60)
    assert worker.returncode == -signal.SIGKILL
    assert not desk.cabinet.place(brief).exists()
    made: list[int] = []
    stamped = Stamper.stamped

    def counted(self: Stamper, piece: Piece, source: Path) -> bytes:
        made.append(piece.number)
        return stamped(self, piece, source)

    monkeypatch.setattr(Stamper, "stamped", counted)
    built = await desk.build(brief)

    assert made == list(range(4, len(built.manifest["pieces"]) + 1))
    assert built.contents() == whole.contents()
    assert _left_beside(built.folder) == {"1", "1.zip", ".1.lock"}


def test_a_copy_left_half_written_is_made_again(tmp_path: Path) -> None:
    kept = Made(tmp_path)
    assert kept.kept("a", lambda: b"one") == b"one"
    assert kept.kept("a", lambda: b"two") == b"one"
    (tmp_path / "a").write_bytes((tmp_path / "a").read_bytes()[:-1])
    assert kept.kept("a", lambda: b"two") == b"two"


async def test_a_file_touched_by_hand_is_put_right(desk: Desk) -> None:
    brief = desk.brief()
    first = await desk.build(brief)
    before = first.contents()
    (first.folder / "decompte.csv").write_text("1;2;3")
    (first.folder / "extra.txt").write_text("x")

    assert (await desk.build(brief)).contents() == before


async def test_the_zip_holds_the_folder_and_nothing_that_leads_out_of_it(desk: Desk) -> None:
    built = await desk.build()

    with zipfile.ZipFile(built.zip) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert {name: packed.read(name) for name in names} == {
            name: content for name, content in built.contents().items() if name != ".zip"
        }
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == sorted(names)
    assert not any(name.startswith("/") or ".." in name or "\\" in name for name in names)


async def test_building_leaves_the_loop_free_to_beat(desk: Desk) -> None:
    brief, beats = desk.brief(), 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0.002)

    beating = asyncio.create_task(beat())
    await desk.build(brief)
    beating.cancel()

    assert beats > 3


def _left_beside(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir()}
