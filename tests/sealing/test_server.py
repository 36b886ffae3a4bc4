"""The codec server opens payloads for people who logged in, and for nobody else."""

import base64
import json
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload, Payloads

from rules.refusals import Refused
from sealing.keys import KeyRing, new_entry, parse_ring
from sealing.payloads import SealingCodec
from sealing.server import COOKIE, Users, codec_app, user_line

UI = "http://localhost:8233"
PASSWORD = "une phrase assez longue"
NAME = Payload(metadata={"encoding": b"json/plain"}, data=b'"Boulangerie Martin"')


@pytest.fixture(scope="module")
def ring() -> KeyRing:
    made = parse_ring(new_entry("2026"))
    assert made is not None
    return made


@pytest.fixture(scope="module")
def line() -> str:
    return user_line("marie", PASSWORD)


@pytest_asyncio.fixture(loop_scope="session")
async def page(ring: KeyRing, line: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(codec_app(ring, Users([line]), [UI]))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8234") as client:
        yield client


def sealed(ring: KeyRing) -> str:
    return json.dumps(MessageToDict(Payloads(payloads=[SealingCodec(ring).sealed(NAME)])))


def basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"marie:{password}".encode()).decode()}


async def test_without_a_login_nothing_is_opened(page: httpx.AsyncClient, ring: KeyRing) -> None:
    for headers in ({}, basic("wrong"), {"authorization": "Bearer x"}, {"authorization": "Basic ?!"}):
        answer = await page.post("/decode", content=sealed(ring), headers=headers)
        assert answer.status_code == 401
        assert "Martin" not in answer.text


async def test_a_person_who_logged_in_reads(page: httpx.AsyncClient, ring: KeyRing) -> None:
    assert (await page.post("/login", data={"name": "marie", "password": "wrong"})).status_code == 401
    entered = await page.post("/login", data={"name": "marie", "password": PASSWORD})
    assert entered.status_code == 303
    cookie = entered.headers["set-cookie"].lower()
    assert COOKIE in cookie
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    answer = await page.post("/decode", content=sealed(ring), headers={"origin": UI})
    assert base64.b64decode(answer.json()["payloads"][0]["data"]) == NAME.data
    assert answer.headers["access-control-allow-origin"] == UI
    assert answer.headers["access-control-allow-credentials"] == "true"
    await page.post("/logout")
    page.cookies.clear()
    assert (await page.post("/decode", content=sealed(ring))).status_code == 401


async def test_the_command_line_reads_with_its_header(page: httpx.AsyncClient, ring: KeyRing) -> None:
    answer = await page.post("/decode", content=sealed(ring), headers=basic(PASSWORD))
    assert base64.b64decode(answer.json()["payloads"][0]["data"]) == NAME.data
    turned = await page.post("/encode", content=answer.content, headers=basic(PASSWORD))
    assert "Martin" not in base64.b64decode(turned.json()["payloads"][0]["data"]).decode("latin-1")


async def test_another_page_is_not_let_in_by_the_browser(page: httpx.AsyncClient) -> None:
    asked = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    assert "access-control-allow-origin" not in (await page.options("/decode", headers=asked)).headers


async def test_what_cannot_be_read_is_said(page: httpx.AsyncClient, line: str) -> None:
    assert (await page.post("/decode", content=b"{", headers=basic(PASSWORD))).status_code == 400
    other = parse_ring(new_entry("other"))
    assert other is not None
    assert (await page.post("/decode", content=sealed(other), headers=basic(PASSWORD))).status_code == 409


async def test_passwords_are_not_guessed_by_trying(page: httpx.AsyncClient) -> None:
    tried = [(await page.post("/login", data={"name": "marie", "password": f"{n}"})).status_code for n in range(10)]
    assert set(tried) == {401}
    assert (await page.post("/login", data={"name": "marie", "password": PASSWORD})).status_code == 401


async def test_a_name_shows_as_text(page: httpx.AsyncClient) -> None:
    assert "<script" not in (await page.get("/login")).text
    assert "default-src 'none'" in (await page.get("/login")).headers["content-security-policy"]


@pytest.mark.parametrize(("name", "password"), [("", PASSWORD), ("a:b", PASSWORD), ("marie", "court")])
def test_a_user_that_cannot_be_is_refused(name: str, password: str) -> None:
    with pytest.raises(Refused):
        user_line(name, password)


def test_a_wrong_users_file_names_its_line() -> None:
    with pytest.raises(Refused, match="line 2"):
        Users(["# people", "marie:secret"])
