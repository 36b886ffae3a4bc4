"""``deadline``: the end of a procedural time limit, or of a private one."""

import argparse

from commands.arguments import Commands
from commands.law_values import NOTICE, facts_grid, new_command, whole
from commands.output import console, say_json
from rules.law import time_limit
from rules.law.days import parse_day
from rules.law.wording import french
from rules.refusals import Refused

_EXAMPLE = "--from 2026-10-14 --months 1"


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = new_command(commands, "deadline", "the end of a procedural time limit, or of a private one", _EXAMPLE)
    parser.add_argument("--from", dest="from_on", metavar="D", required=True, help="day of the act, not counted")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--days", metavar="N", help="length in days")
    length.add_argument("--months", metavar="N", help="length in months")
    length.add_argument("--years", metavar="N", help="length in years")
    parser.add_argument("--region", metavar="R", default="FR", help="public holidays of: FR, FR-57, FR-971 …")
    parser.add_argument("--private", action="store_true", help="a private term or limitation: no extension")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compute, print, answer 0."""
    if not args.region.startswith("FR"):
        raise Refused(f"--region: « {args.region} » is not a region of France; write FR, FR-57, FR-971 …")
    found = time_limit(
        parse_day(args.from_on, field="--from"),
        days=whole(args.days, "--days") or 0,
        months=whole(args.months, "--months") or 0,
        years=whole(args.years, "--years") or 0,
        region=args.region,
        private=args.private,
    )
    if args.json:
        say_json(found.model_dump(mode="json"))
        return 0
    out = console()
    rows = [("Terme", french(found.theoretical)), ("Expire le", f"{french(found.expires_on)} à minuit")]
    if found.safe_on != found.theoretical:
        rows.append(("Par prudence", f"agir au plus tard le {french(found.safe_on)}, dernier jour ouvré"))
    out.print(facts_grid([*rows, ("Articles", found.article)]))
    out.print(f"[dim]{NOTICE}[/dim]")
    return 0
