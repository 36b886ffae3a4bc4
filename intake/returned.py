"""What whoever held a case reports on the sheet ``retour.csv``: each line becomes something said to a case, or is
refused."""

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from intake.lines import HEADER, WHOLE_FILE, Fault, RawLine, Rejected, not_utf8, too_long
from intake.records import Record, Records
from intake.values import parse_day, parse_instalments
from rules.holder_sheet import COLUMNS, EVENTS, Told, told_by
from rules.money import parse_amount
from rules.reading import parse_command
from rules.refusals import Refused

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SHIELDED = re.compile(r"^'(?=[=+\-@|%])")
_REQUIRED = ("Dossier", "Événement", "Date")


@dataclass(frozen=True)
class Reported:
    """A line that can be said to a case. ``case``: as it is written there; ``id``: that of the event, the same
    whenever the line comes again; ``body``: the command's JSON."""

    line: int
    case: str
    number: str
    id: str
    body: dict[str, Any]

    @property
    def kind(self) -> str:
        """The signal's name."""
        return str(self.body["kind"])


def read_returned(stream: BinaryIO, file: str) -> Iterator[Reported | Rejected]:
    """The lines of a sheet in its order, those left empty passed over. Of two lines that say the same the second is
    refused; a wrong header refuses the whole file."""
    records = Records(stream)
    try:
        delimiter, header = _header(records.first())
    except Fault as fault:
        yield Rejected(file, 1, fault.field, fault.reason)
        return
    seen: dict[str, int] = {}
    for record in records.rows(delimiter, header):
        try:
            found = _line(record, header)
            if found is None:
                continue
            first = seen.setdefault(found.id, found.line)
            if first != found.line:
                reason = f"says the same as line {first}; if it happened twice, give each its own Référence"
                raise Fault("row", reason)
            yield found
        except Fault as fault:
            yield Rejected(file, record.line, fault.field, fault.reason)


def _header(first: RawLine | None) -> tuple[str, list[str]]:
    """The separator and the columns; raises Fault when they are not the sheet's."""
    if first is None or not (first.data or b"").removeprefix(_BOM).strip():
        raise Fault(WHOLE_FILE, "the file is empty")
    if first.data is None:
        raise Fault(HEADER, too_long(first.size))
    if first.data.startswith(_UTF16):
        raise Fault(WHOLE_FILE, "the file is UTF-16; save it as « CSV UTF-8 »")
    try:
        text = first.data.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        raise Fault(HEADER, not_utf8(error)) from None
    delimiter = ";" if text.count(";") > text.count(",") else ","
    header = [name.strip() for name in next(csv.reader([text], delimiter=delimiter), [])]
    strange = [name for name in header if name not in COLUMNS]
    missing = [name for name in _REQUIRED if name not in header]
    if strange or missing or len(set(header)) < len(header):
        said = f"; unknown: {', '.join(strange) or 'none'}; missing: {', '.join(missing) or 'none'}"
        raise Fault(HEADER, f"the columns are not those of retour.csv ({', '.join(COLUMNS)}), each once{said}")
    return delimiter, header


def _line(record: Record, header: list[str]) -> Reported | None:
    if record.fault is not None:
        raise record.fault
    written = dict(zip(header, (_SHIELDED.sub("", cell.strip()) for cell in record.cells), strict=True))
    cells = {name: written.get(name, "") for name in COLUMNS}
    if not any(value for name, value in cells.items() if name not in ("Dossier", "Facture")):
        return None  # as it was sent, and not filled in
    for name in _REQUIRED:
        if not cells[name]:
            raise Fault(name, "is missing")
    digest = hashlib.sha256(json.dumps(list(cells.values()), ensure_ascii=False).encode()).hexdigest()
    return Reported(record.line, cells["Dossier"], cells["Facture"], f"returned/{digest[:32]}", _body(cells))


def _body(cells: dict[str, str]) -> dict[str, Any]:
    """The command's JSON; raises Fault naming the column."""
    told = told_by(cells["Événement"])
    if told is None:
        raise Fault("Événement", f"« {cells['Événement']} » is not one of {', '.join(EVENTS)}")
    for name in told.needs:
        if not cells[name]:
            raise Fault(name, f"is missing: a line « {cells['Événement']} » needs it")
    body: dict[str, Any] = {"on": _read(parse_day, cells["Date"], "Date").isoformat()}
    for name in ("Nature", "Date", "Échéance", "Montant", "Référence", "Texte"):
        if not cells[name]:
            continue
        field = told.columns.get(name)
        if field is not None:
            body[field] = _value(told, name, cells[name])
        elif name == "Texte":
            body["note"] = cells[name]
        elif name != "Date":
            raise Fault(name, f"« {cells['Événement']} » says nothing there; leave it empty")
    try:
        command = parse_command(told.name, body)
    except Refused as refused:
        raise Fault("row", refused.sentence.rstrip(".")) from None
    return {**command.model_dump(mode="json", exclude_unset=True, exclude={"id"}), "kind": told.name}


def _value(told: Told, column: str, text: str) -> Any:
    """What a cell means, as JSON."""
    if column in ("Date", "Échéance"):
        return _read(parse_day, text, column).isoformat()
    if column == "Montant":
        amount = _read(parse_amount, text, column)
        if amount <= 0:
            raise Fault(column, f"« {text} » is not above zero; a payment taken back is said with payment_reversed")
        return str(amount)
    if column == "Nature" and told.natures:
        known = told.natures.get(text.lower(), text if text in told.natures.values() else None)
        if known is None:
            raise Fault(column, f"« {text} » is not one of {', '.join(told.natures)}")
        return known
    if column == "Nature":
        parts = _read(parse_instalments, text, column)
        return [{"due_on": str(part["due_on"]), "amount": str(part["amount"])} for part in parts]
    return text


def _read(parse: Callable[..., Any], text: str, column: str) -> Any:
    """A cell read; raises Fault with the parser's own reason."""
    try:
        return parse(text, field=column)
    except Refused as refused:
        raise Fault(column, refused.sentence.removeprefix(f"{column}: ").rstrip(".")) from None
