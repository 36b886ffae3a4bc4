"""What a door answers, for those who ask without being near the engine. Pure."""

from enum import StrEnum


class Start(StrEnum):
    """What became of a start."""

    ACCEPTED = "accepted"
    ALREADY_KNOWN = "already_known"
    TERMS_CHANGED = "terms_changed"


class NotNow(Exception):
    """Raised when no answer came in time: what was said may have been heard, and may be said again."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
