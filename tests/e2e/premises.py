"""A whole Relance for one test: dev server, mail catcher, ledger and worker.py, each by its pid, none left behind."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import devserver
from demo.catcher import Catcher, catching

ROOT = Path(devserver.__file__).resolve().parent
PATIENCE = 30.0


@dataclass(frozen=True)
class Said:
    """What a program left: its exit status and its two streams."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its output, which is JSON."""
        return json.loads(self.out)


@dataclass
class Premises:
    """Where it runs. ``env``: what every program of Relance is given."""

    folder: Path
    mail: Catcher
    env: dict[str, str]

    @property
    def log(self) -> str:
        """What the workers have said."""
        file = self.folder / "worker.log"
        return file.read_text(encoding="utf-8") if file.exists() else ""

    @asynccontextmanager
    async def worker(self, *queues: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """worker.py as a child, ended with the block; it serves all queues, or those named."""
        line = [sys.executable, str(ROOT / "worker.py"), *(["--queues", *queues] if queues else [])]
        async with devserver.bound_process(line, log=self.folder / "worker.log", env=self.env, cwd=ROOT) as child:
            yield child

    async def starter(self, *words: str, status: int = 0) -> Said:
        """A command of starter.py; its exit status must be ``status``."""
        return await self._run(sys.executable, str(ROOT / "starter.py"), *words, status=status)

    async def temporal(self, *words: str, status: int = 0) -> Said:
        """The plain Temporal command line."""
        return await self._run(str(devserver.binary()), *words, status=status)

    async def _run(self, *line: str, status: int) -> Said:
        child = await asyncio.create_subprocess_exec(
            *line, cwd=ROOT, env=self.env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, err = await asyncio.wait_for(child.communicate(), PATIENCE)
        said = Said(child.returncode or 0, out.decode(), err.decode())
        assert said.status == status, f"{' '.join(line[1:])} ended with {said}"
        return said

    async def view(self, case: str) -> dict[str, Any]:
        """The running case's answer to the query ``case``, through the plain command line."""
        said = await self.temporal("workflow", "query", "--workflow-id", case, "--type", "case", "--output", "json")
        found: dict[str, Any] = said.json["queryResult"][0]
        return found

    async def view_when(self, case: str, so: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The case's answer once it is ``so``."""
        end = time.monotonic() + PATIENCE
        while not so(found := await self.view(case)):
            assert time.monotonic() < end, f"{case} stays {found}"
            await asyncio.sleep(0.3)  # each look starts a program
        return found

    def messages(self) -> list[EmailMessage]:
        """The e-mails that arrived, in order."""
        parser = BytesParser(policy=policy.default)
        return [parser.parsebytes(file.read_bytes()) for file in sorted(self.mail.folder.glob("*.eml"))]


@asynccontextmanager
async def premises(
    folder: Path, address: str, *, origin: str, speed: float, ahead: timedelta
) -> AsyncIterator[Premises]:
    """Everything but the server and the worker; it is ``origin`` until ``ahead`` has passed."""
    (folder / "mail").mkdir()
    anchor = (datetime.now(UTC) + ahead).isoformat()
    async with catching(folder / "mail", None) as mail:
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("RELANCE_", "TEMPORAL_"))}
        env = {
            **mine,
            "TEMPORAL_ADDRESS": address,
            "TEMPORAL_CONFIG_FILE": os.devnull,
            "RELANCE_DATABASE_URL": f"sqlite:///{folder / 'relance.db'}",
            "RELANCE_SMTP_URL": mail.url,
            "RELANCE_STORE": str(folder / "store"),
            "RELANCE_CLOCK": f"{origin}@{speed}@{anchor}",
            "PYTHONUNBUFFERED": "1",
        }
        yield Premises(folder, mail, env)


@asynccontextmanager
async def server_at(folder: Path, address: str) -> AsyncIterator[devserver.DevServer]:
    """The dev server at an address that was promised before."""
    (folder / "temporal").mkdir(exist_ok=True)
    async with AsyncExitStack() as held:
        server = await held.enter_async_context(
            devserver.running(folder / "temporal", port=int(address.rpartition(":")[2]))
        )
        assert server.address == address
        yield server


async def kill(child: asyncio.subprocess.Process) -> None:
    """As a crash does: at once, with nothing said."""
    os.kill(child.pid, signal.SIGKILL)
    await child.wait()


async def until(happened: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
    """Wait for something that is about to happen; names it when it does not."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, f"it did not happen within {seconds:.0f} s: {what}"
        await asyncio.sleep(0.2)  # each look may read every message: more often takes from those that are waited for
