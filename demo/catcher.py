"""The mail catcher: an SMTP server on 127.0.0.1 that keeps every message as a file, and knows some dead addresses."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesHeaderParser
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from devserver import HOST


@dataclass
class Catcher:
    """What was caught. ``message_ids``: in the order of arrival, doubles included; ``dead``: addresses it refuses;
    ``busy``: it takes nothing now (451), ``turned_away`` times so far."""

    folder: Path
    port: int
    dead: frozenset[str] = frozenset()
    message_ids: list[str] = field(default_factory=list)
    busy: bool = False
    turned_away: int = 0

    @property
    def url(self) -> str:
        """What RELANCE_SMTP_URL must be."""
        return f"smtp://{HOST}:{self.port}"

    # The names are aiosmtpd's.
    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Refuse a dead address for good, as the debtor's own server would; anything for now while busy."""
        if self.busy:
            self.turned_away += 1
            return "451 4.3.2 try again later"
        if address in self.dead:
            return f"550 5.1.1 <{address}>: nobody of that name here"
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the message, then say that it is kept."""
        content = envelope.original_content or b""
        headers = BytesHeaderParser(policy=policy.SMTP).parsebytes(content)
        self.message_ids.append(str(headers["Message-ID"] or "").strip())
        recipient = re.sub(r"[^A-Za-z0-9.@-]+", "_", envelope.rcpt_tos[0])[:80]
        (self.folder / f"{len(self.message_ids):04d}-{recipient}.eml").write_bytes(content)
        return "250 kept"


@contextlib.asynccontextmanager
async def catching(
    folder: Path, preferred: int | None = 1025, *, dead: frozenset[str] = frozenset()
) -> AsyncIterator[Catcher]:
    """A mail catcher that keeps messages in the existing ``folder`` while the block runs; port preferred, else free."""
    listener = _listener(preferred)
    catcher = Catcher(folder, listener.getsockname()[1], dead)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(catcher, hostname="relance-demo", enable_SMTPUTF8=True, loop=loop), sock=listener
    )
    try:
        yield catcher
    finally:
        server.close()
        await server.wait_closed()


def _listener(preferred: int | None) -> socket.socket:
    """A bound socket: between finding a port free and taking it there is no gap."""
    for port in (preferred, 0) if preferred else (0,):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            # On some systems two sockets may be bound to a port, but only one may listen.
            listener.listen()
        except OSError:
            listener.close()
            if not port:
                raise
        else:
            return listener
    raise OSError("no port is free")
