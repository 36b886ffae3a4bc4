"""The tray and the document store: files that are whole, safe in name, and harmless to write twice."""

import csv
import hashlib
from pathlib import Path
from typing import Any

import pytest

from letters.render import Renderer
from letters.store import FolderStore, safe_name
from letters.tray import SHEET, TrayDispatcher, neutral
from rules.dispatch import NotTaken, Refusal
from rules.invoice import Address
from rules.law.kinds import DebtorKind
from rules.letter import Letter
from rules.policy import Channel, Claims
from tests.letters.samples import DEBTORS, letter


def registered(**more: Any) -> Letter:
    return letter("mise_en_demeure", claims=Claims.ALL, channel=Channel.REGISTERED_LETTER, **more)


def pdfs_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.pdf"))


def sheet_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "2026-03-03" / SHEET).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


async def test_a_letter_lies_in_the_tray_once_however_often_it_is_handed_over(tmp_path: Path) -> None:
    tray = TrayDispatcher(tmp_path / "tray", Renderer(), FolderStore(tmp_path / "store"))
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


async def test_two_letters_of_a_day_share_the_sheet_and_names_cannot_climb(tmp_path: Path) -> None:
    tray = TrayDispatcher(tmp_path, Renderer())
    await tray.hand_over(registered(message_id="<../../etc/passwd@x.example>"))
    await tray.hand_over(registered(message_id="<b@x.example>"))
    files = [path.relative_to(tmp_path).parts for path in pdfs_of(tmp_path)]
    assert [parts[0] for parts in files] == ["2026-03-03", "2026-03-03"]
    assert len(sheet_of(tmp_path)) == 2


async def test_a_formula_in_a_name_is_text_in_the_sheet(tmp_path: Path) -> None:
    debtor = DEBTORS[DebtorKind.BUSINESS].model_copy(update={"name": '=cmd|"/c calc"!A1'})
    await TrayDispatcher(tmp_path, Renderer()).hand_over(registered(debtor=debtor))
    assert sheet_of(tmp_path)[0]["destinataire"].startswith("'=cmd")


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", "|x"])
def test_what_a_spreadsheet_would_compute_is_made_text(cell: str) -> None:
    assert neutral(cell).startswith("'")
    assert neutral("12 rue X") == "12 rue X"


@pytest.mark.parametrize("address", [None, Address(lines=("12 rue X",))])
async def test_a_letter_without_a_whole_address_is_not_taken(tmp_path: Path, address: Address | None) -> None:
    debtor = DEBTORS[DebtorKind.BUSINESS].model_copy(update={"address": address})
    with pytest.raises(NotTaken) as refused:
        await TrayDispatcher(tmp_path, Renderer()).hand_over(registered(debtor=debtor))
    assert refused.value.refusal is Refusal.ADDRESS


def test_the_store_never_overwrites_and_never_leaves_its_folder(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    first = store.put("acme/../../a.eml", b"one")
    assert store.put("acme/../../a.eml", b"one") == first
    other = store.put("acme/../../a.eml", b"two")
    assert (first.read_bytes(), other.read_bytes()) == (b"one", b"two")
    assert all(path.is_relative_to(tmp_path / "store") for path in (first, other))
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("name", ["", "...", "a/b", "é€", "x" * 400 + ".pdf", "CON\x00", ".hidden"])
def test_a_safe_name_is_one_plain_visible_part(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert not set(safe) & set("/\\\x00 ")
    assert not safe.startswith(".")
    assert safe_name("a b") != safe_name("a-b")
