"""Who may ask what: no token, a revoked one, a scope or a creditor that was not granted, too often, too much."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from fastapi.routing import APIRoute

from intake.api.app import api_app
from intake.api.limit import RateLimit
from ledger.tokens import SCOPES
from tests.intake.api.house import CASE, NOW, ApiHouse


async def test_without_a_token_nothing_is_told(house: ApiHouse) -> None:
    async with house.client(secret="rlc_wrong") as client:
        for path in ("/v1/cases", f"/v1/cases/{CASE}", "/v1/tasks", "/v1/letters", "/v1/reports/outstanding"):
            answer = await client.get(path)
            assert answer.status_code == 401, path
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"].startswith("Bearer")
        assert (await client.get("/v1/cases", headers={"Authorization": "Basic abc"})).status_code == 401


def test_every_route_names_its_scope(house: ApiHouse) -> None:
    open_to_all = {"/docs", "/docs.css", "/v1/webhooks/{hook}"}
    document = house.app.openapi()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation.get("security") or path in open_to_all, f"{method} {path}"
    assert not [route for route in house.app.routes if isinstance(route, APIRoute) and route.path == "/redoc"]


async def test_a_token_that_was_revoked_opens_nothing(house: ApiHouse, client: httpx.AsyncClient) -> None:
    (token,) = await house.ledger.tokens.all()
    assert (await client.get("/v1/cases")).status_code == 200
    await house.ledger.tokens.revoke(token.id, NOW)
    assert (await client.get("/v1/cases")).status_code == 401


async def test_the_secret_is_kept_nowhere_and_the_last_use_is(house: ApiHouse, client: httpx.AsyncClient) -> None:
    await client.get("/v1/cases")
    (token,) = await house.ledger.tokens.all()
    assert token.last_used_on == NOW.date()
    assert house.secret not in repr(token)


@pytest.mark.parametrize("scope", SCOPES)
async def test_a_scope_opens_its_routes_and_no_other(house: ApiHouse, scope: str) -> None:
    reads = {
        "/v1/cases": "cases:read", "/v1/tasks": "tasks:read", "/v1/letters": "letters:read",
        "/v1/reports/outstanding": "reports:read",
    }  # fmt: skip
    async with house.client(await house.token(scope)) as client:
        for path, needed in reads.items():
            assert (await client.get(path)).status_code == (200 if scope == needed else 403), path


async def test_another_creditors_case_does_not_exist(client: httpx.AsyncClient, house: ApiHouse) -> None:
    listed = (await client.get("/v1/cases")).json()["items"]
    assert [row["id"] for row in listed] == [CASE]
    for path in (
        "/v1/cases/invoice/other/F-9",
        "/v1/cases/F-9",
        "/v1/cases?creditor=other",
        "/v1/debtors/X?creditor=other",
    ):
        assert (await client.get(path)).status_code == 404, path
    said = await client.post("/v1/cases/invoice/other/F-9/events", json={"kind": "paid"})
    assert said.status_code == 404
    assert house.doors.said == []


async def test_too_often_says_when_again(house: ApiHouse) -> None:
    desk = replace(house.desk, limit=RateLimit("2/minute"))
    slow = replace(house, app=api_app(desk), desk=desk)
    async with slow.client() as client:
        assert [(await client.get("/v1/tasks")).status_code for _ in range(3)] == [200, 200, 429]
        refused = await client.get("/v1/tasks")
    assert int(refused.headers["retry-after"]) >= 1


async def test_a_body_beyond_the_cap_is_refused_before_it_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/v1/invoices", content=b"[" + b" " * 10_000_001, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413

    async def drip() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b" " * 1_000_000

    answer = await client.post("/v1/invoices", content=drip(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


async def test_every_answer_forbids_sniffing_and_caching(client: httpx.AsyncClient) -> None:
    for path in ("/v1/cases", "/v1/nothing", "/openapi.json"):
        answer = await client.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


async def test_the_documentation_page_loads_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert "http://" not in page.text.replace("http://api", "")
    assert (await client.get("/docs.css")).headers["content-type"].startswith("text/css")
    for path in ("/redoc", "/v1/docs"):
        assert (await client.get(path)).status_code == 404
    assert (await client.get("/openapi.json")).json()["openapi"].startswith("3.1")
