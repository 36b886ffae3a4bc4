"""``forget``, ``subject-access``, ``retention``: what a person may ask for, and what time brings to its end."""

import sys
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from commands.arguments import Commands, a_day, add_command, add_json
from commands.output import complain, console, counted, day, say, say_json, table
from commands.running import run_async
from rules.refusals import Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from commands.office import Shelf
    from ledger.debtors import Who
    from privacy.forgetting import Forgetting
    from rules.creditor import Creditor
    from rules.retention import Term


def add(commands: Commands) -> None:
    """Declare the three commands."""
    forget = add_command(
        commands,
        "forget",
        "destroy what is kept about a debtor; what the law obliges to keep stays and is listed",
        "starter.py forget C-104 --dry-run",
        more="The debtor's key is destroyed: personal fields and histories can never be read again; "
        "the chains of hashes still verify. Refused while a case is open. It cannot be undone.",
    )
    forget.add_argument("debtor", metavar="DEBTOR", help="the customer number")
    forget.add_argument("--creditor", metavar="KEY", help="when several creditors know that number")
    forget.add_argument("--dry-run", action="store_true", help="show what would stay and go; nothing is destroyed")
    forget.add_argument("--yes", action="store_true", help="do not ask again at a terminal")
    add_json(forget)
    forget.set_defaults(run=run_forget)
    access = add_command(
        commands,
        "subject-access",
        "everything held about a debtor, in a zip to hand over (RGPD, art. 15 and 20)",
        "starter.py subject-access C-104 -o C-104.zip",
    )
    access.add_argument("debtor", metavar="DEBTOR", help="the customer number")
    access.add_argument("--creditor", metavar="KEY", help="when several creditors know that number")
    access.add_argument("-o", "--output", metavar="FILE", type=Path, help="the zip (default: DEBTOR.zip here)")
    add_json(access)
    access.set_defaults(run=run_access)
    retention = add_command(
        commands,
        "retention",
        "what the terms of retention bring to its end; shown, or with --apply destroyed",
        "starter.py retention --on 2036-01-01",
        more="The worker applies them every day (Temporal Schedule relance/retention). The terms stand in the "
        "creditors file, in the table retention of a creditor: invoices ten years and correspondence five at least.",
    )
    retention.add_argument("--on", metavar="DATE", type=a_day, help="as of that day (default: today); only to look")
    retention.add_argument("--apply", action="store_true", help="do it now")
    add_json(retention)
    retention.set_defaults(run=run_retention)


def run_forget(args: Namespace) -> int:
    """Forget a debtor."""
    return run_async(_forget(args, read_settings()))


def run_access(args: Namespace) -> int:
    """Answer a request for access."""
    return run_async(_access(args, read_settings()))


def run_retention(args: Namespace) -> int:
    """Show or apply the terms of retention."""
    if args.apply and args.on is not None:
        raise Refused("retention: --on only looks; --apply does what is due today.")
    return run_async(_retention(args, read_settings()))


async def _forget(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there
    from privacy.engine import EngineCopies  # noqa: PLC0415 - slow to load
    from privacy.forgetting import Forgetter  # noqa: PLC0415 - slow to load
    from sealing.documents import DocumentSeal  # noqa: PLC0415 - slow to load
    from sealing.keys import parse_ring  # noqa: PLC0415 - slow to load

    async with office.open_shelf(settings) as shelf:
        who, creditor = await _who(args, settings, shelf)
        ledger, today = shelf.ledger, office.now(settings).date()
        forgetter = Forgetter(
            ledger.privacy, ledger.reads, settings.store, DocumentSeal(parse_ring(settings.payload_keys))
        )
        found = await forgetter.plan(who, creditor, today)
        if not args.dry_run:
            _sure(args, who.debtor)
            client = await office.client_if_there(settings)
            found = await forgetter.forget(who, creditor, today, None if client is None else EngineCopies(client))
    if args.json:
        say_json(found)
    else:
        _say_forgotten(found)
    return 0


def _sure(args: Namespace, debtor: str) -> None:
    if args.yes or not sys.stdin.isatty():
        return
    complain(f"This cannot be undone. Type the customer number ({debtor}) to go on:")
    if sys.stdin.readline().strip() != debtor:
        raise Refused("Nothing was destroyed.")


async def _who(args: Namespace, settings: Settings, shelf: "Shelf") -> "tuple[Who, Creditor]":
    """The debtor and its creditor; raises Refused when none or several know the number."""
    from ledger.debtors import Who  # noqa: PLC0415 - slow to load

    known = await shelf.ledger.privacy.creditors_of(args.debtor, forgotten=args.creditor is not None)
    if args.creditor is not None:
        known = [key for key in known if key == args.creditor]
    if not known:
        raise Refused(
            f"« {args.debtor} » is no debtor that the ledger knows, or was forgotten already; name its creditor "
            "(--creditor) to finish what was cut short, or to see what the law keeps."
        )
    if len(known) > 1:
        raise Refused(f"« {args.debtor} » is a debtor of {' and '.join(known)}; say which with --creditor.")
    creditors = settings.creditors()
    if known[0] not in creditors:
        raise Refused(f"creditor « {known[0]} » is not in the creditors file; add a table [{known[0]}].")
    return Who(known[0], args.debtor), creditors[known[0]]


def _say_forgotten(found: "Forgetting") -> None:
    verb = "were" if found.done else "would be"
    say(f"{found.debtor} ({found.creditor}), {counted(len(found.cases), 'case')}: personal fields {verb} destroyed.")
    _say_terms("Destroyed" if found.done else "Would be destroyed", [t for t in found.goes if t.kept.document])
    _say_terms("Stays, because the law obliges to keep it", found.stays)
    say("Stays: amounts, dates and the chains of hashes, which name nobody.")
    _say_in_the_name(found.in_the_name)
    if found.done:
        said = (
            "no server answered: Temporal deletes its copies after its retention"
            if found.engine is None
            else (f"{counted(found.engine, 'run')} deleted from Temporal")
        )
        say(f"{said[:1].upper()}{said[1:]}. Backups forget when they expire.")


def _say_in_the_name(lines: tuple[str, ...]) -> None:
    if lines:
        ids = ", ".join(line[:12] for line in lines)
        say(
            f"Lines of statements that nobody claimed say the same name: {ids}. Look at them (starter.py bank --lines);"
        )
        say("one that is this person's goes to its case (--assign) or is set aside (--ignore).")


def _say_terms(title: str, terms: "list[Term] | tuple[Term, ...]") -> None:
    if not terms:
        return
    rows = table("case", "what", "kept until", "article", title=title)
    for term in terms:
        kind = f"{term.kept.kind.value.replace('_', ' ')}: {term.kept.what}"
        rows.add_row(term.kept.case.removeprefix("invoice/"), kind, day(term.until), term.article or "policy")
    console().print(rows)


async def _access(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there
    from letters.store import safe_name, write_whole  # noqa: PLC0415 - slow to load
    from privacy.access import Accessor  # noqa: PLC0415 - slow to load
    from privacy.page import access_pdf  # noqa: PLC0415 - slow to load
    from sealing.documents import DocumentSeal  # noqa: PLC0415 - slow to load
    from sealing.keys import parse_ring  # noqa: PLC0415 - slow to load

    async with office.open_shelf(settings) as shelf:
        who, creditor = await _who(args, settings, shelf)
        accessor = Accessor(shelf.ledger, settings.store, DocumentSeal(parse_ring(settings.payload_keys)))
        held = await accessor.held(who, creditor, office.now(settings))
        content, answered = await accessor.zipped(held, access_pdf(held))
    target = args.output or Path(safe_name(f"{args.debtor}.zip"))
    write_whole(target, content)
    if args.json:
        say_json({"file": str(target), **answered.model_dump(mode="json")})
        return 0
    say(f"{target} written: {counted(len(held.cases), 'case')}, {counted(len(answered.files), 'file')}.")
    for document in answered.missing:
        complain(f"Not in the store any more: {document}")
    _say_in_the_name(held.in_the_name)
    return 0


async def _retention(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there
    from privacy.retention import Sweeper  # noqa: PLC0415 - slow to load
    from sealing.documents import DocumentSeal  # noqa: PLC0415 - slow to load
    from sealing.keys import parse_ring  # noqa: PLC0415 - slow to load

    async with office.open_shelf(settings) as shelf:
        on: date = args.on or office.now(settings).date()
        seal = DocumentSeal(parse_ring(settings.payload_keys))
        sweeper = Sweeper(shelf.ledger.privacy, settings.store, seal, settings.creditors())
        found = await sweeper.sweep(on, apply=args.apply)
    if args.json:
        say_json({**found.model_dump(mode="json"), "applied": args.apply})
        return 0
    _say_terms("Destroyed" if args.apply else f"Over on {day(on)}", found.over)
    done = "lost their keys" if args.apply else "would lose their keys"
    say(f"{counted(len(found.over), 'document')}; {counted(len(found.cases), 'case')} {done}.")
    emptied = "lost" if args.apply else "would lose"
    went = "went" if args.apply else "would go"
    say(f"{counted(found.lines, 'line')} of statements that nobody claimed {emptied} names and words.")
    say(f"{counted(found.refused, 'invoice')} that the door refused {went}.")
    say(f"{counted(found.watched, 'record')} of who looked at what or asked for what {went}.")
    for key in found.unknown:
        complain(f"creditor « {key} » is not in the creditors file: its data were left alone.")
    return 0
