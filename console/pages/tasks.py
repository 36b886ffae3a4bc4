"""What people have to do: calls, approvals, letters to post, replies to read."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console import words
from console.guard import Reader, house_of
from console.pages.cases import wanted_of
from console.rendering import page
from ledger.lists import ROWS

router = APIRouter()


@router.get("/tasks")
async def list_of_tasks(request: Request, person: Reader) -> Response:
    """A page of the tasks, the most urgent first."""
    house = house_of(request)
    kind = request.query_params.get("kind", "")
    kind = kind if kind in words.TASKS else ""
    wanted = wanted_of(request, person)
    found, cases = await house.ledger.lists.tasks(wanted, kind=kind)
    return await page(
        request,
        "tasks.html",
        tasks=found,
        kind=kind,
        cases=cases,
        number=wanted.page,
        pages=max(1, -(-cases // ROWS)),
        counts=await house.ledger.lists.task_counts(person.creditors),
    )
