"""Statements of banks, read: versions of camt.053, batches, returns, CSV; what is no statement is refused."""

from datetime import date
from decimal import Decimal

import pytest

from intake.bank.reading import creditor_of, read_statements
from intake.lines import Fault
from rules.creditor import Creditor
from tests.intake.bank.files import HEAD, IBAN, camt, entry


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_transfer_is_read_in_every_version(version: str) -> None:
    whose = {"payer": "MARTIN SARL", "iban": "DE02120300000000202051"}
    data = camt(entry("1200.00", "FACTURE F-1", reference="VIR-1", version=version, **whose), version=version)
    (statement,) = read_statements(data)
    (line,) = statement.lines
    assert (statement.account, statement.until) == (IBAN, date(2026, 3, 2))
    assert (line.amount, line.reference, line.payer) == (Decimal("1200.00"), "VIR-1", "MARTIN SARL")
    assert (line.text, line.payer_iban, line.reversal) == ("FACTURE F-1", "DE02120300000000202051", False)


def test_what_is_pending_or_goes_out_is_no_payment() -> None:
    (statement,) = read_statements(camt(entry("10.00", status="PDNG"), entry("20.00", sign="DBIT")))
    assert (statement.lines, statement.others) == ((), 1)


@pytest.mark.parametrize("says", ["<RtrInf>", "<RvslInd>1<", "<RvslInd>true<"])
def test_a_return_takes_back(says: str) -> None:
    returned = entry("50.00", reference="VIR-9", sign="DBIT", more="<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf>")
    if says != "<RtrInf>":
        bare = entry("50.00", reference="VIR-9", sign="DBIT")
        returned = bare.replace("<BookgDt>", f"{says}/RvslInd><BookgDt>")
    (statement,) = read_statements(camt(returned))
    assert (statement.lines[0].reversal, statement.lines[0].reference) == (True, "VIR-9")


def test_a_batch_is_read_one_by_one_when_its_parts_add_up() -> None:
    part = "<TxDtls><Refs><EndToEndId>{}</EndToEndId></Refs><Amt Ccy='EUR'>{}</Amt></TxDtls>"
    batch = (
        '<Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-03-02</Dt></BookgDt>"
        f"<NtryDtls>{part.format('A', '10.00')}{part.format('B', '{}')}</NtryDtls></Ntry>"
    )  # fmt: skip
    (whole,) = read_statements(camt(batch.format("20.00")))
    assert [(one.reference, one.amount) for one in whole.lines] == [("A", Decimal("10.00")), ("B", Decimal("20.00"))]
    (other,) = read_statements(camt(batch.format("19.00")))
    assert [one.amount for one in other.lines] == [Decimal("30.00")]


def test_equal_transfers_of_a_day_are_two_and_the_same_in_every_statement() -> None:
    twice = [entry("10.00", "LOYER", reference="LOYER"), entry("10.00", "LOYER", reference="LOYER")]
    (day,) = read_statements(camt(*twice))
    (month,) = read_statements(camt(entry("7.00", day="2026-03-01"), *twice, until="2026-03-31"))
    assert len({line.id for line in day.lines}) == len({line.named for line in day.lines}) == 2
    assert {line.id for line in day.lines} < {line.id for line in month.lines}


def test_a_french_csv_is_read_in_its_own_code_page() -> None:
    data = (
        "Date comptable;Libellé;Débit;Crédit\r\n02/03/2026;VIR SEPA F-1;;1 200,00\r\n03/03/2026;Prélèvement;-20,00;\r\n"
    )
    for encoding in ("utf-8-sig", "cp1252"):
        (statement,) = read_statements(data.encode(encoding), account=IBAN)
        assert [(line.amount, line.text) for line in statement.lines] == [(Decimal("1200.00"), "VIR SEPA F-1")]
        assert (statement.until, statement.others) == (date(2026, 3, 3), 1)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><Document>&b;</Document>", "document type"),
        (b"<Document/>", "not a camt.053"),
        (HEAD.format(version="08").encode() + b"</Document>", "no statement"),
        (camt(entry("NaN")), "not an amount"),
        (camt(entry("-5.00")), "above zero"),
        (camt(entry("5.00", day="2026-02-31")), "not a date"),
        (b"a;b\n1;2\n", "no column is the booking date"),
        (b"date;montant\n2026-03-02;12\n", r"name it \(--account, or \?account="),
        (b"date;montant;compte\n2026-03-02;douze;X\n", "line 2"),
        (b"x" * 10_000_001, "more than"),
    ],
)
def test_what_is_no_statement_is_refused_with_its_reason(data: bytes, said: str) -> None:
    with pytest.raises(Fault, match=said):
        read_statements(data)


def test_the_account_says_whose_statement_it_is() -> None:
    acme = Creditor(key="acme", name="Acme", sender="a@acme.example", iban="FR76 3000 6000 0112 3456 7890 189")
    other = Creditor(key="other", name="Other", sender="o@other.example", accounts=("BE71096123456769",))
    known = {"acme": acme, "other": other}
    assert creditor_of(IBAN, known, None) == "acme"
    assert creditor_of("BE71 0961 2345 6769", known, None) == "other"
    assert creditor_of("XX", known, "other") == "other"
    with pytest.raises(Fault, match="no creditor's account"):
        creditor_of("DE02120300000000202051", known, None)


def test_a_csv_cut_in_a_quoted_cell_is_refused_with_a_sentence() -> None:
    data = b'date;montant;libelle\n2026-03-02;10.00;"' + b"x" * 140_000 + b'"\n'
    with pytest.raises(Fault, match=r"line .*export the file again"):
        read_statements(data, account="FR76")
