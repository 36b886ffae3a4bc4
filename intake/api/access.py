"""Who asks, and what it may do: bearer tokens, scopes, granted creditors, the rate."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from intake.api.desk import ApiDesk
from intake.api.problems import Problem
from intake.caller import Caller
from ledger.tokens import PREFIX, Token

_bearer = HTTPBearer(auto_error=False, description="A token made by `starter.py token add`.")
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="relance"'}


def desk_of(request: Request) -> ApiDesk:
    """The house behind the API."""
    desk: ApiDesk = request.app.state.desk
    return desk


async def known_token(
    desk: Annotated[ApiDesk, Depends(desk_of)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Token:
    """The token of the request; 401 without a valid one, 429 beyond its rate."""
    if credentials is None or not credentials.credentials.startswith(PREFIX):
        raise Problem(401, "Give a token: Authorization: Bearer rlc_….", "no_token", headers=_CHALLENGE)
    token = await desk.ledger.tokens.of_secret(credentials.credentials)
    if token is None:
        raise Problem(401, "This token is not known, or was revoked.", "no_token", headers=_CHALLENGE)
    wait = desk.limit.hit(token.id)
    if wait is not None:
        raise Problem(
            429, f"This token asks too often; again in {wait} s.", "rate_limited", headers={"Retry-After": str(wait)}
        )
    await desk.ledger.tokens.used(token, desk.today())
    return token


def scoped(scope: str) -> Callable[[Token], Awaitable[Token]]:
    """A dependency: the token, when it has the scope; 403 otherwise."""

    async def check(token: Annotated[Token, Depends(known_token)]) -> Token:
        if scope not in token.scopes:
            raise Problem(403, f"The token « {token.name} » has not the scope {scope}.", "scope_missing")
        return token

    return check


def must_see(token: Token, creditor: str, what: str) -> None:
    """What belongs to a creditor that was not granted does not exist: 404, whether it does or not."""
    if not token.may_see(creditor):
        raise Problem(404, f"« {what} » is not known.", "not_found")


def caller_of(token: Token) -> Caller:
    """Who speaks through a token: a program, by the name the token was given."""
    return Caller(f"api/{token.name}"[:200], "billing", "api")


Desk = Annotated[ApiDesk, Depends(desk_of)]
MayWriteInvoices = Annotated[Token, Depends(scoped("invoices:write"))]
MayWriteEvents = Annotated[Token, Depends(scoped("events:write"))]
MayWriteStatuses = Annotated[Token, Depends(scoped("einvoices:write"))]
MayReadCases = Annotated[Token, Depends(scoped("cases:read"))]
MayReadTasks = Annotated[Token, Depends(scoped("tasks:read"))]
MayReadLetters = Annotated[Token, Depends(scoped("letters:read"))]
MayWriteBank = Annotated[Token, Depends(scoped("bank:write"))]
MayReadReports = Annotated[Token, Depends(scoped("reports:read"))]
