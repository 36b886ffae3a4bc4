"""The outbox's words: one message to one debtor, and the cases it speaks for. Pure."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from rules.base import Frozen


class MessageState(StrEnum):
    """Where a message of the outbox stands."""

    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"


class Covered(Frozen):
    """A case that a message speaks for: its rung, and the open principal it says."""

    case: str
    passage: int
    step: str
    balance: Decimal
    claim: Decimal


class Message(Frozen):
    """A row of the outbox: one message to one debtor.

    ``id`` is its Message-ID, which names the act and not the attempt; ``sender`` the case that sent it; ``document``
    where the copy is kept; ``carrier`` who took a registered letter. ``rung``, ``variant`` and ``profile``: the step in
    whose words it speaks, which of them, and the debtor's profile then.
    """

    id: str
    creditor: str
    debtor: str
    currency: str
    day: date
    channel: str
    copies: tuple[str, ...] = ()
    state: MessageState
    started_at: datetime
    sent_at: datetime | None = None
    sender: str
    rung: str | None = None
    variant: str | None = None
    profile: str | None = None
    document: str | None = None
    sha256: str | None = None
    carrier: str | None = None
    covers: tuple[Covered, ...] = ()

    def of(self, case_id: str) -> Covered | None:
        """What the message says of a case."""
        return next((row for row in self.covers if row.case == case_id), None)
