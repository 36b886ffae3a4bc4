"""Where mail is handed over: the URL of the setting, read into parts. Pure."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from rules.refusals import Refused

FORM = "write smtp://user:password@host:25, smtp+starttls://…:587 or smtps://…:465"
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class SmtpUrl:
    """A mail server. ``tls``: encrypted from the first byte; ``starttls``: encryption required after the greeting."""

    host: str
    port: int
    tls: bool = False
    starttls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """The server without its password, for logs and errors."""
        scheme = "smtps" if self.tls else "smtp+starttls" if self.starttls else "smtp"
        return f"{scheme}://{self.host}:{self.port}"


def parse_smtp_url(url: str, *, setting: str = "RELANCE_SMTP_URL") -> SmtpUrl:
    """Read the URL; raises Refused with a sentence that names the setting and never shows the password."""
    parts = urlsplit(url.strip())
    if parts.scheme not in PORTS:
        raise Refused(f"{setting}: « {parts.scheme or 'no scheme'} » is not a way to a mail server; {FORM}.")
    if not parts.hostname:
        raise Refused(f"{setting}: it names no host; {FORM}.")
    try:
        port = parts.port
    except ValueError:
        raise Refused(f"{setting}: its port is not a number between 1 and 65535; {FORM}.") from None
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise Refused(
            f"{setting}: something follows the port; escape special signs of the password (%40 for @); {FORM}."
        )
    if parts.username and parts.password is None:
        raise Refused(f"{setting}: it names a user without a password; {FORM}.")
    return SmtpUrl(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp+starttls",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password is not None else None,
    )
