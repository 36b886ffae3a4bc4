"""The simulator: a ladder with other days or fewer steps, the open book played under both. Nothing is sent."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.responses import Response

from console.guard import Person, Reader, house_of
from console.house import House
from console.rendering import page
from console.simulation import LONGEST_WAIT, Change, Side, Stage, changed, may_go, moves, play
from ledger.lists import Wanted
from rules.case import Case
from rules.policy import Policy

router = APIRouter()
MOST: Final = 150
"""Open cases that are played, the largest first: what a page can wait for."""
SHOWN: Final = 40
WEEKS: Final = (4, 8, 12, 26)


@router.get("/simulator")
async def simulator(request: Request, person: Reader) -> Response:
    """Both ladders side by side; the change is in the address."""
    house, asked = house_of(request), request.query_params
    names = [policy.name for policy, _ in house.settings.policies().values()]
    name = asked["policy"] if asked.get("policy") in names else _usual(house, names)
    policy, _ = house.configuration.policy_named(name)
    change = _change(asked, policy)
    weeks = int(asked["weeks"]) if asked.get("weeks") in {str(n) for n in WEEKS} else WEEKS[2]
    shown: dict[str, Any] = {"sides": None}
    if asked.get("play"):
        cases, left_out = await _cases(house, person, policy)
        figures = await house.ledger.reports.by_rung(person.creditors, "EUR", house.today)
        stage = Stage(
            cases, house.creditors, house.configuration.tables(), house.now(), weeks, {f.step: f for f in figures}
        )
        sides = await run_in_threadpool(_both, stage, policy, change)
        shown |= {
            "sides": sides, "played_cases": len(cases), "left_out": left_out, "moved": moves(*sides, SHOWN),
            "steps": _steps(policy, sides), "figures": figures,
        }  # fmt: skip
    return await page(
        request, "simulator.html", names=names, policy=policy, change=change, weeks=weeks, choices=WEEKS,
        may_go=may_go, longest=LONGEST_WAIT, **shown,
    )  # fmt: skip


def _usual(house: House, names: list[str]) -> str:
    """The policy that most creditors follow."""
    followed = [creditor.policy for creditor in house.creditors.values() if creditor.policy in names]
    return max(set(followed), key=followed.count) if followed else names[0]


def _change(asked: QueryParams, policy: Policy) -> Change:
    """The days and the steps left out that the address asks for; what it cannot mean is as it was."""
    days, off = {}, set()
    for rung in policy.rung:
        text = asked.get(f"days_{rung.step}", "").strip().replace("−", "-")
        if text.lstrip("-").isascii() and text.lstrip("-").isdigit():
            least = -LONGEST_WAIT if not rung.when.follows_step else 0
            value = max(least, min(LONGEST_WAIT, int(text)))
            if value != rung.when.days:
                days[rung.step] = value
        if asked.get(f"off_{rung.step}") and may_go(rung):
            off.add(rung.step)
    return Change(days, frozenset(off))


async def _cases(house: House, person: Person, policy: Policy) -> tuple[list[Case], int]:
    """The open cases under that policy, the largest first, and how many of the book are left out."""
    wanted = Wanted(today=house.today, creditors=person.creditors, sort="-outstanding", rows=4 * MOST)
    found = await house.ledger.lists.page(wanted)
    mine = [row for row in found.rows if row.policy == policy.name][:MOST]
    read = [await house.ledger.reads.case(row.id) for row in mine]
    return [one.case for one in read if one is not None], found.count - len(mine)


def _both(stage: Stage, policy: Policy, change: Change) -> tuple[Side, Side]:
    return play(stage, policy), play(stage, changed(policy, change))


def _steps(policy: Policy, sides: tuple[Side, Side]) -> list[tuple[str, int, int]]:
    """How many letters of each step on both sides, in the order of the ladder."""
    before, after = sides
    order = [rung.step for rung in policy.rung]
    others = sorted({*before.by_step, *after.by_step} - set(order))
    steps = [step for step in [*order, *others] if before.by_step.get(step) or after.by_step.get(step)]
    return [(step, before.by_step.get(step, 0), after.by_step.get(step, 0)) for step in steps]
