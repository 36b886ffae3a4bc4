"""Sheets as a French spreadsheet reads them without asking: UTF-8 with a byte-order mark, semicolons, decimal commas,
dd/mm/yyyy, CRLF. Pure.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal


def sheet(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> bytes:
    """The columns' names, then a line for each row; a column that a row lacks stays empty. Raises ValueError when a row
    names a column that is not there."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def number(value: Decimal) -> str:
    """1234,50: no space between thousands, which Excel would read as text."""
    return f"{value:f}".replace(".", ",")


def day(value: date | None) -> str:
    """04/02/2026; empty for None."""
    return "" if value is None else f"{value:%d/%m/%Y}"
