"""The JSON Lines import: one InvoiceIssued a line, read strictly."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

from pydantic import ValidationError

from intake.checks import Known, checked
from intake.lines import (
    ROW,
    WHOLE_FILE,
    Accepted,
    Fault,
    Line,
    RawLine,
    Rejected,
    check_bytes,
    not_utf8,
    raw_lines,
    too_long,
)
from rules.invoice import InvoiceIssued

_BOM = b"\xef\xbb\xbf"
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_DAYS = ("issued_on", "due_on", "performed_on", "received_on")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read_jsonl(stream: BinaryIO, file: str, known: Known) -> Iterator[Line]:
    """The lines of a JSON Lines file, in order; empty lines are left out."""
    empty = True
    for line in raw_lines(stream):
        if line.data is not None and not line.data.removeprefix(_BOM).strip():
            continue
        empty = False
        yield from _line(file, line, known)
    if empty:
        yield Rejected(file, 1, WHOLE_FILE, "the file is empty")


def _line(file: str, line: RawLine, known: Known) -> Iterator[Line]:
    data: Any = None
    try:
        if line.data is None:
            raise Fault(ROW, too_long(line.size))
        data = parse_object(line.data.removeprefix(_BOM) if line.number == 1 else line.data, line.number)
    except Fault as fault:
        yield Rejected(file, line.number, fault.field, fault.reason, _number(data))
        return
    read = read_invoice(data, known)
    if isinstance(read, InvoiceIssued):
        yield Accepted(file, line.number, read)
        return
    yield from (Rejected(file, line.number, fault.field, fault.reason, _number(data)) for fault in read)


def parse_object(raw: bytes, line: int) -> dict[str, Any]:
    """The JSON object of a line; raises Fault on what JSON allows and money or a database does not."""
    data = parse_json(raw, line)
    if not isinstance(data, dict):
        raise Fault(ROW, 'is not a JSON object such as {"creditor": …}')
    check_days(data)
    return data


def parse_json(raw: bytes, line: int) -> Any:
    """Any JSON value, its numbers with a point as Decimal; raises Fault on a key twice, on NaN, and on characters that
    no text may hold."""
    check_bytes(raw, line)
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Fault(ROW, not_utf8(error)) from None
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_float=Decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Fault(ROW, f"is not JSON at column {error.colno}: {error.msg}") from None
    except (ValueError, ArithmeticError):
        raise Fault(ROW, "holds a number too long to be one") from None
    except RecursionError:
        raise Fault(ROW, "is nested too deeply to be an invoice") from None
    if _UNSTORABLE.search(text) or _unstorable(data):
        raise Fault(ROW, "holds a character that no text may hold (\\u0000 or half a surrogate pair)")
    return data


def read_invoice(data: dict[str, Any], known: Known) -> InvoiceIssued | list[Fault]:
    """The invoice of a JSON object, or all that is wrong with it."""
    try:
        check_days(data)
        return checked(InvoiceIssued.model_validate(data, extra="forbid"), known)
    except Fault as fault:
        return [fault]
    except ValidationError as error:
        return [
            Fault(".".join(str(part) for part in wrong["loc"]) or ROW, _said(wrong["type"], wrong["msg"]))
            for wrong in error.errors()
        ]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(key for key, _value in pairs).most_common(1)[0][0]
        raise Fault(twice[:200], "the key stands twice in one object; give it once")
    return found


def _no_constant(text: str) -> Any:
    raise Fault(ROW, f"{text} is not a number of JSON")


def _unstorable(value: Any) -> bool:
    """Whether a text inside holds what neither UTF-8 nor PostgreSQL can keep."""
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is not None
    if isinstance(value, dict):
        return any(_unstorable(key) or _unstorable(inside) for key, inside in value.items())
    return isinstance(value, list) and any(_unstorable(inside) for inside in value)


def check_days(data: dict[str, Any]) -> None:
    """A date is written 2026-02-04: a number would be read as seconds since 1970, which nobody means."""
    parts = data.get("instalments")
    inside = [
        (f"instalments.{place}.due_on", part.get("due_on"))
        for place, part in enumerate(parts if isinstance(parts, list) else [])
        if isinstance(part, dict)
    ]
    for field, value in [(name, data.get(name)) for name in _DAYS] + inside:
        if value is None:
            continue
        if not isinstance(value, str) or not _ISO.match(value):
            raise Fault(field, f"« {str(value)[:80]} » is not a date; write 2026-02-04")
        try:
            date.fromisoformat(value)
        except ValueError:
            raise Fault(field, f"« {value} » is not a day of the calendar") from None


def _number(data: Any) -> str | None:
    number = data.get("number") if isinstance(data, dict) else None
    return number if isinstance(number, str) else None


def _said(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "is not a field of an invoice"
    if kind == "missing":
        return "is missing; it must be given"
    return message.removeprefix("Value error, ").removeprefix("amount: ").rstrip(".")
