"""Keeping what belongs to a person under a key that can be destroyed.

Each case has a data key of its own, kept encrypted under its debtor's key; the debtor's key is kept wrapped under the
master key ring when one is configured. Destroying the debtor's key makes every personal field of its cases unreadable.
(A backup taken before still holds the key: it is forgotten there when the backup expires.) A key per case besides the
debtor's: a case can be opened, and its first event hashed, before the debtor's row is read; and a debtor forgotten once
may become a customer again.
"""

import json
import os
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.chain import canonical
from ledger.errors import NoKeyRing
from rules.privacy import FORGOTTEN

NONCE = 12  # bytes, as AES-GCM wants them
PLAIN = b"\x00"
WRAPPED = b"\x01"


class KeyRing(Protocol):
    """The master keys."""

    def wrap(self, key: bytes) -> bytes:
        """The key, encrypted under the current master key."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """The key, whichever master key of the ring it was wrapped under."""
        ...


def new_key() -> bytes:
    """Thirty-two random bytes."""
    return AESGCM.generate_key(bit_length=256)


def encrypt(key: bytes, text: bytes, context: str) -> bytes:
    """AES-256-GCM: nonce, then ciphertext. ``context`` names the place: moved elsewhere it does not open."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, context.encode())


def decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    """What was encrypted; raises cryptography.exceptions.InvalidTag on any other key, context or byte."""
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())


class Seal:
    """Seals and opens the personal parts of one case. Without a key everything reads as forgotten, and
    nothing personal is kept any more."""

    def __init__(self, case_id: str, key: bytes | None) -> None:
        self.key = key
        self._case_id = case_id
        self._cipher = None if key is None else AESGCM(key)

    def seal(self, personal: dict[str, Any], position: int) -> bytes | None:
        """The ciphertext of the personal part of the event at that position; None when there is nothing to
        keep."""
        if self._cipher is None or not personal:
            return None
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, canonical(personal).encode(), self._context(position))

    def open(self, sealed: bytes | None, position: int) -> dict[str, Any] | None:
        """The personal part; None when it is forgotten. Raises InvalidTag when the ciphertext was altered."""
        if self._cipher is None:
            return None
        if sealed is None:
            return {}
        text = self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], self._context(position))
        opened: dict[str, Any] = json.loads(text.decode())
        return opened

    def seal_name(self, name: str) -> bytes | None:
        """The debtor's name for lists; position 0 of the case."""
        return self.seal({"name": name}, 0)

    def open_name(self, sealed: bytes | None) -> str:
        """The debtor's name, ``[effacé]`` when it is forgotten or does not open."""
        try:
            opened = self.open(sealed, 0)
        except InvalidTag:
            opened = None
        return FORGOTTEN if not opened else str(opened["name"])

    def _context(self, position: int) -> bytes:
        return f"{self._case_id}#{position}".encode()


def wrap_debtor_key(key: bytes, ring: KeyRing | None) -> bytes:
    """The debtor's key as it is stored; a first byte says whether a master key covers it."""
    return PLAIN + key if ring is None else WRAPPED + ring.wrap(key)


def unwrap_debtor_key(stored: bytes | None, ring: KeyRing | None) -> bytes | None:
    """The debtor's key; None when it was destroyed. Raises NoKeyRing when it is wrapped and no ring was
    given."""
    if stored is None:
        return None
    if stored[:1] == PLAIN:
        return stored[1:]
    if ring is None:
        raise NoKeyRing
    return ring.unwrap(stored[1:])


def case_seal(case_id: str, case_key: bytes | None, debtor_key: bytes | None) -> Seal:
    """The seal of a case from its stored key and its debtor's key; raises InvalidTag when the two do not
    fit."""
    if case_key is None or debtor_key is None:
        return Seal(case_id, None)
    return Seal(case_id, decrypt(debtor_key, case_key, case_id))
