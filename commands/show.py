"""``show``: one case, from the ledger; one that was started a moment ago, from the engine."""

from argparse import Namespace
from collections.abc import Sequence

from commands.arguments import Commands, add_command, add_json
from commands.case_file import case_file
from commands.office import Shelf, open_shelf, view_of
from commands.output import complain, console, say_json
from commands.running import run_async
from rules.case import Case
from rules.events import Event
from rules.refusals import Refused
from rules.view import CaseView
from settings import Settings, read_settings
from workflows.contracts import QUERY_CASE


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
    async with open_shelf(settings) as shelf:
        case_id = await shelf.resolve(args.case)
        view, case, events = await _from_ledger(shelf, case_id)
    if view is None:
        view = await _from_engine(settings, case_id)
    if args.json:
        say_json(view)
    else:
        console().print(case_file(view, case, events))
    return 0


async def _from_ledger(shelf: Shelf, case_id: str) -> tuple[CaseView | None, Case | None, Sequence[Event]]:
    recorded = await shelf.reads.case(case_id)
    if recorded is None:
        return None, None, ()
    return view_of(recorded), recorded.case, await shelf.reads.case_events(case_id)


async def _from_engine(settings: Settings, case_id: str) -> CaseView:
    from temporalio.service import RPCError, RPCStatusCode

    from connection import COMMAND_PATIENCE, connect

    client = await connect(settings, patience=COMMAND_PATIENCE, say=complain)
    try:
        view: CaseView = await client.get_workflow_handle(case_id).query(
            QUERY_CASE, result_type=CaseView, rpc_timeout=COMMAND_PATIENCE
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise Refused(f"{case_id} is not a case: neither the ledger nor Temporal knows it.") from None
        raise
    return view
