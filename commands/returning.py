"""``returned``: what a collection agency, an avocat or a commissaire de justice reports of the cases it holds."""

from argparse import Namespace
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from commands.arguments import Commands, add_command, add_json, any_readable
from commands.output import complain, console, counted, say_json, table
from commands.running import run_async
from intake.lines import Rejected
from intake.returned import Reported, read_returned
from rules import events as e
from rules.admit import admit
from rules.holder_sheet import AFTER_THE_RETURN
from rules.reading import parse_command
from rules.refusals import Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from commands.office import Shelf
    from intake.door import Door
    from ledger.reads import Recorded

ENTERED, KNOWN, WOULD = "entered", "already known", "would be entered"


@dataclass(frozen=True)
class Outcome:
    """What became of a line; ``refused``: why it was not entered."""

    line: int
    case: str
    kind: str
    state: str
    refused: str | None = None


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "returned",
        "read back retour.csv: what whoever holds a case reports of it",
        "starter.py returned F-2026-0042-retour.csv --dry-run",
        more="Payments, agreements, disputes, acts, costs, and the return of the case; the columns are in "
        "docs/judicial.md. Each line is entered, or refused with its reason; the same line again is heard once.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="the sheet that « export --to » wrote")
    parser.add_argument("--dry-run", action="store_true", help="say what would become of each line, enter nothing")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read, enter, tell; the exit status is 1 when a line was refused."""
    return run_async(_run(args, read_settings()))


async def _run(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    outcomes: list[Outcome] = []
    wrong: list[Rejected] = []
    async with office.open_shelf(settings) as shelf:
        silent = args.dry_run or not any_readable(args.files)
        door = None if silent else await office.open_door(settings, shelf, via="file")
        for path in args.files:
            for found in _lines(path):
                if isinstance(found, Rejected):
                    wrong.append(found)
                else:
                    outcomes.append(await _enter(found, settings, shelf, door))
    return _told(args, outcomes, wrong)


def _lines(path: Path) -> list[Reported | Rejected]:
    try:
        with path.open("rb") as stream:
            return list(read_returned(stream, str(path)))
    except OSError as error:
        return [Rejected(str(path), 1, "file", f"cannot be read: {error.strerror}")]


async def _enter(found: Reported, settings: Settings, shelf: "Shelf", door: "Door | None") -> Outcome:
    case_id = found.case
    try:
        case_id = await shelf.resolve(found.case)
        recorded = await shelf.recorded(case_id)
        if any(event.id == found.id for event in recorded.events):
            return Outcome(found.line, case_id, found.kind, KNOWN)
        body = {**found.body, "by": _holder(found, recorded)}
        if door is None:
            await _check(found, body, recorded, settings, shelf)
            return Outcome(found.line, case_id, found.kind, WOULD)
        await door.submit(case_id, body, found.id)
    except Refused as refused:
        return Outcome(found.line, case_id, found.kind, "refused", refused.sentence)
    return Outcome(found.line, case_id, found.kind, ENTERED)


def _holder(found: Reported, recorded: "Recorded") -> str:
    """Who reports it; raises Refused for another invoice than the case's, and for a case that it does not hold."""
    case = recorded.case
    if found.number and found.number != case.invoice.number:
        raise Refused(f"Facture: {case.id} is invoice {case.invoice.number}, and not {found.number}.")
    given = [event for event in recorded.events if isinstance(event, e.HandedOver)]
    if not given:
        raise Refused(f"{case.id} was never handed over; say it with « signal {case.invoice.number} {found.kind} ».")
    if case.handed is None and found.kind not in AFTER_THE_RETURN:
        raise Refused(f"{case.id} is the creditor's own again: of {given[-1].to} only money, costs and notes come in.")
    return given[-1].to


async def _check(
    found: Reported, body: dict[str, object], recorded: "Recorded", settings: Settings, shelf: "Shelf"
) -> None:
    """Whether the case would take it as it stands; raises Refused as the case itself does."""
    from commands import office  # noqa: PLC0415 - slow to load: see there

    context = await office.context_of(settings, shelf, recorded.case)
    now = max(office.now(settings), recorded.case.last_at)
    admit(recorded.case, parse_command(found.kind, body), context, now, said_id=found.id, door="update")


def _told(args: Namespace, outcomes: list[Outcome], wrong: list[Rejected]) -> int:
    refused = len(wrong) + sum(one.refused is not None for one in outcomes)
    if args.json:
        lines = [asdict(one) for one in outcomes]
        lines += [{"line": one.line, "state": "refused", "refused": one.sentence} for one in wrong]
        say_json({"dry_run": args.dry_run, "refused": refused, "lines": lines})
        return 1 if refused else 0
    for bad in wrong:
        complain(bad.sentence)
    rows = table("line", "case", "event", "what became of it", right=("line",))
    for one in outcomes:
        rows.add_row(str(one.line), one.case, one.kind, one.refused or one.state)
    console().print(rows)
    console().print(f"{counted(len(outcomes) + len(wrong), 'line')}, {refused} refused.")
    return 1 if refused else 0
