"""Pieces that cannot be had: each is said with its reason, none stops the rest, none leaves half a file."""

import os
from typing import Any

import pytest

from evidence.cabinet import FolderCabinet
from letters.typeset import Typesetter
from rules import events as e
from rules.invoice import Document
from tests.evidence import samples
from tests.evidence.desk import Built, Desk
from tests.evidence.samples import AS_OF, PDF, moment, piece


def _document(uri: str, kind: str = "order", **more: Any) -> Document:
    return Document(kind=kind, uri=uri, **more)


def _lack(built: Built, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(lack for lack in built.manifest["missing"] if lack["code"] == code)
    return found


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("file:///nowhere/order.pdf", "path_refused"),
        ("file:///tmp/../etc/hostname", "path_refused"),
        ("file:///tmp/%2e%2e/etc/hostname", "path_refused"),
        ("file:///tmp/..%2Fetc%2Fhostname", "path_refused"),
        ("file:///tmp/..\\etc", "path_refused"),
        ("file:///tmp/a%00b.pdf", "path_refused"),
        ("file:///tmp/a%0Ab.pdf", "path_refused"),
        ("file://server/share/order.pdf", "not_local"),
        ("https://creditor.example/order.pdf", "not_local"),
        ("s3://bucket/order.pdf", "not_local"),
        ("order.pdf", "not_a_file"),
        ("../../etc/hostname", "not_a_file"),
        ("file:///dev/null", "path_refused"),
        ("file:///etc/hostname", "path_refused"),
        ("file:", "not_a_file"),
        ("", "not_kept"),
    ],
)
async def test_an_address_that_leads_to_no_piece_is_reported(desk: Desk, uri: str, code: str) -> None:
    good = piece(desk.scans, "order", "PO-77.pdf")

    built = await desk.build(desk.brief(documents=(good, _document(uri)), notices=()))

    assert _lack(built, code)["severity"] == "weakens"  # another order is there
    assert [p["title"] for p in built.manifest["pieces"]] == ["Bon de commande", "Décompte des sommes dues"]
    assert built.text("bordereau.pdf").count(_lack(built, code)["reason"].replace("\u00a0", " ")[:30]) == 1


async def test_nothing_is_taken_from_outside_the_folders_of_the_operator(desk: Desk) -> None:
    """Neither by a link, nor from what is kept or brought of another creditor's; what lies in the creditor's own part
    is."""
    other = piece(desk.store / "globex", "order", "secret.pdf")
    brought = piece(desk.scans.parent / "globex", "invoice", "secret.pdf")
    desk.scans.mkdir()
    (desk.scans / "link.pdf").symlink_to("/etc/hostname")
    link = _document((desk.scans / "link.pdf").as_uri(), "quote")
    own = piece(desk.store / "acme" / "proofs", "delivery", "BL-9.pdf")
    gone = _document((desk.scans / "gone.pdf").as_uri(), "terms")
    folder = _document(desk.scans.as_uri(), "contract")

    built = await desk.build(desk.brief(documents=(other, brought, link, own, gone, folder), notices=()))

    refused = [code for code in built.missing() if code != "absent"]
    assert sorted(refused) == ["not_a_file", "not_found", *["path_refused"] * 3]
    assert "delivery" in [p["kind"] for p in built.manifest["pieces"]]
    assert "RELANCE_DOCUMENTS" in _lack(built, "path_refused")["reason"]


async def test_a_pipe_does_not_make_anyone_wait(desk: Desk) -> None:
    desk.scans.mkdir()
    os.mkfifo(desk.scans / "pipe.pdf")

    built = await desk.build(desk.brief(documents=(_document((desk.scans / "pipe.pdf").as_uri()),)))

    assert "not_a_file" in built.missing()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"<html>session expired</html>", "corrupted"),
        ("a.pdf", PDF[:40], "corrupted"),
        ("a.png", b"GIF89a", "corrupted"),
        ("a.jpg", b"\x00\x00", "corrupted"),
    ],
)
async def test_a_damaged_piece_is_reported_and_not_copied(desk: Desk, name: str, content: bytes, code: str) -> None:
    built = await desk.build(desk.brief(documents=(piece(desk.scans, "invoice", name, content),)))

    assert _lack(built, code)["severity"] == "blocks"
    assert not any(path.suffix == f".{name[2:]}" and b"html" in path.read_bytes() for path in built.folder.rglob("*.*"))
    assert built.manifest["complete"] is False


async def test_an_empty_piece_is_reported(desk: Desk) -> None:
    desk.scans.mkdir()
    (desk.scans / "empty.pdf").touch()

    built = await desk.build(desk.brief(documents=(_document((desk.scans / "empty.pdf").as_uri(), "invoice"),)))

    assert "empty" in built.missing("blocks")


async def test_a_piece_beyond_the_cap_is_reported_before_it_is_read(desk: Desk) -> None:
    desk.scans.mkdir()
    huge = desk.scans / "plans.pdf"
    with huge.open("wb") as file:
        file.truncate(201 << 20)  # sparse: takes no room

    built = await desk.build(desk.brief(documents=(_document(huge.as_uri(), "invoice"),)))

    assert "200 Mo" in _lack(built, "too_large")["reason"]
    assert sum(path.stat().st_size for path in built.folder.rglob("*")) < 1 << 20


async def test_the_cap_can_be_lowered(desk: Desk, setter: Typesetter) -> None:
    brief = desk.brief(documents=(piece(desk.scans, "invoice", "a.pdf", PDF + b" " * 50),), notices=(), events=())
    small = FolderCabinet(desk.store, typesetter=setter, largest=60, roots=(desk.scans.parent,))

    assert "too_large" in (await desk.build(brief, small)).missing("blocks")


async def test_a_piece_that_was_altered_since_it_was_announced_is_reported(desk: Desk) -> None:
    altered = piece(desk.scans, "invoice", "a.pdf", sha256="0" * 64)

    assert "altered" in (await desk.build(desk.brief(documents=(altered,)))).missing("blocks")


async def test_a_fingerprint_is_read_however_it_is_written(desk: Desk) -> None:
    first = await desk.build(desk.brief(documents=(piece(desk.scans, "invoice", "a.pdf"),)))
    known = next(p for p in first.manifest["pieces"] if p["kind"] == "invoice")["sha256"]

    written = f"sha256:{known.upper()}".replace("SHA256", "sha256")
    again = await desk.build(desk.brief(documents=(piece(desk.scans, "invoice", "a.pdf", sha256=written),)))

    assert "altered" not in again.missing()


async def test_a_letter_whose_copy_was_touched_blocks(desk: Desk) -> None:
    brief = desk.brief()
    samples.overwrite(brief.notices[-1])

    built = await desk.build(brief)

    assert "altered" in built.missing("blocks")
    assert "Mise en demeure (lettre recommandée), 26/03/2026" in built.text("bordereau.pdf")


async def test_a_letter_outside_the_store_or_without_a_copy_is_reported(desk: Desk) -> None:
    first, second, third = desk.brief().notices
    outside = first.model_copy(update={"document": "/etc/hostname", "sha256": None})
    lost = second.model_copy(update={"document": None, "sha256": None})

    built = await desk.build(desk.brief(notices=(outside, lost, third)))

    assert {"path_refused", "not_kept"} <= set(built.missing("weakens"))


async def test_a_proof_that_is_no_file_is_reported(desk: Desk) -> None:
    said = {"step": "mise_en_demeure", "passage": 1, "posted_on": AS_OF, "proof": "guichet de Lyon"}
    posted = e.LetterPosted(id="p", on=AS_OF, at=moment(AS_OF), **said)

    built = await desk.build(desk.brief(events=(posted,)))

    assert _lack(built, "not_a_file")["severity"] == "blocks"


async def test_two_pieces_of_one_name_are_both_kept(desk: Desk) -> None:
    same = (
        piece(desk.scans / "a", "order", "scan.pdf", PDF + b"a\n"),
        piece(desk.scans / "b", "order", "scan.pdf", PDF + b"b\n"),
    )
    built = await desk.build(desk.brief(documents=same))

    orders = [p for p in built.manifest["pieces"] if p["kind"] == "order"]
    assert [p["title"] for p in orders] == ["Bon de commande", "Bon de commande (2)"]
    assert len({p["file"] for p in orders}) == 2
    assert {(built.folder / p["file"]).read_bytes()[-2:] for p in orders} == {b"a\n", b"b\n"}


async def test_one_piece_named_twice_is_kept_once(desk: Desk) -> None:
    once = piece(desk.scans, "order", "scan.pdf")

    built = await desk.build(desk.brief(documents=(once, once)))

    assert sum(p["kind"] == "order" for p in built.manifest["pieces"]) == 1


async def test_a_program_does_not_keep_its_name(desk: Desk) -> None:
    built = await desk.build(desk.brief(documents=(piece(desk.scans, "other", "order.exe", b"MZ"),)))

    assert any(p["file"].endswith("-autre-piece.bin") for p in built.manifest["pieces"])


@pytest.mark.parametrize("number", ["../../../etc", "F/2026/1", "..", ".", "f-2026-0042", "F-2026-0042 ", "é" * 200])
async def test_no_invoice_number_leads_out_of_the_creditors_folder(desk: Desk, number: str) -> None:
    built = await desk.build(desk.brief(invoiced={"number": number}))

    assert built.folder.resolve().parent.parent == desk.store / "dossiers" / "acme"
    assert built.folder.parent.name != "F-2026-0042"


async def test_strange_signs_in_names_do_not_stop_the_file(desk: Desk) -> None:
    debtor = desk.brief().debtor.model_copy(update={"name": "Boulangerie 😀 中文 #strong[x] <b>"})

    built = await desk.build(desk.brief(debtor=debtor))

    assert "Boulangerie ? ?? #strong[x] <b>" in built.text("decompte.pdf")


async def test_a_brief_with_nothing_at_all_still_makes_a_file(desk: Desk) -> None:
    built = await desk.build(desk.brief(documents=(), notices=(), events=(), position=0, head=""))

    assert [p["kind"] for p in built.manifest["pieces"]] == ["decompte"]
    assert "Mise en demeure : aucune mise en demeure n’a été envoyée" in built.text("bordereau.pdf")
