"""``limitation``: the last useful day of a claim, and what interrupted it."""

import argparse

from rich.console import Console

from commands.arguments import Commands
from commands.law_values import (
    NOTICE,
    day,
    facts_grid,
    grid,
    kind,
    new_command,
    one_of,
    remarks,
    several,
    tables_in_force,
    today,
)
from commands.output import console, say_json
from rules.law import (
    ClaimKind,
    DebtorKind,
    Limitation,
    LimitationEvent,
    LimitationFacts,
    limitation,
)
from rules.law.days import parse_day
from rules.law.interruptions import KINDS
from rules.law.wording import french
from rules.refusals import Code, Refused

_EXAMPLE = "--due 2021-11-30 --event 2024-05-06:payment"


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = new_command(commands, "limitation", "the last useful day of a claim, and what interrupted it", _EXAMPLE)
    parser.add_argument("--due", metavar="D", required=True, help="due date")
    parser.add_argument("--performed", metavar="D", help="goods delivered or service performed")
    parser.add_argument("--debtor", metavar="KIND", default="business", help=one_of(DebtorKind))
    parser.add_argument("--claim", metavar="KIND", default="services", help=one_of(ClaimKind))
    parser.add_argument("--no-term", action="store_true", help="no due date had been agreed: it was computed")
    several(parser, "--event", "D:KIND", f"something that happened: {', '.join(KINDS)}")
    parser.add_argument("--as-of", metavar="D", help="the day of the question (default: today)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compute, print, answer 0."""
    facts = LimitationFacts(
        due_on=parse_day(args.due, field="--due"),
        performed_on=day(args.performed, "--performed"),
        debtor_kind=kind(args.debtor, DebtorKind, "--debtor"),
        claim=kind(args.claim, ClaimKind, "--claim"),
        events=tuple(_event(text) for text in args.event),
        as_of=day(args.as_of, "--as-of") or today(),
        term_agreed=not args.no_term,
    )
    found = limitation(facts, tables_in_force())
    if args.json:
        say_json(found.model_dump(mode="json"))
    else:
        show(found, console())
    return 0


def _event(text: str) -> LimitationEvent:
    when, colon, what = text.partition(":")
    if not colon or not what:
        raise Refused(f"--event: « {text} » has no kind; write 2026-01-31:payment.", Code.DATE_INVALID)
    return LimitationEvent(on=parse_day(when, field="--event"), kind=what)


def show(found: Limitation, out: Console) -> None:
    """The last useful day and why."""
    state = "prescrite" if found.barred else "non prescrite"
    out.print(
        facts_grid(
            [
                ("Dernier jour utile", f"[bold]{french(found.last_day)}[/bold] à minuit ({state})"),
                ("Durée", f"{found.years} an{'s' if found.years > 1 else ''} : {found.because} ({found.article})"),
                ("Point de départ", french(found.start)),
            ]
        )
    )
    if found.interruptions:
        table = grid(("Le", "left"), ("Événement", "left"), ("Interrompt", "left"), ("Pourquoi", "left"))
        for item in found.interruptions:
            table.add_row(french(item.on), item.kind, "oui" if item.interrupts else "non", item.why)
        out.print(table)
    said = []
    if found.start_unknown:
        said.append("Point de départ incertain : la date la plus précoce connue est retenue.")
    if found.cautious_last_day is not None:
        said.append(f"Si aucun terme n'avait été convenu : {french(found.cautious_last_day)}, depuis l'exécution.")
    remarks(out, said)
    out.print(f"[dim]Art. 2228 et 2229 C. civ., sans prorogation. {NOTICE}[/dim]", highlight=False)
