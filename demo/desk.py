"""The console of a demonstration: its invented people, its port, its process."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import devserver
from demo.house import House
from ledger.accounts import Account, Role
from ledger.passwords import hashed
from ledger.store import SqlLedger
from settings import HOUSE as ROOT
from settings import Settings

PORT = 8000
PASSWORD: Final = "demonstration"  # noqa: S105 - of invented people, in a book that lives as long as the run
LOGINS: Final = {"nadia": Role.OPERATOR, "claire": Role.MANAGER, "paul": Role.AUDITOR, "ada": Role.ADMIN}


@dataclass(frozen=True)
class Desk:
    """The console that runs: its port, and its process, which must go on."""

    port: int
    process: asyncio.subprocess.Process

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{devserver.HOST}:{self.port}"

    @property
    def said(self) -> str:
        """The address and who may log in, for the terminal."""
        return f"{self.address}, {', '.join(LOGINS)} ; mot de passe « {PASSWORD} »"


async def hire(settings: Settings) -> None:
    """Give each of the invented people an account; the ledger is new, so nobody has one."""
    kept = hashed(PASSWORD)
    now = datetime.now(UTC).replace(microsecond=0)
    ledger = await SqlLedger.open(settings.database_url)
    try:
        for login, role in LOGINS.items():
            account = Account(login=login, role=role, creditors=None, language="fr", active=True, created_at=now)
            await ledger.accounts.add(account, kept)
    finally:
        await ledger.close()


@asynccontextmanager
async def open_desk(house: House, env: dict[str, str]) -> AsyncIterator[Desk]:
    """The console on this machine alone, while the block runs; it takes some seconds to answer."""
    with devserver.claimed_port(PORT) as port:
        async with desk_at(port, house, env) as desk:
            yield desk


@asynccontextmanager
async def desk_at(port: int, house: House, env: dict[str, str]) -> AsyncIterator[Desk]:
    """The console at a port that is ours."""
    line = [sys.executable, "-m", "console", "--port", str(port)]
    async with devserver.bound_process(line, log=house.folder / "console.log", env=env, cwd=ROOT) as process:
        yield Desk(port, process)
