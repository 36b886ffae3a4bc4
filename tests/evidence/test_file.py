"""A whole file: every piece in its place, fingerprints that hold, papers that say what they must."""

import hashlib
import json
from decimal import Decimal

from letters.documents import DRAFT
from tests.evidence.desk import Desk


async def test_the_pieces_stand_in_the_order_of_a_courts_list(desk: Desk) -> None:
    built = await desk.build()

    assert [(piece["number"], piece["kind"]) for piece in built.manifest["pieces"]] == [
        (1, "terms"),
        (2, "quote"),
        (3, "order"),
        (4, "delivery"),
        (5, "invoice"),
        (6, "reminder"),
        (7, "reminder"),
        (8, "formal_notice"),
        (9, "posting_proof"),
        (10, "delivery_proof"),
        (11, "decompte"),
        (12, "identity"),
        (13, "bodacc"),
        (14, "power"),
    ]
    assert built.folder == desk.store / "dossiers" / "acme" / "F-2026-0042" / "1"


async def test_the_manifest_names_every_file_with_its_true_fingerprint(desk: Desk) -> None:
    built = await desk.build()
    manifest = built.manifest

    named = {entry["file"]: entry for entry in (*manifest["pieces"], *manifest["files"])}
    on_disk = {name: content for name, content in built.contents().items() if name not in (".zip", "manifest.json")}
    assert named.keys() == on_disk.keys()
    for name, content in on_disk.items():
        assert (named[name]["sha256"], named[name]["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert built.digest == hashlib.sha256((built.folder / "manifest.json").read_bytes()).hexdigest()


async def test_the_manifest_says_what_the_file_was_built_from(desk: Desk) -> None:
    brief = desk.brief()
    manifest = (await desk.build(brief)).manifest

    assert manifest["case"] == brief.case
    assert manifest["ledger"] == {"case": brief.case, "position": brief.position, "hash": brief.head, "events": []}
    assert manifest["versions"] == {"rules": "1", "tables": brief.tables, "policy": "a1b2"}
    assert manifest["as_of"] == "2026-04-20"
    assert Decimal(manifest["claim"]["total"]) == brief.decompte.total
    assert "Aucun avocat" in manifest["caution"]
    assert manifest["complete"] is True


async def test_letters_are_copied_byte_for_byte(desk: Desk) -> None:
    brief = desk.brief()
    built = await desk.build(brief)

    for notice in brief.notices:
        piece = next(p for p in built.manifest["pieces"] if p["source"]["of"] == notice.message_id)
        assert hashlib.sha256((built.folder / piece["file"]).read_bytes()).hexdigest() == notice.sha256
        assert piece["file"].endswith(".pdf" if notice.channel == "registered_letter" else ".eml")


async def test_every_event_is_in_the_history_in_its_order(desk: Desk) -> None:
    brief = desk.brief()
    built = await desk.build(brief)

    history = json.loads((built.folder / "history/evenements.json").read_bytes())
    assert [row["position"] for row in history["events"]] == list(range(1, len(brief.events) + 1))
    assert [row["event"] for row in history["events"]] == [event.model_dump(mode="json") for event in brief.events]
    assert history["head"] == brief.head


async def test_every_paper_says_that_it_is_a_draft_no_lawyer_has_read(desk: Desk) -> None:
    built = await desk.build()

    for name in ("bordereau.pdf", "decompte.pdf", "chronologie.pdf", "identite_debiteur.pdf"):
        text = built.text(name)
        assert DRAFT in text
        assert "aucun avocat n’a relu ce document" in text
        assert "page 1/" in text


async def test_the_bordereau_lists_each_piece_with_its_fingerprint(desk: Desk) -> None:
    built = await desk.build()
    text = built.text("bordereau.pdf")

    for piece in built.manifest["pieces"]:
        assert piece["title"] in text
        assert piece["sha256"][:20] in text


async def test_the_chronology_tells_facts_hours_actors_and_pieces(desk: Desk) -> None:
    text = (await desk.build()).text("chronologie.pdf")

    assert "Paiement de 300,00 € reçu par virement, référence VIR 0214" in text
    assert "saisi le 23/02/2026 à 14 h 05 – Claire Dubois (console)" in text
    assert "Mise en demeure par lettre recommandée, 958,22 € réclamés dont 906,21 € de principal" in text
    assert "saisi le 02/04/2026 à 9 h 04" in text  # summer time since 29 March
    assert "n° 9" in text
    assert "à 9 h 30 – Relance" in text


async def test_the_decompte_states_the_same_total_as_the_brief(desk: Desk) -> None:
    text = (await desk.build()).text("decompte.pdf")

    assert "964,19 €" in text
    assert "L441-10 II" in text
    assert "arrêté au 20 avril 2026" in text
