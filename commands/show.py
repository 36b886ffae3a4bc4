"""``show``: one case, from the ledger; one that was started a moment ago, from the engine."""

from argparse import Namespace
from collections.abc import Sequence

from commands.arguments import Commands, add_command, add_json
from commands.case_file import case_file
from commands.output import console, say_json
from commands.running import run_async
from rules.case import Case
from rules.events import Event
from settings import Settings, read_settings


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands, "show", "one case: where it stands, what comes next and why", "starter.py show F-2026-0042 --json"
    )
    parser.add_argument("case", metavar="CASE", help="the case's id or its invoice number")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Print the case."""
    return run_async(_show(args, read_settings()))


async def _show(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    case: Case | None = None
    events: Sequence[Event] = ()
    async with office.open_shelf(settings) as shelf:
        case_id = await shelf.resolve(args.case)
        recorded = await shelf.reads.case(case_id)
        view = None if recorded is None else office.view_of(recorded)
        if recorded is not None:
            case, events = recorded.case, await shelf.reads.case_events(case_id)
    if view is None:
        view = await office.ask_engine(settings, case_id)
    if args.json:
        say_json(view)
    else:
        console().print(case_file(view, case, events))
    return 0
