"""An IMAP mailbox: what was not read yet, and a mark on what was. Reads and marks; never moves, never deletes.

Blocking, one connection: run it in a thread. The mark is a keyword of Relance's own, so that people may read the same
mailbox; a server that takes no keywords (its PERMANENTFLAGS lack ``\\*``) gets ``\\Seen`` instead.
"""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from imap_tools import AND, BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from correspondence.mailbox_url import MailboxUrl
from correspondence.reading import read_mail
from rules.incoming import Dealt, Mail

KEYWORD = "RelanceRead"
LARGEST = 25_000_000
_TIMEOUT = 30.0


class MailboxError(Exception):
    """The server refuses a command that every IMAP server knows."""


class Received(NamedTuple):
    """A mail with the number it has in its mailbox; ``content`` None: too large to be fetched."""

    uid: str
    content: bytes | None
    mail: Mail | None


class ImapMailbox:
    """The mailbox of one URL. Raises imaplib's errors and OSError when the server is away or refuses the login."""

    def __init__(self, url: MailboxUrl, tls: Callable[[], ssl.SSLContext] | None = None) -> None:
        self._url = url
        self._tls = tls

    @contextmanager
    def open(self) -> Iterator["OpenMailbox"]:
        """The mailbox, until the block ends."""
        url = self._url
        box = self._box()
        try:
            box.login(url.user, url.password, initial_folder=None)
            box.folder.set(url.folder)
            yield OpenMailbox(box)
        finally:
            # A server that is already gone is as good as left, and must not hide why.
            with contextlib.suppress(imaplib.IMAP4.error, ImapToolsError, OSError):
                box.logout()

    def _box(self) -> BaseMailBox:
        url = self._url
        # imaplib by itself checks no certificate.
        context = (self._tls or ssl.create_default_context)()
        if url.tls:
            return MailBox(url.host, url.port, timeout=_TIMEOUT, ssl_context=context)
        if url.starttls:
            return MailBoxStartTls(url.host, url.port, timeout=_TIMEOUT, ssl_context=context)
        return MailBoxUnencrypted(url.host, url.port, timeout=_TIMEOUT)


class OpenMailbox:
    """One session."""

    def __init__(self, box: BaseMailBox) -> None:
        self._box = box
        permanent = repr(box.client.untagged_responses.get("PERMANENTFLAGS", []))
        self._keywords = "*" in permanent or KEYWORD in permanent

    def unread(self, most: int) -> Sequence[str]:
        """The numbers of the mails without the mark, the oldest first; at most so many."""
        wanted = AND(no_keyword=KEYWORD) if self._keywords else AND(seen=False)
        return sorted(self._box.uids(wanted), key=int)[:most]

    def fetch(self, uid: str) -> Received | None:
        """The mail, understood; None when it is gone. It stays unseen."""
        size = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(self._asked("FETCH", uid, "(RFC822.SIZE)")))
        if size is None:
            return None
        if int(size[1]) > LARGEST:
            return Received(uid, None, None)
        content = max(self._asked("FETCH", uid, "(BODY.PEEK[])"), key=len, default=b"")
        return Received(uid, content, read_mail(content)) if content else None

    def mark(self, uid: str, dealt: Dealt) -> None:
        """Mark the mail as read by Relance, and flag what a person has to look at. Raises when the server refuses.

        Not by imap-tools: its ``flag`` expunges afterwards, and would delete what somebody else marked for it."""
        flags = [KEYWORD if self._keywords else "\\Seen", *(["\\Flagged"] if dealt.needs_a_person else [])]
        self._asked("STORE", uid, "+FLAGS.SILENT", f"({' '.join(flags)})")

    def _asked(self, *command: str) -> list[bytes]:
        """The pieces of the server's answer to a UID command; raises MailboxError when it is not OK."""
        status, pieces = self._box.client.uid(*command)
        if status != "OK":
            raise MailboxError(f"the mailbox answers {status} to UID {command[0]}: {pieces!r:.200}")
        flat = (part for piece in pieces for part in (piece if isinstance(piece, tuple) else (piece,)))
        return [part for part in flat if isinstance(part, bytes)]
