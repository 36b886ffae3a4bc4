"""How an act reads on the page: no name runs off it, its words can be found and copied, nobody signs a page alone."""

from pypdf import PdfReader

from rules.law import Procedure
from tests.evidence import samples
from tests.evidence.desk import Desk
from tests.evidence.test_acts import proposed


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
