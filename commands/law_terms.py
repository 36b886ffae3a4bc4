"""``terms``: when an invoice falls due, and whether the law allows it."""

import argparse

from commands.arguments import Commands
from commands.law_values import NOTICE, day, facts_grid, new_command, remarks, tables_in_force, whole
from commands.output import console, say_json
from rules.law import TermFacts, payment_terms
from rules.law.days import parse_day
from rules.law.wording import french
from rules.refusals import Refused

_EXAMPLE = "--issued 2026-01-02 --end-of-month 45 --method after"


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = new_command(commands, "terms", "when an invoice falls due, and the latest day the law allows", _EXAMPLE)
    parser.add_argument("--issued", metavar="D", required=True, help="date of the invoice")
    parser.add_argument("--received", metavar="D", help="goods received or service performed")
    parser.add_argument("--days", metavar="N", help="agreed term, days from the invoice")
    parser.add_argument("--end-of-month", metavar="N", help="agreed term, « N jours fin de mois »")
    parser.add_argument("--method", metavar="before|after", help="days then end of month, or end of month then days")
    parser.add_argument("--sector", metavar="S", help="trade sector; an unknown name gives the list")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compute, print, answer 0."""
    if args.method not in {None, "before", "after"}:
        raise Refused(f"--method: « {args.method} » is not known; write before or after.")
    facts = TermFacts(
        issued_on=parse_day(args.issued, field="--issued"),
        received_on=day(args.received, "--received"),
        days=whole(args.days, "--days"),
        end_of_month_days=whole(args.end_of_month, "--end-of-month"),
        method=args.method,
        sector=args.sector,
    )
    found = payment_terms(facts, tables_in_force())
    if args.json:
        say_json(found.model_dump(mode="json"))
        return 0
    out = console()
    out.print(
        facts_grid(
            [
                ("Échéance", french(found.due_on) + (" (délai légal supplétif)" if found.default else "")),
                ("À défaut d'accord", french(found.default_on)),
                ("Plafond", f"{french(found.cap_on)} ({found.label}, {found.article})"),
                ("Permis", "oui" if found.allowed else "non"),
            ]
        )
    )
    remarks(out, [warning.text for warning in found.warnings])
    out.print(f"[dim]{NOTICE}[/dim]")
    return 0
