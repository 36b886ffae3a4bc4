"""The script: what happens to the portfolio and when, read from a CSV file. Pure but for the file."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from intake.values import parse_day, parse_instalments
from rules.money import parse_amount
from rules.reading import COMMANDS, parse_command
from rules.refusals import Refused

HEADER = ("date", "number", "kind", "fields")
RAW = "signal:"
"""Before a kind: said as a raw signal, unread, as the plain Temporal command line would."""


@dataclass(frozen=True)
class Happening:
    """One line: on a virtual day something is said to the case of an invoice. ``id`` names it; ``raw``: as a signal."""

    on: date
    number: str
    kind: str
    payload: dict[str, Any]
    raw: bool
    id: str


def read_script(file: Path) -> list[Happening]:
    """The happenings by day; raises Refused naming file, line and reason."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream, delimiter=";")
        if tuple(next(rows, ())) != HEADER:
            raise Refused(f"{file.name}: the header must be {';'.join(HEADER)}.")
        return sorted(_happenings(rows, file.name), key=lambda happening: happening.on)


def _happenings(rows: Iterator[list[str]], name: str) -> Iterator[Happening]:
    for line, cells in enumerate(rows, start=2):
        if not any(cells) or cells[0].startswith("#"):
            continue
        try:
            yield _happening(cells, f"script/{line}")
        except Refused as refused:
            raise Refused(f"{name}, line {line}: {refused.sentence}", refused.code) from None


def _happening(cells: list[str], identity: str) -> Happening:
    if len(cells) < 3:
        raise Refused("a line needs a date, a number and a kind.")
    on, number, kind = parse_day(cells[0], field="date"), cells[1].strip(), cells[2].strip()
    raw = kind.startswith(RAW)
    kind = kind.removeprefix(RAW)
    fields = dict(_field(cell) for cell in cells[3:] if cell.strip())
    if raw:
        return Happening(on, number, kind, fields, raw, identity)
    if kind not in COMMANDS:
        raise Refused(f"« {kind} » is not an event; known: {', '.join(sorted(COMMANDS))}.")
    payload: dict[str, Any] = {"on": on.isoformat(), "id": identity}
    payload.update({key: _READERS.get(key, _same)(text) for key, text in fields.items()})
    parse_command(kind, payload)
    return Happening(on, number, kind, payload, raw, identity)


def _field(cell: str) -> tuple[str, str]:
    key, equals, text = cell.partition("=")
    if not equals or not key.strip():
        raise Refused(f"« {cell} » is not key=value.")
    return key.strip(), text.strip()


def _same(text: str) -> str:
    return text


def _amount(text: str) -> str:
    return str(parse_amount(text, field="amount"))


def _day(text: str) -> str:
    return parse_day(text).isoformat()


def _instalments(text: str) -> list[dict[str, str]]:
    return [{"due_on": part["due_on"].isoformat(), "amount": str(part["amount"])} for part in parse_instalments(text)]


def _flag(text: str) -> bool:
    return text == "oui"


_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("amount", "credit", "principal", "interest", "indemnity"), _amount),
    **dict.fromkeys(("pay_on", "received_on", "until", "opened_on", "published_on", "signed_on", "presented_on"), _day),
    "instalments": _instalments,
    "written": _flag,
    "served_to_person": _flag,
    "acceleration": _flag,
}
