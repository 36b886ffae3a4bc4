"""What every answer carries and every request must satisfy, before any page sees it. Plain ASGI."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types app"
)
LETTER_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
PDF_POLICY: Final = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
LARGEST_FORM: Final = 256 * 1024
LARGEST_FILE: Final = 10_100_000
WITH_FILE: Final = frozenset({"/bank/import"})
"""The forms that bring a file, and how large they may be: the file and what stands around it."""
API: Final = "/api/"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_ALWAYS: Final[Mapping[str, str]] = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class SecurityHeaders:
    """Adds the headers to every answer; a page that chose its own policy keeps it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                headers.setdefault("content-security-policy", POLICY)
                if scope["scheme"] == "https":
                    headers.setdefault("strict-transport-security", "max-age=63072000; includeSubDomains")
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, adding)


class SameOrigin:
    """The first lock against forged requests: one that changes something must come from our own pages.

    The programs' interface is not concerned: it takes bearer tokens and never a cookie."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it through, or answer 403, 411 or 413."""
        if scope["type"] != "http" or scope["method"] in _SAFE or scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not from_here(headers):
            await PlainTextResponse("Requête venue d’un autre site : refusée.", 403)(scope, receive, send)
        elif "transfer-encoding" in headers:
            # A browser says how long its form is; without that it could only be found out by reading it.
            await PlainTextResponse("Formulaire sans longueur annoncée : refusé.", 411)(scope, receive, send)
        elif int(headers.get("content-length") or 0) > (LARGEST_FILE if scope["path"] in WITH_FILE else LARGEST_FORM):
            await PlainTextResponse("Formulaire trop long.", 413)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def from_here(headers: Headers) -> bool:
    """Whether a browser says that one of our pages asks: by Fetch Metadata, else by the origin."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == headers.get("host", "")
