"""E-mail: hands a letter to the mail server and keeps the exact bytes that left. Sends; decides nothing."""

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from pathlib import Path

import aiosmtplib

from letters.dkim_signature import Signer
from letters.message import envelope_sender, message_of, recipient_of, sender_of
from letters.render import Renderer
from letters.send_rate import DomainRate
from letters.smtp_pool import Limits, SmtpPool
from letters.smtp_url import SmtpUrl
from letters.store import Store, safe_name
from rules.dispatch import NotTaken, OutcomeUnknown, Refusal
from rules.letter import Dispatched, Letter

MAX_BYTES = 8_000_000
"""Many servers stop at 10 MB; base64 has already been paid for here."""
LOST = (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError)
# 5xx answers about the sender, the session or its rights: the operator's to mend, and no fault of the debtor's address.
OURS = frozenset({500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 555})


class SmtpDispatcher:
    """Sends letters through one mail server, over a few connections that stay open. Close it with the worker.

    Sending twice is seen by the debtor, so it is not ``repeatable``: a doubt is for the caller to settle.
    """

    repeatable = False

    def __init__(
        self,
        server: SmtpUrl,
        renderer: Renderer,
        store: Store,
        *,
        limits: Limits | None = None,
        max_bytes: int = MAX_BYTES,
        rate: DomainRate | None = None,
        signer: Signer | None = None,
        tls: Callable[[], ssl.SSLContext] | None = None,
    ) -> None:
        self._limits = limits or Limits()
        self._pool = SmtpPool(server, self._limits, tls)
        self._renderer = renderer
        self._store = store
        self._max_bytes = max_bytes
        self._rate = rate
        self._signer = signer

    async def hand_over(self, letter: Letter) -> Dispatched:
        """Render, send, keep a copy; the server took it when this returns.

        Raises NotTaken when the address or the content is refused for good (5xx); OutcomeUnknown when the
        message went and its answer was lost; NotNow when its domain has had its share of this minute;
        anything else (4xx, no server, login refused) means « not now » too.
        """
        recipient = recipient_of(letter)
        if self._rate is not None:
            await self._rate.turn(recipient.domain)
        content, path = await asyncio.to_thread(self._prepare, letter)
        await self._send(envelope_sender(letter), recipient.addr_spec, content)
        return Dispatched(document=str(path), sha256=hashlib.sha256(content).hexdigest())

    async def _send(self, sender: str, recipient: str, content: bytes) -> None:
        async with self._pool.lend() as server:
            async with asyncio.timeout(self._limits.commands):
                await _announce(server, sender, recipient, len(content))
            await _transmit(server, recipient, content, self._limits.content)

    async def withdraw(self, message_id: str) -> None:
        """Nothing: what a mail server took has left."""

    async def close(self) -> None:
        """Close the connections that are idle."""
        await self._pool.close()

    def _prepare(self, letter: Letter) -> tuple[bytes, Path]:
        """The bytes, kept before they leave: what may have been sent is then always on file."""
        content = self._content(letter)
        name = f"{letter.creditor.key}/{letter.on:%Y-%m-%d}/{safe_name(letter.message_id.strip('<>') + '.eml')}"
        return content, self._store.put(name, content)

    def _content(self, letter: Letter) -> bytes:
        """The bytes that go over the wire. A statement that makes them too many stays behind and the message says so;
        raises NotTaken (content) when even then they are too many."""
        content = message_of(letter, self._renderer.render(letter))
        if len(content) > self._max_bytes:
            content = message_of(letter, self._renderer.render(letter, statement=False))
        if len(content) > self._max_bytes:
            many = f"The message has {len(content)} bytes, more than the {self._max_bytes} allowed."
            raise NotTaken(Refusal.CONTENT, many)
        return content if self._signer is None else self._signer.sign(content, sender_of(letter).addr_spec)


async def _announce(server: aiosmtplib.SMTP, sender: str, recipient: str, size: int) -> None:
    """MAIL and RCPT: until the message itself goes, nothing has been sent and a loss is only « not now »."""
    try:
        await server.mail(sender, options=[f"SIZE={size}"] if server.supports_extension("size") else [])
        await server.rcpt(recipient)
    except aiosmtplib.SMTPRecipientRefused as refused:
        raise _verdict(refused, Refusal.ADDRESS) from refused
    except aiosmtplib.SMTPSenderRefused as refused:
        if refused.code == 552:  # RFC 1870: the size announced is above what the server takes
            raise _verdict(refused, Refusal.CONTENT) from refused
        raise


async def _transmit(server: aiosmtplib.SMTP, recipient: str, content: bytes, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await server.data(content)
    except aiosmtplib.SMTPDataError as refused:
        raise _verdict(refused, Refusal.CONTENT) from refused
    except LOST as lost:
        raise OutcomeUnknown(f"The answer about the message to {recipient} was lost after it went: {lost}") from lost


def _verdict(refused: aiosmtplib.SMTPResponseException, about: Refusal) -> Exception:
    """For good (a 5xx about this letter), or the server's own answer again: to be tried later.

    A refusal by policy (RFC 3463, 5.7.x) says nothing against the address, whichever command met it.
    """
    if refused.code < 500 or refused.code in OURS:
        return refused
    policy = refused.message.lstrip().startswith("5.7.")
    return NotTaken(Refusal.CONTENT if policy else about, f"{refused.code} {refused.message}")
