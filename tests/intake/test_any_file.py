"""Whatever a file holds, reading it ends, in invoices and in refusals with a line and a reason."""

import csv
import io
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.checks import Known
from intake.csv_file import read_csv
from intake.jsonl_file import read_jsonl
from intake.lines import Accepted, Line, Rejected
from tests.intake.files import GOOD, HEADER, invoice

# A busy machine must not fail what is right.
calm = settings(deadline=None)
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)
TABLE_LIKE = st.text(st.sampled_from(',;"\n\r é1a-/.:|\0'), max_size=200)


def one_row(**changes: str) -> bytes:
    table = io.StringIO()
    csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow({**GOOD, **changes}.values())
    return f"{HEADER}\n{table.getvalue()}".encode()


def fine(lines: list[Line]) -> bool:
    return all(line.line >= 1 and (not isinstance(line, Rejected) or line.reason) for line in lines)


@calm
@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_a_crash(data: bytes) -> None:
    assert fine(list(read_csv(io.BytesIO(data), "f", None, Known())))
    assert fine(list(read_jsonl(io.BytesIO(data), "f", Known())))


@calm
@given(TABLE_LIKE)
def test_anything_under_a_good_header_is_read_without_a_crash(text: str) -> None:
    assert fine(list(read_csv(io.BytesIO(f"{HEADER}\n{text}".encode()), "f", None, Known())))


@calm
@given(st.sampled_from(sorted(GOOD)), CELL)
def test_any_cell_is_an_invoice_or_a_refusal_of_its_line(column: str, cell: str) -> None:
    lines = list(read_csv(io.BytesIO(one_row(**{column: cell})), "f", None, Known()))
    assert lines
    assert all(line.line == 2 for line in lines)


@calm
@given(CELL.filter(str.strip))
def test_a_name_comes_out_as_it_went_in(name: str) -> None:
    table = io.StringIO()
    csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_ALL).writerow({**GOOD, "debtor_name": name}.values())
    (line,) = read_csv(io.BytesIO(f"{HEADER}\n{table.getvalue()}".encode()), "f", None, Known())
    assert isinstance(line, Accepted)
    assert line.invoice.debtor.name == name.strip()


@calm
@given(st.lists(st.sampled_from(["good", "bad", "lost"]), max_size=12))
def test_every_good_row_goes_in_whatever_stands_between(kinds: list[str]) -> None:
    rows = []
    for place, kind in enumerate(kinds):
        good = ",".join({**GOOD, "number": f"F-{place}"}.values())
        rows.append({"good": good, "bad": "x", "lost": good.replace("Boul", '"Boul')}[kind])
    lines = list(read_csv(io.BytesIO("\n".join([HEADER, *rows]).encode()), "f", None, Known()))
    assert sum(isinstance(line, Accepted) for line in lines) == kinds.count("good")
    assert sum(isinstance(line, Rejected) for line in lines) == len(kinds) - kinds.count("good")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=5), inside, max_size=3),
    max_leaves=5,
)


@calm
@given(st.sampled_from([*invoice(), "due_on", "instalments", "documents", "payee", "claim"]), JSON)
def test_any_json_value_is_an_invoice_or_a_refusal(key: str, value: Any) -> None:
    text = json.dumps(invoice(**{key: value}))
    assert fine(list(read_jsonl(io.BytesIO(text.encode()), "f", Known())))
