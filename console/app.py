"""The application: middleware, pages, and what becomes of what goes wrong."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from commands.api_house import open_api
from commands.office import Shelf
from console.guard import Anonymous, Forged, NotAllowed, NotFound, Unopened
from console.house import House, opened
from console.middleware import SameOrigin, SecurityHeaders
from console.pages import ROUTERS
from console.rendering import STATIC, compile_all, page
from ledger.errors import LedgerError, NoKeyRing
from sealing.keys import UnknownKey
from settings import Settings, read_settings

_LOG = logging.getLogger("relance.console")
Opening = Callable[[], AbstractAsyncContextManager[House]]
Programs = Callable[[House], AbstractAsyncContextManager[FastAPI]]


class Assets(StaticFiles):
    """Files whose address changes with their content: kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def create_app(opening: Opening, programs: Programs | None = None) -> FastAPI:
    """The application over a house, which is opened when it starts and closed when it ends. ``programs``: the
    interface for programs over the same house, served at ``/api``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opening() as house, AsyncExitStack() as open_:
            app.state.house = house
            if programs is not None:
                app.mount("/api", await open_.enter_async_context(programs(house)))
            yield

    app = FastAPI(
        title="Relance",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(SameOrigin),
            Middleware(GZipMiddleware, minimum_size=800, compresslevel=5),
        ],
        exception_handlers=_HANDLERS,
    )
    app.mount("/static", Assets(directory=STATIC), name="static")
    for router in ROUTERS:
        app.include_router(router)
    return app


def served() -> FastAPI:
    """What uvicorn serves: the house of the environment's settings."""
    settings = read_settings()
    return create_app(lambda: _settled(settings), lambda house: open_api(settings, Shelf(house.ledger)))


@asynccontextmanager
async def _settled(settings: Settings) -> AsyncIterator[House]:
    """The house, and what was loaded until now left out of every later search for garbage; the pages' templates are
    compiled while it already answers."""
    async with opened(settings) as house:
        gc.collect()
        gc.freeze()
        compiling = asyncio.create_task(asyncio.to_thread(compile_all))
        try:
            yield house
        finally:
            await compiling


async def _to_login(_request: Request, error: Any) -> Response:
    return RedirectResponse(error.to, 303)


async def _not_allowed(request: Request, _error: Any) -> Response:
    return await page(request, "problem.html", 403, problem="not_allowed")


async def _forged(request: Request, _error: Any) -> Response:
    return await page(request, "problem.html", 403, problem="forged")


async def _not_found(request: Request, _error: Any) -> Response:
    return await page(request, "problem.html", 404, problem="not_found")


async def _http(request: Request, error: Any) -> Response:
    known = {404: "not_found", 405: "not_found"}
    return await page(request, "problem.html", error.status_code, problem=known.get(error.status_code, "broken"))


async def _unreadable(request: Request, _error: Any) -> Response:
    return await page(request, "problem.html", 422, problem="unreadable")


async def _sealed(request: Request, _error: Any) -> Response:
    return await page(request, "problem.html", 503, problem="sealed")


async def _keyless(request: Request, error: Any) -> Response:
    _LOG.error("The ledger cannot be opened: %s; set RELANCE_PAYLOAD_KEYS as the worker has it", type(error).__name__)
    return await page(request, "problem.html", 503, problem="keyless")


async def _ledger_away(request: Request, error: Any) -> Response:
    _LOG.error("The ledger does not answer: %s", type(error).__name__)
    request.state.person = None
    return await page(request, "away.html", 503)


_HANDLERS: dict[Any, Any] = {
    Anonymous: _to_login,
    NotAllowed: _not_allowed,
    Forged: _forged,
    NotFound: _not_found,
    HTTPException: _http,
    RequestValidationError: _unreadable,
    Unopened: _sealed,
    NoKeyRing: _keyless,
    UnknownKey: _keyless,
    DBAPIError: _ledger_away,
    LedgerError: _ledger_away,
}
