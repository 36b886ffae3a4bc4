"""The dev server: found, started with what Relance needs, on ports that are free, and never left behind."""

import asyncio
import itertools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.testing import TimeSkipper

import devserver
import settings

ROOT = Path(settings.__file__).resolve().parent


def until(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and was not yet collected does not."""
    said = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(said.strip()) and not said.strip().startswith("Z")


def test_the_program_is_the_one_of_the_package() -> None:
    assert devserver.binary() == Path(sys.executable).parent / "temporal"


def test_the_command_says_everything(tmp_path: Path) -> None:
    line = devserver.command(tmp_path, 7233, 8233)
    pairs = list(itertools.pairwise(line))
    for pair in (
        ("--db-filename", str(tmp_path / "temporal.db")),
        ("--sqlite-pragma", "journal_mode=WAL"),
        ("--sqlite-pragma", "synchronous=1"),
        ("--dynamic-config-value", 'history.timerProcessorMaxTimeShift="1ms"'),
        ("--dynamic-config-value", "frontend.WorkflowTimeSkippingEnabled=true"),
        ("--dynamic-config-value", "matching.enableFairness=true"),
        ("--search-attribute", "Outstanding=Double"),
        ("--ui-port", "8233"),
        ("--ip", "127.0.0.1"),
    ):
        assert pair in pairs
    assert "--ui-disable-news-fetch" in line


def test_the_server_of_a_pilot_answers_for_nothing_that_a_power_cut_could_take_back(tmp_path: Path) -> None:
    assert "synchronous=2" in devserver.command(tmp_path, 7233, None, safe=True)
    assert "--headless" in devserver.command(tmp_path, 7233, None)


def test_a_preferred_port_is_given_when_free_and_to_one_only() -> None:
    with devserver.claimed_port() as free:
        pass
    with devserver.claimed_port(free) as one, devserver.claimed_port(free) as two:
        assert one == free
        assert two != free


def test_a_taken_port_is_not_given() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        with devserver.claimed_port(holder.getsockname()[1]) as port:
            assert port != holder.getsockname()[1]


async def test_it_serves_with_pages_attributes_and_retention(tmp_path: Path) -> None:
    folder = tmp_path / "un dossier"
    folder.mkdir()
    async with devserver.running(folder, ui=True) as server:
        client = await Client.connect(server.address)
        listed = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))
        assert set(devserver.SEARCH_ATTRIBUTES) <= set(listed.custom_attributes)
        described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
        kept = described.config.workflow_execution_retention_ttl.ToTimedelta()
        assert kept == timedelta(days=3650)
        assert TimeSkipper(client) is not None
        assert server.ui is not None
        address = f"{server.ui}/healthz"
        page = await asyncio.to_thread(lambda: urllib.request.urlopen(address, timeout=10).status)
        assert page == 200
        assert alive(server.pid)
    assert not alive(server.pid)
    assert (folder / "temporal.db").exists()


async def test_two_at_once_want_the_same_port(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with devserver.claimed_port() as port:
        pass
    one, two = devserver.running(tmp_path / "one", port=port), devserver.running(tmp_path / "two", port=port)
    async with one as first, two as second:
        assert first.address == f"127.0.0.1:{port}"
        assert second.address != first.address


async def test_a_server_that_cannot_start_says_where_its_log_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(devserver.PRAGMAS, "journal_mode", "NONSENSE'")
    with pytest.raises(devserver.NotServing, match=r"temporal\.log"):
        async with devserver.running(tmp_path):
            pass


async def test_a_child_that_ignores_sigterm_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devserver, "_STOP_GRACE", 0.2)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    log = tmp_path / "log"
    async with devserver.bound_process([sys.executable, "-c", deaf], log=log) as child:
        assert await asyncio.to_thread(until, lambda: "deaf" in log.read_text(encoding="utf-8"))
    assert child.returncode == -signal.SIGKILL


PARENT = """
import asyncio, signal, sys
from pathlib import Path
import devserver
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts behind itself inherits it ignored
if "watchdog" in sys.argv:  # as on a system without PR_SET_PDEATHSIG
    devserver._dies_with = lambda parent: None
async def main():
    log = Path(sys.argv[1]) / "log"
    line = [sys.executable, "-c", "import time; time.sleep(60)"]
    async with devserver.bound_process(line, log=log) as child:
        if "watchdog" in sys.argv:
            devserver.start_watchdog(child.pid)
        print(child.pid, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.mark.parametrize("how", ["pdeathsig", "watchdog"])
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_child_ends_with_its_parent_however_it_ends(end: signal.Signals, how: str, tmp_path: Path) -> None:
    if how == "pdeathsig" and sys.platform != "linux":
        pytest.skip("PR_SET_PDEATHSIG is Linux's")
    line = [sys.executable, "-c", PARENT, str(tmp_path), how]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.send_signal(end)
        parent.wait(timeout=20)
    assert until(lambda: not alive(child))
