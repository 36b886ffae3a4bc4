"""A message as bytes (RFC 5322, 2045, 2046): what ``EmailMessage`` under ``email.policy.SMTP`` writes, byte for byte.

The library builds a tree of parts, parses each header and folds it anew. The shape of a letter is always the same, and
most of its headers stand as they are: only the others are given to the library. Pure.
"""

from base64 import encodebytes
from collections.abc import Sequence
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.policy import EmailPolicy
from email.quoprimime import body_encode
from functools import lru_cache

_POLICY, _REGISTRY = EmailPolicy(linesep="\r\n"), HeaderRegistry()
_LONGEST = 78  # RFC 5322 2.1.1: a line should have no more signs
_TEXT = b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
_PAGE = (
    b'Content-Type: text/html; charset="utf-8"\r\n'
    b"Content-Transfer-Encoding: quoted-printable\r\nMIME-Version: 1.0\r\n\r\n"
)


def header(name: str, value: str | Address) -> bytes:
    """A header, encoded and folded where it must be; raises ValueError on a line feed in it."""
    text = str(value)
    if _stands(name, text):
        return f"{name}: {text}\r\n".encode()
    if isinstance(value, str) and len(value.splitlines()) > 1:
        raise ValueError(f"{name}: a header may not contain a line feed.")
    return _POLICY.fold_binary(name, _kind(name)(name, value))


@lru_cache(maxsize=16)
def _kind(name: str) -> type[BaseHeader]:
    """The library's class for a header: asked for one, its registry makes a class anew each time."""
    return _REGISTRY[name]


def _stands(name: str, text: str) -> bool:
    """Whether a value needs no encoding, no folding and no cleaning."""
    if not text.isascii() or not text.isprintable() or len(name) + 2 + len(text) > _LONGEST:
        return False
    return text != "" and text == text.strip() and "  " not in text and "=?" not in text


def text_part(text: str) -> bytes:
    """Plain text."""
    return _TEXT + _quoted(text)


def page_part(page: str) -> bytes:
    """An HTML page."""
    return _PAGE + _quoted(page)


def pdf_part(content: bytes, name: str) -> bytes:
    """A PDF to keep under that name, of plain ASCII signs."""
    head = (
        "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        f'Content-Disposition: attachment; filename="{name}"\r\nMIME-Version: 1.0\r\n\r\n'
    )
    return head.encode("ascii") + encodebytes(content).replace(b"\n", b"\r\n")


def multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The Content-Type of a « multipart/kind », and its parts between their boundaries."""
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n'.encode("ascii")
    line = f"--{boundary}".encode("ascii")
    return head, line + b"\r\n" + (b"\r\n" + line + b"\r\n").join(parts) + b"\r\n" + line + b"--\r\n"


def _quoted(text: str) -> bytes:
    lines = b"\n".join(text.encode().splitlines()) + b"\n"
    return body_encode(lines.decode("latin-1"), _LONGEST, "\r\n").encode("ascii")
