"""Dated events of a file (JSON Lines), as the preview plays them: ``{"on": …, "number": …, "kind": "paid", …}``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.jsonl_file import parse_object
from intake.lines import ROW, WHOLE_FILE, Fault, RawLine, Rejected, raw_lines, too_long
from rules.commands import Command
from rules.reading import parse_command
from rules.refusals import Refused

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class EventRead:
    """An event and the case it happens to."""

    line: int
    case: str
    command: Command


def read_events(path: Path, cases: Mapping[str, list[str]]) -> Iterator[EventRead | Rejected]:
    """The events of a file, in its order. ``cases``: the ids of the cases of each invoice number.

    ``creditor`` says which case is meant when several creditors hold a number. A line that cannot be read is refused
    with file, line, field and reason.
    """
    file = str(path)
    try:
        with path.open("rb") as stream:
            for line in raw_lines(stream):
                if line.data is None or line.data.removeprefix(_BOM).strip():
                    yield _event(file, line, cases)
    except OSError as error:
        yield Rejected(file, 1, WHOLE_FILE, f"cannot be read: {error.strerror}")


def _event(file: str, line: RawLine, cases: Mapping[str, list[str]]) -> EventRead | Rejected:
    number: str | None = None
    try:
        if line.data is None:
            raise Fault(ROW, too_long(line.size))
        data = parse_object(line.data.removeprefix(_BOM), line.number)
        number = data.get("number") if isinstance(data.get("number"), str) else None
        return EventRead(line.number, _case(data, cases), _command(data))
    except Fault as fault:
        return Rejected(file, line.number, fault.field, fault.reason, number)


def _case(data: dict[str, Any], cases: Mapping[str, list[str]]) -> str:
    """The case that the event names; the keys that name it are taken out of ``data``."""
    number, creditor = data.pop("number", None), data.pop("creditor", None)
    if not isinstance(number, str):
        raise Fault("number", "is missing; name the invoice that the event is about")
    ids = cases.get(number, [])
    if creditor is not None:
        ids = [case for case in ids if case.startswith(f"invoice/{creditor}/")]
    if not ids:
        raise Fault("number", f"« {number} » is not an invoice of this preview")
    if len(ids) > 1:
        raise Fault("creditor", f"« {number} » is an invoice of several creditors; name one")
    return ids[0]


def _command(data: dict[str, Any]) -> Command:
    kind = data.pop("kind", None)
    if not isinstance(kind, str):
        raise Fault("kind", "is missing; write the name of a signal, such as paid")
    # For a credit note, ``number`` names the invoice: its own number goes by the key ``credit_note``.
    if kind == "credit_note":
        data["number"] = data.pop("credit_note", "avoir")
    try:
        command = parse_command(kind, data)
    except Refused as refused:
        raise Fault("kind", refused.sentence.rstrip(".")) from None
    if command.on is None:
        raise Fault("on", "is missing; give the day it happens, such as 2026-03-02")
    return command
