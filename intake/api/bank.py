"""``POST /bank-statements`` and the lines that wait for a person."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from pydantic import Field, ValidationError
from starlette.responses import Response

from intake.api.access import Desk, MayWriteBank, caller_of, must_see
from intake.api.bank_shapes import ASSIGN_EXAMPLE, BankLineItem, StatementResult, statement_body
from intake.api.body import canonical, json_object
from intake.api.desk import ApiDesk
from intake.api.events import CreditorQuery
from intake.api.finding import case_of
from intake.api.invoices import Key
from intake.api.lists import Limit, Offset
from intake.api.once import fingerprint, once
from intake.api.problems import Problem
from intake.api.shapes import Page, body_of, inlined, refusals
from intake.bank.assigning import assign, ignore
from intake.bank.lines import Statement
from intake.bank.posting import Teller, today_of
from intake.bank.reading import creditor_of, read_statements
from intake.lines import Fault
from ledger.bank import WAITING
from ledger.bank_lines import KeptLine, KeptPart, LineState
from ledger.tokens import Token
from rules.base import Frozen
from rules.commands_base import Positive
from rules.refusals import Refused

router = APIRouter(tags=["bank"])
_TYPES = ("application/xml", "text/xml", "text/csv", "application/octet-stream")
LinePath = Annotated[str, Path(max_length=64, description="the line's id")]


class AssignedPart(Frozen):
    """What of the line a case gets: its id, or its invoice number."""

    case: Annotated[str, Field(min_length=1, max_length=1000)]
    amount: Positive


class Assignment(Frozen):
    """Whose a line is; ``ignore``: it pays no invoice."""

    parts: Annotated[tuple[AssignedPart, ...], Field(max_length=200)] = ()
    ignore: bool = False


@router.post(
    "/bank-statements",
    response_model=list[StatementResult],
    openapi_extra=statement_body(),
    responses=refusals(404, 409),
)
async def take_statements(
    request: Request,
    desk: Desk,
    token: MayWriteBank,
    creditor: CreditorQuery = None,
    account: Annotated[str | None, Query(max_length=64)] = None,
    until: date | None = None,
    dry_run: bool = False,
    key: Key = None,
) -> Response:
    """A camt.053 document or the bank's CSV, as the body. Each line is posted when it is sure and the creditor's file
    says so, proposed to a case when it is likely, else kept for a person. The same statement twice posts nothing
    twice. `account` and `until` are for a CSV that does not say them."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in _TYPES:
        raise Problem(415, "Send application/xml (camt.053) or text/csv.", "unsupported_media_type")
    data = await request.body()
    try:
        found = _by_creditor(desk, token, creditor, read_statements(data, account=account, until=until))
    except Fault as fault:
        raise Problem(422, f"{fault.field}: {fault.reason}.", "statement_refused") from None

    async def answer() -> tuple[int, Any]:
        return 200, [await _take(desk, token, whose, some, dry_run=dry_run) for whose, some in found.items()]

    content = hashlib.sha256(data).digest() + f"{creditor}/{account}/{until}/{dry_run}".encode()
    return await once(desk, token.id, key, fingerprint("/bank-statements", content), answer)


def _by_creditor(
    desk: ApiDesk, token: Token, creditor: str | None, statements: list[Statement]
) -> Mapping[str, list[Statement]]:
    if creditor is not None:
        must_see(token, creditor, creditor)
    known = {key: one for key, one in (desk.known.creditors or {}).items() if token.may_see(key)}
    found: dict[str, list[Statement]] = {}
    for statement in statements:
        whose = creditor_of(statement.account, known, creditor, all_of=desk.known.creditors)
        found.setdefault(whose, []).append(statement)
    return found


async def _take(desk: ApiDesk, token: Token, creditor: str, statements: list[Statement], *, dry_run: bool) -> Any:
    config = (desk.known.creditors or {})[creditor]
    door = None if dry_run else (await desk.doors(caller_of(token))).case
    teller = Teller(
        desk.ledger.bank, desk.ledger.reads, door, creditor, post_sure=config.bank_posting == "post_sure"
    )  # fmt: skip
    taken = await teller.take(statements, desk.real_now(), today_of(desk.now()))
    counts = {name: taken.counts[name] for name in ("posted", "proposed", "open", "already_known", "others")}
    lines = tuple(_item(line) for line in taken.lines)
    return StatementResult(creditor=creditor, woken=taken.woken, lines=lines, **counts).model_dump(mode="json")


@router.get("/bank-lines", response_model=Page[BankLineItem], responses=refusals(404))
async def list_lines(
    desk: Desk,
    token: MayWriteBank,
    state: LineState | None = None,
    creditor: CreditorQuery = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[BankLineItem]:
    """Lines of statements, the oldest first; without `state` those that wait for a person."""
    if creditor is not None:
        must_see(token, creditor, creditor)
    granted = token.creditors if creditor is None else frozenset({creditor})
    states = (*WAITING, LineState.POSTING) if state is None else (state,)
    await desk.ledger.bank.settle_confirmed(granted)
    found = await desk.ledger.bank.lines(granted, states, limit + 1, offset)
    items = tuple(_item(line) for line in found[:limit])
    return Page[BankLineItem](items=items, next=offset + limit if len(found) > limit else None)


@router.post(
    "/bank-lines/{line}",
    response_model=BankLineItem,
    openapi_extra=body_of(inlined(Assignment.model_json_schema()), ASSIGN_EXAMPLE),
    responses=refusals(404, 409),
)
async def assign_line(request: Request, desk: Desk, token: MayWriteBank, line: LinePath, key: Key = None) -> Response:
    """A person says whose the line is: `parts` together are its amount; or, with `ignore`, that it pays no invoice.
    The cases hear it, and letters that waited go on."""
    data = await json_object(request)

    async def answer() -> tuple[int, Any]:
        known = await _line_of(desk, token, line)
        await _settle(desk, token, known, data)
        return 200, _item(await _line_of(desk, token, line)).model_dump(mode="json")

    return await once(desk, token.id, key, fingerprint(f"/bank-lines/{line}", canonical(data)), answer)


async def _line_of(desk: ApiDesk, token: Token, line: str) -> KeptLine:
    known = await desk.ledger.bank.line(line, token.creditors)
    if known is None:
        raise Problem(404, f"« {line} » is no line that is known.", "not_found")
    return known


async def _settle(desk: ApiDesk, token: Token, line: KeptLine, data: dict[str, Any]) -> None:
    try:
        said = Assignment.model_validate(data, extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Refused(f"{field}: {first['msg'].rstrip('.')}.") from None
    if bool(said.parts) == said.ignore:
        raise Refused('give "parts", or "ignore": true.')
    parts = [
        KeptPart(case=await case_of(desk, token, part.case, line.creditor), amount=Decimal(part.amount))
        for part in said.parts
    ]
    door = (await desk.doors(caller_of(token))).case
    if said.ignore:
        await ignore(desk.ledger.bank, door, line)
    else:
        await assign(desk.ledger.bank, desk.ledger.reads, door, line, parts)


def _item(line: KeptLine) -> BankLineItem:
    return BankLineItem.model_validate(line.model_dump())
