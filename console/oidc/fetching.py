"""Asking a provider: one request over TLS, no redirect, short patience, an answer of a reasonable size."""

import http.client
import json
from collections.abc import Mapping
from typing import Any

from intake.hook_post import check_url, connection_to
from rules.refusals import Refused

_LARGEST = 1_000_000


class ProviderAway(Exception):
    """The provider does not answer, or answers what no provider does: nothing is known of who asks."""


class Distrusted(Exception):
    """What came back is not what a login that began here brings: it is refused."""


def fetch_json(url: str, body: str | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at a URL; with ``body``, of a form posted to it. Raises ProviderAway, and Distrusted on an answer
    of 400 to 499."""
    sent = {"Accept": "application/json", "User-Agent": "Relance/1", **(headers or {})}
    if body is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        parts = check_url(url)
        connection = connection_to(parts)
    except (Refused, ValueError) as error:
        raise ProviderAway(str(error)[:200]) from None
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        connection.request("GET" if body is None else "POST", path, body, sent)
        answer = connection.getresponse()
        status, content = answer.status, answer.read(_LARGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise ProviderAway(f"{parts.hostname}: {type(error).__name__}") from None
    finally:
        connection.close()
    if 400 <= status < 500:
        raise Distrusted(f"the provider refused: {status}")
    return _object(status, content)


def _object(status: int, content: bytes) -> dict[str, Any]:
    if status != 200 or len(content) > _LARGEST:
        raise ProviderAway(f"the provider answered {status}, {len(content)} bytes")
    try:
        found = json.loads(content)
    except ValueError:
        raise ProviderAway("the provider's answer is not JSON") from None
    if not isinstance(found, dict):
        raise ProviderAway("the provider's answer is not a JSON object")
    return found
