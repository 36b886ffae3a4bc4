"""``route``: which procedure, which court, what is missing, what it costs, every reason."""

import argparse
import re
from datetime import date
from decimal import Decimal

from rich.console import Console

from commands.arguments import Commands
from commands.law_values import (
    NOTICE,
    amount,
    day,
    facts_grid,
    grid,
    kind,
    new_command,
    one_of,
    remarks,
    tables_in_force,
    today,
    whole,
)
from commands.output import console, say_json
from commands.running import run_with_answer
from rules.law import DebtorKind, Dispute, Route, RouteFacts, Subject, route
from rules.law.wording import euros
from rules.money import parse_amount
from rules.refusals import Refused
from rules.routing import route_facts
from settings import read_settings

WORDS = {
    "injonction_de_payer": "Injonction de payer",
    "petites_creances": "Petites créances",
    "refere_provision": "Référé-provision",
    "assignation": "Assignation au fond",
    "l126": "Créance commerciale incontestée",
    "declaration_de_creance": "Déclaration de créance",
    "none": "Aucune",
    "tribunal_de_commerce": "Tribunal de commerce",
    "tribunal_des_activites_economiques": "Tribunal des activités économiques",
    "tribunal_judiciaire": "Tribunal judiciaire",
    "juge_des_contentieux_de_la_protection": "Juge des contentieux de la protection",
    "chambre_commerciale_tribunal_judiciaire": "Chambre commerciale du tribunal judiciaire",
    "tribunal_administratif": "Tribunal administratif",
}

_MISSING = {
    "debtor_kind": "qualité du débiteur",
    "merchant": "débiteur commerçant ou non (--merchant, --no-merchant)",
    "postal_code": "siège du débiteur (--postal-code)",
    "court_name": "nom exact de la juridiction, à confirmer",
    "limitation": "date de prescription (--limitation)",
    "demande_prealable": "demande préalable écrite à l'administration",
    "publication_bodacc": "date de publication au BODACC : deux mois pour déclarer, quatre depuis l'étranger",
    "fees": "frais de cette voie : aucun tarif confirmé, à demander au greffe et au commissaire de justice",
    "employees": "effectif du demandeur (--employees), pour la contribution",
    "turnover": "chiffre d'affaires moyen du demandeur (--turnover), pour la contribution",
    "profit": "bénéfice moyen du demandeur (--profit), pour la contribution",
}


_EXAMPLE = "--amount 12000 --debtor business --merchant --postal-code 69003"


def add(commands: Commands) -> argparse.ArgumentParser:
    """Declare the command; answers its parser, so that a case can be accepted in place of the facts."""
    parser = new_command(commands, "route", "which procedure, which court, what they need, cost, and why", _EXAMPLE)
    parser.add_argument("case", nargs="?", metavar="CASE", help="a case's id or invoice number, instead of the facts")
    parser.add_argument("--amount", metavar="A", help="principal and interest claimed")
    parser.add_argument("--debtor", metavar="KIND", default="business", help=one_of(DebtorKind))
    yes_no = argparse.BooleanOptionalAction
    parser.add_argument("--merchant", action=yes_no, help="the debtor is a merchant or a commercial company")
    parser.add_argument("--creditor-merchant", action=yes_no, default=True, help="the creditor is one (default)")
    parser.add_argument("--postal-code", metavar="P", help="the debtor's seat or home")
    parser.add_argument("--country", metavar="CC", default="FR", help="the debtor's country")
    parser.add_argument("--subject", metavar="S", default="trade", help=one_of(Subject))
    parser.add_argument("--disputed", metavar="D", default="no", help=one_of(Dispute))
    parser.add_argument("--insolvent", action="store_true", help="an insolvency is open")
    parser.add_argument("--limitation", metavar="D", help="last useful day of the limitation")
    parser.add_argument("--employees", metavar="N", help="the claimant's headcount")
    parser.add_argument("--turnover", metavar="A", help="the claimant's average turnover, in euros")
    parser.add_argument("--profit", metavar="A", help="the claimant's average profit, in euros")
    parser.add_argument("--as-of", metavar="D", help="the day of the act (default: today)")
    parser.set_defaults(run=run)
    return parser


def run(args: argparse.Namespace) -> int:
    """Choose, print, answer 0."""
    facts = facts_of(args) if args.case is None else facts_of_case(args)
    found = route(facts, tables_in_force())
    if args.json:
        say_json(in_json(found))
    else:
        show(found, console())
    return 0


def facts_of_case(args: argparse.Namespace) -> RouteFacts:
    """The facts as the ledger knows them; ``--disputed`` and ``--as-of`` say what it cannot know."""
    if args.amount is not None:
        raise Refused("route: give a case or --amount, not both.")
    facts = run_with_answer(_facts_of_case(args.case, day(args.as_of, "--as-of")))
    told = {} if args.disputed == "no" else {"disputed": kind(args.disputed, Dispute, "--disputed")}
    return facts.model_copy(update=told)


async def _facts_of_case(text: str, as_of: date | None) -> RouteFacts:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    settings = read_settings()
    async with office.open_shelf(settings) as shelf:
        configuration = office.configured(settings, shelf)
        case = (await shelf.recorded(await shelf.resolve(text))).case
        creditor = configuration.creditor(case.invoice.creditor)
        return route_facts(case, creditor, configuration.tables(), as_of or office.now(settings).date())


def facts_of(args: argparse.Namespace) -> RouteFacts:
    """The facts as typed; raises Refused naming the option that is wrong."""
    if args.amount is None:
        raise Refused("route: give a case, or --amount and the facts.")
    if args.postal_code and args.country.upper() == "FR" and not re.fullmatch(r"\d{5}", args.postal_code):
        raise Refused(f"--postal-code: « {args.postal_code} » is no French postal code; write five digits, as 69003.")
    return RouteFacts(
        amount=amount(args.amount, "--amount"),
        debtor_kind=kind(args.debtor, DebtorKind, "--debtor"),
        as_of=day(args.as_of, "--as-of") or today(),
        merchant=args.merchant,
        creditor_merchant=args.creditor_merchant,
        postal_code=args.postal_code,
        country=args.country.upper(),
        subject=kind(args.subject, Subject, "--subject"),
        disputed=kind(args.disputed, Dispute, "--disputed"),
        insolvent=args.insolvent,
        limitation_on=day(args.limitation, "--limitation"),
        employees=whole(args.employees, "--employees"),
        turnover=_figure(args.turnover, "--turnover"),
        profit=_figure(args.profit, "--profit"),
    )


def _figure(text: str | None, option: str) -> Decimal | None:
    return None if text is None else parse_amount(text, field=option)


def in_json(found: Route) -> dict[str, object]:
    """The route in the shape of the public interface."""
    return found.model_dump(mode="json")


def show(found: Route, out: Console) -> None:
    """The route as tables, with its articles."""
    rows = [("Procédure", f"[bold]{WORDS[found.procedure]}[/bold]" + (f" ({found.form})" if found.form else ""))]
    if found.court is not None:
        where = f", {found.place}" if found.place else ""
        doubt = "" if found.court_confirmed else " (à confirmer)"
        rows.append(("Juge", f"{WORDS[found.court]}{where}{doubt}"))
        rows.append(("Avocat", {True: "obligatoire", False: "facultatif", None: "à confirmer"}[found.lawyer_required]))
        rows.append(("Tentative amiable", "obligatoire" if found.amicable_attempt_required else "non exigée"))
    out.print(facts_grid(rows))
    reasons = grid(("Pourquoi", "left"), ("Article", "left"))
    for reason in found.reasons:
        reasons.add_row(reason.text, reason.article)
    out.print(reasons)
    if found.fees:
        fees = grid(("Frais", "left"), ("Montant", "right"), ("Remarque", "left"))
        for fee in found.fees:
            fees.add_row(fee.name, euros(fee.amount), fee.note or "")
        out.print(fees)
    others = grid(("Autre voie", "left"), ("Ouverte", "left"), ("Parce que", "left"))
    for other in found.alternatives:
        others.add_row(WORDS[other.procedure], "oui" if other.available else "non", other.because)
    out.print(others)
    remarks(out, [f"Manque : {_MISSING.get(name, name)}." for name in found.missing])
    out.print(f"[dim]Information, non conseil. {NOTICE}[/dim]")
