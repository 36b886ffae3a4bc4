"""Pieces that come with what happened: signed plans, added documents, proofs of the post."""

from datetime import date
from decimal import Decimal

from rules import events as e
from rules.invoice import Instalment
from tests.evidence.desk import Desk
from tests.evidence.samples import moment, scanned

DAY = date(2026, 3, 5)


async def test_a_signed_plan_and_added_documents_are_pieces(desk: Desk) -> None:
    scan = scanned(desk.scans, "plan.pdf")
    plan = e.PlanAgreed(
        id="plan",
        on=DAY,
        at=moment(DAY),
        instalments=(Instalment(due_on=date(2026, 4, 5), amount=Decimal("450.00")),),
        signed_on=date(2026, 3, 4),
        document=scan,
    )
    details = {"piece": "delivery", "file": scanned(desk.scans, "bl.pdf"), "sha256": None}
    added = e.Noted(id="doc", on=DAY, at=moment(DAY), what="document", details=details)
    unheard = e.Noted(
        id="x", on=DAY, at=moment(DAY), what="document", details={"piece": "constat", "file": scanned(desk.scans, "c")}
    )

    built = await desk.build(desk.brief(documents=(), notices=(), events=(plan, added, unheard)))

    assert [(p["kind"], p["title"]) for p in built.manifest["pieces"]] == [
        ("delivery", "Bon de livraison ou procès-verbal de réception"),
        ("plan", "Échéancier signé par le débiteur"),
        ("decompte", "Décompte des sommes dues"),
        ("constat", "Autre pièce (constat)"),
    ]
    assert "Échéancier convenu en 1 échéance, signé le 04/03/2026 : 450,00 € le 05/04/2026" in built.text(
        "chronologie.pdf"
    )


async def test_agreements_and_acts_named_by_events_are_pieces(desk: Desk) -> None:
    agreed = {"amount": Decimal("900.00"), "pay_by": DAY, "document": scanned(desk.scans, "s.pdf")}
    settlement = e.SettlementAgreed(id="s", on=DAY, at=moment(DAY), **agreed)
    served = e.JudicialEventNoted(
        id="j", on=DAY, at=moment(DAY), event="served", details={"document": scanned(desk.scans, "j.pdf")}
    )

    built = await desk.build(desk.brief(documents=(), notices=(), events=(settlement, served)))

    assert [p["kind"] for p in built.manifest["pieces"]] == ["settlement", "decompte", "judicial"]


async def test_what_was_said_without_a_document_names_no_piece(desk: Desk) -> None:
    silent = (
        e.Noted(id="s", on=DAY, at=moment(DAY), what="settlement", details={"amount": "1.00"}),
        e.JudicialEventNoted(id="j", on=DAY, at=moment(DAY), event="filed"),
    )
    built = await desk.build(desk.brief(documents=(), notices=(), events=silent))

    assert [p["kind"] for p in built.manifest["pieces"]] == ["decompte"]


async def test_a_proof_the_notice_alone_names_is_kept_once(desk: Desk) -> None:
    *others, formal = desk.brief().notices
    named = tuple(event.proof for event in desk.brief().events if isinstance(event, e.LetterPosted) and event.proof)
    formal = formal.model_copy(update={"proofs": (*named, scanned(desk.scans, "suivi.pdf"))})

    built = await desk.build(desk.brief(notices=(*others, formal)))

    titles = [p["title"] for p in built.manifest["pieces"]]
    assert titles.count("Preuve de dépôt de la mise en demeure") == 1
    assert titles.count("Preuve d’acheminement de la mise en demeure") == 1
