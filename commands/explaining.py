"""``why``: the facts, the rules, the articles and the policy lines behind a step taken, or not taken, on a day."""

from argparse import Namespace

from commands.arguments import Commands, a_day, add_command, add_json
from commands.output import complain, console, say_json
from commands.running import run_async
from settings import Settings, read_settings


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "why",
        "why a case stands where it stands, and why a letter left or did not leave on a day",
        "starter.py why F-2026-0042 --at 2026-03-06",
        more="Shows what was decided then, as it was recorded: each question the rules asked, in order, what the facts "
        "answered, the article of law and the line of the policy. Without --at: the last act, and what is next.",
    )
    parser.add_argument("case", metavar="CASE", help="the case's id or its invoice number")
    parser.add_argument("--at", metavar="DATE", type=a_day, help="the day to explain, to its end (default: now)")
    parser.add_argument("--archive", action="store_true", help="ask no server: the archive and the ledger alone")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Explain."""
    return run_async(_why(args, read_settings()))


async def _why(args: Namespace, settings: Settings) -> int:
    from audit.office import auditor  # noqa: PLC0415 - slow to load
    from audit.why import why  # noqa: PLC0415 - slow to load
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        case_id = await shelf.resolve(args.case)
    client = None if args.archive else await office.client_if_there(settings)
    if client is None and not args.archive:
        complain("Temporal does not answer: from the archive and the ledger alone.")
    async with auditor(settings, client) as one:
        found = why(*await one.gathered(case_id), on=args.at, now=office.now(settings))
    if args.json:
        say_json(found)
    else:
        from commands.why_view import why_view  # noqa: PLC0415 - only when people read

        console().print(why_view(found))
    return 0
