"""Delivery status notifications (RFC 3464): did a message fail for good, is its address dead. Pure."""

import re
from collections.abc import Iterator
from email import message_from_string
from email.message import Message

from rules.incoming import Incoming

_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NOT_THE_ADDRESS = {"1.7", "1.8", "2.2", "2.3", "2.4", "4.3", "4.5", "4.6", "4.7"}
"""RFC 3463: the sender's address (1.7, 1.8), a full mailbox, a message too long, a list, directories and networks."""


def is_report(mail: Message) -> bool:
    """Whether the mail is a delivery status notification."""
    return mail.get_content_type() == "multipart/report" and any(
        part.get_content_type() in ("message/delivery-status", "message/global-delivery-status") for part in mail.walk()
    )


def verdict(mail: Message) -> tuple[Incoming, str]:
    """What the report means for the address it is about, and the server's words. The gravest of its recipients'."""
    found = [_of_recipient(fields) for fields in _recipients(mail)]
    order = (Incoming.BOUNCE, Incoming.UNDELIVERED, Incoming.DELAYED)
    return min(found, key=lambda one: order.index(one[0]), default=(Incoming.DELAYED, ""))


def returned_ids(mail: Message) -> Iterator[str]:
    """The Message-ID of the message that the report returns, whole or its head only."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in ("message/rfc822", "message/global"):
            inner = part.get_payload()
            head = inner[0] if isinstance(inner, list) and inner else None
        elif kind in ("text/rfc822-headers", "message/global-headers"):
            content = part.get_payload(decode=True)
            head = message_from_string(content.decode("utf-8", "replace")) if isinstance(content, bytes) else None
        else:
            continue
        if isinstance(head, Message) and head["Message-ID"]:
            yield str(head["Message-ID"]).strip()


def _recipients(mail: Message) -> Iterator[Message]:
    """The fields of each recipient: the blocks that name an action."""
    for part in mail.walk():
        if part.get_content_type() in ("message/delivery-status", "message/global-delivery-status"):
            blocks = part.get_payload()
            for block in blocks if isinstance(blocks, list) else []:
                if isinstance(block, Message) and block["Action"]:
                    yield block


def _of_recipient(fields: Message) -> tuple[Incoming, str]:
    """Only ``failed`` with a permanent status (5.x.x) about the address itself makes it dead (RFC 3463)."""
    action = str(fields["Action"]).strip().lower()
    said = " ".join(str(fields[name] or "") for name in ("Status", "Diagnostic-Code")).strip()
    if action != "failed":
        return Incoming.DELAYED, said
    # A generic 5.0.0 beside a precise code in the server's own words: the precise one speaks.
    codes = _STATUS.findall(said)
    level, subject, detail = next((code for code in codes if code[1] != "0"), codes[0] if codes else ("5", "0", "0"))
    if level != "5":
        return Incoming.DELAYED, said
    of_address = subject in ("0", "1", "2", "4") and f"{subject}.{detail}" not in _NOT_THE_ADDRESS
    full = f"{subject}.{detail}" == "2.2"
    return (Incoming.BOUNCE if of_address else Incoming.DELAYED if full else Incoming.UNDELIVERED), said
