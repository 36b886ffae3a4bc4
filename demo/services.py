"""What a demonstration starts, by name and in order; each ends with the demonstration, however it ends."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from temporalio.client import Client

import devserver
from connection import data_converter
from demo.catcher import Catcher, catching
from demo.desk import PORT as CONSOLE_PORT
from demo.desk import Desk, hire, open_desk
from demo.house import House
from deploy.worker_health import last_seen
from ledger.migrate import migrate
from settings import HOUSE as ROOT
from settings import Settings, read_settings
from workflows.contracts import QUEUES

EXAMPLES = ROOT / "examples"
TEMPORAL_PORT, UI_PORT, SMTP_PORT = 7233, 8233, 1025
DEAD_ADDRESSES = frozenset({"mona@salonchezmona.example"})
"""Addresses of the portfolio whose server refuses them: what is sent there bounces."""
_PATIENCE = 60.0
_PREPARATIONS = (timedelta(seconds=14), timedelta(seconds=30), timedelta(seconds=60))
"""From the choice of the clock to its first tick; the longer ones are for machines that are busy with other things."""
_MARGIN = timedelta(seconds=3)
"""What is left of it once the worker is at work, in which a portfolio is imported."""


class Broken(Exception):
    """Something the demonstration needs did not start or ended; says which and where to look."""


@dataclass(frozen=True)
class Services:
    """Everything that runs. ``env``: the environment that every Relance program of this run is given."""

    house: House
    server: devserver.DevServer
    mail: Catcher
    worker: asyncio.subprocess.Process
    settings: Settings
    client: Client
    env: dict[str, str]
    desk: Desk

    def check(self) -> None:
        """Raises Broken when a program that must run has ended."""
        if self.worker.returncode is not None:
            raise Broken(
                f"worker.py ended with status {self.worker.returncode}; it said: {tail(self.house.worker_log)}"
            )
        if self.desk.process.returncode is not None:
            said = tail(self.house.folder / "console.log")
            raise Broken(f"the console ended with status {self.desk.process.returncode}; it said: {said}")

    async def run(self, *words: str) -> str:
        """Run a program of Relance to its end and return what it said; raises Broken when it fails."""
        child = await asyncio.create_subprocess_exec(
            sys.executable, *words,
            cwd=ROOT, env=self.env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            said, _ = await child.communicate()
        finally:
            if child.returncode is None:
                child.kill()
        if child.returncode:
            raise Broken(f"{' '.join(words)} ended with status {child.returncode}: {said.decode()[-1500:].strip()}")
        return said.decode()


def environment(house: House, address: str, smtp_url: str, clock: str) -> dict[str, str]:
    """The environment of the demonstration's programs: this process's own, with nothing of another Relance in it."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("RELANCE_", "TEMPORAL_"))}
    return {
        **mine,
        "TEMPORAL_ADDRESS": address,
        # Without it the SDK would read the user's own configuration file.
        "TEMPORAL_CONFIG_FILE": os.devnull,
        "RELANCE_DATABASE_URL": house.database_url,
        "RELANCE_SMTP_URL": smtp_url,
        "RELANCE_CREDITORS": str(EXAMPLES / "creditors.toml"),
        "RELANCE_STORE": str(house.store),
        "RELANCE_CLOCK": clock,
        "PYTHONUNBUFFERED": "1",
    }


@asynccontextmanager
async def started(house: House, clock: Callable[[datetime], str], console: Console) -> AsyncIterator[Services]:
    """Start everything, saying what and where. ``clock``: RELANCE_CLOCK for a real moment from which it runs; a worker
    that is not at work well before it starts again, with more time."""
    async with (
        devserver.running(house.temporal, ui=True, port=TEMPORAL_PORT, ui_port=UI_PORT) as server,
        catching(house.mail, SMTP_PORT, dead=DEAD_ADDRESSES) as mail,
    ):
        _say(console, "Serveur Temporal", f"{server.address}, pages {server.ui}", server.address, TEMPORAL_PORT)
        _say(console, "Receveur d'e-mails", f"{mail.url}, messages dans {shown(house.mail)}", mail.url, SMTP_PORT)
        await migrate(house.database_url)
        _say(console, "Grand livre", f"{shown(house.folder / 'relance.db')}, schéma à jour")
        for patience in _PREPARATIONS:
            anchor = datetime.now(UTC) + patience
            env = environment(house, server.address, mail.url, clock(anchor))
            settings = read_settings(env)
            client = await Client.connect(server.address, data_converter=data_converter(settings))
            if patience == _PREPARATIONS[0]:
                await hire(settings)
            async with (
                worker_of(house, env) as worker,
                open_desk(house, env) as desk,
            ):
                services = Services(house, server, mail, worker, settings, client, env, desk)
                await until_at_work(services, anchor - patience)
                if patience != _PREPARATIONS[-1] and datetime.now(UTC) > anchor - _MARGIN:
                    continue
                _say(console, "worker.py", f"au travail sur {', '.join(QUEUES)}, journal {shown(house.worker_log)}")
                _say(console, "Console", desk.said, desk.address, CONSOLE_PORT)
                yield services
                return


def _say(console: Console, name: str, what: str, address: str = "", usual: int = 0) -> None:
    moved = usual and not address.endswith(f":{usual}")
    note = f" [yellow](le port {usual} est pris)[/yellow]" if moved else ""
    console.print(f"  [bold]{name:<19}[/bold] {what}{note}", soft_wrap=True)


def worker_of(house: House, env: dict[str, str]) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """worker.py, while the block runs."""
    line = [sys.executable, str(ROOT / "worker.py")]
    return devserver.bound_process(line, log=house.worker_log, env=env, cwd=ROOT)


async def until_at_work(services: Services, since: datetime) -> None:
    """Until Temporal has seen the worker ask each of its queues for work ``since`` it started."""
    host = socket.gethostname()
    try:
        async with asyncio.timeout(_PATIENCE):
            for queue in QUEUES:
                while (seen := await last_seen(services.client, queue, host)) is None or seen < since:
                    services.check()
                    await asyncio.sleep(0.1)
    except TimeoutError:
        said = tail(services.house.worker_log)
        raise Broken(f"worker.py is not at work after {_PATIENCE:.0f} seconds; it said: {said}") from None


def tail(log: Path) -> str:
    """The last words of a log."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return text[-1500:].strip() or "nothing"


def shown(path: Path) -> str:
    """A path as people read it: from the repository's folder when it is in there."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
