"""A worker that asks for no more work ends; one that is only busy, or whose server is away, goes on."""

import asyncio
import logging
import os
from collections.abc import Iterator

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

import standstill
from standstill import stands_still, until_stop

AWAY = RPCError("away", RPCStatusCode.UNAVAILABLE, b"")


async def looked(*answers: bool | RPCError) -> int:
    """After how many of these looks it was held to stand still; 0: never."""
    left: Iterator[bool | RPCError] = iter(answers)
    count = 0

    async def asks() -> bool:
        nonlocal count
        answer = next(left, None)
        if answer is None:
            raise asyncio.CancelledError
        count += 1
        if isinstance(answer, RPCError):
            raise answer
        return answer

    try:
        await stands_still(asks, every=0, looks=3)
    except asyncio.CancelledError:
        return 0
    return count


async def test_a_worker_that_was_seen_and_asks_no_more_stands_still() -> None:
    assert await looked(True, False, False, False) == 4


async def test_one_that_asks_now_and_then_is_only_busy() -> None:
    assert await looked(True, False, False, True, False, False, True, False, False) == 0


async def test_one_that_was_never_seen_is_left_alone() -> None:
    assert await looked(*[False] * 20) == 0


async def test_while_the_server_is_away_nothing_can_be_told() -> None:
    assert await looked(True, False, False, AWAY, False, False, AWAY, True) == 0


async def test_it_ends_the_process_at_once_and_a_stop_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    client: Client = object()  # type: ignore[assignment]

    async def still(_asks: object) -> None:
        """At the first look."""

    async def never(_asks: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr(logging, "shutdown", lambda: None)
    stop = asyncio.Event()
    monkeypatch.setattr(standstill, "stands_still", never)
    asyncio.get_running_loop().call_later(0.05, stop.set)
    await until_stop(stop, client, ["recovery"])
    assert ended == []
    monkeypatch.setattr(standstill, "stands_still", still)
    stop.clear()
    asyncio.get_running_loop().call_later(0.05, stop.set)
    await until_stop(stop, client, ["recovery"])
    assert ended == [1]


async def test_a_process_without_the_workflows_is_not_watched() -> None:
    stop = asyncio.Event()
    stop.set()
    await until_stop(stop, object(), ["correspondence"])  # type: ignore[arg-type]
