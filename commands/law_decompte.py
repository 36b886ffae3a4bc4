"""``decompte``: the itemised claim on a date."""

import argparse
from decimal import Decimal

from rich.console import Console

from commands.arguments import Commands
from commands.law_values import (
    NOTICE,
    amount,
    dated,
    day,
    grid,
    kind,
    new_command,
    one_of,
    percentage,
    remarks,
    several,
    tables_in_force,
    today,
)
from commands.output import console, say_json
from rules.law import (
    AgreedRate,
    Credited,
    DebtorKind,
    Decompte,
    DecompteFacts,
    Judgment,
    Owed,
    Paid,
    decompte,
)
from rules.law.days import parse_day
from rules.law.wording import euros, french, percent
from rules.money import ZERO, parse_amount
from rules.refusals import Refused

_CREDITORS = ("professional", "private")
_EXAMPLE = "--invoice 12000@2025-05-15 --payment 2500@2025-08-15 --as-of 2025-09-10"
_PLACES = ("first", "after_interest", "last")


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = new_command(commands, "decompte", "the itemised claim on a date, with its articles", _EXAMPLE)
    several(
        parser,
        "--invoice",
        "[N°=]A@DUE",
        "an invoice: amount with VAT, due date; « F-12=… » names it",
        required=True,
    )
    parser.add_argument("--as-of", metavar="D", help="the day it is drawn up (default: today)")
    parser.add_argument("--debtor", metavar="KIND", default="business", help=one_of(DebtorKind))
    several(parser, "--rate", "R[@FROM]", "agreed yearly rate: 12.5, 12.5@2026-01-01 or ECB+12 (default: the law's)")
    parser.add_argument("--principal-first", action="store_true", help="payments meet the principal first (1343-1)")
    several(parser, "--payment", "[N°=]A@D", "a payment received; N°: the invoice the debtor named")
    several(parser, "--credit-note", "[N°=]A@D", "a credit note")
    parser.add_argument(
        "--formal-notice", metavar="D", help="receipt of the mise en demeure; a consumer's interest needs it"
    )
    parser.add_argument("--judgment", metavar="D", help="a judgment, enforceable that day unless said otherwise")
    parser.add_argument("--enforceable", metavar="D", help="the day it became enforceable (usually its service)")
    parser.add_argument("--judgment-rate", metavar="R", help="the rate it grants (default: the legal rate)")
    parser.add_argument("--creditor", metavar="KIND", default="professional", help=", ".join(_CREDITORS))
    parser.add_argument("--insolvency", metavar="D", help="opening of an insolvency: interest stops")
    parser.add_argument("--capitalise", action="store_true", help="interest of a full year bears interest (1343-2)")
    parser.add_argument("--indemnity-place", choices=_PLACES, default="last", help="rank of the 40 € (default: last)")
    parser.add_argument("--tolerance", metavar="A", default="0", help="a remainder of principal up to it is dropped")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Compute, print, answer 0; raises Refused for what cannot be computed."""
    found = decompte(facts_of(args), tables_in_force(), strict=True)
    if args.json:
        say_json(found.model_dump(mode="json", by_alias=True))
    else:
        show(found, console())
    return 0


def facts_of(args: argparse.Namespace) -> DecompteFacts:
    """The facts as typed; raises Refused naming the option that is wrong."""
    if args.creditor not in _CREDITORS:
        raise Refused(f"--creditor: « {args.creditor} » is not known; write professional or private.")
    tolerance = parse_amount(args.tolerance, field="--tolerance")
    return DecompteFacts(
        owed=tuple(_owed(text, number) for number, text in enumerate(args.invoice, start=1)),
        payments=tuple(_paid(text) for text in args.payment),
        credits=tuple(_credited(text) for text in args.credit_note),
        debtor_kind=kind(args.debtor, DebtorKind, "--debtor"),
        as_of=day(args.as_of, "--as-of") or today(),
        rates=tuple(_rate(text) for text in args.rate),
        principal_first=args.principal_first,
        formal_notice_on=day(args.formal_notice, "--formal-notice"),
        judgment=_judgment(args),
        creditor=args.creditor,
        insolvency_on=day(args.insolvency, "--insolvency"),
        capitalise=args.capitalise,
        indemnity_place=args.indemnity_place,
        tolerance=max(ZERO, tolerance),
    )


def _owed(text: str, number: int) -> Owed:
    name, value, due_on = dated(text, "--invoice")
    return Owed(invoice=name or str(number), due_on=due_on, amount=amount(value, "--invoice"))


def _paid(text: str) -> Paid:
    name, value, on = dated(text, "--payment")
    return Paid(on=on, amount=amount(value, "--payment"), invoice=name)


def _credited(text: str) -> Credited:
    name, value, on = dated(text, "--credit-note")
    return Credited(on=on, amount=amount(value, "--credit-note"), invoice=name)


def _rate(text: str) -> AgreedRate:
    value, at, since = text.partition("@")
    points = value.strip().upper().replace("BCE", "ECB")
    over_ecb = points.startswith("ECB+")
    rate = percentage(points.removeprefix("ECB+") if over_ecb else value, "--rate")
    return AgreedRate(rate=rate, since=parse_day(since, field="--rate") if at else None, over_ecb=over_ecb)


def _judgment(args: argparse.Namespace) -> Judgment | None:
    on = day(args.judgment, "--judgment")
    if on is None:
        if args.enforceable or args.judgment_rate:
            raise Refused("--judgment: give the date of the decision too.")
        return None
    rate = None if args.judgment_rate is None else percentage(args.judgment_rate, "--judgment-rate")
    return Judgment(on=on, enforceable_on=day(args.enforceable, "--enforceable") or on, rate=rate)


def show(found: Decompte, out: Console) -> None:
    """The décompte as a table, with its articles."""
    out.print(f"[bold]Décompte arrêté au {french(found.as_of)}[/bold]")
    table = grid(("Facture", "left"), ("Échéance", "left"), ("Montant", "right"), ("Principal dû", "right"))
    for balance in found.balances:
        table.add_row(balance.invoice, french(balance.due_on), euros(balance.amount), euros(balance.principal))
    out.print(table)
    if found.lines:
        out.print(_lines(found))
    if found.payments or found.credits or found.given_up:
        out.print(_received(found))
    for label, value in _totals(found):
        out.print(f"{label:<46}{euros(value):>18}", highlight=False)
    if found.daily:
        out.print(f"puis {euros(found.daily)} par jour après le {french(found.as_of)}.", highlight=False)
    out.print()
    remarks(out, [warning.text for warning in found.warnings])
    out.print(f"[dim]Tables {found.tables}. {NOTICE}[/dim]", highlight=False)


def _lines(found: Decompte) -> object:
    table = grid(
        ("Facture", "left"), ("Du", "left"), ("Au", "left"), ("Jours", "right"), ("Base", "right"),
        ("Taux", "right"), ("Intérêts", "right"), ("Article", "left"),
    )  # fmt: skip
    for line in found.lines:
        mark = " *" if line.single_source else ""
        table.add_row(
            line.invoice, french(line.from_on), french(line.to_on), str(line.days), euros(line.base),
            f"{percent(line.rate)} %{mark}", euros(line.interest), line.article,
        )  # fmt: skip
    return table


def _received(found: Decompte) -> object:
    table = grid(
        ("Reçu le", "left"), ("Nature", "left"), ("Montant", "right"), ("Intérêts", "right"),
        ("Principal", "right"), ("Indemnité", "right"), ("Reste", "right"),
    )  # fmt: skip
    rows = [(p.on, "paiement", p.to_interest, p.to_principal, p.to_indemnity, p.remainder) for p in found.payments]
    rows += [(note.on, "avoir", ZERO, note.to_principal, ZERO, note.remainder) for note in found.credits]
    rows += [(gone.on, "abandon", gone.interest, gone.principal, gone.indemnity, ZERO) for gone in found.given_up]
    for on, nature, *parts in sorted(rows, key=lambda row: row[0]):
        table.add_row(french(on), nature, *(euros(value) for value in (sum(parts, ZERO), *parts)))
    return table


def _totals(found: Decompte) -> list[tuple[str, Decimal]]:
    articles = ", ".join(dict.fromkeys(item.article for item in found.indemnities))
    indemnity = f"Indemnité forfaitaire ({articles})" if articles else "Indemnité forfaitaire"
    return [
        ("Principal", found.principal),
        (f"Intérêts au {french(found.interest_to)}", found.interest),
        (indemnity, found.indemnity),
        ("Total", found.total),
    ]
