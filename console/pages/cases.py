"""The list of cases: search, filters and sort in the address, saved views, export."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console import words
from console.guard import Person, Posted, Reader, house_of, looked
from console.rendering import page
from ledger.accounts import views_of
from ledger.lists import AGES, ROWS, SORTS, VIEWS, Wanted
from letters.tray_folder import neutral

router = APIRouter()
EXPORTED = 50_000
KEYS = ("q", "view", "state", "creditor", "age", "sort")
COLUMNS = (
    "number", "debtor", "name", "creditor", "state", "due_on", "currency", "total", "principal", "outstanding",
    "next_step", "next_at", "id",
)  # fmt: skip


def wanted_of(request: Request, person: Person, *, rows: int = ROWS) -> Wanted:
    """What the address asks for; what it does not know counts as not asked."""
    asked = request.query_params
    sort = asked.get("sort", "next_at")
    number = asked.get("page", "1")
    return Wanted(
        today=house_of(request).today,
        creditors=person.creditors,
        q=asked.get("q", "").strip()[:80],
        view=asked["view"] if asked.get("view") in VIEWS else ("all" if asked.get("q") else "open"),
        state=asked.get("state", "")[:60],
        creditor=asked.get("creditor", "")[:60],
        age=asked["age"] if asked.get("age") in AGES else "",
        sort=sort if sort.removeprefix("-") in SORTS else "next_at",
        page=int(number) if number.isascii() and number.isdigit() and 0 < int(number) < 10_000 else 1,
        rows=rows,
    )


def link_to(wanted: Wanted, **changes: Any) -> str:
    """The address of the list with some of it changed; what is as by default is left out."""
    values = {name: getattr(wanted, name) for name in KEYS} | changes
    default = {"view": "open", "sort": "next_at"}
    kept = {name: value for name, value in values.items() if value and str(value) != default.get(name)}
    return "/cases" + (f"?{urlencode(kept)}" if kept else "")


@router.get("/cases")
async def list_of_cases(request: Request, person: Reader) -> Response:
    """A page of the list."""
    house = house_of(request)
    wanted = wanted_of(request, person)
    # One read for both: a turn in a thread, or a way over the wire, costs more than what the second asks.
    found, kept = await house.ledger.read(
        lambda connection: (house.ledger.lists.page_of(connection, wanted), views_of(connection, person.login))
    )
    if wanted.q and found.count == 1 and request.query_params.get("go"):
        return RedirectResponse(f"/cases/{found.rows[0].id}", 303)
    return await page(
        request,
        "cases.html",
        wanted=wanted,
        found=found,
        pages=max(1, -(-found.count // ROWS)),
        link=lambda **changes: link_to(wanted, **changes),
        views=VIEWS,
        states=tuple(dict.fromkeys((*words.RAMP, *words.STATES))),
        ages=AGES,
        creditors=sorted(key for key in house.creditors if person.sees(key)),
        kept=kept,
    )


@router.get("/cases.csv")
async def export(request: Request, person: Reader) -> Response:
    """The list as a file; cells that a spreadsheet would compute are neutralised."""
    wanted = wanted_of(request, person, rows=EXPORTED)
    found = await house_of(request).ledger.lists.page(wanted.model_copy(update={"page": 1}))
    # What was searched for is often a name, and the ledger keeps none in clear.
    await looked(request, person, "export", wanted.creditor, link_to(wanted, q="…" if wanted.q else ""))
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";")
    writer.writerow(COLUMNS)
    for row in found.rows:
        writer.writerow([neutral(_cell(getattr(row, name))) for name in COLUMNS])
    headers = {"content-disposition": f'attachment; filename="dossiers-{wanted.today}.csv"'}
    return Response("\ufeff" + sheet.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


@router.post("/views")
async def keep_view(request: Request, person: Reader, form: Posted) -> Response:
    """Keep a view of the list under a name, or remove it."""
    name, query = str(form.get("name", "")).strip()[:40], str(form.get("query", ""))[:500]
    if name:
        await house_of(request).ledger.accounts.keep_view(person.login, name, query.lstrip("?"))
    return RedirectResponse("/cases" + (f"?{query.lstrip('?')}" if query else ""), 303)
