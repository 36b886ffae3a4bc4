"""The codec server: Temporal's UI and CLI show encrypted payloads to whoever logs in here.

POST /decode and /encode speak Temporal's remote codec protocol (Payloads as protobuf JSON). A browser comes with the
session of /login, the CLI with ``--codec-auth "Basic …"``; without either nothing is opened. Payloads are neither kept
nor logged.
"""

import asyncio
import base64
import html
import secrets
import time
from collections.abc import Sequence
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import FastAPI, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from temporalio.api.common.v1 import Payloads

from rules.refusals import Refused
from sealing.keys import KeyRing, UnknownKey
from sealing.payloads import SealingCodec

COOKIE = "relance_codec"
SESSION = 8 * 3600.0  # seconds
LARGEST = 16 << 20  # bytes of one request: a whole history page
_LIMIT = RateLimitItemPerMinute(10)  # logins of one address, right or wrong
_PAGE = (Path(__file__).parent / "login.html").read_text


class Users:
    """Who may log in: names with argon2id digests, one ``name:digest`` a line of a file."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._digests: dict[str, str] = {}
        for place, line in enumerate(lines, 1):
            if line.strip() and not line.startswith("#"):
                name, colon, digest = line.strip().partition(":")
                if not colon or not digest.startswith("$argon2"):
                    raise Refused(
                        f"line {place} of the users file is not NAME:DIGEST; starter.py codec --add makes one."
                    )
                self._digests[name] = digest
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_hex())

    def __len__(self) -> int:
        return len(self._digests)

    def knows(self, name: str, password: str) -> bool:
        """Whether the password is that person's; takes as long for a name that is not known."""
        try:
            right = self._hasher.verify(self._digests.get(name, self._nobody), password)
        except (VerificationError, InvalidHashError):
            return False
        return right and name in self._digests


def user_line(name: str, password: str) -> str:
    """A line of the users file; raises Refused on a name or password that cannot be used."""
    if not name or not name.isprintable() or ":" in name or name.startswith("#"):
        raise Refused(f"« {name} » cannot be a user's name; use letters and digits.")
    if len(password) < 12:
        raise Refused("The password has fewer than 12 signs; choose a longer one.")
    return f"{name}:{PasswordHasher().hash(password)}"


class Sessions:
    """Who has logged in, in memory: a restart asks again."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}

    def begin(self) -> str:
        """A new session's token."""
        now = time.monotonic()
        self._until = {token: until for token, until in self._until.items() if until > now}
        token = secrets.token_urlsafe(32)
        self._until[token] = now + SESSION
        return token

    def has(self, token: str | None) -> bool:
        """Whether the session goes on."""
        return token is not None and self._until.get(token, 0.0) > time.monotonic()

    def end(self, token: str | None) -> None:
        """Forget it."""
        self._until.pop(token or "", None)


class CodecServer:
    """The routes, over one ring, its users and their sessions."""

    def __init__(self, ring: KeyRing, users: Users) -> None:
        self._codec = SealingCodec(ring)
        self._users = users
        self._sessions = Sessions()
        self._logins = MovingWindowRateLimiter(MemoryStorage())

    async def decode(self, request: Request) -> Response:
        """Payloads opened."""
        return await self._turned(request, opened=True)

    async def encode(self, request: Request) -> Response:
        """Payloads sealed."""
        return await self._turned(request, opened=False)

    async def _turned(self, request: Request, *, opened: bool) -> Response:
        if not await self._allowed(request):
            return JSONResponse({"message": "Log in at /login first."}, status_code=401)
        body = await request.body()
        if len(body) > LARGEST:
            return JSONResponse({"message": f"More than {LARGEST} bytes."}, status_code=413)
        try:
            payloads = Parse(body, Payloads()).payloads
            turned = await (self._codec.decode(payloads) if opened else self._codec.encode(payloads))
        except (ParseError, UnicodeDecodeError):
            return JSONResponse({"message": "The body is not Payloads in protobuf JSON."}, status_code=400)
        except UnknownKey as missing:
            return JSONResponse({"message": str(missing)}, status_code=409)
        return Response(MessageToJson(Payloads(payloads=turned)), media_type="application/json")

    async def _allowed(self, request: Request) -> bool:
        if self._sessions.has(request.cookies.get(COOKIE)):
            return True
        kind, _, credentials = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return False
        try:
            name, _, password = base64.b64decode(credentials, validate=True).decode().partition(":")
        except ValueError:
            return False
        return await self._known(request, name, password)

    async def _known(self, request: Request, name: str, password: str) -> bool:
        host = request.client.host if request.client else ""
        if not self._logins.hit(_LIMIT, host):
            return False
        return await asyncio.to_thread(self._users.knows, name, password)

    async def page(self, request: Request) -> Response:
        """The login page."""
        inside = self._sessions.has(request.cookies.get(COOKIE))
        return _page("Vous êtes connecté. / You are logged in." if inside else "", inside=inside)

    async def login(self, request: Request) -> Response:
        """Begin a session, or say that it did not."""
        form = await request.form()
        name, password = str(form.get("name", "")), str(form.get("password", ""))
        if not await self._known(request, name, password):
            return _page("Nom ou mot de passe inconnu, ou trop d’essais. / Unknown, or too many tries.", status=401)
        answer = RedirectResponse("/login", status_code=303)
        secure = request.url.scheme == "https"
        answer.set_cookie(
            COOKIE, self._sessions.begin(), max_age=int(SESSION), httponly=True, samesite="strict", secure=secure
        )
        return answer

    async def logout(self, request: Request) -> Response:
        """End the session."""
        self._sessions.end(request.cookies.get(COOKIE))
        answer = RedirectResponse("/login", status_code=303)
        answer.delete_cookie(COOKIE)
        return answer


def _page(said: str, *, inside: bool = False, status: int = 200) -> HTMLResponse:
    text = _PAGE(encoding="utf-8").replace("{{said}}", html.escape(said))
    text = text.replace("{{state}}", "inside" if inside else "outside")
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    headers = {"content-security-policy": policy, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return HTMLResponse(text, status_code=status, headers=headers)


def codec_app(ring: KeyRing, users: Users, origins: Sequence[str]) -> FastAPI:
    """The application; ``origins``: where Temporal's UI is served, the only pages that may ask from a browser."""
    app = FastAPI(title="Relance codec", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=list(origins),
        allow_credentials=True,
        allow_methods=["POST", "OPTIONS"],
        allow_headers=["content-type", "x-namespace", "authorization"],
    )
    server = CodecServer(ring, users)
    app.add_route("/decode", server.decode, methods=["POST"])
    app.add_route("/encode", server.encode, methods=["POST"])
    app.add_route("/login", server.page, methods=["GET"])
    app.add_route("/login", server.login, methods=["POST"])
    app.add_route("/logout", server.logout, methods=["POST"])
    return app
