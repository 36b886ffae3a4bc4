"""``import``: start cases from files of invoices; good lines go in, bad lines are named."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from commands.arguments import Commands, add_command, add_json, any_readable
from commands.output import complain, console, counted, day, money, say_json, table
from commands.running import run_async
from intake.checks import Known
from intake.importing import Tally, import_lines
from intake.lines import Line, Rejected
from intake.mapping import Mapping
from intake.reading import read_invoices, read_mapping
from rules.case import Stage
from rules.refusals import Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from commands.office import Shelf
    from intake.door import Door
    from ledger.reads import CaseRow

PAGE = 1000


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "import",
        "start a case for each invoice of a file (.csv, .jsonl, EN 16931 .xml, Factur-X .pdf)",
        "starter.py import export.csv --mapping sage.toml --dry-run",
        more="The same file twice starts nothing twice. A line that cannot become a case is named with its file, "
        "line, field and reason, and the others go in; the exit status is then 1. A credit note lowers the invoice "
        "that it names (BT-25); an invoice already known with other due dates becomes terms_changed.",
    )
    parser.add_argument(
        "files", metavar="FILE", nargs="+", type=Path, help="a .csv or .jsonl file (UTF-8), an .xml or a .pdf"
    )
    parser.add_argument("--mapping", metavar="TOML", type=Path, help="which column fills which field, for .csv")
    parser.add_argument("--dry-run", action="store_true", help="read and check everything, start nothing")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--delta", action="store_true", help="the files add to the book (this is the default)")
    kind.add_argument("--snapshot", action="store_true", help="the files are the whole book: name what is missing")
    parser.add_argument("--close-missing", action="store_true", help="with --snapshot: mark the missing as paid")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read, start, say what became of each line; 1 when anything was refused."""
    if args.close_missing and not args.snapshot:
        raise Refused("--close-missing goes with --snapshot: only a whole book can miss an invoice.")
    settings = read_settings()
    mapping = read_mapping(args.mapping) if args.mapping else None
    policies = {name: policy for name, (policy, _text) in settings.policies().items()}
    known = Known(creditors=settings.creditors(), policies=policies)
    return run_async(_import(args, settings, mapping, known))


async def _import(args: Namespace, settings: Settings, mapping: Mapping | None, known: Known) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    tally = Tally()
    missing: list[CaseRow] = []
    closed = 0
    async with office.open_shelf(settings) as shelf:
        silent = args.dry_run or not any_readable(args.files)
        door = None if silent else await office.open_door(settings, shelf, actor="billing", via="file")
        with _progress(args.files, quiet=args.json) as step:
            await import_lines(read_all(args.files, mapping, known), door, tally, step)
        if args.snapshot:
            missing = await _missing(shelf, tally)
            if args.close_missing and door is not None:
                closed = await _close(door, missing, tally)
    if args.json:
        say_json(result(tally, missing, closed, dry_run=args.dry_run))
    else:
        _say(tally, missing, closed, dry_run=args.dry_run)
    return 1 if tally.refused else 0


def read_all(files: list[Path], mapping: Mapping | None, known: Known) -> Iterator[Line]:
    """The lines of all the files, in order."""
    for path in files:
        yield from read_invoices(path, mapping, known)


async def _missing(shelf: "Shelf", tally: Tally) -> "list[CaseRow]":
    """The open cases of the files' creditors that the files do not speak of."""
    from commands import office  # noqa: PLC0415 - slow to load: see there

    found: list[CaseRow] = []
    for creditor in sorted(tally.creditors):
        offset = 0
        while page := await shelf.reads.cases(office.CaseFilter(creditor=creditor, limit=PAGE, offset=offset)):
            offset += len(page)
            found += [row for row in page if row.stage is not Stage.CLOSED and row.id not in tally.present]
    return found


async def _close(door: "Door", missing: "list[CaseRow]", tally: Tally) -> int:
    """Mark the missing as paid. With a line refused nobody knows what is missing: nothing is closed."""
    if tally.refused:
        complain("Nothing was closed: a line was refused, so what is missing cannot be told. Correct the file first.")
        return 0
    for row in missing:
        # The position names the debt as it stood: the same snapshot twice pays it once, a later one can again.
        event_id = f"snapshot/{row.position}"
        body = {"kind": "paid", "method": "snapshot", "note": "absent from a snapshot of the book"}
        await door.submit(row.id, body, event_id)
    return len(missing)


def result(tally: Tally, missing: "list[CaseRow]", closed: int, *, dry_run: bool) -> dict[str, Any]:
    """What ``--json`` prints: counts, each refusal, and for a snapshot what is missing."""
    return {
        "dry_run": dry_run,
        "accepted": tally.accepted,
        "already_known": tally.already_known,
        "refused": tally.refused,
        "terms_changed": tally.terms_changed,
        "credited": tally.credited,
        "warnings": tally.warnings,
        "refusals": [_refusal(line) for line in tally.refusals],
        "missing": [row.id for row in missing],
        "closed": closed,
    }


def _refusal(line: Rejected) -> dict[str, Any]:
    return {
        "file": line.file,
        "line": line.line,
        "field": line.field,
        "reason": line.reason,
        "number": line.number,
    }


def _say(tally: Tally, missing: "list[CaseRow]", closed: int, *, dry_run: bool) -> None:
    for line in tally.refusals:
        complain(line.sentence)
    for warning in tally.warnings:
        complain(warning)
    out = console()
    verb = "would be started" if dry_run else "accepted"
    parts = [f"[green]{tally.accepted} {verb}[/]", f"{tally.already_known} already known"]
    refused = f"{tally.refused} refused"
    parts.append(f"[red]{refused}[/]" if tally.refused else refused)
    if tally.terms_changed:
        parts.append(f"{tally.terms_changed} with other due dates")
    if tally.credited:
        parts.append(f"{counted(tally.credited, 'credit note')} entered")
    out.print(" · ".join(parts))
    if missing:
        rows = table(
            "case", "due", "outstanding", "stage", title="Open, and missing from the files", right=("outstanding",)
        )
        for row in missing:
            rows.add_row(row.id, day(row.due_on), money(row.outstanding, row.currency), row.stage)
        out.print(rows)
        out.print(f"{counted(closed, 'case')} marked as paid." if closed else "None was closed.")


@contextmanager
def _progress(files: list[Path], *, quiet: bool) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, counting lines; nothing elsewhere."""
    err = console(errors=True)
    if quiet or not err.is_terminal:
        yield lambda: None
        return
    columns = (TextColumn("importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("lines", total=sum(_line_count(path) for path in files))
        yield lambda: bar.advance(task)


def _line_count(path: Path) -> int:
    """About how many invoices a file holds; zero when it cannot be opened, which the reading will say."""
    header = 1 if path.suffix.lower() == ".csv" else 0
    try:
        with path.open("rb") as stream:
            return max(0, sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b"")) - header)
    except OSError:
        return 0
