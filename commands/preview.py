"""``preview``: what would be sent, when and why; nothing is sent or stored, and no server is needed."""

import asyncio
from argparse import Namespace
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from commands.arguments import Commands, a_day, add_command, add_json
from commands.output import complain, console, counted, day, money, say, say_json, table
from intake.checks import Known
from intake.events_file import EventRead, read_events
from intake.lines import Credited, Rejected
from intake.reading import SUFFIXES, read_invoices, read_mapping
from rules.calendars import local_day
from rules.creditor import Creditor
from rules.foreseen import Dated, Foreseen, Outlook
from rules.invoice import InvoiceIssued
from rules.policy import Policy
from rules.policy_file import parse_policy
from rules.precedence import policy_of
from rules.preview import Preview
from rules.refusals import Refused
from settings import Settings, read_settings, read_text
from workflows.contracts import case_id

AFTER_DUE = timedelta(days=365)
"""How long a preview looks beyond the last due date: every ladder ends well before."""


class Book(NamedTuple):
    """A preview loaded with cases: their ids by invoice number, and how many lines were refused."""

    run: Preview
    numbers: dict[str, list[str]]
    refused: int


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "preview",
        "what would be sent, when and why, without sending anything",
        "starter.py preview export.csv --policy mine.toml --events payments.jsonl --until 2026-06-30",
        more="The pure rules played over a file of invoices, or over a case of the ledger as it stands. Approvals are "
        "taken as given, registered letters as posted; they are delivered only when the events say so.",
    )
    parser.add_argument("what", metavar="FILE|CASE", help="a .csv or .jsonl file of invoices, or a case")
    parser.add_argument("--policy", metavar="FILE", type=Path, help="play this policy instead of the invoices' own")
    parser.add_argument("--events", metavar="FILE", type=Path, help="what happens meanwhile, JSON Lines")
    parser.add_argument("--mapping", metavar="TOML", type=Path, help="which column fills which field, for .csv")
    parser.add_argument(
        "--from", dest="start", metavar="D", type=a_day, help="first day (default: the first issue date, or today)"
    )
    parser.add_argument("--until", metavar="D", type=a_day, help="last day (default: a year after the last due date)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Play and print; 1 when a line or an event was refused."""
    settings = read_settings()
    if Path(args.what).is_dir():
        raise Refused(f"{args.what} is a folder; name a file of invoices in it, or a case.")
    override = None
    if args.policy is not None:
        override = parse_policy(read_text(args.policy, "--policy"), file=str(args.policy))
    if Path(args.what).suffix.lower() in SUFFIXES or Path(args.what).is_file():
        book = _of_file(args, settings, override)
    else:
        book = asyncio.run(_of_case(args, settings, override))
    refused = book.refused + _happen(book, args.events)
    outlook = book.run.run()
    for sentence in outlook.refused:
        complain(sentence)
    if args.json:
        say_json([foreseen(notice) for notice in outlook.notices])
    else:
        _say(outlook)
    return 1 if refused or outlook.refused else 0


def _of_file(args: Namespace, settings: Settings, override: Policy | None) -> Book:
    creditors = settings.creditors()
    policies = {name: policy for name, (policy, _text) in settings.policies().items()}
    mapping = read_mapping(args.mapping) if args.mapping else None
    known = Known(creditors=creditors, policies=None if override else policies)
    invoices: list[InvoiceIssued] = []
    refused = 0
    for line in read_invoices(Path(args.what), mapping, known):
        if isinstance(line, Rejected):
            complain(line.sentence)
            refused += 1
        elif isinstance(line, Credited):
            complain(f"{line.file}: credit note {line.number} is not played; give it in --events")
        elif line.repeats is None:
            invoices.append(line.invoice)
    if not invoices:
        raise Refused(f"{args.what} holds no invoice that could be played.")
    start, until = _days(args, min(one.issued_on for one in invoices), _last_due(invoices))
    played = Preview(creditors, settings.tables(), start, until)
    numbers: dict[str, list[str]] = {}
    for invoice in invoices:
        played_id = case_id(invoice.creditor, invoice.number)
        numbers.setdefault(invoice.number, []).append(played_id)
        played.add(played_id, invoice, override or policies[policy_name(invoice, creditors)])
    return Book(played, numbers, refused)


async def _of_case(args: Namespace, settings: Settings, override: Policy | None) -> Book:
    """A case of the ledger, gone on with from where it stands."""
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        case = (await shelf.recorded(await shelf.resolve(args.what))).case
        policy = override or await office.configured(settings, shelf).policy(case.version)
    now = max(office.now(settings), case.last_at)
    start, until = _days(args, local_day(now, policy.zone), max(_last_due([case.invoice]), now.date()))
    played = Preview(settings.creditors(), settings.tables(), start, until)
    played.resume(case, policy, now)
    return Book(played, {case.invoice.number: [case.id]}, 0)


def _days(args: Namespace, first: date, last_due: date) -> tuple[date, date]:
    start: date = args.start or first
    until: date = args.until or max(start, last_due) + AFTER_DUE
    if until < start:
        raise Refused(f"--until {until} is before the first day, {start}.")
    return start, until


def _last_due(invoices: Iterable[InvoiceIssued]) -> date:
    return max(part.due_on for invoice in invoices for part in invoice.schedule)


def policy_name(invoice: InvoiceIssued, creditors: dict[str, Creditor]) -> str:
    """The policy that an invoice's case would follow: its own, its debtor's, its segment's, else the creditor's."""
    return policy_of(invoice, creditors[invoice.creditor]).name


def _happen(book: Book, events: Path | None) -> int:
    """Put the events on the agenda; how many were refused."""
    refused = 0
    for event in read_events(events, book.numbers) if events is not None else ():
        if isinstance(event, EventRead):
            assert event.command.on is not None
            book.run.happen(Dated(on=event.command.on, case=event.case, command=event.command))
        else:
            complain(event.sentence)
            refused += 1
    return refused


def foreseen(notice: Foreseen) -> dict[str, Any]:
    """A notice as ``--json`` has it, its keys in their order."""
    return notice.model_dump(mode="json")


def _say(outlook: Outlook) -> None:
    rows = table(
        "date", "debtor", "invoice", "step", "channel", "claims", "because", right=("claims",), whole=("date",)
    )
    for notice in outlook.notices:
        others = [number for number in notice.covers if number != notice.number]
        together = f" (with {', '.join(others)})" if others else ""
        rows.add_row(
            day(notice.date),
            notice.debtor,
            notice.number,
            notice.step,
            notice.channel,
            money(Decimal(notice.claim)),
            notice.because + together,
        )
    console().print(rows)
    say(f"{counted(len(outlook.notices), 'notice')}.")
