"""Messages between two programs that share a secret: HMAC-SHA256 over the moment and the bytes. Pure.

The header is ``t=<seconds since 1970>,v1=<hexadecimal>``; while a secret is being changed it may bear two ``v1``.
"""

import hashlib
import hmac

from rules.refusals import Code, Refused

HEADER = "Relance-Signature"
TOLERANCE = 300
"""Seconds by which the two clocks may differ: an older message is a replay."""


class Unsigned(Refused):
    """Raised when a message does not bear a valid signature of this moment: the caller is not who it should be."""


def signature(secret: str, at: int, body: bytes) -> str:
    """The header's value for ``body`` sent at ``at`` (seconds since 1970)."""
    return f"t={at},v1={_digest(secret, at, body)}"


def check_signature(header: str | None, secret: str, now: int, body: bytes) -> None:
    """Raises Unsigned unless ``header`` signs these bytes with ``secret`` within TOLERANCE of ``now``."""
    at, given = _parts(header or "")
    if at is None or not given:
        raise Unsigned(f"{HEADER} is missing or not of the form t=…,v1=….", Code.MALFORMED)
    if not any(hmac.compare_digest(_digest(secret, at, body), one) for one in given):
        raise Unsigned(f"{HEADER} does not sign this body with the secret that both sides share.", Code.MALFORMED)
    if abs(now - at) > TOLERANCE:
        raise Unsigned(f"{HEADER} is {abs(now - at)} seconds away; check both clocks.", Code.MALFORMED)


def _digest(secret: str, at: int, body: bytes) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _parts(header: str) -> tuple[int | None, list[str]]:
    pairs = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in pairs if name == "t" and value.isascii() and value.isdigit()]
    given = [value for name, _, value in pairs if name == "v1" and value.isascii()]
    return (int(moments[0]) if len(moments) == 1 and len(moments[0]) < 13 else None), given
