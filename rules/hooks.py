"""What is posted to those who follow a creditor's cases or take its letters, and the signature both sides check. Pure.

Headers and signature are those of the Standard Webhooks specification: ``webhook-id`` (the same at every attempt, to
recognise a delivery by), ``webhook-timestamp`` (seconds since 1970) and ``webhook-signature`` (``v1,`` and the base64
of HMAC-SHA256 over ``id.timestamp.body``)."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from rules.base import Frozen
from rules.refusals import Refused

SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix, not a secret
_SECRET_BYTES = range(24, 65)
TOLERANCE = 300
"""Seconds that a signature may be old, or ahead."""

PAUSES = (0, 30, 60, 300, 900, 3600, 3600, 7200, 14400)
"""Seconds after the n-th attempt before the next; the last one holds from there on."""

GIVE_UP_AFTER = 24
"""Attempts: about three days."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    GAVE_UP = "gave_up"
    STOPPED = "stopped"


class Outcome(NamedTuple):
    """What an attempt came to: an HTTP status, or why there was none."""

    ok: bool
    status: int | None = None
    error: str | None = None


class Delivery(Frozen):
    """An event that is owed to a hook. ``readable``: the event as the chain hashed it, nothing personal in it."""

    hook: str
    case_id: str
    position: int
    kind: str
    attempts: int
    url: str
    secret: bytes
    creditor: str
    readable: str
    hash: str
    entered_at: datetime

    @property
    def id(self) -> str:
        """The same at every attempt."""
        return hashlib.sha256(f"{self.hook}/{self.case_id}/{self.position}".encode()).hexdigest()[:32]

    def body(self) -> bytes:
        """What is posted: which event of which case; nothing that belongs to a person leaves the house."""
        said = {
            "type": self.kind,
            "case": self.case_id,
            "creditor": self.creditor,
            "position": self.position,
            "hash": self.hash,
            "at": self.entered_at.isoformat().replace("+00:00", "Z"),
            "event": json.loads(self.readable),
        }
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def secret_text(secret: bytes) -> str:
    """The secret as both sides write it down."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def secret_of(text: str) -> bytes:
    """The secret that ``secret_text`` wrote down; raises Refused on anything but ``whsec_`` and the base64 of 24 to 64
    bytes, as the specification wants it."""
    try:
        secret = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        secret = b""
    if not text.startswith(SECRET_PREFIX) or len(secret) not in _SECRET_BYTES:
        raise Refused("a secret is whsec_ and the base64 of 24 to 64 random bytes: openssl rand -base64 32.")
    return secret


def signed_headers(secret: bytes, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message sent at ``timestamp`` (seconds since 1970)."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret, message_id, timestamp, body),
    }


def sign(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The ``webhook-signature`` header."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def verify(secret: bytes, message_id: str, timestamp: str, signature: str, body: bytes, now: int) -> None:
    """Raises Refused when the headers are not those of somebody who knows the secret, or not of now."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise Refused("webhook-timestamp is not a number of seconds since 1970.")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise Refused(f"webhook-timestamp is more than {TOLERANCE} seconds away; is a clock wrong?")
    if not message_id or len(message_id) > 200 or not message_id.isprintable():
        raise Refused("webhook-id is missing or not 1 to 200 printable characters.")
    expected = sign(secret, message_id, int(timestamp), body)
    given = signature.split(" ")
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given[:8]):
        raise Refused("webhook-signature does not fit this body and this secret.")
