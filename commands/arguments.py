"""What several commands' arguments have in common: days, amounts, --json, an example under each help."""

import argparse
from datetime import date
from typing import Any

from rich_argparse import RawDescriptionRichHelpFormatter

from intake.values import parse_day
from rules.refusals import Refused

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
