"""One attempt to log in at the provider: what the browser keeps meanwhile, and what is derived from it. Pure.

The browser holds one random secret in a cookie; state, nonce and PKCE verifier are drawn from it, so that no worker
keeps anything and only the browser that began can end.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """``onward``: the page that was asked for; ``began``: seconds since 1970."""

    secret: str
    began: int
    onward: str

    @classmethod
    def new(cls, onward: str, now: int) -> "Attempt":
        """A fresh one."""
        return cls(secrets.token_urlsafe(32), now, onward)

    @classmethod
    def read(cls, cookie: str) -> "Attempt | None":
        """From its cookie; None when that is not one."""
        secret, _, rest = cookie.partition(".")
        began, _, coded = rest.partition(".")
        try:
            onward = base64.urlsafe_b64decode(coded.encode()).decode()
            return cls(secret, int(began), onward) if len(secret) >= 43 else None
        except (ValueError, UnicodeError):
            return None

    @property
    def cookie(self) -> str:
        """What the browser keeps."""
        return f"{self.secret}.{self.began}.{base64.urlsafe_b64encode(self.onward.encode()).decode()}"

    @property
    def state(self) -> str:
        """Comes back with the browser: the answer belongs to this attempt (RFC 6749, 10.12)."""
        return self._drawn("state")

    @property
    def nonce(self) -> str:
        """Comes back in the ID token: it was made for this attempt (OpenID Connect Core, 3.1.2.1)."""
        return self._drawn("nonce")

    @property
    def verifier(self) -> str:
        """Shown when the code is exchanged: nobody else can (RFC 7636)."""
        return self._drawn("verifier")

    def _drawn(self, what: str) -> str:
        proof = hmac.new(self.secret.encode(), what.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(proof).decode().rstrip("=")
