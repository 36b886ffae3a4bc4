"""Running a command in this process, with a fake ledger and a fake door."""

import json
import os
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import starter
from commands import office
from ledger.reads import Recorded
from tests.commands.fakes import FakeDoor, FakeLedger

CREDITORS = """
[acme]
name = "Acme SAS"
sender = "Acme Comptabilité <compta@acme.example>"
iban = "FR7630006000011234567890189"
[other]
name = "Other SARL"
sender = "compta@other.example"
"""


@dataclass
class Said:
    """What a command said: exit status, standard output, error stream."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The standard output as JSON."""
        return json.loads(self.out)


Run = Callable[..., Said]


@dataclass
class House:
    """What the commands of a test find."""

    ledger: FakeLedger
    door: FakeDoor
    folder: Path

    def hold(self, *known: Recorded) -> None:
        """Put cases in the ledger."""
        self.ledger = FakeLedger(known)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Settings that name files of this test, a ledger and a door that are fakes."""
    creditors = tmp_path / "creditors.toml"
    creditors.write_text(CREDITORS, encoding="utf-8")
    for name in list(os.environ):
        if name.startswith(("RELANCE_", "TEMPORAL_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("RELANCE_CREDITORS", str(creditors))
    monkeypatch.setenv("RELANCE_DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}")
    made = House(FakeLedger([]), FakeDoor(), tmp_path)

    @asynccontextmanager
    async def open_shelf(_settings: object) -> AsyncIterator[office.Shelf]:
        yield office.Shelf(made.ledger)  # type: ignore[arg-type]

    async def open_door(_settings: object, _shelf: object, **_caller: str) -> FakeDoor:
        return made.door

    monkeypatch.setattr(office, "open_shelf", open_shelf)
    monkeypatch.setattr(office, "open_door", open_door)
    return made


@pytest.fixture
def run(house: House, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line; wrong usage is exit status 2."""
    del house

    def command(*argv: str) -> Said:
        capsys.readouterr()
        try:
            status = starter.main(argv)
        except SystemExit as wrong:
            status = wrong.code if isinstance(wrong.code, int) else 2
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return command


def parsed(*argv: str) -> Namespace:
    """The arguments of a command line."""
    return starter.build_parser().parse_args(argv)


def words(text: str) -> Sequence[str]:
    """The words of an output, frames and spaces left out."""
    return text.replace("│", " ").split()
