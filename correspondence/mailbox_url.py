"""Which mailbox is read: the URL of the setting, read into parts. Pure."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from rules.refusals import Refused

FORM = "write imaps://user:password@host/folder, imap+starttls://… or, on this machine only, imap://…"
PORTS = {"imap": 143, "imap+starttls": 143, "imaps": 993}
_LOCAL = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class MailboxUrl:
    """A mailbox. ``tls``: encrypted from the first byte; ``starttls``: encryption required after the greeting."""

    host: str
    port: int
    user: str
    folder: str
    tls: bool = True
    starttls: bool = False
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        """The mailbox without user and password, for logs."""
        return f"{self.host}:{self.port}/{self.folder}"


def parse_mailbox_url(url: str, *, setting: str = "RELANCE_IMAP_URL") -> MailboxUrl:
    """Read the URL; raises Refused with a sentence that names the setting and never shows the password."""
    parts = urlsplit(url.strip())
    if parts.scheme not in PORTS:
        raise Refused(f"{setting}: « {parts.scheme or 'no scheme'} » is not a way to a mailbox; {FORM}.")
    if not parts.hostname or not parts.username or not parts.password:
        raise Refused(f"{setting}: it must name a host, a user and a password; {FORM}.")
    if parts.scheme == "imap" and parts.hostname not in _LOCAL:
        raise Refused(f"{setting}: a password does not travel in clear text; {FORM}.")
    try:
        port = parts.port
    except ValueError:
        raise Refused(f"{setting}: its port is not a number between 1 and 65535; {FORM}.") from None
    if parts.query or parts.fragment:
        raise Refused(f"{setting}: something follows the folder; escape special signs (%40 for @, %23 for #); {FORM}.")
    return MailboxUrl(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        tls=parts.scheme == "imaps",
        starttls=parts.scheme == "imap+starttls",
    )
