"""The adapter that posts a delivery: HTTPS, no redirect, short patience, the answer's body unread."""

import asyncio
import http.client
import ipaddress
import ssl
from urllib.parse import SplitResult, urlsplit

from rules.hooks import Delivery, Outcome, signed_headers
from rules.refusals import Refused

PATIENCE = 10.0
"""Seconds for the connection and for the answer."""


def check_url(url: str) -> SplitResult:
    """The parts of a hook's URL; raises Refused on anything but https (http on this machine only)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused(f"« {url} » is not a URL such as https://erp.example/relance.") from None
    if (
        not parts.hostname
        or parts.username
        or parts.password
        or port == 0
        or not url.isascii()
        or not url.isprintable()
    ):
        raise Refused(f"« {url} » is not a URL such as https://erp.example/relance; a password has no place in it.")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname)):
        raise Refused(f"« {url} » is not https; events of cases travel encrypted.")
    return parts


async def post(delivery: Delivery, timestamp: int) -> Outcome:
    """Post one delivery, signed; any 2xx answer is a delivery, anything else and any failure is not. Never raises."""
    return await asyncio.to_thread(_post, delivery, timestamp)


def _post(delivery: Delivery, timestamp: int) -> Outcome:
    body = delivery.body()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Relance-Webhooks/1",
        **signed_headers(delivery.secret, delivery.id, timestamp, body),
    }
    try:
        parts = check_url(delivery.url)
        connection = connection_to(parts)
    except (Refused, ValueError) as error:
        return Outcome(False, error=str(error)[:200])
    try:
        connection.request("POST", f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}", body, headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return Outcome(False, error=f"{type(error).__name__}: {str(error)[:150]}")
    finally:
        connection.close()
    ok = 200 <= status < 300
    return Outcome(ok, status, None if ok else f"answered {status}")


def connection_to(parts: SplitResult) -> http.client.HTTPConnection:
    """A connection to what ``check_url`` let pass, not opened yet."""
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port or 443, timeout=PATIENCE, context=context)
    return http.client.HTTPConnection(host, parts.port or 80, timeout=PATIENCE)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
