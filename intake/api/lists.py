"""What the API answers about cases, debtors, tasks, letters and the whole book; paged, filtered, within the grants."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from intake.api.access import Desk, MayReadCases, MayReadLetters, MayReadReports, MayReadTasks, must_see
from intake.api.desk import ApiDesk
from intake.api.events import CasePath, CreditorQuery, DebtorPath
from intake.api.finding import case_of
from intake.api.problems import Problem
from intake.api.shapes import CaseItem, DebtorView, LetterItem, Outstanding, OutstandingRow, Page, TaskItem, refusals
from ledger.reads import CaseFilter, CaseRow, MessageFilter
from ledger.tokens import Token
from rules.case import Stage
from rules.outbox import Message, MessageState
from rules.view import CaseView, unborn, view

router = APIRouter()
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
DebtorQuery = Annotated[str | None, Query(max_length=200)]


@router.get("/cases", tags=["cases"], response_model=Page[CaseItem], responses=refusals(404))
async def list_cases(
    desk: Desk,
    token: MayReadCases,
    stage: Stage | None = None,
    creditor: CreditorQuery = None,
    debtor: DebtorQuery = None,
    next_before: AwareDatetime | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[CaseItem]:
    """Cases, the next awaited first."""
    wanted = CaseFilter(
        creditors=token.creditors, stage=stage, creditor=_granted(token, creditor), debtor=debtor,
        next_before=next_before, limit=limit + 1, offset=offset,
    )  # fmt: skip
    found = [_item(row) for row in await desk.ledger.reads.cases(wanted)]
    return Page[CaseItem](items=tuple(found[:limit]), next=_after(found, limit, offset))


@router.get(
    "/cases/{case:path}/events", tags=["cases"], response_model=Page[dict[str, Any]], responses=refusals(404, 409)
)
async def list_events(
    desk: Desk, token: MayReadCases, case: CasePath, limit: Limit = 100, offset: Offset = 0
) -> Page[dict[str, Any]]:
    """The history of a case, its first event first, as the ledger has it."""
    events = await desk.ledger.reads.case_events(await _known(desk, token, case))
    found = [event.model_dump(mode="json") for event in events[offset : offset + limit + 1]]
    return Page[dict[str, Any]](items=tuple(found[:limit]), next=_after(found, limit, offset))


@router.get(
    "/cases/{case:path}/letters", tags=["letters"], response_model=Page[LetterItem], responses=refusals(404, 409)
)
async def list_letters_of(desk: Desk, token: MayReadLetters, case: CasePath) -> Page[LetterItem]:
    """The messages that speak for a case."""
    found = await desk.ledger.reads.messages_of(await _known(desk, token, case))
    return Page[LetterItem](items=tuple(_letter(one) for one in found), next=None)


@router.get("/cases/{case:path}", tags=["cases"], response_model=CaseView, responses=refusals(404, 409))
async def show_case(desk: Desk, token: MayReadCases, case: CasePath) -> CaseView:
    """A case: where it stands, what comes next and why, what people have to do."""
    case_id = await case_of(desk, token, case)
    recorded = await desk.ledger.reads.case(case_id)
    if recorded is not None and recorded.decision is not None:
        return view(recorded.case, recorded.decision, recorded.head)
    waiting = await desk.ledger.intake_queue.waiting(case_id)
    currency = recorded.case.invoice.currency if recorded is not None else waiting.currency if waiting else None
    if currency is None:
        raise Problem(404, f"{case_id} is not a case.", "not_found")
    return unborn(case_id, currency)


@router.get("/debtors", tags=["debtors"], response_model=Page[DebtorView], responses=refusals(404))
async def list_debtors(
    desk: Desk, token: MayReadCases, creditor: CreditorQuery = None, limit: Limit = 50, offset: Offset = 0
) -> Page[DebtorView]:
    """Debtors with their open cases."""
    granted = token.creditors if creditor is None else frozenset({str(_granted(token, creditor))})
    found = await desk.ledger.debtor_book.debtors(granted, limit + 1, offset)
    page = [await _debtor(desk, owed_to, debtor, only_open=True) for owed_to, debtor in found[:limit]]
    return Page[DebtorView](items=tuple(page), next=offset + limit if len(found) > limit else None)


@router.get("/debtors/{debtor}", tags=["debtors"], response_model=DebtorView, responses=refusals(404, 409))
async def show_debtor(
    desk: Desk, token: MayReadCases, debtor: DebtorPath, creditor: CreditorQuery = None
) -> DebtorView:
    """A debtor with all its cases; `creditor` when several know that number."""
    creditors = await desk.ledger.debtor_book.creditors_of(debtor, token.creditors)
    if creditor is not None:
        creditors = [one for one in creditors if one == creditor]
    if not creditors:
        raise Problem(404, f"« {debtor} » is not a debtor that is known.", "not_found")
    if len(creditors) > 1:
        raise Problem(409, f"« {debtor} » owes {', '.join(creditors)}; say which: ?creditor=.", "ambiguous")
    return await _debtor(desk, creditors[0], debtor, only_open=False)


@router.get("/tasks", tags=["tasks"], response_model=Page[TaskItem], responses=refusals(404))
async def list_tasks(
    desk: Desk, token: MayReadTasks, creditor: CreditorQuery = None, limit: Limit = 100, offset: Offset = 0
) -> Page[TaskItem]:
    """What people have to do, by its day; `limit` and `offset` count cases, those whose first day comes next first."""
    found = await desk.ledger.reads.tasks(
        creditor=_granted(token, creditor), creditors=token.creditors, limit=limit + 1, offset=offset
    )
    order = list(dict.fromkeys(entry.case.id for entry in found))
    items = [
        TaskItem.model_validate(
            {
                "case": entry.case.id, "creditor": entry.case.creditor, "debtor": entry.case.debtor,
                "name": entry.case.name, "number": entry.case.number, **entry.task.model_dump(),
            }
        )
        for entry in sorted(found, key=lambda entry: entry.task.due_on)
        if entry.case.id in order[:limit]
    ]  # fmt: skip
    return Page[TaskItem](items=tuple(items), next=offset + limit if len(order) > limit else None)


@router.get("/letters", tags=["letters"], response_model=Page[LetterItem], responses=refusals(404))
async def list_letters(
    desk: Desk,
    token: MayReadLetters,
    state: MessageState | None = None,
    creditor: CreditorQuery = None,
    debtor: DebtorQuery = None,
    since: date | None = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Page[LetterItem]:
    """Messages to debtors, the first begun first."""
    wanted = MessageFilter(
        creditors=token.creditors, state=state, creditor=_granted(token, creditor), debtor=debtor, since=since,
        limit=limit + 1, offset=offset,
    )  # fmt: skip
    found = [_letter(one) for one in await desk.ledger.reads.messages(wanted)]
    return Page[LetterItem](items=tuple(found[:limit]), next=_after(found, limit, offset))


@router.get("/reports/outstanding", tags=["reports"], response_model=Outstanding, responses=refusals())
async def report_outstanding(desk: Desk, token: MayReadReports, as_of: date | None = None) -> Outstanding:
    """The open book by creditor, currency and stage, shared out by days overdue on `as_of` (default: today)."""
    on = as_of or desk.now().date()
    if not date(1990, 1, 1) <= on <= date(2099, 12, 31):
        raise Problem(422, f"as_of: {on} is outside 1990–2099.", "date_invalid")
    rows = await desk.ledger.debtor_book.aged(token.creditors, on)
    return Outstanding(as_of=on, rows=tuple(OutstandingRow.model_validate(row.model_dump()) for row in rows))


def _granted(token: Token, creditor: str | None) -> str | None:
    if creditor is not None:
        must_see(token, creditor, creditor)
    return creditor


async def _known(desk: ApiDesk, token: Token, case: str) -> str:
    case_id = await case_of(desk, token, case)
    if await desk.ledger.reads.row(case_id) is None:
        raise Problem(404, f"{case_id} is not in the ledger.", "not_found")
    return case_id


def _after(found: Sequence[object], limit: int, offset: int) -> int | None:
    """The offset of the page after this one; one more than the page was asked for to know."""
    return offset + limit if len(found) > limit else None


def _item(row: CaseRow) -> CaseItem:
    return CaseItem.model_validate(row.model_dump())


def _letter(message: Message) -> LetterItem:
    """A message is of one creditor and one debtor: whoever may see it may see all that it covers."""
    data = message.model_dump()
    data["covers"] = tuple(part.case for part in message.covers)
    return LetterItem.model_validate(data)


async def _debtor(desk: ApiDesk, creditor: str, debtor: str, *, only_open: bool) -> DebtorView:
    rows = await desk.ledger.reads.cases(CaseFilter(creditor=creditor, debtor=debtor, limit=1000))
    running = [row for row in rows if row.stage is not Stage.CLOSED]
    owed: dict[str, Decimal] = {}
    for row in running:
        owed[row.currency] = owed.get(row.currency, Decimal(0)) + row.outstanding
    shown = running if only_open else rows
    name = rows[0].name if rows else ""
    return DebtorView(
        creditor=creditor, id=debtor, name=name, open=len(running), outstanding=owed,
        cases=tuple(_item(row) for row in shown),
    )  # fmt: skip
