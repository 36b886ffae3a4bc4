"""Settings: people and their sessions, tokens of programs, creditors and ladders as they are configured."""

from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from console.guard import ABSOLUTE, Administrator, Manager, Person, Posted, Reader, digest, house_of
from console.rendering import page
from ledger.accounts import Account, Role
from ledger.passwords import hashed
from ledger.tokens import SCOPES
from rules.refusals import Refused

router = APIRouter()
HOME: Final = "/settings?said=kept"


@router.get("/settings")
async def settings(request: Request, person: Reader) -> Response:
    """Everything, as the person may see it."""
    return await _shown(request, person)


async def _shown(request: Request, person: Person, status: int = 200, **more: Any) -> Response:
    house = house_of(request)
    accounts = house.ledger.accounts
    now = datetime.now(UTC)
    everyone = person.has(Role.ADMIN, Role.AUDITOR, Role.MANAGER)
    sessions = [one for one in await accounts.sessions() if now - one.created_at < ABSOLUTE]
    context: dict[str, Any] = {
        "everyone": everyone,
        "people": await accounts.all() if everyone else [person.account],
        "sessions": [one for one in sessions if everyone or one.account.login == person.login],
        "mine": digest(person.token),
        "tokens": await house.ledger.tokens.all() if person.has(Role.ADMIN, Role.AUDITOR) else [],
        "scopes": SCOPES,
        "creditors": [creditor for key, creditor in sorted(house.creditors.items()) if person.sees(key)],
        "policies": [policy for policy, _ in house.settings.policies().values()],
        "kept": await accounts.views(person.login),
        "provider": "" if house.provider is None else house.provider.arrangement.name,
        "refusal": "",
        "secret": "",
        "filled": {},
    }
    return await page(request, "settings.html", status, **context | more)


@router.post("/settings/people")
async def add_person(request: Request, person: Administrator, form: Posted) -> Response:
    """A new account."""
    house = house_of(request)
    words = {name: str(form.get(name, "")).strip()[:80] for name in ("login", "role", "language")}
    granted = frozenset(str(key) for key in form.getlist("creditors"))
    try:
        if not words["login"] or words["role"] not in set(Role) or not granted <= house.creditors.keys():
            raise Refused("login, role: say who it is and what they do.")
        password, elsewhere = str(form.get("password", "")), house.provider is not None
        kept = "" if elsewhere and not password else await run_in_threadpool(hashed, password)
        account = Account(
            login=words["login"], role=Role(words["role"]), creditors=granted or None, active=True,
            language="en" if words["language"] == "en" else "fr", created_at=datetime.now(UTC).replace(microsecond=0),
        )  # fmt: skip
        await house.ledger.accounts.add(account, kept)
    except Refused as refused:
        return await _shown(request, person, 422, refusal=refused.sentence, filled=words)
    return RedirectResponse(HOME, 303)


@router.post("/settings/people/{login}")
async def change_person(request: Request, login: str, person: Administrator, form: Posted) -> Response:
    """Another role, or in and out; nobody shuts themselves out."""
    role, active = str(form.get("role", "")), str(form.get("active", ""))
    values: dict[str, object] = {}
    if role in set(Role):
        values["role"] = role
    if active in ("yes", "no"):
        values["active"] = active == "yes"
    try:
        if login == person.login:
            raise Refused(f"« {login} » is your own account: ask another administrator.")
        if values:
            await house_of(request).ledger.accounts.change(login, **values)
    except Refused as refused:
        return await _shown(request, person, 422, refusal=refused.sentence)
    return RedirectResponse(HOME, 303)


@router.post("/settings/sessions/{session_id}")
async def end_session(request: Request, session_id: str, person: Manager, _form: Posted) -> Response:
    """End somebody's session."""
    await house_of(request).ledger.accounts.end_session(session_id)
    return RedirectResponse(HOME if session_id != digest(person.token) else "/login", 303)


@router.post("/settings/tokens")
async def add_token(request: Request, person: Administrator, form: Posted) -> Response:
    """A token for a program; its secret is shown on this answer and never again."""
    house, name = house_of(request), str(form.get("name", "")).strip()[:60]
    scopes = [str(one) for one in form.getlist("scopes")]
    granted = [str(one) for one in form.getlist("creditors") if one in house.creditors]
    try:
        if not name or not scopes:
            raise Refused("token: give it a name and at least one scope.")
        _, secret = await house.ledger.tokens.add(name, scopes, granted, datetime.now(UTC).replace(microsecond=0))
    except Refused as refused:
        return await _shown(request, person, 422, refusal=refused.sentence)
    return await _shown(request, person, secret=secret)


@router.post("/settings/tokens/{token_id}/revoke")
async def revoke_token(request: Request, token_id: str, person: Administrator, _form: Posted) -> Response:
    """It opens nothing any more."""
    try:
        await house_of(request).ledger.tokens.revoke(token_id, datetime.now(UTC).replace(microsecond=0))
    except Refused as refused:
        return await _shown(request, person, 422, refusal=refused.sentence)
    return RedirectResponse(HOME, 303)
