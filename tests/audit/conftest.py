"""One case played once by the real workflow on a real server, kept by the real archivist; each test copies it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest
import pytest_asyncio
from temporalio import activity
from temporalio.client import Client

from letters.store import FolderStore
from settings import Settings
from tests.audit.book import invoice, kept, settings_of
from tests.workflow.conftest import client, environment
from tests.workflow.house import house

__all__ = ["client", "environment"]


class Played(NamedTuple):
    """A case that ended, its ledger and store; ``client``: the server that still has its history."""

    case: str
    folder: Path
    database: Path
    client: Client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def played(client: Client, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    """Written to twice, disputed, answered, then paid in two parts."""
    folder = tmp_path_factory.mktemp("played")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity, "heartbeat", lambda *_: None)
        async with house(client, folder, origin="2025-09-01T08:00:00+02:00") as its:
            its.post.store = FolderStore(folder / "store")
            handle = await its.start(invoice("F-AUDIT"))
            await handle.signal("dispute", {"reason": "livraison incomplète", "on": "2025-09-20", "by": "Paul"})
            answer = {"answer": "Le bon de livraison du 3 septembre est signé sans réserve."}
            await handle.signal("dispute_settled", {"outcome": "rejected", "on": "2025-10-01", **answer})
            await handle.signal("paid", {"amount": "500.00", "reference": "VIR-1", "on": "2025-10-09"})
            await handle.signal("paid", {"amount": "700.00", "reference": "VIR-2", "on": "2025-11-03"})
            async with its.open(), asyncio.timeout(60):
                await handle.result()
            await kept(its.ledger, client, folder / "store", handle.id)
            database = next(folder.glob("*.db"))
    yield Played(handle.id, folder, database, client)


@pytest.fixture
def book(played: Played, tmp_path: Path) -> Settings:
    """A copy of the ledger and the store, to be tampered with."""
    for part in played.folder.glob(f"{played.database.name}*"):
        shutil.copy(part, tmp_path / part.name)
    shutil.copytree(played.folder / "store", tmp_path / "store")
    return settings_of(tmp_path, f"sqlite:///{tmp_path / played.database.name}")
