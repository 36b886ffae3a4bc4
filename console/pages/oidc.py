"""Logging in at the provider: the way there, and what happens on the way back."""

import hmac
import logging
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from console.guard import PUBLIC, NotFound, house_of
from console.oidc.admission import Turned, admission, let_in
from console.oidc.attempt import Attempt
from console.oidc.fetching import Distrusted, ProviderAway
from console.oidc.provider import Provider
from console.pages.session import (
    MEMORY,
    TRIES,
    address_of,
    begin_session,
    local_address,
    login_form,
    over_tls,
)
from rules.refusals import Refused

router = APIRouter()
LASTS: Final = 600
"""Seconds that somebody may take at the provider."""
_LOG = logging.getLogger("relance.console")


@router.get("/login/oidc", dependencies=[Depends(PUBLIC)])
async def leave(request: Request) -> Response:
    """Send the browser to the provider, with what it needs to come back."""
    provider = _provider(request)
    if await _throttled(request):
        return await login_form(request, 429, wrong="throttled")
    onward = local_address(request.query_params.get("next", "/"))
    attempt = Attempt.new(onward, int(datetime.now(UTC).timestamp()))
    try:
        way = await provider.way(attempt)
    except ProviderAway as error:
        _LOG.warning("The provider of identities does not answer: %s", error)
        return await login_form(request, 503, wrong="away")
    answer = RedirectResponse(way, 303)
    # Lax: the way back begins on the provider's site, and is a link that is followed.
    answer.set_cookie(
        _cookie(request), attempt.cookie, max_age=LASTS, httponly=True, secure=over_tls(request), samesite="lax",
        path="/",
    )  # fmt: skip
    return answer


@router.get("/login/oidc/back", dependencies=[Depends(PUBLIC)])
async def come_back(request: Request) -> Response:
    """Check what came back; begin a session as with a password."""
    provider = _provider(request)
    if await _throttled(request):
        return await login_form(request, 429, wrong="throttled")
    try:
        attempt, code = _begun_here(request, provider)
        who = admission(await provider.claims(attempt, code), provider.arrangement)
        accounts, now = house_of(request).ledger.accounts, datetime.now(UTC).replace(microsecond=0)
        account = await let_in(accounts, who, provision=provider.arrangement.provision, now=now)
    except ProviderAway as error:
        _LOG.warning("The provider of identities does not answer: %s", error)
        return await _refused(request, 503, "away")
    except (Distrusted, Refused) as error:
        _LOG.warning("A login by the provider was refused: %s", error)
        await _failed(request)
        return await _refused(request, 401, "distrusted")
    except Turned as turned:
        await _failed(request)
        return await _refused(request, 403, turned.why)
    answer = await begin_session(request, account.login, attempt.onward)
    answer.delete_cookie(_cookie(request), path="/")
    return answer


def _begun_here(request: Request, provider: Provider) -> tuple[Attempt, str]:
    """The attempt that this browser began, and the code it brings. Raises Distrusted."""
    asked = request.query_params
    attempt = Attempt.read(request.cookies.get(_cookie(request), ""))
    if attempt is None or not hmac.compare_digest(attempt.state.encode(), asked.get("state", "").encode()):
        raise Distrusted("this browser began no such login")
    if not 0 <= datetime.now(UTC).timestamp() - attempt.began < LASTS:
        raise Distrusted("the login began too long ago")
    if asked.get("iss", provider.arrangement.issuer) != provider.arrangement.issuer:
        raise Distrusted("another provider sent the answer")
    if "error" in asked or not asked.get("code"):
        raise Distrusted("the provider gave no code")
    return attempt, asked["code"]


async def _refused(request: Request, status: int, why: str) -> Response:
    answer = await login_form(request, status, wrong=why)
    answer.delete_cookie(_cookie(request), path="/")
    return answer


def _provider(request: Request) -> Provider:
    provider = house_of(request).provider
    if provider is None:
        raise NotFound
    return provider


def _cookie(request: Request) -> str:
    return "__Host-oidc" if over_tls(request) else "oidc"


async def _throttled(request: Request) -> bool:
    since = datetime.now(UTC) - MEMORY
    return await house_of(request).ledger.accounts.failures([address_of(request)], since) >= TRIES


async def _failed(request: Request) -> None:
    """Counted for the address, when the browser carries an attempt: a page elsewhere cannot lock anybody out."""
    if _cookie(request) in request.cookies:
        await house_of(request).ledger.accounts.failed([address_of(request)], datetime.now(UTC), MEMORY)
