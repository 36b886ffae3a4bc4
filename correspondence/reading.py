"""A mail's bytes, understood: bounce, automatic answer or reply, and which of our messages it is about. Pure."""

import hashlib
import html
import re
from collections.abc import Iterable
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

from correspondence.reports import is_report, returned_ids, verdict
from rules.incoming import Incoming, Mail

MOST = 4000
"""Signs of a reply that a case keeps; the whole mail is kept beside it."""
_IDS = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_MARK = re.compile(r"\+([A-Za-z0-9._-]{1,64})@")
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Original-Recipient")
_AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "List-Id", "Feedback-ID")
_QUOTED = re.compile(
    r"^\s*(?:-{2,}\s*(?:message d.origine|original message|forwarded message|message transféré)\b.*"
    r"|_{20,}|(?:le|on)\b.{6,200}(?:a écrit|wrote)\s*:)\s*$",
    re.IGNORECASE | re.MULTILINE | re.DOTALL,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def read_mail(content: bytes) -> Mail:
    """The mail understood; never raises: what cannot be read is a reply about nothing, which a person looks at."""
    mail = message_from_bytes(content, policy=default)
    own = next(iter(_IDS.findall(_header(mail, "Message-ID"))), hashlib.sha256(content).hexdigest())
    if is_report(mail):
        kind, diagnostic = verdict(mail)
        about = _once([*returned_ids(mail), *_marks(mail), *_references(mail)])
        return Mail(own, kind, about, diagnostic=_clean(diagnostic)[:1000])
    about = _once([*_references(mail), *_marks(mail)])
    kind = Incoming.AUTOMATIC if is_automatic(mail) else Incoming.REPLY
    return Mail(own, kind, about, text=_written(mail) if kind is Incoming.REPLY else "")


def is_automatic(mail: Message) -> bool:
    """Whether a program wrote it: RFC 3834, the older signs of vacation programs and lists, receipts, null senders."""
    submitted = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no") or any(mail[name] for name in _AUTOMATIC):
        return True
    if _header(mail, "Precedence").strip().lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    return mail.get_content_type() == "multipart/report" or _header(mail, "Return-Path").strip() == "<>"


def _header(mail: Message, name: str) -> str:
    """A header's text; empty when it is absent or the library cannot parse what a stranger put there."""
    try:
        return str(mail[name] or "")
    except (ValueError, IndexError, AttributeError, KeyError, TypeError):
        return ""


def _references(mail: Message) -> list[str]:
    """In-Reply-To, then References from the last, which is the nearest (RFC 5322, 3.6.4)."""
    return [*_IDS.findall(_header(mail, "In-Reply-To")), *reversed(_IDS.findall(_header(mail, "References")))]


def _marks(mail: Message) -> list[str]:
    """The marks of plus-addresses that the mail came to (RFC 5233)."""
    found: list[str] = []
    for name in _ADDRESSED:
        try:
            values = [str(value) for value in mail.get_all(name, [])]
        except (ValueError, IndexError, AttributeError, KeyError, TypeError):
            continue
        found += [mark for value in values for mark in _MARK.findall(value)]
    return found


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))[:50]


def _written(mail: Message) -> str:
    """What the person wrote, without what is quoted below it; all of it when nothing else would remain."""
    whole = _clean(_body(mail)).strip()
    above = _QUOTED.split(whole, maxsplit=1)[0]
    lines = [line.rstrip() for line in above.split("\n") if not line.lstrip().startswith(">")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() or whole
    return text if len(text) <= MOST else f"{text[: MOST - 2]} …"


def _body(mail: Message) -> str:
    part = mail.get_body(("plain", "html")) if isinstance(mail, EmailMessage) else None
    if part is None:
        return ""
    try:
        content = str(part.get_content())
    except (LookupError, ValueError, AttributeError, TypeError):
        raw = part.get_payload(decode=True)
        content = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    if part.get_content_type() != "text/html":
        return content
    bare = re.sub(r"(?is)<(script|style|head|blockquote)\b.*?</\1\s*>", " ", content)
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?i)<(br|/p|/div|/tr|/li)\b[^>]*>", "\n", bare)))


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).replace("\u00a0", " ")
