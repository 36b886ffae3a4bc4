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
        return RedirectResponse(_local(request.query_params.get("next", "/")), 303)
    return await _form(request)


@router.post("/login", dependencies=[Depends(PUBLIC)])
async def login(request: Request) -> Response:
    """Check the password; begin a session."""
    form = await request.form(max_files=0, max_fields=10)
    if not token_fits(request.cookies.get(_BEFORE, ""), str(form.get(FIELD, ""))):
        raise Forged
    accounts, now = house_of(request).ledger.accounts, datetime.now(UTC)
    name, password = str(form.get("login", "")).strip()[:80], str(form.get("password", ""))
    address = request.client.host if request.client else ""
    watched = [f"login {name.lower()}", f"address {address}"]
    if await accounts.failures(watched, now - MEMORY) >= TRIES:
        return await _form(request, 429, name=name, wrong="throttled")
    found = await accounts.get(name)
    kept = found[1] if found is not None and found[0].active else None
    if not await run_in_threadpool(fits, kept, password):
        await accounts.failed(watched, now, MEMORY)
        return await _form(request, 401, name=name, wrong="wrong")
    assert kept is not None
    if outdated(kept):
        await accounts.rehash(name, await run_in_threadpool(hashed, password))
    token = secrets.token_urlsafe(32)
    await accounts.open_session(digest(token), name, address, now, now - ABSOLUTE)
    answer = RedirectResponse(_local(str(form.get("next", "/"))), 303)
    answer.set_cookie(cookie_name(request), token, httponly=True, secure=_tls(request), samesite="lax", path="/")
    answer.delete_cookie(_BEFORE)
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
    answer = RedirectResponse(_local(request.query_params.get("next", "/")), 303)
    if language in LANGUAGES:
        answer.set_cookie("lang", language, max_age=365 * 86400, secure=_tls(request), samesite="lax", path="/")
    return answer


async def _form(request: Request, status: int = 200, name: str = "", wrong: str = "") -> Response:
    before = request.cookies.get(_BEFORE) or secrets.token_urlsafe(32)
    onward = _local(request.query_params.get("next", "/"))
    shown = await page(
        request, "login.html", status, name=name, wrong=wrong, next=onward, login_token=form_token(before)
    )
    shown.set_cookie(_BEFORE, before, httponly=True, secure=_tls(request), samesite="lax", path="/login")
    return shown


def _tls(request: Request) -> bool:
    return request.url.scheme == "https"


def _local(address: str) -> str:
    """An address of ours, never another site's."""
    known = address.startswith("/") and not address.startswith(("//", "/\\")) and "\n" not in address
    return address if known else "/"
