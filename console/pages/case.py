"""A case: why it stands where it stands, what comes next, what happened, and what can be done."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console.actions import Action
from console.casefile import CaseFile, case_file, changed_since, default_of
from console.engine import EngineDown
from console.forms import Filled, action_named, fill
from console.guard import Actor, NotAllowed, NotFound, Person, Posted, Reader, house_of, looked
from console.rendering import page
from intake.answers import NotNow
from ledger.asked import Request as AskedOf
from ledger.asked import State
from rules.refusals import Refused

router = APIRouter()
_SHOWN = ("amount", "received_on", "pay_on", "until", "step", "outcome", "event")
"""What a pending line may show of a request: nothing personal."""


@router.get("/cases/{case_id:path}/timeline")
async def timeline_part(request: Request, case_id: str, person: Reader) -> Response:
    """The chronology alone, asked for again while something is pending."""
    file = await case_file(house_of(request), person, case_id)
    return await page(request, "case_timeline.html", file=file)


@router.post("/cases/{case_id:path}/actions/{name}")
async def act(request: Request, case_id: str, name: str, person: Actor, form: Posted) -> Response:
    """Say something to the case. The same form twice is heard once."""
    action = action_named(name)
    if action is None:
        raise NotFound
    if person.account.role not in action.roles:
        raise NotAllowed
    file = await case_file(house_of(request), person, case_id)
    filled = fill(action, form, file.case, person.login)
    request_id = str(form.get("request_id", ""))[:80] or new_id()
    if filled.errors:
        return await _again(request, file, filled, request_id, 422)
    if any(event.id == request_id for event in file.recorded.events):
        return _back(file, "done")
    seen = str(form.get("seen", ""))
    if seen.isdigit() and int(seen) < file.case.position:
        return await _again(request, file, filled, request_id, 409, changed=changed_since(file, int(seen)))
    return await _say(request, file, filled, request_id, person)


async def _say(request: Request, file: CaseFile, filled: Filled, request_id: str, person: Person) -> Response:
    house = house_of(request)
    words = {name: filled.body[name] for name in _SHOWN if name in filled.body}
    asked = AskedOf(
        id=request_id, case_id=file.case.id, kind=filled.action.kind, login=person.login, at=house.now(),
        state=State.PENDING, words=words,
    )  # fmt: skip
    if not await house.ledger.asked.ask(asked):
        return _back(file, "pending")
    try:
        await house.engine.submit(file.case.id, filled.body, request_id)
    except EngineDown:
        await house.ledger.asked.settle(request_id, State.NOT_SENT)
        return await _again(request, file, filled, request_id, 503)
    except NotNow:
        return _back(file, "pending")
    except Refused as refused:
        await house.ledger.asked.settle(request_id, State.REFUSED, refused.sentence)
        errors = {"form": refused.sentence}
        return await _again(request, file, _with_errors(filled, errors), new_id(), 422)
    await house.ledger.asked.settle(request_id, State.DONE)
    return _back(file, "done")


def _with_errors(filled: Filled, errors: dict[str, str]) -> Filled:
    return Filled(filled.action, filled.values, errors, filled.body)


def _back(file: CaseFile, said: str) -> Response:
    return RedirectResponse(f"/cases/{file.case.id}?said={said}", 303)


async def _again(
    request: Request, file: CaseFile, filled: Filled, request_id: str, status: int, changed: Any = ()
) -> Response:
    """The page with the form kept, and why."""
    return await page(
        request, "case.html", status, **_context(request, file), filled=filled, request_id=request_id,
        changed=changed, not_sent=status == 503,
    )  # fmt: skip


def _context(request: Request, file: CaseFile) -> dict[str, Any]:
    today = house_of(request).today

    def value(action: Action, name: str, filled: Filled | None) -> str:
        if filled is not None and filled.action.name == action.name:
            return filled.values[name]
        return default_of(next(f.start for f in action.fields if f.name == name), today)

    return {"file": file, "case": file.case, "row": file.row, "value_of": value}


def new_id() -> str:
    """The id of a request: the update's, and the event's."""
    return f"console/{uuid.uuid4()}"


@router.get("/cases/{case_id:path}")
async def show(request: Request, case_id: str, person: Reader) -> Response:
    """The case's page."""
    house = house_of(request)
    file = await case_file(house, person, case_id)
    await looked(request, person, "case", file.row.creditor, case_id)
    return await page(
        request, "case.html", **_context(request, file), filled=None, request_id=new_id(), changed=(), not_sent=False
    )
