"""The tray and the document store: files that are whole, safe in name, and harmless to write twice."""

import csv
import errno
import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

import starter
from letters.render import Renderer
from letters.store import FolderStore, safe_name
from letters.tray import TrayDispatcher
from letters.tray_folder import SHEET, TrayFolder, neutral
from rules.dispatch import NotTaken, Refusal
from rules.invoice import Address
from rules.law.kinds import DebtorKind
from rules.letter import Letter
from rules.policy import Channel, Claims
from sealing.documents import MARK, DocumentSeal
from sealing.keys import new_entry, parse_ring
from tests.letters.samples import DEBTORS, letter

OLD, NEW = new_entry("2025"), new_entry("2026")


def registered(**more: Any) -> Letter:
    return letter("mise_en_demeure", claims=Claims.ALL, channel=Channel.REGISTERED_LETTER, **more)


def pdfs_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.pdf"))


def sheet_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "2026-03-03" / SHEET).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


async def test_a_letter_lies_in_the_tray_once_however_often_it_is_handed_over(tmp_path: Path) -> None:
    tray = TrayDispatcher(TrayFolder(tmp_path / "tray"), Renderer(), FolderStore(tmp_path / "store"))
    first = await tray.hand_over(registered())
    assert await tray.hand_over(registered()) == first
    assert tray.repeatable
    (file,) = pdfs_of(tmp_path / "tray")
    content = file.read_bytes()
    assert hashlib.sha256(content).hexdigest() == first.sha256
    assert [path.read_bytes() for path in pdfs_of(tmp_path / "store")] == [content]
    (row,) = sheet_of(tmp_path / "tray")
    assert row["fichier"] == file.name
    assert (row["destinataire"], row["code_postal"], row["ville"]) == ("Boulangerie Martin SARL", "69003", "Lyon")


async def test_a_sealed_tray_opens_for_whoever_prints_it_and_for_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What lay open before the keys came, under a retired key, and under today's: one sheet, one door."""
    keys = (None, OLD, f"{NEW},{OLD}")
    for keys_then, number in zip(keys, "abc", strict=True):
        folder = TrayFolder(tmp_path / "tray", DocumentSeal(parse_ring(keys_then)))
        await TrayDispatcher(folder, Renderer()).hand_over(registered(message_id=f"<{number}@x.example>"))
    day = tmp_path / "tray" / "2026-03-03"
    sealed = [path.read_bytes() for path in [day / SHEET, *pdfs_of(day)]]
    assert sum(content.startswith(MARK) for content in sealed) == 3
    monkeypatch.setenv("RELANCE_STORE", str(tmp_path))
    monkeypatch.setenv("RELANCE_PAYLOAD_KEYS", f"{NEW},{OLD}")
    assert starter.main(["tray", "--json"]) == 0
    assert {one["ville"] for one in json.loads(capsys.readouterr().out)["letters"]} == {"Lyon"}
    assert starter.main(["tray", "-o", str(tmp_path / "inside")]) == 1
    assert "lies in the store" in capsys.readouterr().err
    out = tmp_path.parent / f"{tmp_path.name}-out"
    assert starter.main(["tray", "-o", str(out), "--take"]) == 0
    assert "3 letters written to" in capsys.readouterr().out
    rows = sheet_of(out)
    written = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in pdfs_of(out)}
    assert {row["fichier"]: row["sha256"] for row in rows} == written
    assert (folder.letters(), pdfs_of(day)) == ([], [])


async def test_a_letter_leaves_a_sealed_tray_when_it_is_overtaken_or_forgotten(tmp_path: Path) -> None:
    folder = TrayFolder(tmp_path, DocumentSeal(parse_ring(NEW)))
    tray = TrayDispatcher(folder, Renderer())
    for number in "ab":
        await tray.hand_over(registered(message_id=f"<{number}@x.example>"))
    await tray.withdraw("<a@x.example>")
    (left,) = folder.letters()
    assert left.line["message"] == "<b@x.example>"
    assert [path.parent.name for path in pdfs_of(tmp_path)] == ["2026-03-03", "retirees"]
    for number in "ab":
        folder.destroy(f"<{number}@x.example>")
    assert (pdfs_of(tmp_path), folder.letters()) == ([], [])
    assert DocumentSeal(parse_ring(NEW)).read(tmp_path / "2026-03-03" / SHEET).count(b"\r\n") == 1


async def test_two_letters_of_a_day_share_the_sheet_and_names_cannot_climb(tmp_path: Path) -> None:
    tray = TrayDispatcher(TrayFolder(tmp_path), Renderer())
    await tray.hand_over(registered(message_id="<../../etc/passwd@x.example>"))
    await tray.hand_over(registered(message_id="<b@x.example>"))
    files = [path.relative_to(tmp_path).parts for path in pdfs_of(tmp_path)]
    assert [parts[0] for parts in files] == ["2026-03-03", "2026-03-03"]
    assert len(sheet_of(tmp_path)) == 2


async def test_a_formula_in_a_name_is_text_in_the_sheet(tmp_path: Path) -> None:
    debtor = DEBTORS[DebtorKind.BUSINESS].model_copy(update={"name": '=cmd|"/c calc"!A1'})
    await TrayDispatcher(TrayFolder(tmp_path), Renderer()).hand_over(registered(debtor=debtor))
    assert sheet_of(tmp_path)[0]["destinataire"].startswith("'=cmd")


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "|x"])
def test_what_a_spreadsheet_would_compute_is_made_text(cell: str) -> None:
    assert neutral(cell).startswith("'")
    assert neutral("12 rue X") == "12 rue X"


@pytest.mark.parametrize("address", [None, Address(lines=("12 rue X",))])
async def test_a_letter_without_a_whole_address_is_not_taken(tmp_path: Path, address: Address | None) -> None:
    debtor = DEBTORS[DebtorKind.BUSINESS].model_copy(update={"address": address})
    with pytest.raises(NotTaken) as refused:
        await TrayDispatcher(TrayFolder(tmp_path), Renderer()).hand_over(registered(debtor=debtor))
    assert refused.value.refusal is Refusal.ADDRESS


def test_the_store_never_overwrites_and_never_leaves_its_folder(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    first = store.put("acme/../../a.eml", b"one")
    assert store.put("acme/../../a.eml", b"one") == first
    other = store.put("acme/../../a.eml", b"two")
    assert (first.read_bytes(), other.read_bytes()) == (b"one", b"two")
    assert all(path.is_relative_to(tmp_path / "store") for path in (first, other))
    assert not list(tmp_path.rglob("*.part"))


def test_what_is_kept_is_on_the_disk_with_the_folders_that_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    kept = FolderStore(tmp_path).put("acme/2026-01/a.eml", b"one")
    in_turn = (tmp_path, tmp_path / "acme", kept, kept.parent)
    assert synced == [path.stat().st_ino for path in in_turn], "a folder before what it names is put in it"


def test_a_share_whose_folders_cannot_be_synced_keeps_letters_and_a_disk_that_fails_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def share(handle: int, number: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", lambda handle: share(handle, errno.EINVAL))
    assert FolderStore(tmp_path).put("a.eml", b"one").read_bytes() == b"one"
    monkeypatch.setattr(os, "fsync", lambda handle: share(handle, errno.EIO))
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        FolderStore(tmp_path).put("b.eml", b"two")


@pytest.mark.parametrize("name", ["", "...", "a/b", "é€", "x" * 400 + ".pdf", "CON\x00", ".hidden"])
def test_a_safe_name_is_one_plain_visible_part(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert not set(safe) & set("/\\\x00 ")
    assert not safe.startswith(".")
    assert safe_name("a b") != safe_name("a-b")
