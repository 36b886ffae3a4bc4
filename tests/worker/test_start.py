"""A worker's start: what is away is waited for and said, what is wrong stops it with a sentence."""

import asyncio
import logging
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

import worker
from activities.answering import Desk
from clocks import RealClock
from ledger import migrate as migration
from letters.smtp_url import parse_smtp_url
from rules.law.tables import Tables, builtin_tables
from workflows import contracts

HOUSE = Path(__file__).parents[2]


async def test_a_database_that_is_away_is_waited_for_and_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[str] = []
    said: list[str] = []

    async def away_twice(url: str) -> None:
        tries.append(url)
        if len(tries) < 3:
            raise OperationalError("connect", {}, ConnectionRefusedError("nobody listens"))

    monkeypatch.setattr(migration, "migrate", away_twice)
    monkeypatch.setattr(migration, "_PAUSE", 0.0)
    await migration.migrate_when_there("postgresql://nowhere/relance", said.append)
    assert len(tries) == 3
    assert len(said) == 2
    assert "does not answer yet" in said[0]
    assert "going on" in said[1]


async def test_a_mail_server_that_is_away_is_worth_a_line(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        await worker.say_if_mail_is_away(parse_smtp_url("smtp://127.0.0.1:9"))
    assert "no mail server answers at 127.0.0.1:9" in caplog.text


async def test_a_mail_server_that_is_there_is_not(caplog: pytest.LogCaptureFixture) -> None:
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        with caplog.at_level(logging.WARNING):
            await worker.say_if_mail_is_away(parse_smtp_url(f"smtp://127.0.0.1:{port}"))
    assert caplog.text == ""


class OneTable:
    """A configuration of which only the tables are asked."""

    def tables(self) -> Tables:
        return builtin_tables()


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 12, 10), ""),
        (date(2026, 12, 20), "no rate is known yet for 2027-S1"),
        (date(2027, 1, 2), "no rate is known for the current semester 2027-S1"),
    ],
)
def test_a_missing_rate_is_told_fifteen_days_ahead(today: date, said: str, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(None, OneTable(), RealClock())  # type: ignore[arg-type]
    with caplog.at_level(logging.WARNING):
        worker.warn_of_missing_rate(desk, today)
    assert (said in caplog.text) if said else caplog.text == ""


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("RELANCE_CLOCK", "yesterday", "RELANCE_CLOCK: « yesterday » is not ORIGIN@SPEED@ANCHOR"),
        ("RELANCE_CREDITORS", "nowhere.toml", "RELANCE_CREDITORS:"),
        ("RELANCE_SMTP_URL", "ftp://x", "RELANCE_SMTP_URL"),
        ("RELANCE_POLICIES", "nowhere", "RELANCE_POLICIES:"),
        ("RELANCE_DATABSE_URL", "x", "RELANCE_DATABSE_URL is not a setting"),
    ],
)
def test_a_wrong_setting_stops_the_worker_with_one_sentence(
    variable: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(worker, "log_to_stderr", lambda: None)
    monkeypatch.setattr(worker, "run", lambda *_: pytest.fail(f"it starts with {variable}={value}"))
    assert worker.main([]) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert len(said.strip().splitlines()) == 1


def test_a_wrong_policy_stops_the_worker_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "wrong.toml").write_text('name = "wrong"\n[[rung]]\nstep = "relance_1"\nwhen = "due plus 3"\n')
    ended = subprocess.run(
        [sys.executable, "worker.py"],
        cwd=HOUSE, env={**os.environ, "RELANCE_POLICIES": str(tmp_path)}, capture_output=True, text=True, timeout=30,
        check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert "wrong.toml, line 4" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_only_known_queues_are_served(capsys: pytest.CaptureFixture[str]) -> None:
    assert contracts.QUEUES == ("recovery", "correspondence", "judiciary")
    with pytest.raises(SystemExit) as ended:
        worker.main(["--queues", "everything"])
    assert ended.value.code == 2
    assert "invalid choice: 'everything'" in capsys.readouterr().err
