"""``POST /cases/{case}/events`` and ``/debtors/{debtor}/events``: every signal of the public interface."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from intake.api.access import Desk, MayWriteEvents, caller_of, must_see
from intake.api.body import canonical, json_object
from intake.api.desk import ApiDesk
from intake.api.finding import case_of
from intake.api.invoices import Key
from intake.api.once import event_id_of, fingerprint, once
from intake.api.problems import Problem
from intake.api.shapes import HeardView, an_event, refusals
from ledger.tokens import Token
from rules.reading import read_command
from rules.refusals import Code, Refused
from rules.view import CaseView

router = APIRouter(tags=["events"])
CasePath = Annotated[str, Path(description="the case's id, `invoice/acme/F-1`, or its invoice number", max_length=1000)]
DebtorPath = Annotated[str, Path(description="the creditor's customer number", max_length=200)]
CreditorQuery = Annotated[str | None, Query(max_length=200)]


@router.post(
    "/cases/{case:path}/events", response_model=CaseView, openapi_extra=an_event(), responses=refusals(404, 409)
)
async def say_to_case(request: Request, desk: Desk, token: MayWriteEvents, case: CasePath, key: Key = None) -> Response:
    """Say to a case what happened: `{"kind": "paid", "amount": "100.00"}`. `kind` is the name of a signal, the rest its
    payload. The answer is the case after it. Under one `id` (or one Idempotency-Key) it is heard once."""
    data = await json_object(request)
    case_id = await case_of(desk, token, case)

    async def answer() -> tuple[int, Any]:
        return 200, (await say(desk, token, case_id, data, key)).model_dump(mode="json")

    return await once(desk, token.id, key, fingerprint(f"/cases/{case_id}/events", canonical(data)), answer)


@router.post(
    "/debtors/{debtor}/events", response_model=HeardView, openapi_extra=an_event(), responses=refusals(404, 409)
)
async def say_of_debtor(
    request: Request,
    desk: Desk,
    token: MayWriteEvents,
    debtor: DebtorPath,
    creditor: CreditorQuery = None,
    key: Key = None,
) -> Response:
    """Say of a debtor what concerns several of its cases: `paid` (shared as art. 1342-10 C. civ. does, or by
    `allocation`), `payment_plan` (`covers`), `hold`, `insolvency`, `contact_changed`, `debtor_status`."""
    data = await json_object(request)
    owed_to = await _creditor_of(desk, token, debtor, creditor)

    async def answer() -> tuple[int, Any]:
        name, payload = data.get("kind"), {field: value for field, value in data.items() if field != "kind"}
        if not isinstance(name, str):
            raise Refused('the body needs "kind", such as {"kind": "paid", "amount": "100.00", "received_on": …}.')
        doors = await desk.doors(caller_of(token))
        event_id = _event_id(token, payload.pop("id", None), key)
        heard = await doors.debtor.submit(debtor, name, payload, event_id, creditor=owed_to)
        return 200, HeardView(cases=heard.views, left_over=heard.left_over).model_dump(mode="json")

    return await once(desk, token.id, key, fingerprint(f"/debtors/{debtor}/events", canonical(data)), answer)


async def say(desk: ApiDesk, token: Token, case_id: str, data: dict[str, Any], key: str | None) -> CaseView:
    """Check what is said and say it; raises Refused, NotNow, and Problem when there is no such case."""
    command = read_command(data)
    if await desk.ledger.reads.row(case_id) is None and await desk.ledger.intake_queue.waiting(case_id) is not None:
        raise Problem(503, f"{case_id} was taken in and does not run yet; ask again.", headers={"Retry-After": "5"})
    body = command.model_dump(mode="json", exclude_none=True, exclude={"id"})
    doors = await desk.doors(caller_of(token))
    try:
        return await doors.case.submit(case_id, body, _event_id(token, command.id, key))
    except Refused as refused:
        if refused.code is Code.NOT_ALLOWED_NOW and refused.sentence == f"{case_id} is not a case.":
            raise Problem(404, refused.sentence, "not_found") from None
        raise


def _event_id(token: Token, given: object, key: str | None) -> str:
    if given is not None:
        if not isinstance(given, str) or not 0 < len(given) <= 200:
            raise Refused("id: give a text of 1 to 200 characters.")
        return given
    return event_id_of(token.id, key) if key is not None else f"api/{uuid.uuid4().hex}"


async def _creditor_of(desk: ApiDesk, token: Token, debtor: str, creditor: str | None) -> str:
    """The one creditor whose debtor it is, among those granted."""
    if creditor is not None:
        must_see(token, creditor, debtor)
        return creditor
    creditors = await desk.ledger.debtor_book.creditors_of(debtor, token.creditors)
    if not creditors:
        raise Problem(404, f"« {debtor} » is not a debtor that is known.", "not_found")
    if len(creditors) > 1:
        raise Problem(409, f"« {debtor} » owes {', '.join(creditors)}; say which: ?creditor=.", "ambiguous")
    return creditors[0]
