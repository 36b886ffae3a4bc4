"""EN 16931: UBL, CII and Factur-X say the same invoice; credit notes find theirs; hostile files are refused."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from intake.checks import Known
from intake.einvoice.reading import read_document
from intake.einvoice.stated import differences, stated_terms
from intake.lines import Accepted, Credited, Line, Rejected
from intake.reading import read_einvoice_bytes, read_invoices
from rules.creditor import Creditor
from rules.law.kinds import DebtorKind
from tests.intake.einvoices import ACME, KNOWN, cii, cii_note, cii_terms, facturx, ubl, ubl_credit

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "einvoices"


def read(data: bytes, name: str = "f.xml") -> Line:
    return read_einvoice_bytes(data, name, KNOWN)


def accepted(data: bytes, name: str = "f.xml") -> Accepted:
    line = read(data, name)
    assert isinstance(line, Accepted), line
    return line


def refused(data: bytes, name: str = "f.xml") -> Rejected:
    line = read(data, name)
    assert isinstance(line, Rejected), line
    return line


@pytest.mark.parametrize("data", [ubl(), cii(), facturx(cii())], ids=["ubl", "cii", "factur-x"])
def test_the_three_shapes_say_the_same_invoice(data: bytes) -> None:
    invoice = accepted(data).invoice
    assert (invoice.creditor, invoice.number, invoice.issued_on) == ("acme", "F-2026-0042", date(2026, 1, 5))
    assert (invoice.due_on, invoice.total, invoice.already_paid) == (
        date(2026, 2, 4),
        Decimal("1200.00"),
        Decimal("200.00"),
    )
    assert (invoice.order_reference, invoice.performed_on) == ("PO-77", date(2026, 1, 3))
    debtor = invoice.debtor
    assert (debtor.id, debtor.siren, debtor.kind) == ("C-104", "552100554", DebtorKind.BUSINESS)
    assert debtor.address is not None
    assert debtor.address.complete
    assert debtor.email in ("factures@martin.example", "compta@martin.example")


def test_the_document_stands_among_the_pieces_of_its_case(tmp_path: Path) -> None:
    path = tmp_path / "F-2026-0042.pdf"
    path.write_bytes(facturx(cii()))
    (line,) = read_invoices(path, known=KNOWN)
    assert isinstance(line, Accepted)
    (piece,) = line.invoice.documents
    assert (piece.kind, piece.uri) == ("invoice", path.as_uri())
    assert piece.sha256 is not None
    assert len(piece.sha256) == 64


def test_instalments_of_the_extended_profile_are_kept() -> None:
    invoice = accepted(cii(terms=cii_terms("20260204", "700.00") + cii_terms("20260304", "500.00"))).invoice
    assert [(part.due_on, part.amount) for part in invoice.schedule] == [
        (date(2026, 2, 4), Decimal("700.00")),
        (date(2026, 3, 4), Decimal("500.00")),
    ]


def test_a_public_body_is_known_by_its_siren() -> None:
    assert accepted(ubl(buyer_siren="216901231")).invoice.debtor.kind is DebtorKind.PUBLIC_BODY


def test_a_credit_note_names_its_invoice() -> None:
    line = read(ubl_credit())
    assert isinstance(line, Credited)
    assert (line.creditor, line.invoice, line.number, line.amount) == ("acme", "F-2026-0042", "A-7", Decimal("300.00"))


def test_a_credit_note_that_names_no_invoice_is_for_a_person() -> None:
    assert "names no invoice" in refused(ubl_credit(invoice=None)).reason


def test_a_corrective_invoice_does_not_claim_a_debt_twice() -> None:
    assert "cancel that case first" in refused(ubl(type_code="384")).reason


def test_an_invoice_that_contradicts_itself_is_refused() -> None:
    assert refused(ubl(payable="700.00")).field == "BT-115 amount due"


def test_an_invoice_of_somebody_else_is_refused() -> None:
    line = refused(ubl(seller_vat="FR83404833048"))
    assert line.field == "BT-27 seller"
    assert "none of the creditors" in line.reason


def test_the_terms_that_an_invoice_prints_are_read() -> None:
    notes = cii_note("PMD", "Pénalités de retard : 3 fois le taux d'intérêt légal")
    notes += cii_note("PMT", "Indemnité forfaitaire pour frais de recouvrement : 40 €")
    notes += cii_note("AAB", "Pas d'escompte pour paiement anticipé")
    line = accepted(cii(notes=notes))
    assert len(line.warnings) == 1
    assert "LEGALx3" in line.warnings[0]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("Taux des pénalités : 12,50 %", "12.5"),
        ("taux BCE majoré de 10 points", "ECB+10"),
        ("trois fois le taux légal", "LEGALx3"),
        ("1,5 % par mois, soit 18 % l'an", None),
        ("selon nos conditions générales", None),
    ],
)
def test_a_rate_is_read_only_when_the_sentence_names_one(text: str, rate: str | None) -> None:
    assert stated_terms([("PMD", text)]).late_rate == rate


def test_terms_that_agree_with_the_creditors_file_say_nothing() -> None:
    assert differences(stated_terms([("PMD", "12,5 % l'an"), ("PMT", "40 euros")]), ACME) == []


BOMB = (
    b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
FILE = b'<!DOCTYPE i [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("doctype", [BOMB, FILE, b'<!DOCTYPE i SYSTEM "http://127.0.0.1:9/x.dtd">'])
def test_a_document_type_is_refused_unread(doctype: bytes) -> None:
    data = ubl().replace(b"<Invoice", doctype + b"<Invoice").replace(b"PO-77", b"&x;")
    assert "document type" in refused(data).reason
    utf16 = data.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    assert refused(utf16).field == "file"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not whole XML"),
        (b"<a", "not whole XML"),
        (b"<a>" * 5000, "not whole XML"),
        (b"<html/>", "neither a UBL"),
        (b"<a>" + b"x" * 10_000_001, "more than"),
    ],
)
def test_what_is_no_invoice_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    assert said in refused(data).reason


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 nothing", "cannot be read"),
        (facturx(b"hello", name="notes.txt"), "no factur-x.xml"),
        (facturx(cii(), password="secret"), "encrypted"),
        (b"not a pdf", "not a PDF"),
    ],
    ids=["damaged", "no-invoice", "encrypted", "not-a-pdf"],
)
def test_a_pdf_without_a_readable_invoice_is_refused(data: bytes, said: str) -> None:
    assert said in refused(data, "f.pdf").reason


def test_a_flate_bomb_is_refused_before_it_opens() -> None:
    bomb = facturx(b"<" * 76_000_000)
    assert len(bomb) < 100_000
    assert "cannot be read" in refused(bomb, "f.pdf").reason


@pytest.mark.skipif(not REAL.is_dir(), reason="the real EN 16931 examples are not beside this checkout")
def test_real_examples_are_read_or_refused_for_a_reason() -> None:
    """Each with its seller among the creditors; what stays refused says which business term is wrong."""
    read_: list[Line] = []
    refused_: list[Rejected] = []
    for path in sorted(REAL.glob("*.xml")):
        data = path.read_bytes()
        assert refused(data, path.name).field == "BT-27 seller"
        seller = read_document(data, pdf=False).seller
        creditor = Creditor(key="s", name=seller.name or "", sender="s@s.example", siren=seller.siren, vat=seller.vat)
        line = read_einvoice_bytes(data, path.name, Known(creditors={"s": creditor}))
        if isinstance(line, Rejected):
            refused_.append(line)
        else:
            read_.append(line)
    assert len(read_) >= 5
    assert {line.field for line in refused_} == {"payee.iban", "BT-25 preceding invoice"}
