"""Copies that bear their number, the debtor's sheet, pieces that age, and the chain found again from the file alone."""

import hashlib
import json
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfWriter

from ledger.chain import canonical, link
from rules.brief import ChainLink
from rules.privacy import split
from tests.evidence import samples
from tests.evidence.desk import Built, Desk
from tests.evidence.samples import piece


async def test_every_copy_to_lodge_bears_its_number_and_the_piece_itself_is_untouched(desk: Desk) -> None:
    brief = desk.brief()
    built = await desk.build(brief)

    for one in built.manifest["pieces"]:
        assert f"Pièce n° {one['number']}" in built.text(one["stamped"])
        assert hashlib.sha256((built.folder / one["file"]).read_bytes()).hexdigest() == one["sha256"]
    mail = next(one for one in built.manifest["pieces"] if one["kind"] == "reminder")
    assert "Objet" in built.text(mail["stamped"])
    assert "Boulangerie Martin" in built.text(mail["stamped"])


async def test_what_cannot_be_numbered_gets_a_sheet_and_is_said(desk: Desk) -> None:
    torn = samples.PDF[:60] + b"\n%%EOF\n"
    plan = piece(desk.scans, "order", "plan.pdf", torn)
    closed = piece(desk.scans, "delivery", "bl.pdf", _protected())
    documents = (plan, piece(desk.scans, "quote", "devis.docx", b"PK"), closed)
    built = await desk.build(desk.brief(documents=documents, notices=()))

    lacks = [lack for lack in built.manifest["missing"] if lack["code"] == "not_stamped"]
    assert [lack["title"].split(" ou ")[0] for lack in lacks] == ["Devis", "Bon de commande", "Bon de livraison"]
    assert "mot de passe" in lacks[-1]["reason"]
    sheet = built.text(next(one["stamped"] for one in built.manifest["pieces"] if one["kind"] == "order"))
    assert "Pièce n° 2" in sheet
    assert "est à établir à la main" in sheet


async def test_the_debtors_sheet_says_what_is_known_and_leaves_the_rest_open(desk: Desk) -> None:
    text = (await desk.build()).text("identite_debiteur.pdf")
    for said in ("552 100 554 RCS Lyon", "professionnel", "compta@martin.example", "Représentant légal à compléter"):
        assert said in text
    assert "pièce n° 13, sans date" in text


@pytest.mark.parametrize(
    ("kind", "issued_on", "codes"),
    [
        ("bodacc", date(2026, 3, 21), []),
        ("bodacc", date(2026, 3, 20), ["outdated"]),
        ("identity", date(2026, 1, 20), []),
        ("identity", date(2026, 1, 19), ["outdated"]),
    ],
)
async def test_an_extract_or_a_check_that_is_too_old_blocks(
    desk: Desk, kind: str, issued_on: date, codes: list[str]
) -> None:
    """On 20 April 2026: three months for the extract, thirty days for the BODACC."""
    others = tuple(one for one in samples.pieces(desk.scans) if one.kind != kind)
    aged = piece(desk.scans, kind, "aged.pdf", issued_on=issued_on)

    assert (await desk.build(desk.brief(documents=(*others, aged)))).missing("blocks") == codes


async def test_the_chain_can_be_found_again_from_the_file_alone(desk: Desk) -> None:
    brief = desk.brief()
    chain = _chained(brief.case, brief.events)
    built = await desk.build(brief.model_copy(update={"chain": chain, "head": chain[-1].hash}))

    assert _found_again(built) == built.manifest["ledger"]["hash"] == chain[-1].hash
    assert built.manifest["ledger"]["events"] == [one.hash for one in chain]


def _chained(case: str, events: tuple[Any, ...]) -> tuple[ChainLink, ...]:
    """The events as the ledger links them, their personal part sealed."""
    links: list[ChainLink] = []
    for position, event in enumerate(events, 1):
        readable, personal = split(event)
        sealed = canonical(personal).encode() if personal else None
        text, before = canonical(readable), links[-1].hash if links else None
        made = link(case, position, before, text, sealed)
        digest = None if sealed is None else hashlib.sha256(sealed).hexdigest()
        links.append(ChainLink(position=position, readable=text, sealed=digest, hash=made))
    return tuple(links)


def _found_again(built: Built) -> str:
    """As docs/judicial.md tells anybody to do it, with nothing of Relance."""
    history = json.loads((built.folder / "history/evenements.json").read_bytes())
    before = None
    for row in history["chain"]:
        case, place, previous, sealed = (
            json.dumps(value, ensure_ascii=False) for value in (history["case"], row["position"], before, row["sealed"])
        )
        line = (
            f'{{"case":{case},"position":{place},"previous":{previous},"readable":{row["readable"]},"sealed":{sealed}}}'
        )
        before = hashlib.sha256(line.encode()).hexdigest()
        assert before == row["hash"]
    assert all(one["position"] + 1 == two["position"] for one, two in pairwise(history["chain"]))
    return str(before)


def _protected() -> bytes:
    """A scan that only a password opens."""
    writer, written = PdfWriter(clone_from=BytesIO(samples.PDF)), BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(written)
    return written.getvalue()
