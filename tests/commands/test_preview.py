"""``preview``: the pure rules over a file or a case; same input, same output, whatever the day."""

import json
from datetime import date
from pathlib import Path

import pytest

from rules.policy_file import parse_policy
from settings import HOUSE
from tests.commands.conftest import House, Run
from tests.commands.fakes import FakeLedger, invoice, recorded
from tests.intake.files import HEADER, row

KEYS = [
    "date", "creditor", "debtor", "number", "due_on", "step", "channel", "principal", "claim", "covers", "because",
]  # fmt: skip


@pytest.fixture
def book(house: House) -> Path:
    path = house.folder / "book.csv"
    path.write_text(f"{HEADER}\n{row(number='F-1')}\n", encoding="utf-8")
    return path


def test_a_file_is_played_from_its_first_issue_date(run: Run, book: Path) -> None:
    said = run("preview", str(book), "--json")
    assert said.status == 0
    assert [list(notice) for notice in said.json] == [KEYS] * len(said.json)
    steps = [(notice["date"], notice["step"]) for notice in said.json]
    assert steps[:2] == [("2026-01-30", "rappel"), ("2026-02-09", "relance_1")]
    assert said.json == run("preview", str(book), "--json").json


def test_days_bound_the_play(run: Run, book: Path) -> None:
    days = ["--from", "2026-02-05", "--until", "2026-02-15", "--json"]
    assert [notice["step"] for notice in run("preview", str(book), *days).json] == ["relance_1"]
    assert run("preview", str(book), "--from", "2026-03-01", "--until", "2026-02-01").status == 1


def test_a_payment_ends_the_play(run: Run, book: Path, house: House) -> None:
    events = house.folder / "events.jsonl"
    events.write_text(json.dumps({"on": "2026-02-10", "number": "F-1", "kind": "paid"}) + "\n", encoding="utf-8")
    said = run("preview", str(book), "--events", str(events), "--json")
    assert [notice["step"] for notice in said.json] == ["rappel", "relance_1"]


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"on": "2026-02-10", "kind": "paid"}, "number"),
        ({"on": "2026-02-10", "number": "F-9", "kind": "paid"}, "number"),
        ({"number": "F-1", "kind": "paid"}, "on"),
        ({"on": "2026-02-10", "number": "F-1"}, "kind"),
        ({"on": "2026-02-10", "number": "F-1", "kind": "payed"}, "kind"),
        ({"on": "2026-02-10", "number": "F-1", "kind": "paid", "amount": "12,5O"}, "kind"),
    ],
)
def test_a_wrong_event_is_refused_with_its_line_and_field(
    run: Run, house: House, book: Path, event: dict[str, str], field: str
) -> None:
    events = house.folder / "events.jsonl"
    events.write_text("\n" + json.dumps(event) + "\n", encoding="utf-8")
    said = run("preview", str(book), "--events", str(events), "--json")
    assert said.status == 1
    assert f"{events}, line 2, {field}:" in said.err
    assert said.json  # the rest is played


def test_another_policy_is_played_when_named(run: Run, house: House, book: Path) -> None:
    policy = HOUSE / "policies" / "retardataire.toml"
    steps = [notice["step"] for notice in run("preview", str(book), "--policy", str(policy), "--json").json]
    assert "rappel" not in steps


def test_a_refused_line_is_named_and_the_others_are_played(run: Run, book: Path) -> None:
    with book.open("a", encoding="utf-8") as stream:
        stream.write(row(number="F-2", total="x") + "\n")
    said = run("preview", str(book), "--json")
    assert said.status == 1
    assert {notice["number"] for notice in said.json} == {"F-1"}
    assert "line 3, total" in said.err


def test_a_case_of_the_ledger_is_gone_on_with(run: Run, house: House) -> None:
    text = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8")
    version = parse_policy(text, file="standard.toml").version
    house.ledger = FakeLedger([recorded(invoice(), version=version)], {version: text})
    said = run("preview", "F-1", "--json")
    assert said.status == 0, said.err
    steps = [notice["step"] for notice in said.json]
    assert steps[0] == "relance_2"
    assert all(date.fromisoformat(notice["date"]) > date(2026, 3, 1) for notice in said.json)


def test_a_person_reads_a_table(run: Run, book: Path) -> None:
    said = run("preview", str(book))
    assert "relance_1" in said.out
    assert "notices." in said.out
