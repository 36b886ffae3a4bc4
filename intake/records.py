"""Rows of a CSV file: a quoted cell may hold line breaks, a lost quote may not eat the rest of the file."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from intake.lines import ROW, ROW_CAP, UTF_8, Fault, RawLine, check_bytes, in_utf8, not_utf8, raw_lines, too_long


@dataclass(frozen=True)
class Record:
    """The cells of one row, or what is wrong with it. ``line``: its first physical line, from 1."""

    line: int
    cells: list[str]
    fault: Fault | None = None


class Records:
    """The rows of a stream. After a row whose quotes do not close, reading goes on at the next line."""

    def __init__(self, stream: BinaryIO, encoding: str = UTF_8) -> None:
        lines = raw_lines(stream)
        self._fresh = lines if encoding == UTF_8 else in_utf8(lines, encoding)
        self._again: deque[RawLine] = deque()

    def first(self) -> RawLine | None:
        """The header's raw line; None when the file is empty."""
        return self._next()

    def rows(self, delimiter: str, header: list[str]) -> Iterator[Record]:
        """The rows after the header, those that are empty left out."""
        while (line := self._next()) is not None:
            record = self._record(line, delimiter, header)
            if record.fault is not None or any(cell.strip() for cell in record.cells):
                yield record

    def _next(self) -> RawLine | None:
        return self._again.popleft() if self._again else next(self._fresh, None)

    def _record(self, line: RawLine, delimiter: str, header: list[str]) -> Record:
        if line.data is None:
            return Record(line.number, [], Fault(ROW, too_long(line.size)))
        if line.data.count(b'"') % 2 == 0:
            return _parse(line.number, line.data, delimiter, header)
        return self._across_lines(line, line.data, delimiter, header)

    def _across_lines(self, line: RawLine, data: bytes, delimiter: str, header: list[str]) -> Record:
        """A row whose first line leaves a quote open: it ends where another closes it, within the cap."""
        taken: list[RawLine] = []
        size = len(data)
        closed = False
        while not closed and size <= ROW_CAP and (following := self._next()) is not None:
            taken.append(following)
            size += following.size
            closed = following.data is not None and following.data.count(b'"') % 2 == 1
        if closed and size <= ROW_CAP:
            record = _parse(line.number, data + b"".join(part.data or b"" for part in taken), delimiter, header)
            if record.fault is None:
                return record
        self._again.extendleft(reversed(taken))
        return Record(line.number, [], Fault(ROW, 'a quote (") is opened and not closed'))


def _parse(line: int, data: bytes, delimiter: str, header: list[str]) -> Record:
    try:
        check_bytes(data, line)
        cells = next(csv.reader([data.decode()], delimiter=delimiter, strict=True), [])
    except Fault as fault:
        return Record(line, [], fault)
    except UnicodeDecodeError as error:
        return Record(line, [], Fault(_column_at(data, error.start, delimiter, header), not_utf8(error)))
    except csv.Error as error:
        return Record(line, [], Fault(ROW, f"the quotes or ends of line are wrong ({error})"))
    if len(cells) != len(header) and any(cell.strip() for cell in cells):
        reason = f"has {len(cells)} columns where the header has {len(header)}"
        return Record(line, cells, Fault(ROW, reason))
    return Record(line, cells)


def _column_at(data: bytes, byte: int, delimiter: str, header: list[str]) -> str:
    """The column in which a byte stands, as far as it can be told."""
    try:
        before = next(csv.reader([data[:byte].decode()], delimiter=delimiter), [])
    except (csv.Error, UnicodeDecodeError):
        return ROW
    place = max(0, len(before) - 1)
    return header[place] if place < len(header) else ROW
