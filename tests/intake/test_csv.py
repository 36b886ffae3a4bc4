"""Every bad input of the CSV import is refused with file, line, field and reason; the good lines go in."""

import tracemalloc
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from intake.checks import Known
from intake.lines import ROW_CAP, Accepted
from intake.reading import read_invoices
from rules.creditor import Creditor
from rules.invoice import Address
from rules.law.kinds import DebtorKind
from rules.policy import Policy
from tests.intake.files import HEADER, Reading, accepted, rejected, row


def test_a_good_row_becomes_the_invoice(reading: Reading) -> None:
    (line,) = reading(row())
    assert isinstance(line, Accepted)
    assert line.line == 2
    assert (line.invoice.number, line.invoice.total) == ("F-1", Decimal("1200.00"))
    assert line.invoice.due_on == date(2026, 2, 4)
    assert line.invoice.debtor.address == Address(
        lines=("12 rue des Lilas", "Bâtiment B"), postal_code="69003", city="Lyon"
    )
    assert line.invoice.payee is None


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"total": "12,5O"}, "total", "« 12,5O » is not an amount"),
        ({"total": "12.345"}, "total", "more than two decimals"),
        ({"total": "0"}, "total", "not above zero"),
        ({"total": "-5"}, "total", "not above zero"),
        ({"total": "NaN"}, "total", "not an amount"),
        ({"issued_on": "2026-02-30"}, "issued_on", "not a day of the calendar"),
        ({"issued_on": "30/02/2026"}, "issued_on", "not a day of the calendar"),
        ({"issued_on": "02-30-2026"}, "issued_on", "not a date"),
        ({"issued_on": "0206-01-05"}, "issued_on", "outside 1990–2099"),
        ({"due_on": "2026-01-04"}, "due_on", "before issued_on"),
        ({"number": ""}, "number", "is empty"),
        ({"debtor_name": "  "}, "debtor_name", "is empty"),
        ({"debtor_kind": "entreprise"}, "debtor_kind", "'business'"),
        ({"debtor_email": "compta(at)martin"}, "debtor_email", "not one e-mail address"),
        ({"debtor_email": "a@b.example>\tBcc: c@d.example"}, "debtor_email", "not one e-mail address"),
        ({"payee_iban": "FR7630006000011234567890188", "payee_name": "Factor"}, "payee_iban", "not an IBAN"),
        ({"payee_iban": "hello", "payee_name": "Factor"}, "payee_iban", "not an IBAN"),
        ({"payee_iban": "FR7630006000011234567890189"}, "payee_name", "required"),
        ({"creditor": "ac/me"}, "creditor", "slash"),
        ({"number": "F" * 201}, "number", "more than 200"),
        ({"number": "é" * 199 + "\u200b"}, "number", "unprintable"),
    ],
)
def test_a_bad_cell_is_refused_and_its_neighbours_go_in(
    reading: Reading, changes: dict[str, str], field: str, says: str
) -> None:
    lines = reading(row(number="F-before"), row(**changes), row(number="F-after"))
    assert accepted(lines) == ["F-before", "F-after"]
    (refused,) = rejected(lines)
    assert (refused.line, refused.field) == (3, field)
    assert says in refused.reason
    assert refused.file.endswith("f.csv")


def test_every_fault_of_a_row_is_named(reading: Reading) -> None:
    faults = rejected(reading(row(total="x", issued_on="y", debtor_kind="")))
    assert [fault.field for fault in faults] == ["issued_on", "total", "debtor_kind"]


@pytest.mark.parametrize(
    ("amount", "means"),
    [
        ("1200.5", "1200.50"),
        ("1200,50", "1200.50"),
        ("1 200,50", "1200.50"),
        ("1\u00a0200,50", "1200.50"),
        ("1\u202f200,50 €", "1200.50"),
        ("84 000", "84000.00"),
    ],
)
def test_amounts_as_people_write_them(reading: Reading, amount: str, means: str) -> None:
    (line,) = reading(row(total=amount))
    assert isinstance(line, Accepted)
    assert str(line.invoice.total) == means


def test_a_day_first_date_is_french(reading: Reading) -> None:
    (line,) = reading(row(issued_on="05/01/2026"))
    assert isinstance(line, Accepted)
    assert line.invoice.issued_on == date(2026, 1, 5)


def test_semicolons_and_a_byte_order_mark(reading: Reading) -> None:
    lines = reading(row(total="1200").replace(",", ";"), header="\ufeff" + HEADER.replace(",", ";"))
    assert accepted(lines) == ["F-1"]


def test_a_wrong_header_refuses_the_whole_file_and_names_the_columns(reading: Reading) -> None:
    lines = reading(row(), header=HEADER.replace("debtor_kind", "kind"))
    assert accepted(lines) == []
    assert [(fault.line, fault.field) for fault in rejected(lines)] == [(1, "kind"), (1, "debtor_kind")]


def test_a_column_named_twice_is_refused(reading: Reading) -> None:
    (refused, *_rest) = rejected(reading(row(), header=HEADER.replace("debtor_city", "debtor_id")))
    assert (refused.field, refused.reason) == ("debtor_id", "the header names this column twice")


def test_a_duplicate_number_is_refused_unless_it_says_the_same(reading: Reading) -> None:
    lines = reading(row(), row(), row(total="1300.00"), row(creditor="other"))
    assert accepted(lines) == ["F-1", "F-1", "F-1"]
    repeated = [line.repeats for line in lines if isinstance(line, Accepted)]
    assert repeated == [None, 2, None]
    (refused,) = rejected(lines)
    assert (refused.line, refused.field, refused.number) == (4, "number", "F-1")
    assert "line 2 already" in refused.reason


def test_a_latin_1_byte_is_named_with_its_column(reading: Reading) -> None:
    latin = row(debtor_name="Café Zoé").encode("latin-1")
    lines = reading(row(number="F-2"), latin, row(number="F-3"))
    assert accepted(lines) == ["F-2", "F-3"]
    (refused,) = rejected(lines)
    assert (refused.line, refused.field) == (3, "debtor_name")
    assert "0xE9 (« é » in Latin-1)" in refused.reason
    assert f"byte {latin.index(0xE9) + 1} " in refused.reason


def test_ten_megabytes_on_one_line_are_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    long = row(debtor_name="x" * 10_000_000).encode()
    path.write_bytes(b"\n".join([HEADER.encode(), row(number="F-2").encode(), long, row().encode(), b""]))
    tracemalloc.start()
    lines = list(read_invoices(path))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert accepted(lines) == ["F-2", "F-1"]
    (refused,) = rejected(lines)
    assert (refused.line, refused.field) == (3, "row")
    assert f"more than {ROW_CAP}" in refused.reason
    assert peak < 5_000_000


def test_a_long_header_is_refused(reading: Reading) -> None:
    (refused,) = rejected(reading(row(), header="x" * 2_000_000))
    assert (refused.line, refused.field) == (1, "header")


def test_a_nul_byte_is_refused(reading: Reading) -> None:
    lines = reading(row(number="F-2"), row(debtor_name="A\0B"))
    assert accepted(lines) == ["F-2"]
    assert "NUL" in rejected(lines)[0].reason


def test_a_lost_quote_does_not_eat_the_file(reading: Reading) -> None:
    lost = row().replace("Boulangerie", '"Boulangerie')
    lines = reading(row(number="F-2"), lost, row(number="F-3", debtor_name="Dupont, Durand"), row(number="F-4"))
    assert accepted(lines) == ["F-2", "F-3", "F-4"]
    (refused,) = rejected(lines)
    assert (refused.line, refused.field) == (3, "row")
    assert "not closed" in refused.reason


def test_two_lost_quotes_are_two_refusals(reading: Reading) -> None:
    lost = row().replace("Boulangerie", '"Boulangerie')
    lines = reading(lost, row(number="F-2"), lost, row(number="F-3"))
    assert accepted(lines) == ["F-2", "F-3"]
    assert [fault.line for fault in rejected(lines)] == [2, 4]


def test_a_line_break_inside_quotes_belongs_to_the_cell(reading: Reading) -> None:
    broken = row().replace("12 rue des Lilas|Bâtiment B", '"12 rue des Lilas\nBâtiment B"')
    lines = reading(broken, row(number="F-2"))
    assert accepted(lines) == ["F-1", "F-2"]
    assert [line.line for line in lines] == [2, 4]


def test_a_wrong_number_of_columns_is_refused(reading: Reading) -> None:
    lines = reading(row() + ",", row(number="F-2"), "acme,F-3")
    assert accepted(lines) == ["F-2"]
    assert [fault.reason for fault in rejected(lines)] == [
        "has 15 columns where the header has 14",
        "has 2 columns where the header has 14",
    ]


@pytest.mark.parametrize(
    ("data", "field", "says"),
    [
        (b"", "file", "empty"),
        (b"\xef\xbb\xbf", "file", "empty"),
        (b"\n\n", "header", "names no column"),
        (HEADER.encode("utf-16"), "file", "UTF-16"),
        (b"num\xe9ro\n", "header", "not UTF-8"),
        (b"a\0b\n", "header", "NUL"),
        (b'"a,b\n', "header", "cannot be read"),
    ],
)
def test_a_file_that_is_not_a_table_is_refused(tmp_path: Path, data: bytes, field: str, says: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(data)
    (refused,) = rejected(read_invoices(path))
    assert (refused.line, refused.field) == (1, field)
    assert says in refused.reason


def test_empty_rows_are_left_out(reading: Reading) -> None:
    assert len(reading(row(), "", "," * 13, row(number="F-2"))) == 2


def test_instalments_and_documents_are_read_from_one_cell(reading: Reading) -> None:
    header = HEADER + ",instalments,documents"
    lines = reading(
        row() + ",2026-02-04:600.00|2026-03-04:600.00,invoice:file:///F-1.pdf",
        row(number="F-2") + ",2026-02-04:600.00|2026-03-04:500.00,",
        row(number="F-3") + ",2026-02-04=600.00,",
        header=header,
    )
    (first,) = (line.invoice for line in lines if isinstance(line, Accepted))
    assert [part.amount for part in first.instalments] == [Decimal("600.00")] * 2
    assert first.documents[0].uri == "file:///F-1.pdf"
    assert [fault.field for fault in rejected(lines)] == ["instalments", "instalments"]


def test_an_unknown_creditor_or_policy_is_refused(reading: Reading) -> None:
    acme = Creditor(key="acme", name="Acme SAS", sender="compta@acme.example")
    policies = {
        "standard": Policy(name="standard"),
        "particulier": Policy(name="particulier", debtors=(DebtorKind.CONSUMER,)),
    }
    lines = reading(
        row() + ",standard",
        row(number="F-2", creditor="acmé") + ",",
        row(number="F-3") + ",stnadard",
        row(number="F-4") + ",particulier",
        row(number="F-5", debtor_kind="public_body") + ",",
        row(number="F-6", debtor_kind="consumer") + ",",
        header=HEADER + ",policy",
        known=Known(creditors={"acme": acme}, policies=policies),
    )
    assert accepted(lines) == ["F-1", "F-6"]
    assert [(fault.line, fault.field) for fault in rejected(lines)] == [
        (3, "creditor"),
        (4, "policy"),
        (5, "policy"),
        (6, "policy"),
    ]


@pytest.mark.parametrize("name", ["f.xlsx", "f", "f.csv.exe"])
def test_another_kind_of_file_is_refused(reading: Reading, name: str) -> None:
    (refused,) = rejected(reading(row(), name=name))
    assert refused.field == "file"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (refused,) = rejected(read_invoices(tmp_path / "none.csv"))
    assert "cannot be read" in refused.reason
