"""Passwords of local accounts: argon2id, with the parameters of RFC 9106."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rules.refusals import Refused

SHORTEST, LONGEST = 10, 200
_HASHER = PasswordHasher()
# Checked when the login is unknown, so that the answer takes as long.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg"


def hashed(password: str) -> str:
    """What is kept of a password. Raises Refused when it is shorter than ten characters or absurdly long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"password: give between {SHORTEST} and {LONGEST} characters; a sentence does well.")
    return _HASHER.hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password; nothing kept (None, or empty: no password opens it) takes as long and is false."""
    try:
        _HASHER.verify(kept or _NOBODY, password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def outdated(kept: str) -> bool:
    """Whether the password should be hashed again with today's parameters."""
    return _HASHER.check_needs_rehash(kept)
