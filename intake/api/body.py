"""The body of a request: capped before it is read, then read as strictly as a file is."""

import json
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intake.api.problems import Problem, problem
from intake.jsonl_file import check_days, parse_json
from intake.lines import Fault

CAP = 10_000_000
"""Bytes. A batch of a thousand invoices has two million."""


class BodyCap:
    """Refuses a body beyond the cap: by what it announces, and by what comes when it announced nothing."""

    def __init__(self, app: ASGIApp, cap: int = CAP) -> None:
        self._app, self._cap = app, cap

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"")
        if announced.isdigit() and int(announced) > self._cap:
            await problem(413, f"The body has more than {self._cap} bytes; send less at once.")(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self._cap:
                raise Problem(413, f"The body has more than {self._cap} bytes; send less at once.")
            return message

        await self._app(scope, counted, send)


async def json_body(request: Request) -> Any:
    """The JSON of a request; raises Problem when it is not JSON, or holds a key twice or what no text may hold."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise Problem(415, "Send application/json.", "unsupported_media_type")
    try:
        return parse_json(await request.body(), 1)
    except Fault as fault:
        raise Problem(422, f"The body {fault.reason}.", "malformed") from None


async def json_object(request: Request) -> dict[str, Any]:
    """The JSON object of a request; raises Problem when it is something else, or a date in it is not one."""
    data = await json_body(request)
    if not isinstance(data, dict):
        raise Problem(422, "The body is not one JSON object.", "malformed")
    try:
        check_days(data)
    except Fault as fault:
        raise Problem(422, f"{fault.field}: {fault.reason}.", "malformed") from None
    return data


def canonical(data: Any) -> bytes:
    """The same bytes for the same content, whatever its spaces and the order of its keys."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), default=str).encode()
