"""``audit``: a case or the whole book replayed, verified and told, from the live server or the archive alone."""

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commands.arguments import Commands, a_count, add_command, add_json
from commands.output import complain, console, counted, say, say_json
from commands.running import run_async
from rules.refusals import Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from audit.report import Report


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "audit",
        "replay, verify and tell a case, or the whole book",
        "starter.py audit F-2026-0042 --pdf dossier.pdf",
        more="Replays the history with today's code, verifies the chain of hashes, compares history and ledger event "
        "by event, asks today's rules each decision again, and checks what every letter was promised to keep.",
    )
    parser.add_argument("case", nargs="?", metavar="CASE", help="the case's id or its invoice number")
    parser.add_argument("--all", action="store_true", help="the whole book, from the archive, in several processes")
    parser.add_argument("--archive", action="store_true", help="ask no server: the archive alone")
    parser.add_argument("--pdf", metavar="FILE", type=Path, help="also write the report as a PDF, for a court")
    parser.add_argument("--processes", metavar="N", type=a_count, help="with --all: how many (default: one a core)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Audit; the exit status is 1 on any mismatch."""
    if (args.case is None) is not args.all:
        raise Refused("audit: name a CASE, or the whole book with --all.")
    if args.all and args.pdf is not None:
        raise Refused("audit: --pdf is of one case.")
    settings = read_settings()
    return _all(args, settings) if args.all else run_async(_one(args, settings))


async def _one(args: Namespace, settings: Settings) -> int:
    from audit.office import auditor  # noqa: PLC0415 - slow to load
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        case_id = await shelf.resolve(args.case)
    client = None if args.archive else await office.client_if_there(settings)
    if client is None and not args.archive:
        complain("Temporal does not answer: from the archive alone.")
    async with auditor(settings, client) as one:
        report = (await one.audit([case_id]))[0]
    if args.pdf is not None:
        from audit.page import report_pdf  # noqa: PLC0415 - slow to load

        args.pdf.write_bytes(report_pdf(report, settings.creditors()[report.creditor]))
        complain(f"{args.pdf} written.")
    if args.json:
        say_json({**report.model_dump(mode="json"), "ok": report.ok})
    else:
        from commands.audit_view import report_view  # noqa: PLC0415 - only when people read

        console().print(report_view(report))
    return 0 if report.ok else 1


def _all(args: Namespace, settings: Settings) -> int:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    from audit.office import audit_all  # noqa: PLC0415 - slow to load

    ids, begun = run_ids(settings), datetime.now(UTC)
    wrong: list[Report] = []
    tally = {"cases": 0, "runs": 0, "decisions": 0, "differences": 0, "without_history": 0}
    columns = (TextColumn("audit"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(errors=True), disable=args.json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("audit", total=len(ids))

        def each(report: "Report") -> None:
            _count(tally, report)
            if not report.ok:
                wrong.append(report)
            bar.advance(task)

        audit_all(settings, ids, each, args.processes)
    wrong.sort(key=lambda report: report.case)
    run_async(_note(settings, begun, tally, wrong))
    if args.json:
        listed = [{"case": report.case, **one.model_dump(mode="json")} for report in wrong for one in report.findings]
        say_json({**tally, "mismatches": listed, "ok": not wrong})
    else:
        _say_all(tally, wrong)
    return 1 if wrong else 0


async def _note(settings: Settings, begun: datetime, tally: dict[str, int], wrong: Sequence["Report"]) -> int:
    """Write the run down for the console; a ledger that may only be read is audited all the same."""
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - slow to load

    from commands import office  # noqa: PLC0415 - slow to load: see there
    from ledger.audits import AuditRun, Mismatch  # noqa: PLC0415 - slow to load

    found = [
        Mismatch(case=report.case, check=one.check.value, position=one.position, field=one.field)
        for report in wrong
        for one in report.findings
    ]
    seconds = round((datetime.now(UTC) - begun).total_seconds())
    run = AuditRun(at=begun, seconds=seconds, wrong=len(wrong), mismatches=tuple(found), **tally)
    async with office.open_shelf(settings) as shelf:
        try:
            await shelf.ledger.audits.note(run)
        except DBAPIError:
            complain("The ledger may only be read: this audit is not written down in it.")
    return 0


def run_ids(settings: Settings) -> list[str]:
    """The ids of every case of the ledger, closed ones included."""
    from audit.office import case_ids  # noqa: PLC0415 - slow to load

    found: list[str] = []

    async def reading() -> int:
        found.extend(await case_ids(settings))
        return 0

    run_async(reading())
    return found


def _count(tally: dict[str, int], report: "Report") -> None:
    tally["cases"] += 1
    tally["runs"] += len(report.runs)
    tally["decisions"] += sum(run.decisions for run in report.runs)
    tally["differences"] += len(report.differences)
    tally["without_history"] += not report.runs


def _say_all(tally: dict[str, int], wrong: Sequence["Report"]) -> None:
    for report in wrong:
        for one in report.findings:
            where = f"position {one.position}" if one.position else "the case"
            values = f" ({one.here} / {one.there})" if one.here or one.there else ""
            say(f"{report.case}: {where}, {one.field}: {one.said}{values}")
    say(
        f"{counted(tally['cases'], 'case')} audited, {counted(tally['runs'], 'history', 'histories')}, "
        f"{counted(tally['decisions'], 'decision')}: "
        + (f"{counted(len(wrong), 'case')} with mismatches." if wrong else "no mismatch.")
    )
    if tally["differences"]:
        say(f"{counted(tally['differences'], 'decision')} would differ today: audit the case to see both reasons.")
    if tally["without_history"]:
        say(f"{counted(tally['without_history'], 'case')} with no history kept yet: ledger only.")
