"""``import``: good lines are started, bad ones named, a snapshot says what is missing."""

from pathlib import Path

import pytest

from intake.answers import Start
from rules.invoice import InvoiceIssued
from tests.commands.conftest import House, Run
from tests.commands.fakes import FakeDoor, invoice, recorded
from tests.intake.files import HEADER, row

IMPORT_KEYS = [
    "dry_run", "accepted", "already_known", "refused", "terms_changed", "credited", "warnings", "refusals", "missing",
    "closed",
]  # fmt: skip


class Starting(FakeDoor):
    """A door that starts each case once."""

    async def start(self, issued: InvoiceIssued) -> Start:
        known = any(one.number == issued.number for one in self.started)
        self.started.append(issued)
        return Start.ALREADY_KNOWN if known else Start.ACCEPTED


@pytest.fixture
def book(house: House) -> Path:
    house.door = Starting()
    path = house.folder / "book.csv"
    rows = [row(number="F-1"), row(number="F-2", total="12,5O"), row(number="F-3"), row(number="F-3")]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def test_good_lines_go_in_and_bad_ones_are_named(run: Run, house: House, book: Path) -> None:
    said = run("import", str(book))
    assert said.status == 1
    assert said.out == "2 accepted · 1 already known · 1 refused\n"
    assert said.err == f"{book}, line 3, total: « 12,5O » is not an amount; write 1234.50 or 1 234,50\n"
    assert sorted(one.number for one in house.door.started) == ["F-1", "F-3"]


def test_json_counts_and_names(run: Run, book: Path) -> None:
    said = run("import", str(book), "--json")
    assert list(said.json) == IMPORT_KEYS
    assert (said.json["accepted"], said.json["already_known"], said.json["refused"]) == (2, 1, 1)
    (refusal,) = said.json["refusals"]
    assert list(refusal) == ["file", "line", "field", "reason", "number"]
    assert (refusal["line"], refusal["field"], refusal["number"]) == (3, "total", "F-2")


def test_the_same_file_twice_starts_nothing_twice(run: Run, book: Path) -> None:
    run("import", str(book))
    assert run("import", str(book)).out == "0 accepted · 3 already known · 1 refused\n"


def test_a_dry_run_starts_nothing(run: Run, house: House, book: Path) -> None:
    said = run("import", str(book), "--dry-run")
    assert said.out == "2 would be started · 1 already known · 1 refused\n"
    assert house.door.started == []


def test_a_clean_file_is_exit_status_zero(run: Run, house: House, book: Path) -> None:
    book.write_text(f"{HEADER}\n{row()}\n", encoding="utf-8")
    assert run("import", str(book)).status == 0


def test_a_file_that_is_not_there_is_a_refusal(run: Run, house: House) -> None:
    house.door = Starting()
    said = run("import", str(house.folder / "none.csv"))
    assert said.status == 1
    assert "cannot be read" in said.err


def test_a_snapshot_names_what_is_missing_and_closes_it_only_when_told(run: Run, house: House, book: Path) -> None:
    book.write_text(f"{HEADER}\n{row()}\n", encoding="utf-8")
    house.hold(recorded(invoice("F-1")), recorded(invoice("F-8")), recorded(invoice("F-9", creditor="other")))
    assert run("import", str(book), "--snapshot", "--json").json["missing"] == ["invoice/acme/F-8"]
    assert house.door.said == []
    shown = run("import", str(book), "--snapshot", "--close-missing")
    assert "1 case marked as paid." in shown.out
    ((case, body, event_id),) = house.door.said
    assert (case, body["kind"], event_id) == ("invoice/acme/F-8", "paid", "snapshot/3")


def test_a_snapshot_with_a_refused_line_closes_nothing(run: Run, house: House, book: Path) -> None:
    house.hold(recorded(invoice("F-8")))
    said = run("import", str(book), "--snapshot", "--close-missing")
    assert said.status == 1
    assert "Nothing was closed" in said.err
    assert house.door.said == []


def test_closing_without_a_snapshot_is_refused(run: Run, book: Path) -> None:
    assert run("import", str(book), "--close-missing").status == 1
    assert run("import", str(book), "--delta", "--snapshot").status == 2


def test_a_mapping_that_is_wrong_is_refused_before_anything_is_read(run: Run, house: House, book: Path) -> None:
    mapping = house.folder / "m.toml"
    mapping.write_text("[columns]\nnumero = 'N'\n", encoding="utf-8")
    said = run("import", str(book), "--mapping", str(mapping))
    assert said.status == 1
    assert "numero is not a field" in said.err
    assert house.door.started == []
