"""What commands say: tables for people, JSON for programs, sentences on the error stream. Nothing else writes."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from pydantic import BaseModel
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

PLAIN_WIDTH = 160
"""Columns of a table that goes to a file or a pipe: wide enough that nothing is cut."""

STAGES = {
    "not_due": "cyan",
    "amicable": "green",
    "formal_notice": "yellow",
    "pre_judicial": "dark_orange",
    "judicial": "red",
    "closed": "bright_black",
}
_SYMBOLS = {"EUR": "€"}


def console(*, errors: bool = False) -> Console:
    """Where people read: as wide as the terminal; plain text when it is not one."""
    stream = sys.stderr if errors else sys.stdout
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(stderr=errors, highlight=False, width=width, soft_wrap=False, emoji=False)


def say(text: str = "") -> None:
    """A line of plain text."""
    sys.stdout.write(f"{text}\n")


def complain(sentence: str) -> None:
    """A sentence on the error stream."""
    sys.stdout.flush()
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def fail(sentence: str) -> int:
    """Say on the error stream why something was refused; the exit status 1."""
    complain(sentence)
    return 1


def say_json(data: Any) -> None:
    """Data for a program: UTF-8, two spaces, amounts as strings, moments in UTC."""
    sys.stdout.write(json.dumps(plain(data), ensure_ascii=False, indent=2) + "\n")


def plain(data: Any) -> Any:
    """Models, dates and amounts as JSON has them; amounts are strings."""
    if isinstance(data, BaseModel):
        return data.model_dump(mode="json")
    if isinstance(data, Mapping):
        return {str(key): plain(value) for key, value in data.items()}
    if isinstance(data, Decimal):
        return str(data)
    if isinstance(data, datetime):
        return data.isoformat().replace("+00:00", "Z")
    if isinstance(data, date):
        return data.isoformat()
    if isinstance(data, str | int | float | bool) or data is None:
        return data if not isinstance(data, str) else str(data)
    return [plain(value) for value in data] if isinstance(data, Iterable) else str(data)


def money(amount: Decimal, currency: str = "EUR") -> str:
    """An amount as French people read it: ``1 200,00 €``."""
    return f"{format_decimal(amount, format='#,##0.00', locale='fr')}\u00a0{_SYMBOLS.get(currency, currency)}"


def day(value: date | datetime | None) -> str:
    """A day as French people read it; a dash when there is none."""
    return "–" if value is None else f"{value:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """A moment to the minute, as clocks show it in Paris; a dash when there is none. (JSON says UTC.)"""
    return "–" if value is None else f"{value.astimezone(ZoneInfo('Europe/Paris')):%d/%m/%Y %H:%M}"


def stage(name: str, outcome: str | None = None) -> Text:
    """A stage in its colour, with how it ended."""
    return Text(f"{name} · {outcome}" if outcome else name, style=STAGES.get(name, ""))


def table(*columns: str, title: str | None = None, right: Iterable[str] = (), whole: Iterable[str] = ()) -> Table:
    """An empty table in the house's manner; the columns named in ``right`` hold amounts, those in ``whole`` are never
    broken."""
    unbroken = {*right, *whole}
    made = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", title_style="bold", pad_edge=False)
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", no_wrap=name in unbroken, overflow="fold")
    return made


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 case``, ``3 cases``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
