"""``bank``: bank statements in; what a line pays, posted, proposed or asked of a person."""

from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.arguments import Commands, a_day, add_command, add_json
from commands.output import complain, console, counted, day, money, say, say_json, table
from commands.running import run_async
from intake.bank.lines import Statement
from intake.lines import Fault
from rules.money import parse_amount
from rules.refusals import Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from commands.office import Shelf
    from intake.bank.posting import Taken
    from ledger.bank_lines import KeptLine, KeptPart

LARGEST = 10_000_000
_COUNTS = {
    "posted": "posted", "proposed": "proposed to a case", "open": "for a person",
    "already_known": "already known", "others": "of money going out",
}  # fmt: skip


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "bank",
        "read bank statements (camt.053, CSV) and match them with the invoices",
        "starter.py bank releve.xml --dry-run",
        more="A payment that names its invoice, or comes from a known account, and whose amount agrees, is sure: it is "
        'posted when the creditor\'s file says bank_posting = "post_sure", else proposed. What is likely is proposed: '
        "nothing is written to that debtor until a person confirms it. The same statement twice posts nothing twice.",
    )
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="camt.053 (.xml) or the bank's .csv")
    parser.add_argument("--creditor", metavar="KEY", help="whose account it is, when the creditors file does not say")
    parser.add_argument("--account", metavar="IBAN", help="for a CSV that does not name its account")
    parser.add_argument("--until", metavar="D", type=a_day, help="for a CSV: to which day it goes (its last line's)")
    parser.add_argument("--dry-run", action="store_true", help="say what would become of each line, post nothing")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--lines", action="store_true", help="the lines that wait for a person")
    other.add_argument("--assign", metavar="LINE", help="whose a line is, with --to")
    other.add_argument("--ignore", metavar="LINE", help="a line that pays no invoice")
    other.add_argument("--accounts", action="store_true", help="to which day each account is known")
    other.add_argument("--forget-account", metavar="IBAN", help="with --creditor: an account that is closed")
    parser.add_argument("--to", metavar="CASE[=AMOUNT]", nargs="+", default=[], help="the cases of --assign")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the statements, or do what was asked of their lines."""
    asked = args.lines or args.assign or args.ignore or args.accounts or args.forget_account
    if bool(args.files) == bool(asked):
        raise Refused("bank: give the FILEs of statements, or one of --lines, --assign, --ignore, --accounts.")
    return run_async(_run(args, read_settings()))


async def _run(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        if args.files:
            return await _take(args, settings, shelf)
        if args.lines:
            return await _show_lines(args, shelf)
        if args.accounts:
            return await _show_accounts(args, shelf)
        if args.forget_account:
            return await _forget(args, shelf)
        return await _by_person(args, settings, shelf)


async def _take(args: Namespace, settings: Settings, shelf: "Shelf") -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there
    from intake.bank.posting import Teller, today_of  # noqa: PLC0415

    creditors = settings.creditors()
    by_creditor, refused = _read(args, settings)
    silent = args.dry_run or not by_creditor
    door = None if silent else await office.open_door(settings, shelf, actor="billing", via="file")
    results, today = [], today_of(office.now(settings))
    for key, statements in by_creditor.items():
        post_sure = creditors[key].bank_posting == "post_sure"
        teller = Teller(shelf.ledger.bank, shelf.reads, door, key, post_sure=post_sure)
        results.append(await teller.take(statements, datetime.now(UTC), today))
    if args.json:
        say_json({"dry_run": args.dry_run, "refused": refused, "creditors": [as_json(one) for one in results]})
        return 1 if refused else 0
    for sentence in refused:
        complain(sentence)
    for one in results:
        _say(one, dry_run=args.dry_run)
    return 1 if refused else 0


def _read(args: Namespace, settings: Settings) -> tuple[dict[str, list[Statement]], list[str]]:
    """The statements by creditor, and the files that are none."""
    from intake.bank.reading import creditor_of, read_statements  # noqa: PLC0415 - lxml is slow to load

    creditors, found, refused = settings.creditors(), dict[str, list[Statement]](), []
    for path in args.files:
        try:
            with path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
            for statement in read_statements(data, account=args.account, until=args.until):
                found.setdefault(creditor_of(statement.account, creditors, args.creditor), []).append(statement)
        except Fault as fault:
            refused.append(f"{path}, {fault.field}: {fault.reason}")
        except OSError as error:
            refused.append(f"{path}: cannot be read: {error.strerror}")
    return found, refused


def as_json(taken: "Taken") -> dict[str, Any]:
    """What ``--json`` prints of a creditor's statements."""
    return {
        "creditor": taken.creditor,
        **{name: taken.counts[name] for name in _COUNTS},
        "woken": taken.woken,
        "lines": [line_json(line) for line in taken.lines],
    }


def line_json(line: "KeptLine") -> dict[str, Any]:
    """A line, without the account it came from."""
    return line.model_dump(mode="json", exclude={"payer_digest"})


def _say(taken: "Taken", *, dry_run: bool) -> None:
    counts: Counter[str] = taken.counts
    told = " · ".join(f"{counts[name]} {words}" for name, words in _COUNTS.items() if counts[name])
    console().print(f"{taken.creditor}: {'would be: ' if dry_run else ''}{told or 'nothing new'}")
    if taken.lines:
        _table(taken.lines)
    if taken.woken:
        console().print(f"{counted(taken.woken, 'case')} waited for the bank's word and looks again.")


def _table(lines: "list[KeptLine]") -> None:
    rows = table("line", "booked", "amount", "from, and what it says", "state", "cases", "because", right=("amount",))
    for line in lines:
        amount = money(-line.amount if line.reversal else line.amount, line.currency)
        cases = ", ".join(part.case.rsplit("/", 1)[-1] for part in line.parts)
        said = f"{line.payer or ''} {line.text or ''}".strip()[:60]
        rows.add_row(line.id[:12], day(line.booked_on), amount, said, line.state, cases, line.because)
    console().print(rows)


async def _show_lines(args: Namespace, shelf: "Shelf") -> int:
    from ledger.bank import WAITING  # noqa: PLC0415
    from ledger.bank_lines import LineState  # noqa: PLC0415

    granted = None if args.creditor is None else frozenset({args.creditor})
    await shelf.ledger.bank.settle_confirmed(granted)
    found = await shelf.ledger.bank.lines(granted, (*WAITING, LineState.POSTING), limit=1000)
    if args.json:
        say_json([line_json(line) for line in found])
    elif found:
        _table(found)
    else:
        say("No line of a statement waits for a person.")
    return 0


async def _show_accounts(args: Namespace, shelf: "Shelf") -> int:
    known = await shelf.ledger.bank.accounts()
    if args.json:
        say_json([one.model_dump(mode="json") for one in known])
        return 0
    rows = table("creditor", "account", "known until", "imported")
    for one in known:
        rows.add_row(one.creditor, one.account, day(one.booked_until), f"{one.imported_at:%d/%m/%Y %H:%M}")
    console().print(rows)
    return 0


async def _forget(args: Namespace, shelf: "Shelf") -> int:
    if args.creditor is None:
        raise Refused("--forget-account goes with --creditor KEY.")
    if not await shelf.ledger.bank.forget_account(args.creditor, args.forget_account):
        raise Refused(f"no statement of {args.forget_account} was ever imported for {args.creditor}.")
    say("That account holds no letter any more.")
    return 0


async def _by_person(args: Namespace, settings: Settings, shelf: "Shelf") -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there
    from intake.bank.assigning import assign, ignore  # noqa: PLC0415

    line = await shelf.ledger.bank.line_beginning(args.assign or args.ignore)
    door = await office.open_door(settings, shelf)
    if args.ignore:
        await ignore(shelf.ledger.bank, door, line)
        say(f"{line.id} is set aside.")
        return 0
    parts = await _parts(args.to, line, shelf)
    await assign(shelf.ledger.bank, shelf.reads, door, line, parts)
    say(f"{line.id} is posted to {', '.join(part.case for part in parts)}.")
    return 0


async def _parts(texts: list[str], line: "KeptLine", shelf: "Shelf") -> "list[KeptPart]":
    from ledger.bank_lines import KeptPart  # noqa: PLC0415

    if not texts:
        raise Refused("--assign needs --to CASE, or --to CASE=AMOUNT CASE=AMOUNT.")
    parts = []
    for text in texts:
        name, equals, amount = text.rpartition("=")
        if not equals and len(texts) > 1:
            raise Refused(f"--to {text}: with several cases say how much each gets, as in {text}=100.00.")
        case = await shelf.resolve(name if equals else text)
        parts.append(KeptPart(case=case, amount=parse_amount(amount, field="--to") if equals else line.amount))
    return parts
