"""Refused: the caller's fault, said in one sentence with a code; nothing was changed. Pure."""

from enum import StrEnum


class Code(StrEnum):
    """Why something was refused; stable, callers may rely on it."""

    MALFORMED = "malformed"
    UNKNOWN_EVENT = "unknown_event"
    ID_CONFLICT = "id_conflict"
    NOT_ALLOWED_NOW = "not_allowed_now"
    AMOUNT_INVALID = "amount_invalid"
    DATE_INVALID = "date_invalid"


class Refused(Exception):
    """Raised when the rules refuse what was asked. ``sentence`` names the thing, the reason and the remedy."""

    def __init__(self, sentence: str, code: Code = Code.MALFORMED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
