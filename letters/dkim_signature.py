"""DKIM (RFC 6376): a message signed for its sender's domain, when the operator gives a key. Pure but for the time."""

from dataclasses import dataclass, field
from pathlib import Path

from rules.refusals import Refused

SIGNED = (
    b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"auto-submitted", b"mime-version",
    b"content-type", b"content-language",
)  # fmt: skip
"""All that Relance writes at the head of a message; From is signed once more than it stands, so that none is added."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with RSA and SHA-256, relaxed on both sides, for ``domain`` under ``selector``._domainkey."""

    domain: str
    selector: str
    key: bytes = field(repr=False)

    def sign(self, message: bytes, sender: str) -> bytes:
        """The message with its DKIM-Signature first; untouched when ``sender`` (an address) is of another domain,
        whose signature would not be aligned (RFC 7489, 3.1.1). The signature bears the time it was made."""
        host = sender.rpartition("@")[2].lower()
        if host != self.domain and not host.endswith(f".{self.domain}"):
            return message
        import dkim  # noqa: PLC0415 - loaded by signer_of: most houses have no key

        signature: bytes = dkim.sign(
            message, self.selector.encode(), self.domain.encode(), self.key,
            canonicalize=(b"relaxed", b"relaxed"), include_headers=list(SIGNED),
        )  # fmt: skip
        return signature + message


def signer_of(key_file: Path, selector: str, domain: str) -> Signer:
    """The signer of a private key (RSA, PEM); raises Refused naming RELANCE_DKIM_KEY when it cannot be used."""
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key  # noqa: PLC0415 - brings a resolver of names

    try:
        key = key_file.read_bytes()
        parse_pem_private_key(key)
    except OSError as error:
        raise Refused(f"RELANCE_DKIM_KEY: {key_file} cannot be read ({error.strerror}).") from None
    except (UnparsableKeyError, ValueError, IndexError, KeyError, TypeError):
        raise Refused(
            f"RELANCE_DKIM_KEY: {key_file} is not an RSA private key in PEM; make one with "
            "openssl genrsa -out dkim.pem 2048."
        ) from None
    return Signer(domain.strip(".").lower(), selector, key)
