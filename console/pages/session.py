"""Logging in and out, and the language."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from console.guard import (
    ABSOLUTE,
    FIELD,
    PUBLIC,
    Forged,
    Posted,
    Reader,
    cookie_name,
    digest,
    form_token,
    house_of,
    person_of,
    token_fits,
)
from console.i18n import LANGUAGES
from console.rendering import page
from ledger.passwords import fits, hashed, outdated

router = APIRouter()
MEMORY: Final = timedelta(minutes=15)
TRIES: Final = 8
"""Wrong passwords in a quarter of an hour, for a login or for an address, after which nobody is let in for a while."""
_BEFORE = "before-login"


@router.get("/login", dependencies=[Depends(PUBLIC)])
async def login_page(request: Request) -> Response:
    """The form; who is logged in already goes on."""
    if await person_of(request) is not None:
        return RedirectResponse(local_address(request.query_params.get("next", "/")), 303)
    return await login_form(request)


@router.post("/login", dependencies=[Depends(PUBLIC)])
async def login(request: Request) -> Response:
    """Check the password; begin a session."""
    form = await request.form(max_files=0, max_fields=10)
    if not token_fits(request.cookies.get(_BEFORE, ""), str(form.get(FIELD, ""))):
        raise Forged
    accounts, now = house_of(request).ledger.accounts, datetime.now(UTC)
    name, password = str(form.get("login", "")).strip()[:80], str(form.get("password", ""))
    watched = [f"login {name.lower()}", address_of(request)]
    if await accounts.failures(watched, now - MEMORY) >= TRIES:
        return await login_form(request, 429, name=name, wrong="throttled")
    found = await accounts.get(name)
    kept = found[1] if found is not None and found[0].active else None
    if not await run_in_threadpool(fits, kept, password):
        await accounts.failed(watched, now, MEMORY)
        return await login_form(request, 401, name=name, wrong="wrong")
    assert kept is not None
    if outdated(kept):
        await accounts.rehash(name, await run_in_threadpool(hashed, password))
    answer = await begin_session(request, name, local_address(str(form.get("next", "/"))))
    answer.delete_cookie(_BEFORE)
    return answer


async def begin_session(request: Request, login: str, onward: str) -> Response:
    """A new session of an account that showed who it is, and the way on."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    address = request.client.host if request.client else ""
    await house_of(request).ledger.accounts.open_session(digest(token), login, address, now, now - ABSOLUTE)
    answer = RedirectResponse(onward, 303)
    answer.set_cookie(cookie_name(request), token, httponly=True, secure=over_tls(request), samesite="lax", path="/")
    return answer


@router.post("/logout")
async def logout(request: Request, _person: Reader, _form: Posted) -> Response:
    """End the session."""
    await house_of(request).ledger.accounts.end_session(digest(request.cookies[cookie_name(request)]))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(cookie_name(request), path="/")
    return answer


@router.get("/language/{language}", dependencies=[Depends(PUBLIC)])
async def language(request: Request, language: str) -> Response:
    """Remember the reader's choice in the browser, and go back."""
    answer = RedirectResponse(local_address(request.query_params.get("next", "/")), 303)
    if language in LANGUAGES:
        answer.set_cookie("lang", language, max_age=365 * 86400, secure=over_tls(request), samesite="lax", path="/")
    return answer


async def login_form(request: Request, status: int = 200, name: str = "", wrong: str = "") -> Response:
    """The login page; ``wrong``: why nobody was let in, a key of the page's words."""
    request.state.person = None  # who is logged in all the same sees the page of somebody who is not
    provider = house_of(request).provider
    before = request.cookies.get(_BEFORE) or secrets.token_urlsafe(32)
    onward = local_address(request.query_params.get("next", "/"))
    shown = await page(
        request, "login.html", status, name=name, wrong=wrong, next=onward, login_token=form_token(before),
        provider=provider.arrangement.name if provider else "",
    )  # fmt: skip
    shown.set_cookie(_BEFORE, before, httponly=True, secure=over_tls(request), samesite="lax", path="/login")
    return shown


def over_tls(request: Request) -> bool:
    """Whether the browser came over TLS."""
    return request.url.scheme == "https"


def local_address(address: str) -> str:
    """An address of ours, never another site's."""
    known = address.startswith("/") and not address.startswith(("//", "/\\")) and "\n" not in address
    return address if known else "/"


def address_of(request: Request) -> str:
    """What wrong tries are counted for besides the login."""
    return f"address {request.client.host if request.client else ''}"
