"""``list`` and ``tasks``: cases by stage, debtor, creditor and next date; what people have to do."""

from argparse import Namespace
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from commands.arguments import Commands, a_count, a_day, add_command, add_json
from commands.output import console, counted, day, moment, money, say, say_json, stage, table
from commands.running import run_async
from rules.case import Stage
from rules.decision import SHARED
from settings import Settings, read_settings

if TYPE_CHECKING:
    from commands.office import Shelf
    from ledger.reads import CaseRow

LIST_KEYS = (
    "id", "creditor", "debtor", "name", "number", "currency", "stage", "outcome", "suspended_by", "suspended_until",
    "next_step", "next_at", "because", "total", "principal", "outstanding", "recovered", "due_on", "opened_on",
    "closed_on", "limitation_on", "policy", "tasks",
)  # fmt: skip
TASK_KEYS = ("case", "creditor", "debtor", "name", "number", "id", "kind", "due_on", "summary", "owner")
PAGE = 500


def add(commands: Commands) -> None:
    """Declare both commands."""
    cases = add_command(
        commands,
        "list",
        "cases by stage, debtor, creditor and next date",
        "starter.py list --stage amicable --next-before 2026-03-15",
    )
    cases.add_argument("--stage", choices=[str(one) for one in Stage], help="only those at this stage")
    cases.add_argument("--debtor", metavar="ID", help="only those of this customer number")
    cases.add_argument(
        "--next-before", metavar="D", type=a_day, help="only those whose next step comes before that day"
    )
    _add_common(cases)
    cases.set_defaults(run=run_list)
    tasks = add_command(
        commands, "tasks", "what people have to do, the most urgent first", "starter.py tasks --owner manager"
    )
    tasks.add_argument("--kind", metavar="KIND", help="only those of this kind, such as call or approve")
    tasks.add_argument("--owner", metavar="WHO", help="only those of this role or person")
    tasks.add_argument("--due-before", metavar="D", type=a_day, help="only those due before that day")
    _add_common(tasks)
    tasks.set_defaults(run=run_tasks)


def _add_common(parser: Any) -> None:
    parser.add_argument("--creditor", metavar="KEY", help="only those of this creditor")
    parser.add_argument("--limit", metavar="N", type=a_count, default=100, help="at most so many (default: 100)")
    add_json(parser)


def run_list(args: Namespace) -> int:
    """Print the cases that match."""
    return run_async(_list(args, read_settings()))


async def _list(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    before = args.next_before
    wanted = office.CaseFilter(
        stage=Stage(args.stage) if args.stage else None,
        creditor=args.creditor,
        debtor=args.debtor,
        next_before=None if before is None else datetime(before.year, before.month, before.day, tzinfo=UTC),
        limit=args.limit + 1,
    )
    async with office.open_shelf(settings) as shelf:
        rows = await shelf.reads.cases(wanted)
    more, rows = len(rows) > args.limit, rows[: args.limit]
    if args.json:
        say_json([listed(row) for row in rows])
        return 0
    columns = ("number", "debtor", "stage", "due", "outstanding", "next", "at")
    shown = table(*columns, right=("outstanding",), whole=("number", "stage", "due", "next", "at"))
    for row in rows:
        shown.add_row(*_cells(row))
    console().print(shown)
    say(f"{counted(len(rows), 'case')}{', and more: raise --limit' if more else ''}.")
    return 0


def listed(row: "CaseRow") -> dict[str, Any]:
    """A case as ``list --json`` has it."""
    data = row.model_dump(mode="json")
    return {key: data[key] for key in LIST_KEYS}


def _cells(row: "CaseRow") -> tuple[Any, ...]:
    paused = f"paused: {row.suspended_by}" if row.suspended_by else None
    return (
        row.number,
        row.name,
        stage(row.stage, row.outcome),
        day(row.due_on),
        money(row.outstanding, row.currency),
        paused or row.next_step or "–",
        moment(row.next_at),
    )


def run_tasks(args: Namespace) -> int:
    """Print the open tasks that match."""
    return run_async(_tasks(args, read_settings()))


async def _tasks(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        found = _once([task async for task in _all_tasks(shelf, args.creditor) if _wanted(task, args)])
    found.sort(key=lambda task: (task["due_on"], task["case"], task["id"]))
    more, found = len(found) - args.limit, found[: args.limit]
    if args.json:
        say_json(found)
        return 0
    shown = table("due", "task", "invoice", "debtor", "what", "who", whole=("due", "task", "invoice", "who"))
    for task in found:
        due = day(date.fromisoformat(task["due_on"]))
        shown.add_row(due, task["kind"], task["number"], task["name"], task["summary"], task["owner"])
    console().print(shown)
    say(f"{counted(len(found), 'task')}{f', and {more} more: raise --limit' if more > 0 else ''}.")
    return 0


async def _all_tasks(shelf: "Shelf", creditor: str | None) -> AsyncIterator[dict[str, Any]]:
    """The tasks of every case, as the last decision of each has them."""
    offset = 0
    while page := await shelf.reads.tasks(creditor=creditor, limit=PAGE, offset=offset):
        offset += PAGE
        for row, task in ((entry.case, entry.task) for entry in page):
            head = {"case": row.id, "creditor": row.creditor, "debtor": row.debtor, "name": row.name}
            data = {**head, "number": row.number, **task.model_dump(mode="json")}
            yield {key: data[key] for key in TASK_KEYS}


def _once(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A missing rate or bank statement is one task for the whole book, whichever cases wait for it."""
    kept: dict[str, dict[str, Any]] = {}
    for task in found:
        shared = task["kind"] in SHARED
        kept.setdefault(task["id"] if shared else f"{task['case']} {task['id']}", task)
    return list(kept.values())


def _wanted(task: dict[str, Any], args: Namespace) -> bool:
    return (
        (args.kind is None or task["kind"] == args.kind)
        and (args.owner is None or task["owner"] == args.owner)
        and (args.due_before is None or task["due_on"] < args.due_before.isoformat())
    )
