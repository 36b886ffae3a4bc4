"""Lines of statements as they are kept, and how: names and words sealed, an account number as a keyed digest."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag

from ledger.seal import decrypt, encrypt
from rules.base import Frozen
from rules.privacy import FORGOTTEN


class LineState(StrEnum):
    """``received``: written down, its cases are being asked; ``posting``: its parts are decided and being said to the
    cases as payments; either may have been cut short, and is finished by saying the same again. ``open``: nobody knows
    whose it is, or (``parts``) who the rest of it is for."""

    RECEIVED = "received"
    POSTING = "posting"
    POSTED = "posted"
    PROPOSED = "proposed"
    OPEN = "open"
    IGNORED = "ignored"


class KeptPart(Frozen):
    """What of a line a case gets."""

    case: str
    amount: Decimal


class KeptLine(Frozen):
    """A line as it is kept. ``payer`` and ``text`` are None once it was dealt with; ``proposed_to``: the cases that
    were asked whether it is theirs."""

    id: str
    creditor: str
    booked_on: date
    amount: Decimal
    currency: str
    reversal: bool
    reference: str | None
    payer: str | None = None
    payer_digest: str | None = None
    text: str | None = None
    state: LineState = LineState.RECEIVED
    parts: tuple[KeptPart, ...] = ()
    proposed_to: tuple[str, ...] = ()
    confidence: float = 0.0
    because: str = ""


class OpenCase(Frozen):
    """A case that a payment may be for."""

    id: str
    number: str
    debtor: str
    currency: str
    principal: Decimal
    outstanding: Decimal
    due_on: date


class Known(Frozen):
    """To which day the movements of an account are known."""

    creditor: str
    account: str
    booked_until: date
    imported_at: datetime


def row_of(line: KeptLine, payer_iban: str | None, key: bytes) -> dict[str, Any]:
    """The row of a line."""
    return line.model_dump() | {
        "state": line.state.value,
        "parts": parts_text(line.parts),
        "proposed_to": json.dumps(line.proposed_to),
        "payer": _sealed(key, line.payer, line.id),
        "text": _sealed(key, line.text, line.id),
        "payer_digest": None if payer_iban is None else digest(key, payer_iban),
    }


def line_of(row: dict[str, Any], key: bytes) -> KeptLine:
    """The line of a row, opened."""
    opened = {name: _opened(key, row[name], row["id"]) for name in ("payer", "text")}
    lists = {name: json.loads(row[name]) for name in ("parts", "proposed_to")}
    return KeptLine.model_validate({**row, **opened, **lists})


def parts_text(parts: Sequence[KeptPart]) -> str:
    """Parts as a row keeps them."""
    return json.dumps([part.model_dump(mode="json") for part in parts])


def digest(key: bytes, iban: str) -> str:
    """What an account is known by."""
    return hmac.new(key, f"iban/{iban}".encode(), hashlib.sha256).hexdigest()[:32]


def _sealed(key: bytes, text: str | None, line_id: str) -> str | None:
    return None if not text else base64.b64encode(encrypt(key, text.encode(), f"bank/{line_id}")).decode()


def _opened(key: bytes, sealed: str | None, line_id: str) -> str | None:
    if sealed is None:
        return None
    try:
        return decrypt(key, base64.b64decode(sealed), f"bank/{line_id}").decode()
    except (InvalidTag, ValueError):
        return FORGOTTEN
