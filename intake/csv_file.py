"""The CSV import: header, separator, mapping; each row becomes an invoice or refusals."""

import csv
from collections.abc import Iterator
from typing import Any, BinaryIO

from pydantic import ValidationError

from intake.checks import Known, checked
from intake.columns import COLUMNS, REQUIRED, column_of, invoice_data
from intake.lines import HEADER, UTF_8, WHOLE_FILE, Accepted, Fault, Line, RawLine, Rejected, not_utf8, too_long
from intake.mapping import Mapping
from intake.records import Record, Records
from rules.invoice import InvoiceIssued
from rules.refusals import Refused

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# What .xlsx and .ods, then .xls, begin with.
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_csv(stream: BinaryIO, file: str, mapping: Mapping | None, known: Known) -> Iterator[Line]:
    """The lines of a CSV file, in order. A wrong header refuses the whole file, in one refusal per fault."""
    records = Records(stream, mapping.encoding if mapping is not None else UTF_8)
    try:
        delimiter, header = _header(records.first())
        fields = _fields(header, mapping)
    except _WrongHeader as wrong:
        yield from (Rejected(file, 1, fault.field, fault.reason) for fault in wrong.faults)
        return
    for record in records.rows(delimiter, header):
        yield from _line(file, record, fields, mapping, known)


def open_csv(stream: BinaryIO, file: str, encoding: str = UTF_8) -> tuple[list[str], Iterator[Record]]:
    """The names of the columns and the rows as they stand; raises Refused when the header cannot be read."""
    records = Records(stream, encoding)
    try:
        delimiter, header = _header(records.first())
    except _WrongHeader as wrong:
        raise Refused(Rejected(file, 1, wrong.faults[0].field, wrong.faults[0].reason).sentence) from None
    return header, (row for row in records.rows(delimiter, header) if row.fault is None)


class _WrongHeader(Exception):
    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults


def _header(first: RawLine | None) -> tuple[str, list[str]]:
    """The separator and the names of the columns."""
    if first is None or first.data == _BOM:
        raise _WrongHeader(Fault(WHOLE_FILE, "the file is empty"))
    if first.data is None:
        raise _WrongHeader(Fault(HEADER, too_long(first.size)))
    if first.data.startswith(_WORKBOOKS):
        raise _WrongHeader(Fault(WHOLE_FILE, "is a workbook under another name; save the sheet as « CSV UTF-8 »"))
    if first.data.startswith(_UTF16):
        raise _WrongHeader(Fault(WHOLE_FILE, "the file is UTF-16; save it as « CSV UTF-8 »"))
    data = first.data.removeprefix(_BOM)
    if b"\0" in data:
        raise _WrongHeader(Fault(HEADER, "the header holds a NUL byte; the file is damaged or not text"))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _WrongHeader(Fault(HEADER, not_utf8(error))) from None
    delimiter = ";" if text.count(";") > text.count(",") else ","
    try:
        names = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise _WrongHeader(Fault(HEADER, f"the header cannot be read ({error})")) from None
    names = [name.strip() for name in names]
    if not any(names):
        raise _WrongHeader(Fault(HEADER, "the first line names no column"))
    return delimiter, names


def _fields(header: list[str], mapping: Mapping | None) -> dict[str, int]:
    """The place of each field's column; raises _WrongHeader naming each unknown, missing or double column."""
    faults = [Fault(name or HEADER, "the header names this column twice") for name in _doubles(header)]
    if mapping is None:
        lowered = [name.lower() for name in header]
        unknown = [name for name in header if name.lower() not in COLUMNS]
        fields = {name: place for place, name in enumerate(lowered) if name in COLUMNS}
        faults += [Fault(name or HEADER, _unknown(name)) for name in unknown]
        missing = [name for name in REQUIRED if name not in fields]
    else:
        mapped = mapping.columns.items()
        fields = {field: header.index(name) for field, name in mapped if name in header}
        faults += [Fault(name, _unmapped(field)) for field, name in mapped if name not in header]
        missing = [name for name in REQUIRED if name not in {*mapping.columns, *mapping.constants}]
    faults += [Fault(name, "the header has no such column, and it is required") for name in missing]
    if faults:
        raise _WrongHeader(*faults)
    return fields


def _unmapped(field: str) -> str:
    return f"the header has no such column, which the mapping takes for {field}"


def _unknown(name: str) -> str:
    if not name:
        return "the header has a column without a name"
    return "is not a column of the import; rename it, remove it, or give a mapping file (« mapping » proposes one)"


def _doubles(header: list[str]) -> list[str]:
    return sorted({name for name in header if name and header.count(name) > 1})


def _line(file: str, record: Record, fields: dict[str, int], mapping: Mapping | None, known: Known) -> Iterator[Line]:
    if record.fault is not None:
        yield Rejected(file, record.line, record.fault.field, record.fault.reason)
        return
    cells = _cells(record.cells, fields, mapping)
    number = cells.get("number", "").strip() or None
    data, faults = invoice_data(cells)
    if not faults:
        try:
            yield Accepted(file, record.line, _invoice(data, known))
            return
        except _WrongRow as wrong:
            faults = wrong.faults
    yield from (Rejected(file, record.line, fault.field, fault.reason, number) for fault in faults)


def _cells(row: list[str], fields: dict[str, int], mapping: Mapping | None) -> dict[str, str]:
    cells = {field: row[place] for field, place in fields.items()}
    if mapping is None:
        return cells
    for field, words in mapping.values.items():
        text = cells.get(field, "").strip()
        cells[field] = words.get(text, text)
    return {**cells, **mapping.constants}


class _WrongRow(Exception):
    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


def _invoice(data: dict[str, Any], known: Known) -> InvoiceIssued:
    try:
        return checked(InvoiceIssued.model_validate(data, extra="forbid"), known)
    except ValidationError as error:
        raise _WrongRow([Fault(column_of(e["loc"]), _said(e["msg"])) for e in error.errors()]) from None
    except Fault as fault:
        raise _WrongRow([Fault(column_of(tuple(fault.field.split("."))), fault.reason)]) from None


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".")
