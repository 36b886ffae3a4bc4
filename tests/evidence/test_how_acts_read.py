"""How an act reads on the page: no name runs off it, its words can be found and copied, nobody signs a page alone; and
which act there is once the claim has its title."""

from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from evidence.acts.choice import acts_of
from letters.typography import plain_spaces
from rules.file_brief import FileMaterial, file_brief
from rules.law import Procedure
from tests.evidence import samples
from tests.evidence.desk import Desk
from tests.evidence.test_acts import proposed
from tests.rules.test_judicial import with_title


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
    material = FileMaterial(events=its.history, messages=(), chain=(), head="")
    brief = file_brief(its.case, its.context, material, "dossier_judiciaire", date(2026, 10, 1))
    (act,) = acts_of(brief, ())
    assert act.file == ("assignation_refere.pdf" if opposed else "demande_d_execution.pdf")
    rows = [row for block in act.blocks for row in block.get("rows", ())]
    text = plain_spaces(" ".join(row if isinstance(row, str) else " ".join(row) for row in rows))
    for said in ("4 mai 2026, 2026 I 7", "22 juin 2036 (art. L111-4 CPCE)", "85,33"):
        assert (said in text) is not opposed, said
    assert brief.title is None or brief.decompte.exigible + brief.title.costs == Decimal("12679.78")
