"""Debtors: all invoices of each, how it pays and what follows from that, how it is reached, its statement."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from console.guard import NotFound, Person, Reader, house_of, looked
from console.house import House
from console.letterview import as_pdf, context_of
from console.pages.cases import wanted_of
from console.rendering import page
from ledger.figures import age_of
from ledger.letterbook import LetterFilter
from ledger.lists import AGES, ROWS
from ledger.reads import CaseRow
from letters.render import Renderer
from rules.calendars import local_day
from rules.case import Case, Stage
from rules.claim import Context
from rules.compose import compose
from rules.decision import Send
from rules.letter import Letter
from rules.money import ZERO
from rules.policy import Channel, Claims
from rules.profile import Habits, profiled

router = APIRouter()
LETTERS = 12
INVOICES = 50
"""Shown on a page; a large customer has thousands."""
STATEMENT = "<releve@relance.invalid>"


class Sums(NamedTuple):
    """What a debtor owes in one currency; ``ages``: the slices of it by days overdue."""

    currency: str
    cases: int
    principal: Decimal
    overdue: Decimal
    outstanding: Decimal
    ages: tuple[tuple[str, Decimal], ...]


@router.get("/debtors")
async def list_of_debtors(request: Request, person: Reader) -> Response:
    """Debtors with open cases, those that owe most first."""
    house, wanted = house_of(request), wanted_of(request, person)
    wanted = wanted.model_copy(update={"view": "open"})
    found, count = await house.ledger.lists.debtors(wanted)
    return await page(
        request, "debtors.html", found=found, count=count, number=wanted.page, pages=max(1, -(-count // ROWS)),
        debtors_wanted=wanted,
    )  # fmt: skip


async def _rows(house: House, person: Person, creditor: str, debtor: str) -> list[CaseRow]:
    rows = await house.ledger.lists.of_debtor(creditor, debtor) if person.sees(creditor) else []
    if not rows:
        raise NotFound
    return rows


@router.get("/debtors/{creditor}/{debtor:path}/statement.pdf")
async def statement(request: Request, creditor: str, debtor: str, person: Reader) -> Response:
    """The statement of account as of today: every open invoice, what was paid of it, what is due."""
    house = house_of(request)
    rows = [row for row in await _rows(house, person, creditor, debtor) if row.stage is not Stage.CLOSED]
    await looked(request, person, "debtor", creditor, f"{debtor}/statement")
    cases = [known.case for row in rows if (known := await house.ledger.reads.case(row.id)) is not None]
    mine = [case for case in cases if case.invoice.currency == cases[0].invoice.currency]
    if not mine:
        raise NotFound
    letter = statement_of(mine, await context_of(house, mine[0]), house)
    return as_pdf(await run_in_threadpool(Renderer.statement, house.renderer, letter), f"releve-{debtor}")


def statement_of(cases: list[Case], context: Context, house: House) -> Letter:
    """The letter whose statement tells all these cases of a debtor; it is sent nowhere."""
    now = max(house.now(), *(case.last_at for case in cases))
    as_of = local_day(now, context.policy.zone)
    spoken = [
        (
            case,
            Send(
                step="releve", passage=case.passage, channel=Channel.EMAIL, tone="courtois",
                claims=Claims.PRINCIPAL, as_of=as_of,
            ),
        )
        for case in cases
    ]  # fmt: skip
    return compose(spoken[0], spoken[1:], context, now, message_id=STATEMENT)


@router.get("/debtors/{creditor}/{debtor:path}")
async def show(request: Request, creditor: str, debtor: str, person: Reader) -> Response:
    """The debtor's page."""
    house = house_of(request)
    rows = await _rows(house, person, creditor, debtor)
    await looked(request, person, "debtor", creditor, debtor)
    latest = max(rows, key=lambda row: (row.stage is not Stage.CLOSED, row.opened_on, row.id))
    recorded = await house.ledger.reads.case(latest.id)
    if recorded is None:
        raise NotFound
    record, held, held_until = await house.ledger.debtor_book.habits(creditor, debtor)
    letters, sent = await house.ledger.letterbook.page(
        LetterFilter(creditors=person.creditors, creditor=creditor, debtor=debtor, rows=LETTERS)
    )
    habits = await _habits(house, recorded.case)
    ordered = sorted(rows, key=lambda row: (row.stage is Stage.CLOSED, row.due_on))
    pages = -(-len(rows) // INVOICES)
    number = min(wanted_of(request, person).page, pages)
    return await page(
        request,
        "debtor.html",
        rows=ordered[(number - 1) * INVOICES : number * INVOICES],
        count=len(rows),
        number=number,
        pages=pages,
        latest=latest,
        case=recorded.case,
        debtor_key=debtor,
        creditor=creditor,
        sums=sums_of(rows, house.today),
        profile=profiled(recorded.case.debtor.kind, record, 0, habits),
        habits=habits,
        held=held,
        held_until=held_until,
        letters=letters,
        letters_sent=sent,
    )


async def _habits(house: House, case: Case) -> Habits:
    """From what on a habit counts, as the case's policy says."""
    try:
        return (await context_of(house, case)).policy.habits
    except NotFound:
        return Habits()


def sums_of(rows: list[CaseRow], today: date) -> list[Sums]:
    """What is open, by currency."""
    found = []
    for currency in sorted({row.currency for row in rows}):
        mine = [row for row in rows if row.currency == currency and row.stage is not Stage.CLOSED]
        late = [row for row in mine if row.due_on < today]
        ages = dict.fromkeys(AGES, ZERO)
        for row in mine:
            ages[age_of((today - row.due_on).days)] += row.principal
        found.append(
            Sums(
                currency,
                len(mine),
                sum((row.principal for row in mine), ZERO),
                sum((row.principal for row in late), ZERO),
                sum((row.outstanding for row in mine), ZERO),
                tuple(ages.items()),
            )
        )
    return found
