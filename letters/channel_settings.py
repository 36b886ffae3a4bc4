"""The settings of the channels: mail limits, DKIM, the mailbox, the registered-letter provider. Read once, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from rules.hooks import secret_of
from rules.refusals import Refused

VARIABLES = (
    "RELANCE_MAIL_MAX_KB",
    "RELANCE_MAIL_RATE",
    "RELANCE_DKIM_KEY",
    "RELANCE_DKIM_SELECTOR",
    "RELANCE_DKIM_DOMAIN",
    "RELANCE_IMAP_URL",
    "RELANCE_REGISTERED_URL",
    "RELANCE_REGISTERED_SECRET",
    "RELANCE_REGISTERED_KIND",
)
_DKIM = ("RELANCE_DKIM_KEY", "RELANCE_DKIM_SELECTOR", "RELANCE_DKIM_DOMAIN")


@dataclass(frozen=True)
class DkimSettings:
    """Where the private key is, and under which name the public one stands in the DNS."""

    key_file: Path
    selector: str
    domain: str


@dataclass(frozen=True)
class RegisteredSettings:
    """A provider of registered letters: ``paper`` prints and posts them, ``electronic`` sends an LRE (art. L100
    CPCE)."""

    url: str
    secret: bytes = field(repr=False)
    kind: Literal["paper", "electronic"] = "paper"


@dataclass(frozen=True)
class ChannelSettings:
    """``max_bytes``: the largest message; ``per_minute``: messages to one mail domain; None: not configured."""

    max_bytes: int = 8_000_000
    per_minute: int = 120
    dkim: DkimSettings | None = None
    imap_url: str | None = field(default=None, repr=False)
    registered: RegisteredSettings | None = None


def read_channels(env: Mapping[str, str]) -> ChannelSettings:
    """The settings of the environment; raises Refused with one sentence that names the wrong variable."""
    return ChannelSettings(
        max_bytes=_number(env, "RELANCE_MAIL_MAX_KB", 8_000, range(100, 50_001)) * 1000,
        per_minute=_number(env, "RELANCE_MAIL_RATE", 120, range(1, 100_001)),
        dkim=_dkim(env),
        imap_url=env.get("RELANCE_IMAP_URL") or None,
        registered=_registered(env),
    )


def _number(env: Mapping[str, str], name: str, default: int, within: range) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or int(text) not in within:
        raise Refused(f"{name}: « {text} » is not a whole number from {within.start} to {within.stop - 1}.")
    return int(text)


def _dkim(env: Mapping[str, str]) -> DkimSettings | None:
    given = [name for name in _DKIM if env.get(name)]
    if not given:
        return None
    missing = [name for name in _DKIM if name not in given]
    if missing:
        raise Refused(f"{missing[0]}: {given[0]} is set without it; DKIM needs the key, the selector and the domain.")
    key, selector, domain = (env[name] for name in _DKIM)
    return DkimSettings(Path(key).expanduser().resolve(), selector, domain)


def _registered(env: Mapping[str, str]) -> RegisteredSettings | None:
    url = env.get("RELANCE_REGISTERED_URL")
    if not url:
        return None
    kind = env.get("RELANCE_REGISTERED_KIND") or "paper"
    try:
        secret = secret_of(env.get("RELANCE_REGISTERED_SECRET") or "")
    except Refused as refused:
        raise Refused(f"RELANCE_REGISTERED_SECRET signs what goes to the provider: {refused.sentence}") from None
    if kind == "paper":
        return RegisteredSettings(url, secret, "paper")
    if kind == "electronic":
        return RegisteredSettings(url, secret, "electronic")
    raise Refused(f"RELANCE_REGISTERED_KIND: « {kind} » is neither paper nor electronic.")
