"""How a message's headers are written: the standard library's own policy, spared what gives the same bytes anyway.

Parsing and folding each header anew was a third of sending a letter. A plain, short header is written as it stands; one
that comes again (a creditor's name, a type of content) is remembered. ``tests/letters/test_headers.py`` holds the bytes
against the unspared policy's.
"""

from email.headerregistry import Address
from email.policy import EmailPolicy
from functools import lru_cache
from typing import Any

_FULL = EmailPolicy(linesep="\r\n")
_AS_IT_STANDS = frozenset(
    {"from", "to", "reply-to", "subject", "date", "message-id", "auto-submitted", "content-language"}
)
_LONGEST = 78  # RFC 5322 2.1.1: a line should have no more signs
_REMEMBERED = 4096


class SparingPolicy(EmailPolicy):
    """``email.policy.SMTP``, quicker."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """As the standard policy; raises ValueError on a line feed in a value, as it does."""
        text = str(value)
        if name.lower() in _AS_IT_STANDS and _plain(name, text):
            return name, text
        if isinstance(value, Address):
            return _addressed(name, value.display_name, value.username, value.domain)
        return _parsed(name, text)

    def header_max_count(self, name: str) -> int | None:
        """As the standard policy."""
        return _most(name)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """As the standard policy."""
        return _folded(name, value) if hasattr(value, "name") else super().fold_binary(name, value)


def _plain(name: str, text: str) -> bool:
    """Whether a value needs no encoding, no folding and no cleaning."""
    if not text.isascii() or not text.isprintable() or len(name) + 2 + len(text) > _LONGEST:
        return False
    return text != "" and text == text.strip() and "  " not in text and "=?" not in text


@lru_cache(_REMEMBERED)
def _most(name: str) -> int | None:
    return _FULL.header_max_count(name)


@lru_cache(_REMEMBERED)
def _parsed(name: str, text: str) -> tuple[str, Any]:
    """A header object never changes: it may stand in several messages."""
    return _FULL.header_store_parse(name, text)


@lru_cache(_REMEMBERED)
def _addressed(name: str, shown: str, username: str, domain: str) -> tuple[str, Any]:
    return _FULL.header_store_parse(name, Address(display_name=shown, username=username, domain=domain))


@lru_cache(_REMEMBERED)
def _folded(name: str, value: Any) -> bytes:
    return _FULL.fold_binary(name, value)


SPARING = SparingPolicy(linesep="\r\n")
