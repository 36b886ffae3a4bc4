"""``judicial``: where a case stands on its way to a title: route, file, procedure, clocks, costs, who holds it."""

from argparse import Namespace
from datetime import date

from rich.console import Console

from commands.arguments import Commands, a_day, add_command, add_json
from commands.output import console, day, money, say_json, table
from commands.running import run_async
from evidence.sentences import JUDICIAL
from rules.law.wording import french
from rules.standing import Standing, standing
from settings import Settings, read_settings


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "judicial",
        "a case on its way to a title: file, procedure, clocks, costs, who holds it",
        "starter.py judicial F-2026-0042",
        more="What a court did is said with « signal CASE judicial_event --event ordered --on D … ».",
    )
    parser.add_argument("case", metavar="CASE", help="the case's id or its invoice number")
    parser.add_argument("--as-of", metavar="D", type=a_day, help="the day of the amounts (default: today)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read, print."""
    return run_async(_judicial(args, read_settings()))


async def _judicial(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        case = (await shelf.recorded(await shelf.resolve(args.case))).case
        context = await office.context_of(settings, shelf, case)
    on: date = args.as_of or office.now(settings).date()
    found = standing(case, context, on)
    if args.json:
        say_json(found)
    else:
        _show(found, case.invoice.currency, console())
    return 0


def _show(found: Standing, currency: str, out: Console) -> None:
    rows = table("", "", whole=("",))
    rows.show_header = False
    for label, value in _facts(found, currency):
        rows.add_row(label, value)
    out.print(rows)
    if found.events:
        told = table("on", "event", "court", "reference", "hearing", title="Procedure")
        for event in found.events:
            name = JUDICIAL.get(event.event, event.event)
            told.add_row(day(event.on), name, event.court or "–", event.reference or "–", day(event.hearing_on))
        out.print(told)
    if found.clocks:
        clocks = table("last day", "clock", "what", "article", whole=("last day",), title="Clocks")
        for clock in found.clocks:
            doubt = " (à confirmer)" if clock.to_confirm else ""
            clocks.add_row(day(clock.last_day), clock.name, clock.label + doubt, clock.article)
        out.print(clocks)
    if found.tasks:
        tasks = table("due", "task", "what", whole=("due", "task"), title="To do")
        for task in found.tasks:
            tasks.add_row(day(task.due_on), task.kind, task.summary)
        out.print(tasks)
    out.print("[dim]Aucun avocat n'a relu ce qui précède.[/dim]")


def _facts(found: Standing, currency: str) -> list[tuple[str, str]]:
    rows = [("case", found.case), ("owed", f"{money(found.claim.total, currency)} on {french(found.as_of)}")]
    if found.proposal is not None:
        where = f", {found.proposal.place}" if found.proposal.place else ""
        rows.append(("proposed", f"{found.proposal.procedure}{where}: approve, approve --procedure, or decline"))
    if found.procedure is not None:
        rows.append(("procedure", found.procedure))
    if found.file is not None:
        rows.append(("file", f"{found.file}.zip"))
    if found.enforceable_on is not None:
        rows.append(("enforceable", french(found.enforceable_on)))
    if found.advanced:
        rows.append(("costs", f"{money(found.advanced)} advanced, {money(found.recoverable)} to be claimed"))
    if found.holder is not None:
        terms = f", {found.holder.commission}" if found.holder.commission else ""
        rows.append(("held by", f"{found.holder.to} ({found.holder.role}) since {french(found.holder.since)}{terms}"))
    if found.insolvency is not None:
        rows.append(("insolvency", f"{found.insolvency}, declare by {day(found.declare_by)}"))
    return rows
