"""The way to Temporal: says that it waits, goes on when the server comes, gives up when told to."""

import socket
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.client import Client

import connection
from connection import Away, connect
from rules.refusals import Refused
from settings import Settings

SETTINGS = cast(Settings, SimpleNamespace(payload_keys=None))


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    for name in ("TEMPORAL_PROFILE", "TEMPORAL_NAMESPACE", "TEMPORAL_API_KEY", "TEMPORAL_TLS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)
    return address


async def test_a_server_that_is_away_is_waited_for_then_given_up(nowhere: str) -> None:
    said: list[str] = []
    with pytest.raises(Away, match=nowhere):
        await connect(SETTINGS, patience=timedelta(seconds=0.5), say=said.append)
    assert said == [f"Temporal does not answer at {nowhere} yet; waiting for it."]


async def test_when_the_server_comes_it_says_so_and_goes_on(nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = 0

    async def comes_late(address: str | None = None, **options: Any) -> str:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise RuntimeError("Failed client connect: Server connection error: refused")
        return f"client of {options.get('target_host', address)}"

    monkeypatch.setattr(Client, "connect", comes_late)
    said: list[str] = []
    found: object = await connect(SETTINGS, say=said.append)
    assert found == f"client of {nowhere}"
    assert len(said) == 2
    assert said[1] == f"Temporal answers at {nowhere}; going on."


async def test_a_server_that_turns_us_away_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuses(**_options: Any) -> None:
        raise RuntimeError("`get_system_info` call error after connection: Status { code: Unauthenticated }")

    monkeypatch.setattr(Client, "connect", refuses)
    with pytest.raises(Refused, match="Unauthenticated"):
        await connect(SETTINGS)


@pytest.mark.parametrize(
    ("name", "value"),
    [("TEMPORAL_PROFILE", "nope"), ("TEMPORAL_TLS_CLIENT_CERT_PATH", "nope.pem"), ("TEMPORAL_ADDRESS", "x y")],
)
async def test_a_wrong_configuration_is_refused_at_once(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises((Refused, Away)):
        await connect(SETTINGS, patience=timedelta(0), say=lambda _sentence: None)


def test_one_converter_for_all() -> None:
    assert connection.data_converter(SETTINGS) is connection.data_converter(SETTINGS)
