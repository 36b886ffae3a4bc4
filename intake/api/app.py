"""The API as one application: mounted by the console at ``/api``, served alone by ``starter.py api``, or in a test."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import Response

from intake.api import bank, docs, einvoices, events, incoming, invoices, lists
from intake.api.body import BodyCap
from intake.api.desk import ApiDesk
from intake.api.problems import install

VERSION = "1.0"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def api_app(desk: ApiDesk) -> FastAPI:
    """The application: ``/v1/…``, ``/openapi.json``, ``/docs``. Bearer tokens only: a browser's cookie opens nothing
    here, so there is nothing for another site to ride on."""
    app = FastAPI(
        title="Relance",
        version=VERSION,
        description="Durable recovery of unpaid invoices. Amounts are strings with two decimals, moments UTC.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        separate_input_output_schemas=False,
    )
    app.state.desk = desk
    versioned = APIRouter(prefix="/v1")
    for module in (invoices, events, einvoices, bank, incoming, lists):
        versioned.include_router(module.router)
    app.include_router(versioned)
    app.include_router(docs.router)
    install(app)
    app.add_middleware(BodyCap)
    app.middleware("http")(_with_headers)
    return app


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
