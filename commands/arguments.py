"""What several commands' arguments have in common: days, amounts, --json, an example under each help."""

import argparse
import contextlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from rich_argparse import RawDescriptionRichHelpFormatter

from intake.values import parse_day
from rules.refusals import Refused


class WrongUsage(SystemExit):
    """A command line that cannot be understood: exit status 2, and the sentence that says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(2)
        self.sentence = sentence


class Parser(argparse.ArgumentParser):
    """A parser whose errors can be told to programs too: says its usage on the error stream, raises WrongUsage."""

    def error(self, message: str) -> NoReturn:
        """Say what was wrong; raises WrongUsage."""
        try:
            super().error(message)
        except SystemExit:
            raise WrongUsage(f"{self.prog}: {message}") from None


def any_readable(files: Sequence[Path]) -> bool:
    """Whether there is a file among these to be read: for names that are wrong no server is asked."""
    for path in files:
        with contextlib.suppress(OSError), path.open("rb"):
            return True
    return False


Commands = Any
"""argparse's sub-parsers; its own type is private and generic only for type checkers."""


def add_command(
    commands: Commands, name: str, summary: str, example: str, *, more: str = ""
) -> argparse.ArgumentParser:
    """A sub-command with its help in plain words and an example."""
    description = f"{summary[0].upper()}{summary[1:]}." + (f"\n\n{more}" if more else "")
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=f"Example:\n  {example}",
        formatter_class=RawDescriptionRichHelpFormatter,
        allow_abbrev=False,
    )
    return parser


def add_json(parser: argparse.ArgumentParser) -> None:
    """The option --json."""
    parser.add_argument("--json", action="store_true", help="print JSON with stable keys instead of a table")


def a_day(text: str) -> date:
    """An argument that is a date; argparse turns the refusal into wrong usage."""
    try:
        return parse_day(text)
    except Refused as refused:
        raise argparse.ArgumentTypeError(refused.sentence.removeprefix("date: ")) from None


def a_count(text: str) -> int:
    """An argument that is a whole number above zero."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"« {text} » is not a whole number above zero")
    return int(text)
