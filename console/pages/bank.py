"""Lines of bank statements: whose each is, said by a person where the bank's words did not say it."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.datastructures import QueryParams
from starlette.responses import RedirectResponse, Response

from console.bankdesk import Filled, Row, SignedDoor, read_form, rows_of
from console.bankfile import COUNTED, PATIENCE, Taking, read_file, taking
from console.engine import EngineDown
from console.guard import Actor, NotFound, Person, Posted, Reader, house_of, looked
from console.house import House
from console.rendering import page
from console.saying import End, with_word
from intake.answers import NotNow
from intake.bank.assigning import assign, ignore
from ledger.bank import WAITING
from ledger.bank_lines import KeptLine, LineState
from ledger.bank_views import candidates, line_counts
from ledger.lists import ROWS
from rules.refusals import Refused

router = APIRouter()
TABS: Final[Mapping[str, tuple[LineState, ...]]] = {
    "waiting": (*WAITING, LineState.POSTING),
    "posted": (LineState.POSTED,),
    "ignored": (LineState.IGNORED,),
}


@router.get("/bank")
async def lines(request: Request, person: Reader) -> Response:
    """The lines that wait for a person, one of them open; under their tabs those that were dealt with."""
    return await _shown(request, person, request.query_params.get("line", ""))


@router.post("/bank/import")
async def take(request: Request, person: Actor, form: Posted) -> Response:
    """Take a statement in: camt.053, or the bank's CSV. The same file twice posts nothing twice; a long one goes on by
    itself, and the page follows it."""
    house = house_of(request)
    try:
        file = Taking(house, person, await read_file(house, person, form))
        if not house.engine.up:
            raise EngineDown
        task = await file.begin()
        if not (await asyncio.wait({task}, timeout=PATIENCE))[0]:
            return RedirectResponse(f"/bank?taking={file.id}", 303)
        counts = task.result()
    except EngineDown:
        return await _shown(request, person, "", 503, not_sent=True)
    except NotNow:
        return RedirectResponse(with_word("/bank", End.PENDING), 303)
    except Refused as refused:
        creditor, account = (str(form.get(name, ""))[:64] for name in ("creditor", "account"))
        return await _shown(
            request, person, "", 422, refusal=refused.sentence, of_file=True, of_creditor=creditor, of_account=account
        )
    finally:
        await form.close()
    return RedirectResponse(f"/bank?took={'.'.join(str(counts[name]) for name in COUNTED)}", 303)


@router.post("/bank/{line_id}/assign")
async def give(request: Request, line_id: str, person: Actor, form: Posted) -> Response:
    """Give a line to the cases that the form names. The same form twice is heard once."""
    house = house_of(request)
    line = await _line(house, person, line_id)
    filled = await read_form(house, line, form)
    if filled.wrong:
        return await _shown(request, person, line_id, 422, filled=filled)
    return await _done(request, person, line, filled)


@router.post("/bank/{line_id}/ignore")
async def set_aside(request: Request, line_id: str, person: Actor, _form: Posted) -> Response:
    """The line pays no invoice."""
    return await _done(request, person, await _line(house_of(request), person, line_id), None)


async def _done(request: Request, person: Person, line: KeptLine, filled: Filled | None) -> Response:
    """Say it, to the cases of the parts or (None) to nobody; back to the lines that still wait."""
    house = house_of(request)
    shelf, door = house.ledger.bank, SignedDoor(house, person)
    try:
        if not house.engine.up:
            raise EngineDown
        if filled is None:
            await ignore(shelf, door, line)
        else:
            await assign(shelf, house.ledger.reads, door, line, filled.parts)
    except EngineDown:
        return await _shown(request, person, line.id, 503, filled=filled, not_sent=True)
    except NotNow:
        return RedirectResponse(with_word(f"/bank?line={line.id}", End.PENDING), 303)
    except Refused as refused:
        return await _shown(request, person, line.id, 422, filled=filled, refusal=refused.sentence)
    return RedirectResponse(with_word("/bank", End.DONE), 303)


async def _line(house: House, person: Person, line_id: str) -> KeptLine:
    found = await house.ledger.bank.line(line_id, person.creditors)
    if found is None:
        raise NotFound
    return found


async def _shown(
    request: Request, person: Person, line_id: str, status: int = 200, *, filled: Filled | None = None, **more: Any
) -> Response:
    house, asked = house_of(request), request.query_params
    shelf = house.ledger.bank
    await shelf.settle_confirmed(person.creditors)
    chosen = await _line(house, person, line_id) if line_id else None
    tab = _tab(asked.get("tab", ""), chosen)
    counts = await house.ledger.read(lambda connection: line_counts(connection, person.creditors))
    tabs = {name: sum(counts.get(state, 0) for state in states) for name, states in TABS.items()}
    number = _number(asked)
    found = await shelf.lines(person.creditors, TABS[tab], ROWS, (number - 1) * ROWS, newest=tab != "waiting")
    chosen = chosen or (found[0] if found else None)
    return await page(
        request, "bank.html", status, tab=tab, tabs=tabs, lines=found, chosen=chosen, number=number,
        pages=max(1, -(-tabs[tab] // ROWS)), accounts=await shelf.accounts(person.creditors),
        creditors=house.creditors, several=person.creditors is None or len(person.creditors) > 1,
        **await _opened(request, person, chosen, filled), took=_took(asked),
        taking=await taking(house, person, asked.get("taking", "")[:80]),
        **{"refusal": "", "not_sent": False, "of_file": False, "of_creditor": "", "of_account": ""} | more,
    )  # fmt: skip


async def _opened(request: Request, person: Person, chosen: KeptLine | None, filled: Filled | None) -> dict[str, Any]:
    """What the open line says, the cases it may be for, and its form."""
    if chosen is None:
        return {"likely": [], "rows": (), "filled": None}
    house = house_of(request)
    await looked(request, person, "bank_line", chosen.creditor, chosen.id)
    named = [*(part.case for part in chosen.parts), *chosen.proposed_to]
    if chosen.state in TABS["waiting"]:
        named += await house.ledger.read(lambda connection: candidates(connection, chosen))
    likely = [await house.ledger.reads.row(case) for case in dict.fromkeys(named)]
    rows: tuple[Row, ...] = (
        rows_of(chosen, request.query_params.get("case", "")[:200]) if filled is None else filled.rows
    )
    return {"likely": [row for row in likely if row is not None], "rows": rows, "filled": filled}


def _tab(asked: str, chosen: KeptLine | None) -> str:
    """The tab that was asked for; an open line stands under its own."""
    if chosen is not None:
        return next(name for name, states in TABS.items() if chosen.state in states)
    return asked if asked in TABS else "waiting"


def _took(asked: QueryParams) -> tuple[int, ...]:
    """What became of the lines of the file that was just taken, in the order of COUNTED; empty when none was."""
    said = asked.get("took", "")[:60].split(".")
    fits = len(said) == len(COUNTED) and all(text.isascii() and text.isdigit() for text in said)
    return tuple(int(text) for text in said) if fits else ()


def _number(asked: QueryParams) -> int:
    text = asked.get("page", "1")
    return min(max(1, int(text)), 100_000) if text.isascii() and text.isdigit() and len(text) < 7 else 1
