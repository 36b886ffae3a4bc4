"""What people have to do: the list of all of it, and a bench for each kind, the case's matter beside its forms."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from console import words
from console.actions import Action, for_case
from console.casefile import CaseFile, case_file
from console.forms import action_named
from console.guard import NotFound, Person, Reader, house_of, looked
from console.house import House
from console.letterview import Draft, draft
from console.pages.case import context
from console.pages.cases import wanted_of
from console.rendering import page
from console.saying import new_id
from ledger.reads import OpenTask
from rules.case import StepOutcome
from rules.decision import SHARED, Task
from rules.refusals import Refused

router = APIRouter()

ANSWERS: Final = {
    "call": ("call_outcome",),
    "sms": ("call_outcome",),
    "approve": ("approve", "approve_file", "decline"),
    "check_address": ("contact_changed", "resume", "hold"),
    "debtor_kind": ("debtor_kind", "task_done"),
    "find_contact": ("contact_changed", "hold"),
    "fix_contact": ("contact_changed", "task_done"),
    "fix_phone": ("contact_changed", "task_done"),
    "answer_dispute": ("dispute_settled", "credit_note", "note"),
    "code_reply": ("promise", "dispute", "payment_plan", "resume", "task_done"),
    "post_letter": ("letter_posted",),
    "delivery_news": ("letter_delivered", "letter_returned"),
    "review_hold": ("resume", "hold"),
    "plan_missed": ("paid", "note"),
    "in_doubt": ("in_doubt",),
    "grant": ("grant", "note"),
    "lodge_file": ("judicial_event", "recall"),
    "do_not_lodge": ("recall", "task_done"),
    "follow_hand_over": ("recall", "note"),
    **dict.fromkeys(
        (
            "follow_court",
            "serve_order",
            "serve_decision",
            "ask_certificate",
            "ask_title",
            "order_lapsed",
            "hearing",
            "declare_claim",
            "foreclosure_relief",
            "follow_relief",
        ),
        ("judicial_event", "task_done"),
    ),
    "decide": ("hold", "settlement", "write_off", "approve"),
    "refund": ("credit_note", "task_done"),
    "claim_accessories": ("note", "task_done"),
}
"""What answers a task of a kind; any other is said done."""


@router.get("/tasks")
async def list_of_tasks(request: Request, person: Reader) -> Response:
    """A page of the tasks, the most urgent first."""
    house = house_of(request)
    wanted = wanted_of(request, person)
    kind = request.query_params.get("kind", "")
    if kind.isascii() and kind.replace("_", "").isalnum():
        return RedirectResponse(f"/tasks/{kind}", 303)
    work = await house.ledger.worklist.page(wanted)
    return await page(
        request,
        "tasks.html",
        work=work,
        number=wanted.page,
        shared=SHARED,
        counts=await house.ledger.worklist.counts(person.creditors),
    )


@router.get("/tasks/{kind}")
async def bench(request: Request, kind: str, person: Reader) -> Response:
    """The tasks of a kind, one of them open: what it is about, and what answers it; of one that is shared, the cases
    that wait for it."""
    house, wanted = house_of(request), wanted_of(request, person)
    counts = await house.ledger.worklist.counts(person.creditors)
    if kind not in words.TASKS and kind not in counts:
        raise NotFound
    work = await house.ledger.worklist.page(wanted, kind)
    around: dict[str, Any] = {"kind": kind, "work": work, "number": wanted.page, "counts": counts}
    if kind in SHARED:
        tasks = [one for one in await house.ledger.worklist.shared(wanted) if one.task.kind == kind]
        return await page(request, "waiting.html", tasks=tasks, asked=wanted.creditor, **around)
    chosen = _chosen(work.tasks, request.query_params.get("case", ""))
    shown: dict[str, Any] = {"file": None}
    if chosen is not None:
        shown = await _opened(request, person, chosen, _after(work.tasks, chosen))
    return await page(request, "bench.html", chosen=chosen, **around, **shown)


def _chosen(found: list[OpenTask], case_id: str) -> OpenTask | None:
    return next((one for one in found if one.case.id == case_id), found[0] if found else None)


def _after(found: list[OpenTask], chosen: OpenTask) -> OpenTask | None:
    """The task to go on with once this one is answered."""
    others = [one for one in found if one.case.id != chosen.case.id]
    place = found.index(chosen)
    later = [one for one in found[place + 1 :] if one.case.id != chosen.case.id]
    return later[0] if later else (others[0] if others else None)


async def _opened(request: Request, person: Person, task: OpenTask, following: OpenTask | None) -> dict[str, Any]:
    house = house_of(request)
    file = await case_file(house, person, task.case.id)
    await looked(request, person, "case", file.row.creditor, task.case.id)
    matter, refusal = await _matter(house, file, task)
    return {
        **context(request, file), "actions": _answers(file, task.task), "following": following,
        "matter": matter, "refusal": refusal, "request_id": new_id(), "returned": _returned(file), "filled": None,
    }  # fmt: skip


def _answers(file: CaseFile, task: Task) -> list[Action]:
    """The forms that answer the task, among those the person may send."""
    wanted = ANSWERS.get(task.kind, ("task_done", "note"))
    offered = {action.name: action for action in file.actions}
    done = action_named("task_done")
    if done is not None and "task_done" in offered:
        offered["task_done"] = for_case(done, file.case, task)
    return [offered[name] for name in wanted if name in offered]


async def _matter(house: House, file: CaseFile, task: OpenTask) -> tuple[Draft | None, str]:
    """The letter to approve, the words of the call; with the refusal when it cannot be written."""
    case = file.case
    step = None
    if task.task.kind == "approve" and case.approval is not None and case.approval.route is None:
        step = case.approval.step
    elif task.task.kind in ("call", "sms") and case.call is not None:
        step = case.call.step
    if step is None:
        return None, ""
    try:
        return await draft(house, case, step), ""
    except Refused as refused:
        return None, refused.sentence


def _returned(file: CaseFile) -> Any:
    """The letter that came back last, of which an address is to be found."""
    back = [step for step in file.case.steps if step.outcome is StepOutcome.RETURNED]
    return back[-1] if back else None
