"""The API of each test, over a copy of an empty ledger."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from ledger.migrate import migrate
from ledger.store import SqlLedger
from tests.intake.api.house import ApiHouse, api_house


@pytest.fixture(scope="session")
async def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema, to copy."""
    path = tmp_path_factory.mktemp("api") / "template.db"
    await migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
async def house(empty_ledger: Path, tmp_path: Path) -> AsyncIterator[ApiHouse]:
    """The API, its ledger and its doors."""
    path = tmp_path / "relance.db"
    shutil.copy(empty_ledger, path)
    ledger = await SqlLedger.open(f"sqlite:///{path}")
    yield await api_house(ledger)
    await ledger.close()


@pytest.fixture
async def client(house: ApiHouse) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose token may do all for acme."""
    async with house.client() as opened:
        yield opened
