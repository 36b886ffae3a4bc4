"""``starter.py forget`` and ``subject-access``, as a person calls them."""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from commands import office
from commands.privacy import run_access, run_forget
from privacy.bin import Bin
from rules.refusals import Refused
from settings import Settings


@pytest.fixture
def called(book: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The house's settings in the environment, and no server."""

    async def nobody(_settings: Settings) -> None:
        return None

    monkeypatch.setattr(office, "client_if_there", nobody)
    for name, value in {
        "DATABASE_URL": book.database_url, "CREDITORS": f"{book.creditors_file}", "STORE": f"{book.store}",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"RELANCE_{name}", value)
    return book


def asked(creditor: str | None, **more: object) -> Namespace:
    return Namespace(debtor="C-104", creditor=creditor, dry_run=False, yes=True, json=True, **more)


def test_a_forgetting_that_was_cut_short_is_finished_by_naming_the_creditor(
    called: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    async def cut(*_: object) -> None:
        raise OSError("the disk is away")

    with monkeypatch.context() as patched:
        patched.setattr(Bin, "empty", cut)
        with pytest.raises(OSError, match="away"):
            run_forget(asked(None))
    assert list(called.store.rglob("*.history")) != []
    with pytest.raises(Refused, match="--creditor"):
        run_forget(asked(None))
    assert run_forget(asked("acme")) == 0
    assert json.loads(capsys.readouterr().out)["done"] is True
    assert list(called.store.rglob("*.history")) == []
    assert run_access(asked("acme", output=tmp_path / "his.zip")) == 0
    told = json.loads(capsys.readouterr().out)
    assert [name for name in told["files"] if name.startswith("factures/")] != []
