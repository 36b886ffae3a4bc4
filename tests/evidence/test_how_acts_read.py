"""How an act reads on the page: no name runs off it, its words can be found and copied, nobody signs a page alone; and
which act there is once the claim has its title."""

from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from evidence.acts.choice import acts_of
from evidence.csv_sheet import decompte_csv
from letters.claim import printed_claim
from letters.typography import plain_spaces
from rules.brief import Brief
from rules.common_file import common_brief
from rules.file_brief import FileMaterial, file_brief
from rules.law import Procedure
from tests.evidence import samples
from tests.evidence.desk import Desk
from tests.evidence.test_acts import proposed
from tests.rules.test_judicial import OPENED, claim, with_title
from tests.scenarios import Play


async def test_names_stay_on_the_page_words_whole_and_the_signature_below_its_pieces(desk: Desk) -> None:
    debtor = samples.MARTIN.model_copy(update={"name": "#let " + "X" * 295, "legal_form": "<script>$x$*y*</script>"})
    proposal = proposed(Procedure.ORDER, postal_code="67000")
    made = await desk.build(
        desk.brief(procedure=Procedure.ORDER, proposal=proposal, invoiced={"debtor": debtor}, notices=())
    )
    for name in ("requete.pdf", "bordereau.pdf", "identite_debiteur.pdf"):
        pages = [page.extract_text().replace("\u200b", "") for page in PdfReader(made.folder / name).pages]
        assert max(len(line) for page in pages for line in page.splitlines() if "XX" in line) < 90, name
    pages = [page.extract_text() for page in PdfReader(made.folder / "requete.pdf").pages]
    assert "<script>$x$*y*</script>" in pages[0]
    assert all(said in pages[-1] for said in ("Pièces jointes", "Fait à", "Conditions générales de vente"))
    listed = PdfReader(made.folder / "bordereau.pdf").pages[0].extract_text()
    assert "Décompte des sommes dues" in listed
    assert all(piece["sha256"] in listed for piece in made.manifest["pieces"])


@pytest.mark.parametrize("opposed", [False, True])
def test_a_title_is_to_be_enforced_with_its_costs_and_nothing_is_asked_of_a_judge_again(*, opposed: bool) -> None:
    its = with_title(reference="2026 I 7")
    if opposed:  # late, but open as long as no act reached the person: the order is no title meanwhile
        its.say("judicial_event", on="2026-07-01", event="opposed")
    brief = _brief_of(its, date(2026, 10, 1))
    (act,) = acts_of(brief, ())
    assert act.file == ("assignation_refere.pdf" if opposed else "demande_d_execution.pdf")
    rows = [row for block in act.blocks for row in block.get("rows", ())]
    text = plain_spaces(" ".join(row if isinstance(row, str) else " ".join(row) for row in rows))
    for said in ("4 mai 2026, 2026 I 7", "22 juin 2036 (art. L111-4 CPCE)", "85,33"):
        assert (said in text) is not opposed, said
    assert brief.title is None or brief.decompte.exigible + brief.title.costs == Decimal("12679.78")


def test_what_came_off_an_invoice_is_told_to_the_cent_and_by_its_invoice() -> None:
    """A judge who reads « imputé » must find each payment, credit note and waiver, and what was promised in vain."""
    lead, other = (_lessened(number) for number in ("F-1", "F-2"))
    brief = common_brief(_brief_of(lead), [_brief_of(other)], lead.case, lead.context)
    (act,) = acts_of(brief, ())
    text = plain_spaces(" ".join(str(block.get("text")) for block in act.blocks))
    for said in (
        "Sur la facture n° F-1, 200,00 € avaient été versés avant son recouvrement.",
        "Sur la facture n° F-2, le débiteur a versé 200,00 € le 10/02/2026.",
        "Sur la facture n° F-1, le créancier a porté au crédit du débiteur, par avoir, 500,00 € le 13/02/2026 (AV-9).",
        "Sur la facture n° F-2, le créancier a remis 50,00 € le 02/05/2026 du principal.",
        "Le débiteur a annoncé le paiement de la facture n° F-1 pour le 24 février 2026, sans y donner suite.",
    ):
        assert said in text, said
    postings = [row.what for row in printed_claim(brief.decompte, "EUR", "fr").postings]
    assert {"Paiement V1 – F-1", "Paiement V1 – F-2", "Avoir AV-9 – F-1", "Remise – F-2"} < set(postings)
    assert "Remise;F-1;;02/05/2026" in decompte_csv(brief.decompte, "EUR").decode("utf-8-sig")


def _lessened(number: str) -> Play:
    its = Play.start(claim().model_copy(update={"number": number, "already_paid": Decimal("200.00")}), OPENED)
    its.say("paid", on="2026-02-10", amount="300.00", reference="V1")
    its.say("payment_reversed", on="2026-02-12", reference="V1", amount="100.00")
    its.say("credit_note", on="2026-02-13", number="AV-9", amount="500.00")
    its.say("promise", on="2026-02-16", pay_on="2026-02-24")
    its.say("waive", on="2026-05-02", principal="50.00", reason="geste")
    return its


def _brief_of(its: Play, on: date = date(2026, 6, 20)) -> Brief:
    material = FileMaterial(events=its.history, messages=(), chain=(), head="")
    return file_brief(its.case, its.context, material, "dossier_judiciaire", on)
