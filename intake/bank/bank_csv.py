"""A bank's CSV: dates, words, amounts in one column or in two, under the headers that French banks give them. Pure."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from intake.bank.lines import BankLine, Statement, told, with_ids
from intake.lines import HEADER, WHOLE_FILE, Fault
from intake.values import parse_day
from rules.money import ZERO, parse_amount
from rules.refusals import Refused

CAP = 10_000_000
FIELDS = {
    "booked_on": ("booked_on", "date", "date operation", "date de l operation", "date comptable",
                  "date comptabilisation", "date de comptabilisation", "booking date"),
    "amount": ("amount", "montant", "montant eur", "montant euros"),
    "credit": ("credit", "credit euros", "montant credit"),
    "debit": ("debit", "debit euros", "montant debit"),
    "currency": ("currency", "devise"),
    "text": ("text", "libelle", "libelle operation", "libelle complet", "label", "communication", "motif", "details"),
    "reference": ("reference", "end_to_end_id", "endtoendid", "reference client", "reference de bout en bout"),
    "bank_reference": ("bank_reference", "reference banque", "reference operation", "numero operation"),
    "payer": ("payer", "donneur d ordre", "contrepartie", "nom", "emetteur"),
    "payer_iban": ("payer_iban", "iban contrepartie", "iban donneur d ordre", "iban emetteur", "compte contrepartie"),
    "account": ("account", "compte", "iban"),
}  # fmt: skip


def read_bank_csv(data: bytes, account: str | None = None, until: date | None = None) -> list[Statement]:
    """The statements of a file, one per account. ``account``: whose lines they are when the file does not say;
    ``until``: to which day it goes (default: its last line). Raises Fault naming the column."""
    rows = _rows(data)
    places = _places(next(rows, (1, []))[1])
    by_account: dict[str, list[BankLine]] = {}
    others: dict[str, int] = {}
    days: dict[str, date] = {}
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        cells = {field: row[place].strip() for field, place in places.items() if place < len(row)}
        try:
            line = _line(cells, account)
        except Refused as refused:
            raise Fault(f"line {number}", refused.sentence.rstrip(".")) from None
        except Fault as fault:
            raise Fault(f"line {number}, {fault.field}", fault.reason) from None
        lines = by_account.setdefault(line.account, [])
        days[line.account] = max(line.booked_on, days.get(line.account, line.booked_on))
        if line.amount > ZERO:
            lines.append(line)
        else:
            others[line.account] = others.get(line.account, 0) + 1
    if not by_account:
        raise Fault(WHOLE_FILE, "the file holds no line")
    return [
        Statement(whose, until or days[whose], tuple(with_ids(lines)), others.get(whose, 0))
        for whose, lines in by_account.items()
    ]


def _line(cells: dict[str, str], account: str | None) -> BankLine:
    """The line; its amount is below zero when money went out."""
    whose = re.sub(r"\s", "", cells.get("account") or account or "")
    if not whose:
        raise Fault("account", "is not said by the file; name it (--account, or ?account= of the interface)")
    return BankLine(
        account=whose,
        booked_on=parse_day(cells.get("booked_on", ""), field="booked_on"),
        amount=_amount(cells),
        currency=(cells.get("currency") or "EUR").upper()[:3],
        reference=told(cells.get("reference")),
        bank_reference=told(cells.get("bank_reference")),
        text=cells.get("text", "")[:2000],
        payer=cells.get("payer") or None,
        payer_iban=re.sub(r"\s", "", cells.get("payer_iban", "")) or None,
    )


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line each ends on."""
    if len(data) > CAP:
        raise Fault(WHOLE_FILE, f"the file has {len(data)} bytes, more than {CAP}")
    if b"\0" in data:
        raise Fault(WHOLE_FILE, "the file holds a NUL byte; save it as « CSV UTF-8 »")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Banks still write the code page of Windows; a French word tells which.
        text = data.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise Fault(f"line {reader.line_num}", f"is no CSV ({error}); export the file again from the bank") from None


def _places(header: Sequence[str]) -> dict[str, int]:
    plain = [_plain(name) for name in header]
    places: dict[str, int] = {}
    for field, names in FIELDS.items():
        for name in names:
            if name in plain:
                places[field] = plain.index(name)
                break
    if "booked_on" not in places:
        raise Fault(HEADER, "no column is the booking date, such as « booked_on » or « Date comptable »")
    if not {"amount", "credit"} & set(places):
        raise Fault(HEADER, "no column is the amount, such as « amount », « Montant » or « Crédit »")
    return places


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.strip().casefold())
    letters = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^a-z0-9_]+", " ", letters).split())


def _amount(cells: dict[str, str]) -> Decimal:
    """Above zero: money that came in."""
    if cells.get("amount"):
        return _signed(cells["amount"], "amount")
    if cells.get("credit"):
        return abs(_signed(cells["credit"], "credit"))
    if cells.get("debit"):
        return -abs(_signed(cells["debit"], "debit"))
    raise Fault("amount", "is empty")


def _signed(text: str, field: str) -> Decimal:
    negative = text.startswith(("-", "\u2212"))
    amount = parse_amount(text.lstrip("+-\u2212 "), field=field)
    return -amount if negative else amount
