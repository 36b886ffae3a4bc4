"""What people and exports write in a cell, read into dates, amounts, flags and lists. Pure."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from rules.money import parse_amount
from rules.refusals import Code, Refused

_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_FRENCH = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{4})$")
_YES = frozenset({"true", "yes", "oui", "vrai", "1", "o", "y"})
_NO = frozenset({"false", "no", "non", "faux", "0", "n"})
EARLIEST = date(1990, 1, 1)
LATEST = date(2099, 12, 31)


def parse_day(text: str, *, field: str = "date") -> date:
    """Read ``2026-02-04`` or ``04/02/2026``, 1990 to 2099; raises Refused (date_invalid) on anything else."""
    cleaned = text.strip()
    iso, french = _ISO.match(cleaned), _FRENCH.match(cleaned)
    if iso:
        year, month, day = map(int, iso.groups())
    elif french:
        day, month, year = map(int, french.groups())
    else:
        raise Refused(f"{field}: « {text} » is not a date; write 2026-02-04 or 04/02/2026.", Code.DATE_INVALID)
    try:
        found = date(year, month, day)
    except ValueError:
        raise Refused(f"{field}: « {text} » is not a day of the calendar.", Code.DATE_INVALID) from None
    if not EARLIEST <= found <= LATEST:
        raise Refused(f"{field}: « {text} » is outside 1990–2099; check the year.", Code.DATE_INVALID)
    return found


def parse_flag(text: str, *, field: str = "flag") -> bool:
    """Read yes or no, in English or French; raises Refused on anything else."""
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused(f"{field}: « {text} » is neither yes nor no.")


def parse_instalments(text: str, *, field: str = "instalments") -> list[dict[str, Any]]:
    """Read ``2026-02-04:600.00|2026-03-04:600.00`` into due_on and amount; raises Refused naming the part."""
    parts = []
    for part in _parts(text):
        day, colon, amount = part.partition(":")
        if not colon:
            raise Refused(f"{field}: « {part} » is not DATE:AMOUNT, such as 2026-02-04:600.00.")
        parts.append({"due_on": parse_day(day, field=field), "amount": parse_amount(amount, field=field)})
    return parts


def parse_documents(text: str, *, field: str = "documents") -> list[dict[str, Any]]:
    """Read ``invoice:file:///F-1.pdf|order:https://…`` into kind and uri; raises Refused naming the part."""
    parts = []
    for part in _parts(text):
        kind, colon, uri = part.partition(":")
        if not colon or not kind.strip() or not uri.strip():
            raise Refused(f"{field}: « {part} » is not KIND:URI, such as invoice:file:///F-1.pdf.")
        parts.append({"kind": kind.strip(), "uri": uri.strip()})
    return parts


def parse_contacts(text: str, *, field: str = "contacts") -> list[dict[str, Any]]:
    """Read ``role:email:phone|…`` (any of the three may be empty); raises Refused naming the part."""
    parts = []
    for part in _parts(text):
        cells = [cell.strip() or None for cell in part.split(":")]
        if len(cells) > 3 or not any(cells):
            raise Refused(f"{field}: « {part} » is not ROLE:EMAIL:PHONE.")
        parts.append(dict(zip(("role", "email", "phone"), cells, strict=False)))
    return parts


def parse_address_lines(text: str, *, field: str = "lines") -> list[str]:
    """Read ``12 rue des Lilas|Bâtiment B`` into the lines of an address; any text is right."""
    del field
    return _parts(text)


def parse_text(text: str, *, field: str = "text") -> str:
    """Any text is right."""
    del field
    return text


def parse_sum(text: str, *, field: str = "amount") -> Decimal:
    """Read an amount with point or comma and spaces between thousands; raises Refused (amount_invalid)."""
    return parse_amount(text, field=field)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]
