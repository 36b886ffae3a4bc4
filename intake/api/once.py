"""Idempotency-Key: the same key and content get the same answer; the same key with other content is refused."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.responses import JSONResponse
from starlette.responses import Response

from intake.api.desk import ApiDesk
from intake.api.problems import Problem, problem

LONGEST_KEY = 200
REPLAYED = "Idempotency-Replayed"


def fingerprint(path: str, content: bytes) -> str:
    """What a key stands for."""
    return hashlib.sha256(path.encode() + b"\0" + content).hexdigest()


def event_id_of(owner: str, key: str) -> str:
    """The event id that a key gives to what has none of its own: said again, the case hears it once."""
    return f"api/{hashlib.sha256(f'{owner}/{key}'.encode()).hexdigest()[:32]}"


async def once(
    desk: ApiDesk,
    owner: str,
    key: str | None,
    content: str,
    answer: Callable[[], Awaitable[tuple[int, Any]]],
) -> Response:
    """The answer to a request, made once per key. What failed is not kept: it may be tried again."""
    if key is None:
        status, body = await answer()
        return JSONResponse(body, status_code=status)
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise Problem(422, f"Idempotency-Key: give 1 to {LONGEST_KEY} printable characters.", "malformed")
    kept = desk.ledger.kept_answers
    known = await kept.begin(owner, key, content, desk.real_now())
    if known is not None:
        if known.fingerprint != content:
            return problem(422, "This Idempotency-Key came with another request before; take a new one.", "key_reused")
        if known.status is None or known.body is None:
            return problem(409, "The first request with this key still runs.", "in_progress", {"Retry-After": "2"})
        return JSONResponse(json.loads(known.body), status_code=known.status, headers={REPLAYED: "true"})
    try:
        status, body = await answer()
    except BaseException:
        await kept.drop(owner, key)
        raise
    response = JSONResponse(body, status_code=status)
    await kept.keep(owner, key, status, bytes(response.body).decode())
    return response
