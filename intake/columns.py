"""The columns of the CSV import: for each, where it goes in the invoice and how its cell is read. Pure."""

import re
from collections.abc import Callable
from typing import Any

from intake import values
from intake.lines import Fault
from rules.refusals import Refused

Reader = Callable[..., Any]


def _digits(text: str, *, field: str = "siren") -> str:
    """A number that people write in groups."""
    del field
    return re.sub(r"[ \u00a0\u202f]", "", text)


_TEXT = values.parse_text
COLUMNS: dict[str, tuple[tuple[str, ...], Reader]] = {
    "creditor": (("creditor",), _TEXT),
    "number": (("number",), _TEXT),
    "issued_on": (("issued_on",), values.parse_day),
    "due_on": (("due_on",), values.parse_day),
    "currency": (("currency",), _TEXT),
    "total": (("total",), values.parse_sum),
    "already_paid": (("already_paid",), values.parse_sum),
    "instalments": (("instalments",), values.parse_instalments),
    "order_reference": (("order_reference",), _TEXT),
    "policy": (("policy",), _TEXT),
    "documents": (("documents",), values.parse_documents),
    "performed_on": (("performed_on",), values.parse_day),
    "received_on": (("received_on",), values.parse_day),
    "claim": (("claim",), _TEXT),
    "subject": (("subject",), _TEXT),
    "segment": (("segment",), _TEXT),
    "owner": (("owner",), _TEXT),
    "payee_name": (("payee", "name"), _TEXT),
    "payee_iban": (("payee", "iban"), _digits),
    "payee_mention": (("payee", "mention"), _TEXT),
    "debtor_id": (("debtor", "id"), _TEXT),
    "debtor_name": (("debtor", "name"), _TEXT),
    "debtor_kind": (("debtor", "kind"), _TEXT),
    "debtor_siren": (("debtor", "siren"), _digits),
    "debtor_email": (("debtor", "email"), _TEXT),
    "debtor_phone": (("debtor", "phone"), _TEXT),
    "debtor_language": (("debtor", "language"), _TEXT),
    "debtor_merchant": (("debtor", "merchant"), values.parse_flag),
    "debtor_legal_name": (("debtor", "legal_name"), _TEXT),
    "debtor_legal_form": (("debtor", "legal_form"), _TEXT),
    "debtor_rcs": (("debtor", "rcs"), _TEXT),
    "debtor_contacts": (("debtor", "contacts"), values.parse_contacts),
    "debtor_lre_consent": (("debtor", "lre_consent"), values.parse_flag),
    "debtor_address_lines": (("debtor", "address", "lines"), values.parse_address_lines),
    "debtor_postal_code": (("debtor", "address", "postal_code"), _TEXT),
    "debtor_city": (("debtor", "address", "city"), _TEXT),
    "debtor_country": (("debtor", "address", "country"), _TEXT),
}
REQUIRED = ("creditor", "number", "issued_on", "total", "debtor_id", "debtor_name", "debtor_kind")
_COLUMN_OF = {path: column for column, (path, _reader) in COLUMNS.items()}


def invoice_data(cells: dict[str, str]) -> tuple[dict[str, Any], list[Fault]]:
    """The invoice's data from a row's cells by column, and what is wrong. Empty cells are absent fields."""
    data: dict[str, Any] = {}
    faults = []
    for column, cell in cells.items():
        text = cell.strip()
        if not text:
            continue
        path, reader = COLUMNS[column]
        try:
            value = reader(text, field=column)
        except Refused as refused:
            faults.append(Fault(column, refused.sentence.removeprefix(f"{column}: ").rstrip(".")))
            continue
        target = data
        for key in path[:-1]:
            target = target.setdefault(key, {})
        target[path[-1]] = value
    faults += [Fault(column, "is empty; it must be given") for column in REQUIRED if not cells.get(column, "").strip()]
    return data, faults


def column_of(place: tuple[str | int, ...]) -> str:
    """The column that fills a place of the invoice, ``("debtor", "kind")`` → ``debtor_kind``."""
    names = tuple(str(part) for part in place if isinstance(part, str))
    while names:
        if names in _COLUMN_OF:
            return _COLUMN_OF[names]
        names = names[:-1]
    return ".".join(str(part) for part in place)
