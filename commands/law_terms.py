"""``terms``: when an invoice falls due, and whether the law allows it."""

import argparse

from commands.law_values import NOTICE, day, facts_grid, new_command, remarks, tables_in_force, whole
from commands.output import console, say_json
from rules.law import TermFacts, payment_terms
from rules.law.days import parse_day
from rules.law.wording import french
from rules.refusals import Refused


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = new_command(commands, "terms", "l'échéance d'une facture et le plafond légal")
    parser.add_argument("--issued", metavar="D", required=True, help="date de la facture")
    parser.add_argument("--received", metavar="D", help="réception des marchandises ou exécution du service")
    parser.add_argument("--days", metavar="N", help="délai convenu, en jours depuis la facture")
    parser.add_argument("--end-of-month", metavar="N", help="délai convenu « N jours fin de mois »")
    parser.add_argument("--method", metavar="before|after", help="jours puis fin de mois, ou fin de mois puis jours")
    parser.add_argument("--sector", metavar="S", help="secteur d'activité ; un nom inconnu donne la liste")
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
