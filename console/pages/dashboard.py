"""The dashboard."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.dashboard import boards
from console.guard import Reader, house_of
from console.rendering import page
from ledger.lists import Wanted

router = APIRouter()
CALLS = 8


@router.get("/")
async def dashboard(request: Request, person: Reader) -> Response:
    """Figures from the sums, and what is to be done today."""
    ledger, today = house_of(request).ledger, house_of(request).today
    day, figures = await ledger.figures.read(person.creditors)
    wanted = Wanted(today=today, creditors=person.creditors, rows=CALLS)
    calls = (await ledger.worklist.page(wanted, "call", counted=False)).tasks
    counts = await ledger.worklist.counts(person.creditors)
    return await page(
        request,
        "dashboard.html",
        boards=boards(figures, day or today),
        day=day or today,
        calls=calls[:CALLS],
        calls_waiting=counts.get("call", 0),
        counts=counts,
    )
