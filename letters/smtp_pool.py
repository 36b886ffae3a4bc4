"""A few connections to one mail server, kept open between messages: TLS and login are paid once, not per letter."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiosmtplib

from letters.smtp_url import SmtpUrl


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and counts; a letter takes at most ``opening + commands + content`` seconds, or fails.

    A server that accepts fewer messages closes the connection itself; the next letter opens another.
    """

    connections: int = 3
    messages_per_connection: int = 100
    idle: float = 30.0
    unasked: float = 1.0
    opening: float = 8.0
    commands: float = 5.0
    content: float = 12.0


@dataclass(slots=True)
class _Line:
    """An open connection, how many messages it took, and when it was last used (the loop's clock)."""

    client: aiosmtplib.SMTP
    messages: int = 0
    used_at: float = 0.0


class SmtpPool:
    """Lends connections, at most ``limits.connections`` at a time. One event loop; close it when the loop ends.

    Raises what aiosmtplib raises when the server cannot be reached or refuses the login.
    """

    def __init__(self, server: SmtpUrl, limits: Limits, tls: Callable[[], ssl.SSLContext] | None = None) -> None:
        self._server = server
        self._limits = limits
        self._tls = tls
        self._free: list[_Line] = []
        self._seats = asyncio.Semaphore(limits.connections)

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[aiosmtplib.SMTP]:
        """A connection ready for MAIL FROM. It goes back when the block ended well, and is closed otherwise."""
        async with self._seats:
            async with asyncio.timeout(self._limits.opening):
                line = await self._usable() or await self._open()
            try:
                yield line.client
            except BaseException:
                line.client.close()
                raise
            await self._give_back(line)

    async def close(self) -> None:
        """Say goodbye on every idle connection."""
        while self._free:
            await _quit(self._free.pop().client)

    async def _usable(self) -> _Line | None:
        """The connection used last that still answers; the idle ones are closed on the way. One that took a message
        just now is not asked: should it have gone since, the letter is tried again."""
        now = asyncio.get_running_loop().time()
        while self._free:
            line = self._free.pop()
            rested = now - line.used_at
            if rested <= self._limits.unasked and line.client.is_connected:
                return line
            if rested <= self._limits.idle and await _answers(line.client):
                return line
            line.client.close()
        return None

    async def _open(self) -> _Line:
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.tls,
            start_tls=server.starttls,
            username=server.user,
            password=server.password,
            timeout=self._limits.content,
            local_hostname=socket.gethostname(),
            tls_context=self._tls() if self._tls is not None and (server.tls or server.starttls) else None,
        )
        await client.connect()
        return _Line(client)

    async def _give_back(self, line: _Line) -> None:
        line.messages += 1
        line.used_at = asyncio.get_running_loop().time()
        if not line.client.is_connected or line.messages >= self._limits.messages_per_connection:
            await _quit(line.client)
        else:
            self._free.append(line)


async def _answers(client: aiosmtplib.SMTP) -> bool:
    """Whether the server still listens and has forgotten the last message (RSET, RFC 5321 4.1.1.5)."""
    if not client.is_connected:
        return False
    try:
        await client.rset()
    except (aiosmtplib.SMTPException, OSError):
        return False
    return True


async def _quit(client: aiosmtplib.SMTP) -> None:
    """Close politely; a server that is already gone is as good as closed."""
    if client.is_connected:
        try:
            await client.quit()
        except (aiosmtplib.SMTPException, OSError):
            client.close()
