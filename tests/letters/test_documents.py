"""The documents of the judicial file."""

from datetime import date

from letters.documents import ChronologyRow, Paper, chronologie_pdf, decompte_pdf
from letters.typeset import Typesetter
from rules.law.kinds import DebtorKind
from rules.policy import Claims
from tests.letters.pages import reader_of, text_of
from tests.letters.samples import ACME, DEBTORS, TODAY, item, letter

PAPER = Paper(creditor=ACME, debtor=DEBTORS[DebtorKind.BUSINESS], case="invoice/acme/F-2026-0042", on=TODAY)
SETTER = Typesetter()


def test_the_decompte_shows_each_period_payment_and_total() -> None:
    made = letter("mise_en_demeure", claims=Claims.ALL, items=(item(paid="200.00"),))
    assert made.decompte is not None
    pdf = decompte_pdf(SETTER, PAPER, made.decompte, made.items)
    said = text_of(pdf)
    for needed in ("05/02/2026", "14/02/2026", "12,15 %", "196,01 €", "1 049,67 €", "L441-10 II C. com.", "Créancier"):
        assert needed in said, needed
    assert pdf == decompte_pdf(Typesetter(), PAPER, made.decompte, made.items)


def test_every_document_is_a_draft_on_each_page_unless_told_otherwise() -> None:
    rows = tuple(ChronologyRow(on=date(2026, 1, 1 + n % 28), what=f"Fait {n}", piece=n) for n in range(120))
    pages = reader_of(chronologie_pdf(SETTER, PAPER, rows)).pages
    assert len(pages) > 1
    assert all("PROJET — à vérifier et à signer" in page.extract_text() for page in pages)
    final = PAPER.model_copy(update={"draft": ""})
    assert "PROJET" not in text_of(chronologie_pdf(SETTER, final, rows))


def test_the_chronology_is_in_the_order_of_the_days() -> None:
    rows = (
        ChronologyRow(on=date(2026, 2, 9), what="Relance", detail="par courriel", piece=2),
        ChronologyRow(on=date(2026, 1, 5), what="Facture", piece=1),
    )
    said = text_of(chronologie_pdf(SETTER, PAPER, rows))
    assert said.index("05/01/2026") < said.index("09/02/2026")
