"""What keeps a file from being lodged, and what only weakens it."""

from typing import Any

import pytest

from rules.invoice import Document
from rules.law import DebtorKind
from tests.evidence import samples
from tests.evidence.desk import Desk


async def _titles(desk: Desk, severity: str, **more: Any) -> list[str]:
    built = await desk.build(desk.brief(**more))
    return [lack["title"] for lack in built.manifest["missing"] if lack["severity"] == severity]


async def test_a_whole_file_lacks_nothing_and_leaves_a_person_two_things_to_look_at(desk: Desk) -> None:
    built = await desk.build()

    assert built.missing("blocks") == []
    assert built.missing("weakens") == ["to_check", "to_check"]
    assert "Signature de la commande ou du devis" in built.text("bordereau.pdf")


@pytest.mark.parametrize("kind", ["order", "quote", "delivery"])
async def test_one_proof_of_the_engagement_is_enough(desk: Desk, kind: str) -> None:
    documents = (samples.piece(desk.scans, kind, "scan.pdf"),)

    assert "Commande signée, devis accepté ou preuve de livraison" not in await _titles(
        desk, "blocks", documents=documents
    )


async def test_what_blocks_comes_first_and_the_file_is_not_complete(desk: Desk) -> None:
    built = await desk.build(desk.brief(documents=()))

    severities = [lack["severity"] for lack in built.manifest["missing"]]
    assert severities == sorted(severities)
    assert built.manifest["complete"] is False
    assert await _titles(desk, "blocks", documents=()) == [
        "Commande signée, devis accepté ou preuve de livraison",
        "Copie de la facture",
        "Identité du débiteur",
        "Consultation du BODACC",
    ]


async def test_without_a_posted_mise_en_demeure_nothing_is_lodged(desk: Desk) -> None:
    reminders = desk.brief().notices[:2]

    found = await _titles(desk, "blocks", notices=reminders)

    assert found == ["Mise en demeure", "Preuve de dépôt de la mise en demeure"]


async def test_the_mise_en_demeure_of_an_earlier_instalment_does_not_count(desk: Desk) -> None:
    built = await desk.build(desk.brief(passage=2))

    assert "Mise en demeure" in [lack["title"] for lack in built.manifest["missing"]]
    assert "earlier_formal_notice" in [p["kind"] for p in built.manifest["pieces"]]


async def test_a_missing_receipt_only_weakens(desk: Desk) -> None:
    told = tuple(event for event in desk.brief().events if event.kind != "letter_delivered")

    assert "Avis de réception de la mise en demeure, ou pli non réclamé" in await _titles(desk, "weakens", events=told)


async def test_a_consumer_has_no_register_and_no_bodacc(desk: Desk) -> None:
    consumer = samples.MARTIN.model_copy(update={"kind": DebtorKind.CONSUMER})
    documents = samples.pieces(desk.scans)[:5]

    found = await _titles(desk, "blocks", documents=documents, debtor=consumer)

    assert found == []


async def test_somebody_must_be_able_to_sign(desk: Desk) -> None:
    documents = samples.pieces(desk.scans)[:7]
    nobody = samples.ACME.model_copy(update={"representative": None})

    assert await _titles(desk, "blocks", documents=documents, creditor=nobody) == ["Pouvoir du signataire"]
    assert "Pouvoir du signataire" in await _titles(desk, "weakens", documents=documents)


async def test_a_name_that_the_pages_cannot_write_blocks(desk: Desk) -> None:
    """« ???? » is nobody: a judge must read whom he orders to pay."""
    abroad = samples.MARTIN.model_copy(update={"name": "株式会社パン", "legal_name": None})

    assert await _titles(desk, "blocks", debtor=abroad) == ["Nom et adresse du débiteur"]


async def test_a_rate_of_one_source_is_confirmed_by_a_person_first(desk: Desk) -> None:
    counted = samples.counted()
    doubtful = counted.model_copy(
        update={"lines": tuple(line.model_copy(update={"single_source": True}) for line in counted.lines)}
    )

    assert await _titles(desk, "blocks", decompte=doubtful) == ["Justificatif du taux"]

    confirmed = (*samples.pieces(desk.scans), samples.piece(desk.scans, "rate", "bdf.pdf"))
    assert await _titles(desk, "blocks", decompte=doubtful, documents=confirmed) == []


async def test_an_unreadable_piece_blocks_only_when_no_other_does_its_work(desk: Desk) -> None:
    lost = Document(kind="order", uri="file:///nowhere/order.pdf")
    others = tuple(d for d in samples.pieces(desk.scans) if d.kind not in ("quote", "order", "delivery"))

    assert await _titles(desk, "blocks", documents=(*others, lost)) == ["Bon de commande"]

    delivery = samples.piece(desk.scans, "delivery", "bl.pdf")
    assert await _titles(desk, "blocks", documents=(*others, lost, delivery)) == []
