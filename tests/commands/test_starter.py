"""The command line as a whole: help everywhere, exit statuses, sentences instead of stack traces."""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import starter
from commands import office
from commands.output import plain, say_json
from connection import Away
from intake.answers import NotNow
from ledger.errors import LedgerError
from settings import HOUSE
from tests.commands.conftest import House, Run

WANTED = {
    "import", "signal", "show", "list", "tasks", "preview", "letter", "reconsider", "policy", "decompte", "terms",
    "deadline", "limitation", "route",
}  # fmt: skip


Found = Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]


def subparsers(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Found:
    """Every command and sub-command with its parser."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, own in action.choices.items():
                yield (*path, name), own
                yield from subparsers(own, (*path, name))


def test_every_command_is_there() -> None:
    assert {path[0] for path, _ in subparsers(starter.build_parser())} >= WANTED


def test_every_command_explains_itself() -> None:
    for path, own in subparsers(starter.build_parser()):
        text = own.format_help()
        assert own.description or own.epilog or text, path


def test_no_arguments_print_the_help(run: Run) -> None:
    said = run()
    assert said.status == 0
    assert "Usage:" in said.out


@pytest.mark.parametrize("words", [["nonsense"], ["show"], ["import"], ["list", "--nonsense"], ["show", "F-1", "--js"]])
def test_wrong_usage_is_exit_status_two(run: Run, words: list[str]) -> None:
    assert run(*words).status == 2


@pytest.mark.parametrize(
    ("failure", "says"),
    [
        (Away("Temporal does not answer."), "Temporal does not answer."),
        (NotNow("no answer; say it again."), "no answer; say it again."),
        (LedgerError("busy"), "The ledger: busy."),
        (ConnectionRefusedError(111, "Connect call failed ('127.0.0.1', 5432)"), "RELANCE_DATABASE_URL"),
        (PermissionError(13, "Permission denied", "book.csv"), "Permission denied: book.csv."),
    ],
)
def test_a_failure_of_the_world_is_a_sentence(
    run: Run, house: House, monkeypatch: pytest.MonkeyPatch, failure: Exception, says: str
) -> None:
    def fails(_settings: object) -> None:
        raise failure

    monkeypatch.setattr(office, "open_shelf", fails)
    said = run("list")
    assert said.status == 1
    assert says in said.err
    assert "Traceback" not in said.err


def test_a_fault_of_ours_is_not_hidden(run: Run, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_settings: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(office, "open_shelf", fails)
    with pytest.raises(ZeroDivisionError):
        run("list")


def test_a_wrong_setting_is_a_sentence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_CREDITORS", "nowhere.toml")
    said = run("list")
    assert said.status == 1
    assert said.err.startswith("RELANCE_CREDITORS:")


def test_a_ledger_without_tables_says_what_to_do(tmp_path: Path) -> None:
    said = _process(tmp_path, "list")
    assert said.returncode == 1
    assert said.stderr == "The ledger has no tables yet; start worker.py once, which makes them.\n"


def test_a_process_speaks_utf_8_whatever_the_locale_and_survives_a_closed_pipe(tmp_path: Path) -> None:
    said = _process(tmp_path, "signal", "--help", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert said.returncode == 0
    assert "échéancier" in said.stdout


def test_importing_the_command_line_loads_no_engine() -> None:
    heavy = "{'temporalio', 'sqlalchemy', 'typst'} & set(sys.modules)"
    code = f"import starter, sys; starter.build_parser(); print({heavy} or 'none')"
    said = subprocess.run([sys.executable, "-c", code], cwd=HOUSE, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "none"


def test_json_has_strings_for_amounts_and_utc_moments(capsys: pytest.CaptureFixture[str]) -> None:
    say_json(plain({"é": (1, None, True)}))
    assert capsys.readouterr().out == '{\n  "é": [\n    1,\n    null,\n    true\n  ]\n}\n'


def _process(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command line as a process of its own."""
    creditors = folder / "creditors.toml"
    creditors.write_text('[acme]\nname = "Acme"\nsender = "a@acme.example"\n', encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(HOUSE / "starter.py"), *words],
        env={
            "PATH": "/usr/bin:/bin",
            "RELANCE_CREDITORS": str(creditors),
            "RELANCE_DATABASE_URL": f"sqlite:///{folder / 'ledger.db'}",
            **environment,
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_refusal_is_json_too_where_json_was_asked_for(run: Run) -> None:
    said = run("show", "F-999", "--json")
    assert said.status == 1
    assert said.json == {"error": {"code": "malformed", "sentence": said.err.strip()}}
    assert run("show", "F-999").out == ""


@pytest.mark.parametrize("name", ["factures.xlsx", "factures.csv"])
@pytest.mark.parametrize("command", ["mapping", "audit-book"])
def test_a_workbook_under_any_name_is_told_how_to_be_saved(run: Run, tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04\x14\x00\x06\x00\nxl/workbook.xml")
    said = run(command, str(tmp_path / name))
    assert said.status == 1
    assert "workbook" in said.err
    assert "save the sheet as « CSV UTF-8 »" in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_a_postal_code_that_is_none_finds_no_court(run: Run) -> None:
    wrong = ("route", "--amount", "1000", "--debtor", "business", "--postal-code", "ABC")
    assert run(*wrong).err.startswith("--postal-code: « ABC » is no French postal code; write five digits")
    assert run(*wrong, "--country", "BE").status == 0


def test_wrong_usage_is_an_object_too_where_json_was_asked_for(run: Run) -> None:
    said = run("list", "--json", "--limit", "none")
    assert said.status == 2
    assert said.json["error"]["code"] == "usage"
    assert said.json["error"]["sentence"] in said.err.replace("error: ", "")
    assert run("list", "--limit", "none").out == ""


@pytest.mark.parametrize("command", ["import", "bank", "returned"])
def test_a_file_that_is_not_there_is_told_without_asking_the_engine(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise AssertionError("the engine was asked")

    monkeypatch.setattr(office, "open_door", away)
    said = run(command, "gone.csv")
    assert (said.status, "gone.csv" in said.err) == (1, True)


def test_a_folder_is_no_case_to_preview(run: Run, tmp_path: Path) -> None:
    assert "is a folder; name a file of invoices in it" in run("preview", str(tmp_path)).err
