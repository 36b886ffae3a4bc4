"""Why a letter could not be handed over: for good, not now, or nobody knows. Pure.

Anything else a dispatcher raises means « not now » too and is tried again.
"""

from datetime import timedelta
from enum import StrEnum


class Refusal(StrEnum):
    """Why the world will not take a letter, for good."""

    ADDRESS = "address"
    CONTENT = "content"


class NotTaken(Exception):
    """Raised by a dispatcher when a letter was refused for good (an SMTP 5xx): no retry would help."""

    def __init__(self, refusal: Refusal, diagnostic: str) -> None:
        super().__init__(diagnostic)
        self.refusal = refusal
        self.diagnostic = diagnostic


class NotNow(Exception):
    """Raised by a dispatcher before anything left, when it knows how long to wait: ``pause``."""

    def __init__(self, why: str, pause: timedelta) -> None:
        super().__init__(why)
        self.pause = pause


class OutcomeUnknown(Exception):
    """Raised by a dispatcher when a letter was handed over whole and the answer lost: it may have left."""
