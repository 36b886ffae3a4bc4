"""The API of each test, over a copy of an empty ledger."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from ledger.store import SqlLedger
from tests.empty_ledger import empty_ledger_at
from tests.intake.api.house import ApiHouse, api_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ApiHouse]:
    """The API, its ledger and its doors."""
    ledger = await SqlLedger.open(await empty_ledger_at(tmp_path / "relance.db"))
    yield await api_house(ledger)
    await ledger.close()


@pytest.fixture
async def client(house: ApiHouse) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose token may do all for acme."""
    async with house.client() as opened:
        yield opened
