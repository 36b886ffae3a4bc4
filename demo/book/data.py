"""A book of invoices that were settled long ago, read from a CSV file and moved to years whose rates are published.

The columns are those of the public « IBM late payment histories » data set. Pure but for the file.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from rules.money import ZERO, parse_amount
from rules.refusals import Refused

COLUMNS = ("customerID", "invoiceNumber", "InvoiceDate", "DueDate", "InvoiceAmount", "Disputed", "SettledDate")
YEARS = 12
"""The data set is of 2012 and 2013; 2024 and 2025 are leap years alike, and every rate of theirs is published."""


@dataclass(frozen=True)
class Settled:
    """An invoice of the file, its dates moved. ``settled_on``: the day on which all of ``amount`` was paid."""

    customer: str
    number: str
    issued_on: date
    due_on: date
    settled_on: date
    amount: Decimal
    disputed: bool

    @property
    def dispute_days(self) -> tuple[date, date] | None:
        """The day on which it is disputed, the next after its issue, and the day on which that is settled, the eve of
        its payment; None when it was not disputed or was paid too soon for both."""
        raised, answered = self.issued_on + timedelta(days=1), self.settled_on - timedelta(days=1)
        return (raised, answered) if self.disputed and raised <= answered else None


def read_book(file: Path, *, weeks: int | None = None) -> list[Settled]:
    """The invoices by day of issue; with ``weeks``, those of the first weeks only. Raises Refused naming file, line and
    reason."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise Refused(f"{file.name}: the column {missing[0]} is missing; needed: {', '.join(COLUMNS)}.")
            found = sorted(_invoices(rows, file.name), key=lambda one: (one.issued_on, one.number))
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}; give the path of a CSV file.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{file.name} is not a CSV file in UTF-8: {error}.") from None
    if not found:
        raise Refused(f"{file.name} holds no invoice.")
    end = date.max if weeks is None else found[0].issued_on + timedelta(weeks=weeks)
    return [one for one in found if one.issued_on < end]


def _invoices(rows: "csv.DictReader[str]", name: str) -> Iterator[Settled]:
    known: set[str] = set()
    for row in rows:
        try:
            one = _invoice(row)
            if one.number in known:
                raise Refused(f"the invoice {one.number} is in the file already.")
        except Refused as refused:
            raise Refused(f"{name}, line {rows.line_num}: {refused.sentence}", refused.code) from None
        known.add(one.number)
        yield one


def _invoice(row: Mapping[str, str | None]) -> Settled:
    cells = {column: (row[column] or "").strip() for column in COLUMNS}
    empty = [column for column, cell in cells.items() if not cell]
    if empty:
        raise Refused(f"{empty[0]} is empty.")
    amount = parse_amount(cells["InvoiceAmount"], field="InvoiceAmount")
    issued, due, settled = (_moved(cells[column], column) for column in ("InvoiceDate", "DueDate", "SettledDate"))
    if amount <= ZERO:
        raise Refused(f"InvoiceAmount: {amount} is not above zero.")
    if min(due, settled) < issued:
        raise Refused("DueDate and SettledDate cannot be before InvoiceDate.")
    if cells["Disputed"] not in ("Yes", "No"):
        raise Refused(f"Disputed: « {cells['Disputed']} » is neither Yes nor No.")
    disputed = cells["Disputed"] == "Yes"
    return Settled(cells["customerID"], cells["invoiceNumber"], issued, due, settled, amount, disputed)


def _moved(text: str, column: str) -> date:
    """The American date of a cell, twelve years on; the 29th of February may become the 28th."""
    try:
        month, number, year = map(int, text.split("/"))
        day = date(year, month, number)
    except ValueError:
        raise Refused(f"{column}: « {text} » is not a date such as 4/6/2013.") from None
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:
        return day.replace(year=day.year + YEARS, day=28)
