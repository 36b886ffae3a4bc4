"""``POST /webhooks/{hook}``: what a platform posts by itself, believed by its signature; a replay is refused."""

import hashlib
import json
from typing import Annotated, Any

from fastapi import APIRouter, Header, Path, Request
from starlette.responses import Response

from intake.api.access import Desk, caller_of
from intake.api.desk import ApiDesk
from intake.api.einvoices import hear_status
from intake.api.events import say
from intake.api.finding import case_of
from intake.api.invoices import take_one
from intake.api.once import once
from intake.api.problems import Problem
from intake.api.shapes import body_of, refusals
from intake.jsonl_file import parse_json
from intake.letter_news import read_news, tell
from intake.lines import Fault
from ledger.hooks import Hook
from ledger.tokens import SCOPES, Token
from rules.hooks import verify
from rules.refusals import Refused

router = APIRouter(tags=["webhooks"])
_SCHEMA = {
    "type": "object",
    "required": ["type", "data"],
    "properties": {"type": {"enum": ["invoice", "event", "einvoice_status", "letters"]}, "data": {"type": "object"}},
}
_EXAMPLE = {"type": "event", "data": {"case": "F-2026-0042", "kind": "paid", "amount": "1200.00"}}
HookPath = Annotated[str, Path(min_length=1, max_length=64)]
Text = Annotated[str, Header(max_length=1000)]


@router.post("/webhooks/{hook}", openapi_extra=body_of(_SCHEMA, _EXAMPLE), responses=refusals(404, 409))
async def take_webhook(
    request: Request,
    desk: Desk,
    hook: HookPath,
    webhook_id: Text = "",
    webhook_timestamp: Text = "",
    webhook_signature: Text = "",
) -> Response:
    """An invoice, an event of a case, a status or news of registered letters, signed as the Standard Webhooks
    specification says. The same `webhook-id` signed anew is answered as before; the same signature twice is a replay,
    and refused."""
    known = await desk.ledger.hooks.incoming(hook)
    body = await request.body()
    if known is None:
        raise Problem(401, "No such webhook, or the signature is wrong.", "signature")
    its_hook, secret = known
    try:
        verify(secret, webhook_id, webhook_timestamp, webhook_signature, body, int(desk.real_now().timestamp()))
    except Refused as refused:
        raise Problem(401, refused.sentence, "signature") from None
    wait = desk.limit.hit(its_hook.id)
    if wait is not None:
        raise Problem(429, f"Too often; again in {wait} s.", "rate_limited", headers={"Retry-After": str(wait)})
    await _refuse_replay(desk, its_hook, webhook_signature)
    token = _as_token(its_hook)

    async def answer() -> tuple[int, Any]:
        return 200, await _hear(desk, token, body, webhook_id)

    return await once(desk, f"hook/{its_hook.id}", webhook_id, hashlib.sha256(body).hexdigest(), answer)


async def _refuse_replay(desk: ApiDesk, hook: Hook, signature: str) -> None:
    """A copy of a request carries its signature; who sends again by right signs again, with another moment."""
    seen = hashlib.sha256(signature.encode()).hexdigest()
    if await desk.ledger.kept_answers.begin(f"seen/{hook.id}", seen, seen, desk.real_now()) is not None:
        raise Problem(409, "This very request came before; sign again to repeat it.", "replayed")
    await desk.ledger.kept_answers.keep(f"seen/{hook.id}", seen, 0, "")


async def _hear(desk: ApiDesk, token: Token, body: bytes, message_id: str) -> Any:
    try:
        said = parse_json(body, 1)
    except Fault as fault:
        raise Problem(422, f"The body {fault.reason}.", "malformed") from None
    data = said.get("data") if isinstance(said, dict) else None
    if not isinstance(data, dict):
        raise Problem(422, 'The body is not {"type": …, "data": {…}}.', "malformed")
    if said.get("type") == "invoice":
        return (await take_one(desk, token, data)).model_dump(mode="json")
    if said.get("type") == "einvoice_status":
        return (await hear_status(desk, token, data)).model_dump(mode="json")
    if said.get("type") == "event":
        case = data.pop("case", None)
        case_id = await case_of(desk, token, case if isinstance(case, str) else "")
        return json.loads((await say(desk, token, case_id, data, message_id)).model_dump_json())
    if said.get("type") == "letters":
        return await _hear_letters(desk, token, data)
    raise Problem(422, "type is none of invoice, event, einvoice_status, letters.", "malformed")


async def _hear_letters(desk: ApiDesk, token: Token, data: dict[str, Any]) -> dict[str, Any]:
    """Tell the cases what became of registered letters; a refusal of one leaves the others heard."""
    news, doors = read_news(data), await desk.doors(caller_of(token))
    told = [one for entry in news for one in await tell(entry, desk.ledger, doors.case, token.creditors)]
    return {"told": [one._asdict() for one in told]}


def _as_token(hook: Hook) -> Token:
    """What a hook may do: speak for its creditor."""
    return Token(
        id=f"hook/{hook.id}",
        name=hook.name,
        scopes=frozenset(SCOPES),
        creditors=frozenset({hook.creditor}),
        created_at=hook.created_at,
    )
