"""Everything the demonstration starts: it works, it ends, and nothing stays behind, also after Ctrl-C."""

import io
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

import settings
from demo import services as services_module
from demo.house import claimed_house
from demo.play import clock_setting
from demo.services import Broken, environment, started
from demo.staying import at_lifes_pace

ROOT = Path(settings.__file__).resolve().parent


def children_of(pid: int) -> list[str]:
    """The processes a process has started that still run: their ids and command lines."""
    rows = [line.split(None, 3) for line in processes("pid,ppid,stat,args")]
    return [f"{row[0]} {row[3]}" for row in rows if row[1] == str(pid) and not row[2].startswith("Z")]


def processes(columns: str) -> list[str]:
    """Every process of the machine, as ps shows it."""
    line = ["ps", "-ww", "-eo", columns]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout.splitlines()[1:]


def ours() -> list[str]:
    started_by_us = ("start-dev", "worker.py", "-m console")
    return [line for line in children_of(os.getpid()) if any(name in line for name in started_by_us)]


def clock(anchor: datetime) -> str:
    return clock_setting(1.0, anchor + timedelta(minutes=5))


@pytest.mark.slow
async def test_everything_starts_by_name_works_and_ends(tmp_path: Path) -> None:
    before = ours()
    said = io.StringIO()
    console = Console(file=said, width=200)
    with claimed_house(tmp_path / "un dossier" / "var") as house:
        async with started(house, clock, console) as running:
            running.check()
            assert (await running.run("starter.py", "list", "--json")).strip().startswith(("[", "{"))
            assert len(ours()) == len(before) + 3
            async with at_lifes_pace(running) as staying:
                staying.check()
                assert len(ours()) == len(before) + 3
                assert staying.desk.address == running.desk.address
                assert staying.settings.clock is not None
                assert staying.settings.clock.speed == 1
        for name in ("Serveur Temporal", "Receveur d'e-mails", "Grand livre", "worker.py", "Console"):
            assert name in said.getvalue()
        assert running.server.address in said.getvalue()
    assert ours() == before


async def test_a_worker_that_does_not_start_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "worker.py").write_text("import sys; sys.exit('RELANCE_RATES: no such folder.')\n", encoding="utf-8")
    monkeypatch.setattr(services_module, "ROOT", tmp_path)
    before = ours()
    with claimed_house(tmp_path / "var") as house, pytest.raises(Broken, match="RELANCE_RATES: no such folder"):
        async with started(house, clock, Console(file=io.StringIO())):
            pass
    assert ours() == before


def test_nothing_of_another_relance_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELANCE_POLICIES", "/elsewhere")
    monkeypatch.setenv("TEMPORAL_API_KEY", "secret")
    with claimed_house(tmp_path / "var") as house:
        env = environment(house, "127.0.0.1:1", "smtp://127.0.0.1:2", clock(datetime.now(UTC)))
        assert "TEMPORAL_API_KEY" not in env
        assert {name for name in env if name.startswith("RELANCE_")} <= set(settings.VARIABLES)
        assert settings.read_settings(env).policies_folder is None


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demonstration_leaves_nothing(number: signal.Signals) -> None:
    line = [sys.executable, "-u", "-m", "demo"]
    with subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as child:
        assert child.stdout is not None
        for said in child.stdout:
            if "starter.py import" in said:
                break
        running = children_of(child.pid)
        assert any("start-dev" in line for line in running)
        assert any("worker.py" in line for line in running)
        assert any("-m console" in line for line in running)
        child.send_signal(number)
        rest = child.stdout.read()
        assert child.wait(timeout=30) == 130
    assert "plus rien ne tourne" in rest
    assert "Traceback" not in rest
    left = {line.strip() for line in processes("pid,args")}
    assert not [line for line in running if line in left]
