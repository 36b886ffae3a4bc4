"""The events file: read into commands, every fault named."""

from datetime import date
from pathlib import Path

import pytest

from demo.script import read_script
from rules.refusals import Refused

HEADER = "date;number;kind;fields\n"


def script(tmp_path: Path, *lines: str, header: str = HEADER) -> Path:
    file = tmp_path / "événements.csv"
    file.write_text(header + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def test_a_payment_as_people_write_it(tmp_path: Path) -> None:
    (paid,) = read_script(
        script(tmp_path, "05/11/2025;F-1;paid;amount=1 240,00;received_on=04/11/2025;reference=VIR 1")
    )
    assert (paid.on, paid.number, paid.kind, paid.raw) == (date(2025, 11, 5), "F-1", "paid", False)
    assert paid.payload == {
        "on": "2025-11-05",
        "id": "script/2",
        "amount": "1240.00",
        "received_on": "2025-11-04",
        "reference": "VIR 1",
    }


def test_a_plan(tmp_path: Path) -> None:
    line = "2025-11-10;F-1;payment_plan;signed_on=2025-11-10;instalments=2025-12-01:100.00|2026-01-01:50.50"
    (plan,) = read_script(script(tmp_path, line))
    assert plan.payload["instalments"] == [
        {"due_on": "2025-12-01", "amount": "100.00"},
        {"due_on": "2026-01-01", "amount": "50.50"},
    ]


def test_a_raw_signal_is_left_as_it_is(tmp_path: Path) -> None:
    (raw,) = read_script(script(tmp_path, "2025-11-28;F-1;signal:paid;amount=deux mille euros"))
    assert (raw.raw, raw.kind, raw.payload) == (True, "paid", {"amount": "deux mille euros"})


def test_comments_empty_lines_and_order(tmp_path: Path) -> None:
    lines = ("# later first", "2025-12-02;F-2;resume", "", "2025-12-01;F-1;resume", "2025-12-02;F-2;reconsider")
    assert [(h.number, h.kind) for h in read_script(script(tmp_path, *lines))] == [
        ("F-1", "resume"),
        ("F-2", "resume"),
        ("F-2", "reconsider"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2025-02-30;F-1;resume", "not a day"),
        ("2025-11-05;F-1", "a date, a number and a kind"),
        ("2025-11-05;F-1;payed", "not an event"),
        ("2025-11-05;F-1;paid;amount", "key=value"),
        ("2025-11-05;F-1;paid;amount=12,5O", "12,5O"),
        ("2025-11-05;F-1;paid;montant=12", "montant"),
        ("2025-11-05;F-1;promise", "pay_on"),
    ],
)
def test_a_fault_names_file_line_and_reason(line: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_script(script(tmp_path, "# one", line))
    assert refused.value.sentence.startswith("événements.csv, line 3: ")
    assert reason in refused.value.sentence


def test_a_wrong_header(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="the header must be"):
        read_script(script(tmp_path, header="date,number\n"))
