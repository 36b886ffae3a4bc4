"""Settings: people and their sessions, tokens of programs, creditors and ladders as they are configured."""

from datetime import UTC, datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from console.guard import ABSOLUTE, Administrator, Manager, Person, Posted, Reader, digest, house_of
from console.house import House
from console.rendering import page
from ledger.accounts import EVERY_CREDITOR, Account, Role
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


def _granted(house: House, person: Person, form: FormData) -> frozenset[str] | None:
    """The creditors of a form, None for all; nobody grants more than they were granted. Raises Refused when none was
    chosen or one is not theirs to grant: what cannot be read never means all."""
    keys = frozenset(str(one) for one in form.getlist("creditors"))
    if EVERY_CREDITOR in keys and person.creditors is None:
        return None
    if not keys:
        raise Refused("creditors: choose those that are granted, or all.")
    for key in sorted(keys):
        if key not in house.creditors or not person.sees(key):
            raise Refused(f"creditors: « {key} » is not yours to grant.")
    return keys


@router.post("/settings/people")
async def add_person(request: Request, person: Administrator, form: Posted) -> Response:
    """A new account."""
    house = house_of(request)
    words = {name: str(form.get(name, "")).strip()[:80] for name in ("login", "role", "language")}
    try:
        granted = _granted(house, person, form)
        if not words["login"] or words["role"] not in set(Role):
            raise Refused("login, role: say who it is and what they do.")
        password, elsewhere = str(form.get("password", "")), house.provider is not None
        kept = "" if elsewhere and not password else await run_in_threadpool(hashed, password)
        account = Account(
            login=words["login"], role=Role(words["role"]), creditors=granted, active=True,
            language="en" if words["language"] == "en" else "fr", created_at=datetime.now(UTC).replace(microsecond=0),
        )  # fmt: skip
        await house.ledger.accounts.add(account, kept)
    except Refused as refused:
        return await _shown(request, person, 422, refusal=refused.sentence, filled=words)
    return RedirectResponse(HOME, 303)


@router.post("/settings/people/{login}")
async def change_person(request: Request, login: str, person: Administrator, form: Posted) -> Response:
    """Another role, other creditors, or in and out; nobody shuts themselves out, nor reaches whoever sees more."""
    house = house_of(request)
    role, active = str(form.get("role", "")), str(form.get("active", ""))
    values: dict[str, object] = {}
    if role in set(Role):
        values["role"] = role
    if active in ("yes", "no"):
        values["active"] = active == "yes"
    try:
        if login == person.login:
            raise Refused(f"« {login} » is your own account: ask another administrator.")
        if "creditors" in form or "grant" in form:
            values["creditors"] = _granted(house, person, form)
        await _reachable(house, person, login)
        if values:
            await house.ledger.accounts.change(login, **values)
    except Refused as refused:
        return await _shown(request, person, 422, refusal=refused.sentence)
    return RedirectResponse(HOME, 303)


@router.post("/settings/grants")
async def grant(request: Request, person: Administrator, form: Posted) -> Response:
    """Other creditors for somebody who has an account."""
    return await change_person(request, str(form.get("login", "")), person, form)


async def _reachable(house: House, person: Person, login: str) -> None:
    """Raises Refused when the account sees a creditor that the administrator does not."""
    found = await house.ledger.accounts.get(login)
    if found is None or person.creditors is None:
        return  # changing an unknown one says so
    theirs = found[0].creditors
    if theirs is None or not theirs <= person.creditors:
        raise Refused(f"creditors: « {login} » sees creditors that you do not; ask another administrator.")


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
    try:
        granted = sorted(_granted(house, person, form) or ())
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
