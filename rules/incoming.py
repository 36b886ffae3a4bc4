"""A mail that came back, understood: what kind it is, which of our messages it is about, what it says. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Incoming(StrEnum):
    """What a mail is. ``bounce``: the address is dead; ``undelivered``: refused for good for another reason (policy,
    content), which says nothing of the address; ``delayed``: not now; ``automatic``: written by no person."""

    BOUNCE = "bounce"
    UNDELIVERED = "undelivered"
    DELAYED = "delayed"
    AUTOMATIC = "automatic"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of the mailbox. ``id`` is its own Message-ID, or a digest of its bytes; ``about``: the Message-IDs
    (``<…>``) and the bare marks of plus-addresses that may name one of our messages, the surest first; ``text`` what a
    person wrote, without what it quotes; ``diagnostic`` the mail server's words."""

    id: str
    kind: Incoming
    about: tuple[str, ...] = ()
    text: str = ""
    diagnostic: str = ""


class Dealt(StrEnum):
    """What became of a mail: ``unmatched`` and ``refused`` are left for a person."""

    BOUNCED = "bounced"
    REPLIED = "replied"
    IGNORED = "ignored"
    UNMATCHED = "unmatched"
    REFUSED = "refused"

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody has to look at it in the mailbox."""
        return self in (Dealt.UNMATCHED, Dealt.REFUSED)
