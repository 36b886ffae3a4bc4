"""What became of a line of a file, and the reading of physical lines, never more than one at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from rules.invoice import InvoiceIssued

ROW_CAP = 1_000_000
"""Bytes in one row. An honest invoice has a few thousand; ten million on one line is a broken file."""

WHOLE_FILE = "file"
HEADER = "header"
ROW = "row"


@dataclass(frozen=True)
class Accepted:
    """An invoice that can become a case. ``repeats``: the earlier line of the file that says the same;
    ``warnings``: what a person should look at."""

    file: str
    line: int
    invoice: InvoiceIssued
    repeats: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Credited:
    """A credit note that names its invoice: ``number`` is its own, ``invoice`` the one it lowers."""

    file: str
    line: int
    creditor: str
    invoice: str
    number: str
    amount: Decimal
    on: date


@dataclass(frozen=True)
class Rejected:
    """A line that was refused. ``field``: the column or key, ``row``, ``header`` or ``file``; ``number``: the
    invoice's, when it could be read."""

    file: str
    line: int
    field: str
    reason: str
    number: str | None = None

    @property
    def sentence(self) -> str:
        """The refusal as one sentence."""
        return f"{self.file}, line {self.line}, {self.field}: {self.reason}"


Line = Accepted | Credited | Rejected


class Fault(Exception):
    """Raised inside the readers: what is wrong with a field of the row at hand."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True)
class RawLine:
    """A physical line with its end. ``data`` is None beyond the cap; ``size`` is in bytes."""

    number: int
    data: bytes | None
    size: int


def raw_lines(stream: BinaryIO, cap: int = ROW_CAP) -> Iterator[RawLine]:
    """The physical lines of a stream; of a line beyond the cap only its size is kept."""
    number = 0
    while data := stream.readline(cap + 1):
        number += 1
        if len(data) <= cap or data.endswith(b"\n"):
            yield RawLine(number, data, len(data))
            continue
        size = len(data)
        while rest := stream.readline(cap):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        yield RawLine(number, None, size)


UTF_8, ENCODINGS = "utf-8", ("utf-8", "windows-1252", "iso-8859-15")
"""How the text of a CSV file may be written; French spreadsheets write « CSV » in windows-1252."""


def in_utf8(lines: Iterator[RawLine], encoding: str) -> Iterator[RawLine]:
    """The same lines in UTF-8. One that is UTF-8 already stays: text of the other encodings that also is would be by
    chance; one that is neither stays too, and is refused where it is read."""
    for line in lines:
        yield line if line.data is None else replace(line, data=_recoded(line.data, encoding))


def _recoded(data: bytes, encoding: str) -> bytes:
    for known in (UTF_8, encoding):
        try:
            return data.decode(known).encode()
        except UnicodeDecodeError:
            continue
    return data


def check_bytes(data: bytes, line: int) -> None:
    """Raises Fault when a row cannot be text: a NUL byte."""
    at = data.find(b"\0")
    if at >= 0:
        raise Fault(ROW, f"byte {at + 1} of line {line} is NUL; the file is damaged or not text")


def too_long(size: int) -> str:
    """The reason of a row beyond the cap."""
    return f"the row has {size} bytes, more than {ROW_CAP}; a quote or an end of line is missing"


def not_utf8(error: UnicodeDecodeError) -> str:
    """The reason of a byte that is not UTF-8, with what it would be in Latin-1."""
    byte = error.object[error.start]
    guess = bytes([byte]).decode("cp1252", errors="replace")
    return (
        f"byte {error.start + 1} of the line, 0x{byte:02X} (« {guess} » in Latin-1), is not UTF-8; "
        'save the file as UTF-8, or write encoding = "windows-1252" in its mapping file'
    )
