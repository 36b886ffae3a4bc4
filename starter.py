"""The command line: ``python starter.py COMMAND``. Thin: each command lives in a module of ``commands/``."""

import argparse
import gc
import io
import sys
from collections.abc import Sequence

if __name__ == "__main__":
    gc.set_threshold(50_000)  # see worker.py

from rich_argparse import RawDescriptionRichHelpFormatter

from commands import (
    adopting,
    api,
    auditing,
    bank,
    book_auditing,
    explaining,
    exporting,
    importing,
    judicial,
    keys,
    law_deadline,
    law_decompte,
    law_limitation,
    law_route,
    law_terms,
    letters,
    lists,
    mapping,
    policy,
    preview,
    privacy,
    reconsidering,
    report,
    returning,
    show,
    signal,
    token,
    tray,
    users,
    webhook,
)
from commands.arguments import Parser, WrongUsage
from commands.output import say_json
from commands.running import exit_status, leave

DESCRIPTION = """Relance: durable recovery of unpaid invoices for French creditors.

Say what is owed (import), what happened (signal), see what is going on (show, list, tasks) and what would come
(preview, letter). The commands of the law (decompte, terms, deadline, limitation, route) need no server."""
EPILOG = """Exit status: 0 done, 1 something was refused or found wrong (said on the error stream), 2 wrong usage.
Under --json a refusal and wrong usage are objects as well: {"error": {"code": …, "sentence": …}}.
Settings: RELANCE_DATABASE_URL, RELANCE_CREDITORS, RELANCE_POLICIES …, and TEMPORAL_ADDRESS for the server."""
MODULES = (
    importing,
    mapping,
    book_auditing,
    bank,
    signal,
    show,
    lists,
    preview,
    letters,
    adopting,
    reconsidering,
    policy,
    auditing,
    exporting,
    returning,
    judicial,
    explaining,
    report,
    keys,
    privacy,
    users,
    law_decompte,
    law_terms,
    law_deadline,
    law_limitation,
    law_route,
    api,
    token,
    tray,
    webhook,
)


def build_parser() -> argparse.ArgumentParser:
    """The parser with every command; building it reads and opens nothing."""
    parser = Parser(
        prog="starter.py",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=RawDescriptionRichHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for module in MODULES:
        module.add(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    parser = build_parser()
    try:
        args = parser.parse_args(argv)
    except WrongUsage as wrong:
        if "--json" in (sys.argv[1:] if argv is None else argv):
            say_json({"error": {"code": "usage", "sentence": wrong.sentence}})
        raise
    if args.command is None:
        parser.print_help()
        return 0
    return exit_status(args.run, args)


def _speak_utf8() -> None:
    """Names have accents whatever the locale; a character that a terminal lacks must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    _speak_utf8()
    try:
        status = main()
    except BrokenPipeError:
        status = 1
    except SystemExit as wrong:
        status = wrong.code if isinstance(wrong.code, int) else 2
    leave(status)
