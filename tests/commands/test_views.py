"""``show``, ``list``, ``tasks``, ``letter`` …: shapes for programs, tables for people."""

from datetime import date
from pathlib import Path

import pytest

from commands.lists import LIST_KEYS, TASK_KEYS
from commands.policy import spelled
from ledger.letter_figures import LetterLine, LettersWanted, VariantLine
from rules.case import Stage
from rules.policy_file import parse_policy
from rules.proportion import difference, share
from rules.when import parse_when
from settings import HOUSE
from tests.commands.conftest import House, Run
from tests.commands.fakes import FakeDoor, FakeLedger, held, invoice, recorded

VIEW_KEYS = [
    "id", "stage", "outcome", "suspended", "as_of", "currency", "claim", "paid", "limitation_on", "next", "steps",
    "tasks", "ledger", "profile",
]  # fmt: skip


def test_show_json_is_the_public_shape_nulls_included(run: Run, house: House) -> None:
    house.hold(recorded())
    shown = run("show", "F-1", "--json").json
    assert list(shown) == VIEW_KEYS
    assert shown["claim"] == {
        "principal": "1000.00",
        "interest": "9.99",
        "indemnity": "40.00",
        "costs": "0.00",
        "total": "1049.99",
    }
    assert shown["outcome"] is None
    assert shown["suspended"] is None
    assert shown["next"] == {
        "step": "relance_2",
        "at": "2026-03-06T08:00:00Z",
        "because": "relance_2 : 10 jours après relance_1",
    }
    assert shown["steps"][0]["message_id"] == "<1@acme.example>"
    assert shown["ledger"] == {"position": 3, "hash": "ab12"}


def test_show_for_a_person_says_stage_amounts_next_steps_tasks_and_events(run: Run, house: House) -> None:
    house.hold(recorded())
    said = run("show", "F-1")
    for word in ("Boulangerie Martin SARL", "amicable", "1 000,00", "relance_2", "appeler", "« par chèque »", "nadia"):
        assert word in said.out.replace("\u202f", " "), word
    assert "\x1b" not in said.out  # not a terminal: no colours


def test_a_paused_case_says_by_what_and_until_when(run: Run, house: House) -> None:
    house.hold(held(recorded()))
    assert "paused by hold until 01/04/2026" in run("show", "F-1").out
    assert "paused: hold" in run("list").out


def test_list_json_has_stable_keys(run: Run, house: House) -> None:
    house.hold(recorded(), recorded(invoice("F-2")))
    rows = run("list", "--json").json
    assert [tuple(row) for row in rows] == [LIST_KEYS, LIST_KEYS]
    assert rows[0]["outstanding"] == "1049.99"


def test_list_filters_reach_the_ledger(run: Run, house: House) -> None:
    house.hold(recorded())
    run("list", "--stage", "amicable", "--debtor", "C-104", "--creditor", "acme", "--next-before", "15/03/2026")
    (wanted,) = house.ledger.reads.filters
    assert (wanted.stage, wanted.debtor, wanted.creditor) == (Stage.AMICABLE, "C-104", "acme")
    assert wanted.next_before is not None
    assert wanted.next_before.date() == date(2026, 3, 15)


def test_a_list_says_when_there_is_more(run: Run, house: House) -> None:
    house.hold(recorded(), recorded(invoice("F-2")))
    assert "1 case, and more: raise --limit." in run("list", "--limit", "1").out
    assert "2 cases." in run("list", "--limit", "2").out


@pytest.mark.parametrize("words", [["--stage", "open"], ["--limit", "0"], ["--limit", "x"], ["--next-before", "soon"]])
def test_a_wrong_filter_is_wrong_usage(run: Run, words: list[str]) -> None:
    assert run("list", *words).status == 2


def test_tasks_have_stable_keys_and_filters(run: Run, house: House) -> None:
    house.hold(recorded())
    (task,) = run("tasks", "--json").json
    assert tuple(task) == TASK_KEYS
    assert (task["case"], task["kind"], task["due_on"]) == ("invoice/acme/F-1", "call", "2026-03-04")
    assert run("tasks", "--kind", "approve", "--json").json == []
    assert run("tasks", "--owner", "manager", "--json").json == []
    assert run("tasks", "--due-before", "2026-03-04", "--json").json == []
    assert "appeler le débiteur" in run("tasks").out


def test_reconsider_wakes_every_open_case(run: Run, house: House) -> None:
    house.hold(*(recorded(invoice(f"F-{n:02}")) for n in range(25)))
    said = run("reconsider", "--json")
    assert said.json == {"woken": 25, "not_running": []}
    assert len(set(house.door.woken)) == 25


def test_reconsider_names_the_cases_that_do_not_run(run: Run, house: House) -> None:
    house.hold(recorded(), recorded(invoice("F-2")))
    house.door = FakeDoor(gone=["invoice/acme/F-2"])
    said = run("reconsider")
    assert said.status == 1
    assert "1 case woken." in said.out
    assert "invoice/acme/F-2 is open in the ledger but does not run" in said.err


def test_the_built_in_policies_are_right(run: Run) -> None:
    for file in sorted((HOUSE / "policies").glob("*.toml")):
        shown = run("policy", "check", str(file), "--json").json
        assert bool(shown["rungs"]) is (file.stem != "ne_pas_relancer"), file
        again = [parse_when(rung["when"]) for rung in shown["rungs"]]
        assert [spelled(when) for when in again] == [rung["when"] for rung in shown["rungs"]]


def test_a_wrong_policy_is_refused_with_file_and_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\n[[rung]]\nstep = "relance_1"\nwhen = "soon"\nchannel = ["email"]\n')
    said = run("policy", "check", str(file))
    assert said.status == 1
    assert f"{file}, line 4" in said.err


def standard(house: House) -> str:
    text = (HOUSE / "policies" / "standard.toml").read_text(encoding="utf-8")
    version = parse_policy(text, file="standard.toml").version
    house.ledger = FakeLedger([recorded(version=version)], {version: text})
    return version


def test_a_letter_is_printed_as_it_would_go_out(run: Run, house: House) -> None:
    standard(house)
    said = run("letter", "F-1", "relance_2")
    assert said.status == 0
    assert said.out.startswith("email · ")
    assert "F-1" in said.out


def test_a_letter_is_written_in_the_form_its_file_names(run: Run, house: House) -> None:
    standard(house)
    for name, begins in (("l.html", b"<!"), ("l.pdf", b"%PDF"), ("l.txt", b"")):
        path = house.folder / name
        said = run("letter", "F-1", "mise_en_demeure", "-o", str(path))
        assert said.status == 0, said.err
        assert path.read_bytes().lower().startswith(begins.lower())


def test_a_call_is_printed_as_its_script(run: Run, house: House) -> None:
    standard(house)
    said = run("letter", "F-1", "appel")
    assert said.status == 0
    assert said.out.startswith("call · appel")
    assert "F-1" in said.out


@pytest.mark.parametrize("step", ["dossier_judiciaire", "relance_9"])
def test_a_step_without_a_letter_is_refused_with_those_that_have_one(run: Run, house: House, step: str) -> None:
    standard(house)
    said = run("letter", "F-1", step)
    assert said.status == 1
    assert "it has: rappel, relance_1" in said.err


def test_a_letter_in_an_unknown_form_is_refused(run: Run, house: House) -> None:
    standard(house)
    assert run("letter", "F-1", "relance_1", "-o", "l.docx").status == 1


class Letters:
    """Figures of letters, as the ledger would give them."""

    def __init__(self, lines: list[LetterLine], compared: list[VariantLine]) -> None:
        self._lines, self._compared = lines, compared

    async def lines(self, wanted: LettersWanted) -> list[LetterLine]:
        assert wanted.by == ("rung", "variant")
        return self._lines

    async def compared(self, wanted: LettersWanted) -> list[VariantLine]:
        return self._compared


def test_the_report_of_letters_says_rates_and_how_sure_they_are(run: Run, house: House) -> None:
    usual, short = share(40, 150), share(66, 150)
    kinds = {"usuel": usual, "bref": short}
    lines = [
        LetterLine(rung="relance_1", variant=name, sent=160, within_7=rate, within_14=share(0, 0))
        for name, rate in kinds.items()
    ]
    apart = VariantLine(
        rung="relance_1", first="bref", second="usuel", within_7=difference(short, usual), within_14=None
    )
    house.ledger.letter_figures = Letters(lines, [apart])  # type: ignore[attr-defined]
    said = run("report", "letters", "--by", "variant", "rung")
    assert "27 % [20–34], 40 of 150" in said.out
    assert "« usuel » against « bref »: -17 points [-28; -7] within 7 days, not known yet within 14." in said.out
    found = run("report", "letters", "--by", "rung", "variant", "--json").json
    assert found["letters"][0]["within_7"] == {
        "hits": 40,
        "of": 150,
        "rate": "0.2667",
        "low": "0.2024",
        "high": "0.3426",
    }
    assert (found["confidence"], found["by"]) == ("0.95", ["rung", "variant"])
    assert run("report", "letters", "--by", "colour").status == 2
