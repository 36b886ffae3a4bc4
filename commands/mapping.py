"""``mapping``: propose the mapping file of an export, for a person to read and complete."""

import json
from argparse import Namespace
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path

from commands.arguments import Commands, add_command, add_json
from commands.output import complain, say, say_json
from intake.csv_file import open_csv
from intake.guessing import SAMPLE, Proposal, encoding_of, propose
from intake.lines import UTF_8
from rules.refusals import Refused
from settings import read_settings

_WHY = {
    "number": "the number of the invoice",
    "issued_on": "the day it was issued",
    "total": "the amount with VAT, as invoiced",
    "debtor_id": "your number of the customer",
    "debtor_name": "the customer's name",
    "debtor_kind": "business, consumer or public_body; here only when all are of one: a consumer owes no indemnity",
    "creditor": "who claims: a key of the creditors file",
}
_START = 1 << 20
_CONSTANT = ("creditor", "debtor_kind")


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "mapping",
        "propose the mapping file of a CSV export",
        "starter.py mapping export.csv > mine.toml",
        more="By the names of the columns, in French and English. Nothing is imported: read the proposal, complete "
        "what it leaves open, then try it with « import export.csv --mapping mine.toml --dry-run ».\n"
        "The exit status is 1 while something is open.",
    )
    parser.add_argument("file", metavar="CSV", type=Path, help="the export, with its header")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Read the header and some rows, print the proposal."""
    keys = sorted(read_settings().creditors())
    try:
        with args.file.open("rb") as stream:
            encoding = encoding_of(stream.read(_START))
            stream.seek(0)
            header, rows = open_csv(stream, str(args.file), encoding)
            found = propose(header, (row.cells for row in islice(rows, SAMPLE)), keys)
            found = replace(found, encoding=encoding)
    except OSError as error:
        raise Refused(f"{args.file}: cannot be read: {error.strerror}.") from None
    if args.json:
        say_json(asdict(found))
    else:
        say(written(found, args.file.name, keys))
    unknown = [f"« {_one_line(word)} »" for word, kind in found.kinds.items() if not kind]
    still = [*found.open, *([f"the kind of {', '.join(unknown)}"] if unknown else [])]
    if still:
        complain(f"Still open: {', '.join(still)}. Complete the file before it is used.")
    return 1 if still else 0


def written(found: Proposal, file: str, creditors: list[str]) -> str:
    """The proposal as a mapping file: what is open as comments that say what is wanted."""
    lines = [f"# Proposed by the names of the columns of {_one_line(file)}: read it before you use it."]
    lines += [*([f"encoding = {_text(found.encoding)}"] if found.encoding != UTF_8 else []), "[columns]"]
    lines += [f"{field} = {_text(name)}" for field, name in found.columns.items()]
    lines += [
        f'# {field} = ""  # required: {_WHY[field]}' for field in found.open if field not in ("creditor", "debtor_kind")
    ]
    if found.aside:
        lines.append(f"# left aside: {', '.join(_text(name) for name in found.aside)}")
    lines += ["", "[constants]", *(f"{field} = {_text(value)}" for field, value in found.constants.items())]
    if "creditor" in found.open:
        lines.append(f'# creditor = ""  # required: {_WHY["creditor"]} ({", ".join(creditors)})')
    if "debtor_kind" in found.open:
        lines.append(f'# debtor_kind = "business"  # required: {_WHY["debtor_kind"]}')
    if found.kinds:
        lines += ["", "[values.debtor_kind]"]
        lines += [
            f"{_text(word)} = {_text(kind)}" if kind else f'# {_text(word)} = ""  # business, consumer or public_body?'
            for word, kind in found.kinds.items()
        ]
    return "\n".join(lines)


def _text(value: str) -> str:
    """A TOML basic string: JSON's, with the one sign more that TOML wants escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(name: str) -> str:
    return "".join(sign if sign.isprintable() else "?" for sign in name)
