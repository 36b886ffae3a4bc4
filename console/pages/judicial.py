"""Judicial files: the route and its reasons, what is missing, the file to take away, the clocks that run."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.casefile import case_row
from console.courtroom import archive_of, court_of, dockets
from console.guard import NotFound, Reader, house_of, looked
from console.rendering import page
from letters.store import safe_name

router = APIRouter()


@router.get("/judicial")
async def list_of_files(request: Request, person: Reader) -> Response:
    """The cases on their way to a judge, the nearest deadline first."""
    return await page(request, "dockets.html", dockets=await dockets(house_of(request), person))


@router.get("/judicial/{case_id:path}/file/{position}")
async def download(request: Request, case_id: str, position: int, person: Reader) -> Response:
    """The file as it was prepared, zipped."""
    house = house_of(request)
    row = await case_row(house, person, case_id)
    recorded = await house.ledger.reads.case(case_id)
    if recorded is None:
        raise NotFound
    content = await archive_of(house, recorded, position)
    await looked(request, person, "file", row.creditor, f"{case_id}#{position}")
    name = safe_name(f"dossier-{row.number}-{position}.zip")
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/zip", headers=headers)


@router.get("/judicial/{case_id:path}")
async def show(request: Request, case_id: str, person: Reader) -> Response:
    """The judicial side of a case."""
    house = house_of(request)
    row = await case_row(house, person, case_id)
    recorded = await house.ledger.reads.case(case_id)
    if recorded is None:
        raise NotFound
    await looked(request, person, "case", row.creditor, case_id)
    court = await court_of(house, recorded)
    places = {event.id: place for place, event in enumerate(recorded.events, 1)}
    return await page(request, "court.html", row=row, case=recorded.case, court=court, places=places)
