"""The master key ring: AES-256-GCM under the first key, opened under any.

``RELANCE_PAYLOAD_KEYS`` is ``ID:KEY[,ID:KEY …]``: an id of letters, digits, dots and dashes; thirty-two random bytes
in URL-safe base64. The first key seals; the others are retired and only open. A key is removed when nothing that it
sealed is kept any more.

What is sealed is ``0x01, length of the id, id, nonce (12 bytes), ciphertext and tag``: SP 800-38D, 96-bit nonces.
"""

import base64
import binascii
import os
import re
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rules.refusals import Refused

VARIABLE = "RELANCE_PAYLOAD_KEYS"
NONCE, KEY = 12, 32  # bytes
_VERSION = 1
_ID = re.compile(r"[A-Za-z0-9.-]{1,32}")


class UnknownKey(Exception):
    """Raised for what a key of another ring sealed: nothing is wrong with it, the key is missing."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"{VARIABLE} has no key « {key_id} »; add it back behind the others.")
        self.key_id = key_id


class Altered(Exception):
    """Raised when sealed bytes do not open under the key they name: a byte changed, or they stand elsewhere."""


class KeyRing:
    """Master keys by id, the current one first."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.ids = tuple(keys)

    @property
    def current(self) -> str:
        """The id of the key that seals."""
        return self.ids[0]

    def seal(self, text: bytes, context: str) -> bytes:
        """Encrypt under the current key. ``context`` names the place: moved elsewhere it does not open."""
        name, nonce = self.current.encode(), os.urandom(NONCE)
        sealed = self._ciphers[self.current].encrypt(nonce, text, context.encode())
        return bytes((_VERSION, len(name))) + name + nonce + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt under whichever key sealed it; raises UnknownKey or Altered."""
        key_id = key_of(sealed)
        if key_id is None:
            raise Altered("these bytes were never sealed, or their first ones changed")
        if key_id not in self._ciphers:
            raise UnknownKey(key_id)
        body = sealed[2 + len(key_id) :]
        try:
            return self._ciphers[key_id].decrypt(body[:NONCE], body[NONCE:], context.encode())
        except (InvalidTag, ValueError):
            raise Altered(f"these bytes do not open under key « {key_id} »: one of them changed") from None

    def wrap(self, key: bytes) -> bytes:
        """A debtor's key as the ledger keeps it."""
        return self.seal(key, "debtor key")

    def unwrap(self, wrapped: bytes) -> bytes:
        """The debtor's key, whichever master key it was wrapped under."""
        return self.open(wrapped, "debtor key")


def key_of(sealed: bytes) -> str | None:
    """The id of the key that sealed these bytes; None when they do not say."""
    if len(sealed) < 2 or sealed[0] != _VERSION:
        return None
    name = sealed[2 : 2 + sealed[1]].decode("ascii", "replace")
    return name if len(name) == sealed[1] and _ID.fullmatch(name) else None


@lru_cache(maxsize=8)
def parse_ring(text: str | None) -> KeyRing | None:
    """The ring of the setting; None when there is none. Raises Refused naming the wrong entry, never a key."""
    if not text or not text.strip():
        return None
    keys: dict[str, bytes] = {}
    for place, entry in enumerate(text.split(","), 1):
        key_id, colon, secret = entry.strip().partition(":")
        if not colon or not _ID.fullmatch(key_id):
            raise Refused(f"{VARIABLE}: entry {place} is not ID:KEY; starter.py keys new makes one.")
        if key_id in keys:
            raise Refused(f"{VARIABLE}: the id « {key_id} » stands twice; give each key an id of its own.")
        keys[key_id] = _secret(secret, key_id)
    return KeyRing(keys)


def _secret(text: str, key_id: str) -> bytes:
    try:
        key = base64.b64decode(text.strip() + "=" * (-len(text.strip()) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY:
        raise Refused(
            f"{VARIABLE}: key « {key_id} » is not {KEY} bytes in URL-safe base64; starter.py keys new makes one."
        )
    return key


def new_entry(key_id: str) -> str:
    """A new entry of the setting; raises Refused when the id cannot be one."""
    if not _ID.fullmatch(key_id):
        raise Refused(f"« {key_id} » is not a key's id; use letters, digits, dots and dashes, 32 at most.")
    return f"{key_id}:{base64.urlsafe_b64encode(os.urandom(KEY)).decode().rstrip('=')}"
