"""Files of invoices: a good row, and what is changed in it."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from intake.lines import Accepted, Line, Rejected

HEADER = (
    "creditor,number,issued_on,due_on,total,debtor_id,debtor_name,debtor_kind,debtor_email,"
    "debtor_address_lines,debtor_postal_code,debtor_city,payee_iban,payee_name"
)
GOOD = {
    "creditor": "acme",
    "number": "F-1",
    "issued_on": "2026-01-05",
    "due_on": "2026-02-04",
    "total": "1200.00",
    "debtor_id": "C-104",
    "debtor_name": "Boulangerie Martin SARL",
    "debtor_kind": "business",
    "debtor_email": "compta@martin.example",
    "debtor_address_lines": "12 rue des Lilas|Bâtiment B",
    "debtor_postal_code": "69003",
    "debtor_city": "Lyon",
    "payee_iban": "",
    "payee_name": "",
}
Reading = Callable[..., list[Line]]


def row(**changes: str) -> str:
    """A good CSV row with some cells changed; a cell with a comma is quoted."""
    cells = {**GOOD, **changes}
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells.values())


def invoice(**changes: Any) -> dict[str, Any]:
    """The JSON of a good invoice with some keys changed."""
    debtor = {"id": "C-104", "name": "Boulangerie Martin SARL", "kind": "business"}
    return {
        "creditor": "acme",
        "number": "F-1",
        "issued_on": "2026-01-05",
        "total": "1200.00",
        "debtor": debtor,
        **changes,
    }


def line(**changes: Any) -> str:
    """A line of JSON Lines."""
    return json.dumps(invoice(**changes), ensure_ascii=False)


def accepted(lines: Iterable[Line]) -> list[str]:
    """The numbers that were accepted, in order."""
    return [line.invoice.number for line in lines if isinstance(line, Accepted)]


def rejected(lines: Iterable[Line]) -> list[Rejected]:
    """The refusals, in order."""
    return [line for line in lines if isinstance(line, Rejected)]
