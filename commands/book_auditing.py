"""``audit-book``: what a book of invoices lacks, before it is imported."""

from argparse import Namespace
from pathlib import Path

from commands.arguments import Commands, a_day, add_command, add_json
from commands.importing import read_all
from commands.law_values import today
from commands.output import complain, console, counted, day, money, say_json, table
from intake.book_audit import FINDINGS, URGENT, BookAudit
from intake.checks import Known
from intake.lines import Accepted, Rejected
from intake.reading import read_mapping
from settings import read_settings


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "audit-book",
        "what a book of invoices lacks: dates, identities, proofs, time before limitation",
        "starter.py audit-book export.csv --mapping sage.toml",
        more="Nothing is started and no server is needed. The exit status is 1 when a line was refused, or a "
        "limitation has run out or runs out within six months.",
    )
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="as for import")
    parser.add_argument("--mapping", metavar="TOML", type=Path, help="which column fills which field, for .csv")
    parser.add_argument("--as-of", metavar="D", type=a_day, help="the day it is looked at (default: today)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the files and say what they lack."""
    settings = read_settings()
    mapping = read_mapping(args.mapping) if args.mapping else None
    policies = {name: policy for name, (policy, _text) in settings.policies().items()}
    known, tables = Known(creditors=settings.creditors(), policies=policies), settings.tables()
    audit = BookAudit(args.as_of or today())
    refused: list[Rejected] = []
    for line in read_all(args.files, mapping, known):
        if isinstance(line, Rejected):
            refused.append(line)
        elif isinstance(line, Accepted) and line.repeats is None:
            audit.add(line.invoice, tables)
    if args.json:
        say_json(_result(audit, refused))
    else:
        _say(audit, refused)
    return 1 if refused or any(audit.counts[code] for code in URGENT) else 0


def _result(audit: BookAudit, refused: list[Rejected]) -> dict[str, object]:
    median, longest = audit.lag_days
    return {
        "as_of": audit.as_of.isoformat(),
        "invoices": audit.invoices,
        "owed": {currency: str(amount) for currency, amount in audit.owed.items()},
        "lag_days": {"median": median, "longest": longest},
        "counts": {code: audit.counts[code] for code in FINDINGS if audit.counts[code]},
        "findings": [
            {"case": one.case, "code": one.code, "last_day": one.last_day and one.last_day.isoformat()}
            for one in audit.findings
        ],
        "refused": [line.sentence for line in refused],
    }


def _say(audit: BookAudit, refused: list[Rejected]) -> None:
    for line in refused:
        complain(line.sentence)
    out = console()
    owed = ", ".join(money(amount, currency) for currency, amount in audit.owed.items())
    median, longest = audit.lag_days
    out.print(f"{counted(audit.invoices, 'invoice')}, {owed or 'nothing owed'}, looked at on {day(audit.as_of)}")
    out.print(f"from issue to intake: {median:.0f} days in the middle, {longest} at most")
    if audit.counts:
        rows = table("invoices", "what is missing", "what it means", right=("invoices",))
        for code, words in FINDINGS.items():
            if audit.counts[code]:
                colour = "red" if code in URGENT else "default"
                rows.add_row(str(audit.counts[code]), f"[{colour}]{code}[/]", words)
        out.print(rows)
    for one in sorted((one for one in audit.findings if one.code in URGENT), key=lambda one: str(one.last_day))[:20]:
        out.print(f"  {one.case}: last useful day {day(one.last_day)}" if one.last_day else f"  {one.case}")
