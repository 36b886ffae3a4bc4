"""Refusals and failures as RFC 9457 problems: a type, a title, a status, a sentence; never a trace."""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from temporalio.service import RPCError

from intake.answers import NotNow
from ledger.errors import DATABASE_FAILURES, LedgerError
from rules.refusals import Code, Refused

log = logging.getLogger("relance.api")
MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
_TITLES = {
    400: "Malformed request",
    401: "No valid token",
    403: "Not granted",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict with what is known",
    413: "Too large",
    415: "Unsupported media type",
    422: "Refused",
    429: "Too many requests",
    500: "Fault of ours",
    503: "Not available now",
}
_STATUS_OF = {Code.ID_CONFLICT: 409, Code.NOT_ALLOWED_NOW: 409}


class Problem(Exception):
    """Raised by a route: the answer is this problem. ``extra`` stands beside the standard members."""

    def __init__(
        self, status: int, detail: str, code: str | None = None, *, headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code, self.headers, self.extra = status, detail, code, headers, extra


def problem(
    status: int, detail: str, code: str | None = None, headers: dict[str, str] | None = None, **extra: Any
) -> JSONResponse:
    """The response of a problem. ``type`` names the code, stable, under ``urn:relance:problem:``."""
    said = code or _TITLES.get(status, "problem").lower().replace(" ", "_")
    body = {
        "type": f"urn:relance:problem:{said}",
        "title": _TITLES.get(status, "Problem"),
        "status": status,
        "detail": detail,
        "code": said,
        **extra,
    }
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def unavailable(detail: str) -> JSONResponse:
    """503 with Retry-After: nothing was lost, the same request may be made again."""
    return problem(503, detail, "not_available_now", {"Retry-After": str(RETRY_SECONDS)})


def of_refusal(refused: Refused) -> JSONResponse:
    """What the rules or the case refused: 409 where it contradicts what is known, else 422."""
    return problem(_STATUS_OF.get(refused.code, 422), refused.sentence, str(refused.code))


async def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem(error.status, error.detail, error.code, error.headers, **error.extra)


async def _on_refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return of_refusal(error)


async def _on_not_now(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotNow)
    return unavailable(error.sentence)


async def _on_engine(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RPCError)
    return unavailable("Temporal does not answer; nothing is lost, ask again.")


async def _on_ledger(_request: Request, error: Exception) -> Response:
    log.warning("the ledger does not answer: %s", type(error).__name__)
    return unavailable("The ledger does not answer; ask again.")


async def _on_invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [
        {"field": ".".join(str(part) for part in wrong["loc"]), "reason": str(wrong["msg"])} for wrong in error.errors()
    ]
    first = errors[0] if errors else {"field": "request", "reason": "cannot be read"}
    return problem(422, f"{first['field']}: {first['reason']}.", "malformed", errors=errors)


async def _on_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))


async def _on_fault(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.scope.get("path"), exc_info=error)
    return problem(500, "This is a fault of ours; it is in the log.")


def install(app: FastAPI) -> None:
    """Every way a request can fail has its answer."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(NotNow, _on_not_now)
    app.add_exception_handler(RPCError, _on_engine)
    away: tuple[type[Exception], ...] = (LedgerError, ConnectionError, TimeoutError, *DATABASE_FAILURES)
    for kind in away:
        app.add_exception_handler(kind, _on_ledger)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)
