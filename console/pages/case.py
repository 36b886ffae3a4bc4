"""A case: why it stands where it stands, what comes next, what happened, and what can be done."""

from collections.abc import Hashable
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from console.actions import Action, for_case
from console.casefile import CaseFile, case_file, changed_since, file_of, glance_at
from console.forms import Filled, action_named, default_of, fill
from console.guard import Actor, NotAllowed, NotFound, Person, Posted, Reader, form_token, house_of, looked
from console.kept import MARKS, with_marks_filled
from console.letterview import as_page, as_pdf, draft
from console.rendering import language_of, page, piece
from console.saying import End, id_of, new_id, say, way_back, with_word
from ledger.glances import Glance
from rules.refusals import Refused

router = APIRouter()


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
    action = for_case(action, file.case, file.task(str(form.get("task", ""))))
    filled = fill(action, form, file.case, person.login, person.actor)
    request_id, back = id_of(form), way_back(form, f"/cases/{case_id}")
    if filled.errors:
        return await _again(request, file, filled, request_id, 422)
    if any(event.id == request_id for event in file.recorded.events):
        return RedirectResponse(with_word(back, "done"), 303)
    seen = str(form.get("seen", ""))
    if seen.isdigit() and int(seen) < file.case.position:
        return await _again(request, file, filled, request_id, 409, changed=changed_since(file, int(seen)))
    return await _say(request, file, filled, request_id, person, back)


async def _say(
    request: Request, file: CaseFile, filled: Filled, request_id: str, person: Person, back: str
) -> Response:
    end, sentence = await say(house_of(request), person, file.case.id, filled.body, request_id)
    if end is End.DOWN:
        return await _again(request, file, filled, request_id, 503)
    if end is End.REFUSED:
        errors = {"form": sentence}
        refused = Filled(filled.action, filled.values, errors, filled.body)
        return await _again(request, file, refused, new_id(), 422)
    return RedirectResponse(with_word(back, str(end)), 303)


async def _again(
    request: Request, file: CaseFile, filled: Filled, request_id: str, status: int, changed: Any = ()
) -> Response:
    """The page with the form kept, and why."""
    body = await piece(
        request, "case_body.html", **context(request, file), filled=filled, request_id=request_id,
        changed=changed, not_sent=status == 503,
    )  # fmt: skip
    return await page(request, "case.html", status, title=_title(file), body=Markup(body))  # noqa: S704 - a template's


def context(request: Request, file: CaseFile) -> dict[str, Any]:
    """What a page with a case's forms needs."""
    today = house_of(request).today

    def value(action: Action, name: str, filled: Filled | None) -> str:
        if filled is not None and filled.action.name == action.name:
            return filled.values[name]
        return default_of(next(f.start for f in action.fields if f.name == name), today)

    return {"file": file, "case": file.case, "row": file.row, "value_of": value}


@router.get("/cases/{case_id:path}/letter/{step}/page")
async def letter_page(request: Request, case_id: str, step: str, person: Reader) -> Response:
    """The e-mail of a step as it would go out today, for a sandboxed frame."""
    file = await case_file(house_of(request), person, case_id)
    return as_page((await _draft(request, file, step)).html)


@router.get("/cases/{case_id:path}/letter/{step}/pdf")
async def letter_paper(request: Request, case_id: str, step: str, person: Reader) -> Response:
    """The page of a step as it would go out today."""
    file = await case_file(house_of(request), person, case_id)
    return as_pdf((await _draft(request, file, step)).pdf, f"{file.row.number}-{step}")


@router.get("/cases/{case_id:path}/letter/{step}")
async def letter(request: Request, case_id: str, step: str, person: Reader) -> Response:
    """The letter of a step as it would go out today; nothing is sent."""
    house = house_of(request)
    file = await case_file(house, person, case_id)
    await looked(request, person, "letter", file.row.creditor, f"{case_id}/{step}")
    try:
        shown, refusal = await draft(house, file.case, step), ""
    except Refused as refused:
        shown, refusal = None, refused.sentence
    return await page(request, "draft.html", row=file.row, step=step, draft=shown, refusal=refusal)


async def _draft(request: Request, file: CaseFile, step: str) -> Any:
    try:
        return await draft(house_of(request), file.case, step)
    except Refused:
        raise NotFound from None


@router.get("/cases/{case_id:path}")
async def show(request: Request, case_id: str, person: Reader) -> Response:
    """The case's page."""
    house = house_of(request)
    glance = await glance_at(house, person, case_id)
    await looked(request, person, "case", glance.creditor, case_id)
    name = (case_id, person.account.role, language_of(request, person))
    stamp = (glance, house.today, house.now().date())
    kept = house.kept.find(name, stamp)
    title, body = (kept.title, kept.body) if kept else await _drawn(request, person, glance, (name, stamp))
    shown = with_marks_filled(body, form_token(person.token), new_id())
    return await page(request, "case.html", title=title, body=shown)


async def _drawn(request: Request, person: Person, glance: Glance, keep: tuple[Hashable, Hashable]) -> tuple[str, str]:
    """Title and middle of the page, with marks in its forms. While something is under way, or where the configuration
    lacks the creditor or the policy, it is drawn at each view."""
    house = house_of(request)
    file = await file_of(house, person, glance)
    body = await piece(
        request, "case_body.html", **context(request, file), filled=None, changed=(), not_sent=False,
        token=MARKS.token, request_id=MARKS.number,
    )  # fmt: skip
    if not glance.asked and file.decompte is not None and file.policy is not None:
        house.kept.keep(*keep, _title(file), body)
    return _title(file), body


def _title(file: CaseFile) -> str:
    return f"{file.row.number} · {file.row.name}"
