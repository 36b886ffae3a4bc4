"""The JSON Lines import is strict: what JSON allows and money or a database does not is refused."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from intake.lines import Accepted
from intake.reading import read_invoices
from tests.intake.files import Reading, accepted, invoice, line, rejected


def test_a_good_line_becomes_the_invoice(reading: Reading) -> None:
    lines = reading(line(due_on="2026-02-04"), "", line(number="F-2", total=1200.1), header="", name="f.jsonl")
    assert accepted(lines) == ["F-1", "F-2"]
    assert [entry.line for entry in lines] == [1, 3]
    assert isinstance(lines[0], Accepted)
    assert lines[0].invoice.due_on == date(2026, 2, 4)
    assert isinstance(lines[1], Accepted)
    assert str(lines[1].invoice.total) == "1200.10"


@pytest.mark.parametrize(
    ("bad", "field", "says"),
    [
        (line(total="12,5O"), "total", "not an amount"),
        (line(issued_on="2026-02-30"), "issued_on", "not a day of the calendar"),
        (line(issued_on=1704067200), "issued_on", "not a date"),
        (line(issued_on="1704067200"), "issued_on", "not a date"),
        (
            line(instalments=[{"due_on": "04/02/2026", "amount": "1200"}]),
            "instalments.0.due_on",
            "not a date",
        ),
        (line(instalments=[{"due_on": "2026-02-04", "amount": "100"}]), "instalments", "add up to 100.00"),
        (line(colour="red"), "colour", "not a field"),
        (line(debtor={"id": "1", "name": "x", "kind": "business", "age": 3}), "debtor.age", "not a field"),
        (line(debtor={"id": "1", "kind": "business"}), "debtor.name", "is missing"),
        (line(number=" F-1"), "number", "space"),
        (line(number=7), "number", "valid string"),
        ('{"number": "F-1", "number": "F-2"}', "number", "stands twice"),
        ('{"debtor": {"id": 1, "id": 2}}', "id", "stands twice"),
        ("[1, 2]", "row", "not a JSON object"),
        ("{'number': 1}", "row", "not JSON at column 2"),
        ("[" * 100_000, "row", "nested too deeply"),
        ('{"total": NaN}', "row", "not a number of JSON"),
        ('{"total": ' + "9" * 5000 + "}", "row", "too long"),
        ('{"total": 1e99999999999999999999}', "row", "too long"),
        (line(total="1e400"), "total", "beyond"),
        (line(subject="a\u0000b"), "row", "no text may hold"),
        (line(subject="x").replace('"x"', '"\\ud800"'), "row", "no text may hold"),
        (line(subject="é").encode("latin-1"), "row", "0xE9"),
        (b'{"a": "\0"}', "row", "NUL"),
        ("x" * 10_000_000, "row", "more than"),
    ],
)
def test_a_bad_line_is_refused_and_its_neighbours_go_in(
    reading: Reading, bad: str | bytes, field: str, says: str
) -> None:
    lines = reading(line(number="F-8"), bad, line(number="F-9"), header="", name="f.jsonl")
    assert accepted(lines) == ["F-8", "F-9"]
    faults = rejected(lines)
    assert {fault.line for fault in faults} == {2}
    assert faults[0].field == field
    assert says in faults[0].reason


@pytest.mark.parametrize("change", [{"debtor": None}, {"total": None}, {"instalments": "x"}, {"documents": [1]}])
def test_a_value_of_the_wrong_shape_is_refused(reading: Reading, change: dict[str, Any]) -> None:
    assert rejected(reading(line(**change), header="", name="f.jsonl"))


def test_a_duplicate_number_is_refused(reading: Reading) -> None:
    lines = reading(line(), line(), line(total="5"), header="", name="f.jsonl")
    assert [fault.line for fault in rejected(lines)] == [3]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes(b"\n \n")
    (refused,) = rejected(read_invoices(path))
    assert (refused.field, refused.reason) == ("file", "the file is empty")


def test_the_good_invoice_of_these_tests_is_good() -> None:
    assert "debtor" in invoice()
