"""A rendered letter as an RFC 5322 message: the same letter gives the same bytes. Pure."""

import hashlib
import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import format_datetime, getaddresses, parseaddr
from functools import lru_cache

from letters.mime import header, multipart, page_part, pdf_part, text_part
from letters.pdf import moment_of
from letters.render import Rendered
from letters.typography import clean, language_of
from rules.dispatch import NotTaken, Refusal
from rules.letter import Letter

_MAILBOX = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_SENDERS = 1024
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def message_of(letter: Letter, rendered: Rendered) -> bytes:
    """The message: text, its HTML alternative, the PDF if there is one.

    Raises NotTaken (address) when the debtor has no usable address.
    """
    kind, body = _body(letter, rendered)
    reply_to = reply_address(letter)
    return b"".join(
        (
            _from(letter.creditor.sender, letter.creditor.name),
            header("To", recipient_of(letter)),
            header("Reply-To", reply_to) if reply_to is not None else b"",
            header("Subject", clean(rendered.subject, 200)),
            header("Date", format_datetime(moment_of(letter))),
            header("Message-ID", message_id_of(letter)),
            header("Auto-Submitted", "auto-generated"),  # RFC 3834: stops vacation replies, not people's
            header("MIME-Version", "1.0"),
            kind,
            header("Content-Language", language_of(letter.language)),
            b"\r\n",
            body,
        )
    )


def _body(letter: Letter, rendered: Rendered) -> tuple[bytes, bytes]:
    """The Content-Type of the whole and what follows the head."""
    parts = [text_part(rendered.text), page_part(rendered.html)]
    if rendered.pdf is None:
        return multipart("alternative", _boundary(letter, 0), parts)
    both = b"\r\n".join(multipart("alternative", _boundary(letter, 1), parts))
    return multipart("mixed", _boundary(letter, 0), (both, pdf_part(rendered.pdf, rendered.pdf_name)))


def _boundary(letter: Letter, rank: int) -> str:
    """Named after the letter: a random one would give other bytes at every attempt."""
    return f"=_relance_{hashlib.sha256(f'{letter.message_id}/{rank}'.encode()).hexdigest()[:32]}"


def envelope_sender(letter: Letter) -> str:
    """The address that bounces come back to (RFC 5321, MAIL FROM): the mailbox that Relance reads, else the sender."""
    return letter.creditor.mailbox_for(message_id_of(letter)) or sender_of(letter).addr_spec


def sender_of(letter: Letter) -> Address:
    """The creditor's own name and address: letters leave in its name, never in ours."""
    return _sender(letter.creditor.sender, letter.creditor.name)


@lru_cache(_SENDERS)
def _sender(given: str, creditor: str) -> Address:
    name, spec = parseaddr(given)
    return Address(display_name=clean(name or creditor, 120), addr_spec=spec)


@lru_cache(_SENDERS)
def _from(given: str, creditor: str) -> bytes:
    return header("From", _sender(given, creditor))


def recipient_of(letter: Letter) -> Address:
    """The debtor's address; raises NotTaken (address) when there is none that a server could take.

    A domain may have accents (IDNA); a mailbox may not, since few servers know SMTPUTF8 (RFC 6531).
    """
    given = letter.debtor.email or ""
    found = getaddresses([given]) if given.isprintable() else []
    user, _, domain = found[0][1].rpartition("@") if len(found) == 1 else ("", "", "")
    try:
        host = domain.encode("idna").decode()
    except UnicodeError:
        host = ""
    if not _MAILBOX.fullmatch(user) or not _HOST.fullmatch(host):
        raise NotTaken(Refusal.ADDRESS, f"« {clean(given, 120)} » is not an e-mail address.")
    return Address(display_name=clean(letter.debtor.name, 120), username=user, domain=host)


def reply_address(letter: Letter) -> Address | None:
    """Where replies go: the mailbox that Relance reads, with the letter's mark; else the creditor's contact when it is
    an address other than the sender; None otherwise."""
    read = letter.creditor.mailbox_for(message_id_of(letter))
    if read is not None:
        return Address(display_name=sender_of(letter).display_name, addr_spec=read)
    name, spec = parseaddr(letter.creditor.contact or "")
    if "@" not in spec or spec.lower() == letter.creditor.email.lower():
        return None
    try:
        return Address(display_name=clean(name, 120), addr_spec=spec)
    except (ValueError, IndexError, HeaderParseError):
        return None


def message_id_of(letter: Letter) -> str:
    """The letter's id in angle brackets, as RFC 5322 3.6.4 wants it; it names the act and not the attempt."""
    bare = clean(letter.message_id).replace(" ", "").strip("<>")
    if "@" not in bare:
        bare = f"{bare}@{sender_of(letter).domain}"
    return f"<{bare}>"
