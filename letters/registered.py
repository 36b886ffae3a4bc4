"""Registered letters through a provider, over HTTP: one signed POST for each letter. Sends; decides nothing.

``http.client`` and not a larger client: one request at a time, no redirect to follow, and it tells apart « no
connection », when nothing left, from « no answer », when nobody knows.
"""

import asyncio
import hashlib
import http.client
import json
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from letters.parties import recipient
from letters.render import Renderer
from letters.store import Store, safe_name
from letters.typography import clean, language_of
from rules.dispatch import NotNow, NotTaken, OutcomeUnknown, Refusal
from rules.hooks import signed_headers
from rules.invoice import Debtor
from rules.law.kinds import DebtorKind
from rules.letter import Dispatched, Letter
from rules.refusals import Refused

OPENING, ANSWERING = 8.0, 30.0
_LONGEST = 65_536
_TAKEN, _LATER, _REFUSED = (200, 201, 202), (408, 425, 429, 503), (400, 413, 415, 422)
_LOCAL = ("127.0.0.1", "localhost", "::1")


class Tray(Protocol):
    """Where letters lie that the provider may not have."""

    async def hand_over(self, letter: Letter) -> Dispatched: ...

    async def withdraw(self, message_id: str) -> None: ...


class ProviderError(Exception):
    """The provider answers something that only the operator can mend: a wrong address, a right it does not give."""


@dataclass(frozen=True, slots=True)
class ProviderUrl:
    """Where letters are posted to."""

    host: str
    port: int
    path: str
    tls: bool


def parse_provider_url(url: str, *, setting: str = "RELANCE_REGISTERED_URL") -> ProviderUrl:
    """Read the URL; raises Refused unless it is https (http on this machine only: letters are personal data)."""
    parts = urlsplit(url.strip())
    try:
        port = parts.port
    except ValueError:
        raise Refused(f"{setting}: its port is not a number between 1 and 65535.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise Refused(f"{setting}: write https://provider.example/letters, without a user; the secret signs.")
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise Refused(f"{setting}: letters are personal data and go by https, not http.")
    tls = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return ProviderUrl(parts.hostname, port or (443 if tls else 80), path, tls)


def may_be_electronic(debtor: Debtor) -> bool:
    """Whether an electronic registered letter may replace the paper one: a debtor who is no professional must have
    consented (art. L100 CPCE); and it needs an address. A debtor of unknown kind counts as no professional."""
    professional = debtor.kind in (DebtorKind.BUSINESS, DebtorKind.PUBLIC_BODY)
    return bool(debtor.email) and (professional or debtor.lre_consent)


class ProviderDispatcher:
    """Hands registered letters to one provider; an electronic one that the debtor has not consented to lies in the
    ``tray`` instead, on paper. Posting twice is seen by the debtor, so it is not ``repeatable``: the message's id goes
    as ``webhook-id``, and an answer that was lost is still for a person to settle."""

    repeatable = False

    def __init__(
        self,
        url: ProviderUrl,
        secret: bytes,
        kind: Literal["paper", "electronic"],
        renderer: Renderer,
        store: Store,
        tray: Tray,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._url = url
        self._secret = secret
        self._kind = kind
        self._renderer = renderer
        self._store = store
        self._tray = tray
        self._clock = clock

    async def hand_over(self, letter: Letter) -> Dispatched:
        """Render, keep a copy, post; the provider took it when this returns.

        Raises NotTaken when the address or the letter is refused for good; OutcomeUnknown when it went and the answer
        was lost or says neither yes nor no (5xx); NotNow, ProviderError or OSError when nothing was taken.
        """
        if self._kind == "electronic" and not may_be_electronic(letter.debtor):
            return await self._tray.hand_over(letter)
        if letter.debtor.address is None or not letter.debtor.address.complete:
            raise NotTaken(Refusal.ADDRESS, f"{clean(letter.debtor.name, 120)} has no complete postal address.")
        content, kept = await asyncio.to_thread(self._prepare, letter)
        digest = hashlib.sha256(content).hexdigest()
        body = json.dumps(_described(letter, self._kind, kept.name, content, digest), ensure_ascii=False).encode()
        await asyncio.to_thread(self._post, letter.message_id, body)
        return Dispatched(document=str(kept), sha256=digest, carrier=self._url.host)

    async def withdraw(self, message_id: str) -> None:
        """Take it out of the tray if it lies there; what the provider took has left."""
        await self._tray.withdraw(message_id)

    def _prepare(self, letter: Letter) -> tuple[bytes, Path]:
        """The PDF, kept before it leaves."""
        content = self._renderer.render(letter).pdf
        assert content is not None  # every paper channel is rendered as a PDF
        mark = hashlib.sha256(letter.message_id.encode()).hexdigest()[:12]
        name = safe_name(f"{letter.items[0].number}_{letter.step}_{mark}.pdf")
        return content, self._store.put(f"{letter.creditor.key}/{letter.on:%Y-%m-%d}/{name}", content)

    def _post(self, message_id: str, body: bytes) -> None:
        url = self._url
        make = http.client.HTTPSConnection if url.tls else http.client.HTTPConnection
        connection = make(url.host, url.port, timeout=OPENING)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **signed_headers(self._secret, message_id.strip("<>"), int(self._clock()), body),
        }
        try:
            connection.connect()
            try:
                connection.sock.settimeout(ANSWERING)
                connection.request("POST", url.path, body, headers)
                answer = connection.getresponse()
                content = answer.read(_LONGEST)
            except (OSError, http.client.HTTPException) as lost:
                raise OutcomeUnknown(f"{url.host}: the answer about {message_id} was lost: {lost!r}") from lost
        finally:
            connection.close()
        _judge(url.host, answer, content)


def _judge(host: str, answer: http.client.HTTPResponse, content: bytes) -> None:
    """Nothing when the letter was taken; raises what the answer means otherwise."""
    status = answer.status
    if status in _TAKEN:
        return
    said = f"{host} answered {status}: {clean(content.decode('utf-8', 'replace'), 500)}"
    if status in _LATER:
        wait = answer.getheader("Retry-After") or ""
        seconds = min(3600, int(wait[:9])) if wait.isascii() and wait.isdigit() else 60
        raise NotNow(said, timedelta(seconds=seconds))
    if status in _REFUSED:
        raise NotTaken(Refusal.ADDRESS if _of_the_address(content) else Refusal.CONTENT, said)
    if status >= 500:
        raise OutcomeUnknown(said)
    raise ProviderError(said)


def _of_the_address(content: bytes) -> bool:
    try:
        said = json.loads(content)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("refused") == "address"


def _described(letter: Letter, kind: str, file: str, content: bytes, digest: str) -> dict[str, Any]:
    """What the provider is told: who to whom, and the page itself. Names and addresses, no sum."""
    address = letter.debtor.address
    assert address is not None
    sender = letter.creditor
    return {
        "version": 1,
        "message_id": letter.message_id,
        "kind": kind,
        "step": letter.step,
        "on": letter.on.isoformat(),
        "sender": {"name": clean(sender.name, 120), **sender.address.model_dump(mode="json"), "email": sender.email},
        "recipient": {
            "name": recipient(letter.debtor, sender, language_of(letter.language))[0],
            **address.model_dump(mode="json"),
            **({"email": letter.debtor.email} if kind == "electronic" else {}),
        },
        "document": {"name": file, "sha256": digest, "content": b64encode(content).decode()},
    }
