"""What the commands of the law read and print: dates, amounts, rates as typed, refused with a sentence when
wrong.
"""

import argparse
import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.arguments import Commands, add_command, add_json
from rules.law import Tables
from rules.law.days import parse_day
from rules.money import parse_amount
from rules.refusals import Code, Refused
from settings import read_settings

KindT = TypeVar("KindT", bound=StrEnum)
PARIS = ZoneInfo("Europe/Paris")
NOTICE = "Aucun avocat n'a relu ce calcul."


def tables_in_force() -> Tables:
    """The dated tables, with those of RELANCE_RATES."""
    return read_settings().tables()


def new_command(commands: Commands, name: str, summary: str, example: str) -> argparse.ArgumentParser:
    """A sub-command with --json, that takes « -100@2026-01-31 » for a value, so that it can be refused."""
    parser = add_command(commands, name, summary, f"starter.py {name} {example}")
    add_json(parser)
    parser._negative_number_matcher = re.compile(r"^-\d")
    return parser


def several(parser: argparse.ArgumentParser, option: str, metavar: str, text: str, *, required: bool = False) -> None:
    """An option given once with several values, or several times."""
    parser.add_argument(option, metavar=metavar, nargs="+", action="extend", default=[], required=required, help=text)


def one_of(kinds: type[StrEnum]) -> str:
    """The words of an enumeration, for a help text."""
    return ", ".join(item.value for item in kinds)


def today() -> date:
    """The day in Paris: the default of --as-of, nothing else."""
    return datetime.now(PARIS).date()


def day(text: str | None, option: str) -> date | None:
    """A date as typed; None when the option is absent."""
    return None if text is None else parse_day(text, field=option)


def amount(text: str, option: str) -> Decimal:
    """A positive amount as typed."""
    found = parse_amount(text, field=option)
    if found <= 0:
        raise Refused(f"{option}: {found} is not a positive amount.", Code.AMOUNT_INVALID)
    return found


def percentage(text: str, option: str) -> Decimal:
    """A yearly rate in percent, such as 12.5 or 12,5."""
    try:
        rate = Decimal(text.strip().removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        raise Refused(f"{option}: « {text} » is not a rate; write 12.5.", Code.AMOUNT_INVALID) from None
    if not rate.is_finite() or not 0 <= rate <= 100 or rate != round(rate, 4):
        raise Refused(f"{option}: {text} is not a yearly rate between 0 and 100 %.", Code.AMOUNT_INVALID)
    return rate


def kind(text: str, kinds: type[KindT], option: str) -> KindT:
    """One of the words of an enumeration."""
    try:
        return kinds(text.strip().lower().replace("-", "_"))
    except ValueError:
        words = ", ".join(item.value for item in kinds)
        raise Refused(f"{option}: « {text} » is not known; write one of {words}.") from None


def whole(text: str | None, option: str) -> int | None:
    """A whole number as typed; None when the option is absent."""
    if text is None:
        return None
    try:
        return int(text)
    except ValueError:
        raise Refused(f"{option}: « {text} » is not a whole number.", Code.DATE_INVALID) from None


def dated(text: str, option: str) -> tuple[str | None, str, date]:
    """``[NAME=]WHAT@DATE`` as typed: the name, what, the date."""
    what, at, when = text.rpartition("@")
    if not at or not what:
        raise Refused(f"{option}: « {text} » has no date; write 1200.00@2026-01-31.", Code.DATE_INVALID)
    name, equals, value = what.rpartition("=")
    return (name or None if equals else None), value, parse_day(when, field=option)


def grid(*columns: tuple[str, str]) -> Table:
    """An empty table: each column by title and side."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title, side in columns:
        table.add_column(title, justify="right" if side == "right" else "left", overflow="fold")
    return table


def facts_grid(rows: list[tuple[str, str]]) -> Table:
    """A table of two columns without a header."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, value)
    return table


def remarks(out: Console, texts: list[str]) -> None:
    """The warnings, each on its line."""
    for text in texts:
        out.print(Text("! ", style="yellow") + Text(text))
