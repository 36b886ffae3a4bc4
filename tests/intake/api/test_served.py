"""The console serves the programs' interface beside its pages, over one ledger."""

import asyncio
from pathlib import Path

import httpx
import pytest

from console.app import served
from ledger.store import SqlLedger
from tests.empty_ledger import empty_ledger_at
from tests.intake.api.house import NOW


async def test_the_console_serves_the_api_behind_its_own_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = await empty_ledger_at(tmp_path / "relance.db")
    ledger = await SqlLedger.open(url)
    _token, secret = await ledger.tokens.add("ERP", ("cases:read", "invoices:write"), ("acme",), NOW)
    await ledger.close()
    monkeypatch.setenv("RELANCE_DATABASE_URL", url)
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    app = served()
    async with app.router.lifespan_context(app), asyncio.timeout(30):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://console") as client:
            assert (await client.get("/api/v1/cases")).status_code == 401
            headers = {"Authorization": f"Bearer {secret}"}
            assert (await client.get("/api/v1/cases", headers=headers)).json() == {"items": [], "next": None}
            refused = await client.post("/api/v1/invoices", json=[{}], headers=headers)
            assert (refused.status_code, refused.json()["refused"]) == (202, 1)
            assert "/api/docs.css" in (await client.get("/api/docs")).text
            assert (await client.post("/login", data={})).status_code == 403
