"""``deadline``: the end of a procedural time limit, or of a private one."""

import argparse

from commands.law_values import NOTICE, facts_grid, new_command, whole
from commands.output import console, say_json
from rules.law import time_limit
from rules.law.days import parse_day
from rules.law.wording import french


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = new_command(commands, "deadline", "la fin d'un délai de procédure, ou d'un délai privé")
    parser.add_argument("--from", dest="from_on", metavar="D", required=True, help="jour de l'acte, qui ne compte pas")
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--days", metavar="N", help="délai en jours")
    length.add_argument("--months", metavar="N", help="délai en mois")
    length.add_argument("--years", metavar="N", help="délai en années")
    parser.add_argument("--region", metavar="R", default="FR", help="jours fériés : FR, FR-57, FR-971 …")
    parser.add_argument("--private", action="store_true", help="délai privé ou prescription : sans prorogation")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compute, print, answer 0."""
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
