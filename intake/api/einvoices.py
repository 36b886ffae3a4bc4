"""``POST /einvoice-statuses``: what a billing platform says of an invoice's life becomes what the case is told."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field, ValidationError
from starlette.responses import Response

from intake.api.access import Desk, MayWriteStatuses, caller_of
from intake.api.body import canonical, json_object
from intake.api.desk import ApiDesk
from intake.api.finding import case_of
from intake.api.invoices import Key
from intake.api.once import fingerprint, once
from intake.api.problems import Problem
from intake.api.shapes import StatusResult, body_of, inlined, refusals
from intake.einvoice.statuses import EStatus, event_id, meaning
from ledger.tokens import Token
from rules.refusals import Code, Refused

router = APIRouter(tags=["e-invoices"])


class StatusOf(EStatus):
    """A status and the invoice it is about: its number, or its case's id; ``creditor`` when several hold the number."""

    number: Annotated[str, Field(min_length=1, max_length=1000)]
    creditor: Annotated[str | None, Field(max_length=200)] = None


_EXAMPLE = {"creditor": "acme", "number": "F-2026-0042", "code": 212, "on": "2026-03-02", "amount": "1200.00"}


@router.post(
    "/einvoice-statuses",
    response_model=StatusResult,
    openapi_extra=body_of(inlined(StatusOf.model_json_schema()), _EXAMPLE),
    responses=refusals(404, 409),
)
async def take_status(request: Request, desk: Desk, token: MayWriteStatuses, key: Key = None) -> Response:
    """A life-cycle status, 200 to 228: a dispute (206, 207, 210), money (211, 212), an end (213, 220), a factor (225,
    226, 228), a due date (208, 209), evidence (204, 205). What says nothing of the debt changes nothing."""
    data = await json_object(request)

    async def answer() -> tuple[int, Any]:
        return 200, (await hear_status(desk, token, data)).model_dump(mode="json")

    return await once(desk, token.id, key, fingerprint("/einvoice-statuses", canonical(data)), answer)


async def hear_status(desk: ApiDesk, token: Token, data: dict[str, Any]) -> StatusResult:
    """Tell the case what the status means; raises Refused, NotNow and Problem."""
    try:
        status = StatusOf.model_validate(data, extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Refused(f"{field}: {first['msg'].removeprefix('Value error, ').rstrip('.')}.") from None
    case_id = await case_of(desk, token, status.number, status.creditor)
    recorded = await desk.ledger.reads.case(case_id)
    if recorded is None:
        raise Problem(404, f"{case_id} is not in the ledger yet; ask again once its case runs.", "not_found")
    case = recorded.case
    meant = meaning(status, case.open_principal, case.invoice.debtor.kind)
    if meant.body is None:
        return StatusResult(case=case_id, code=status.code, event=None, because=meant.because)
    doors = await desk.doors(caller_of(token))
    try:
        await doors.case.submit(case_id, meant.body, event_id(status))
    except Refused as refused:
        if refused.code is Code.ID_CONFLICT:
            raise
        raise Refused(f"{status.code}: {refused.sentence}", refused.code) from None
    return StatusResult(case=case_id, code=status.code, event=str(meant.body["kind"]), because=meant.because)
