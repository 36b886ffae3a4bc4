"""What the ledger says when it refuses to write, or cannot read what it holds."""

from sqlalchemy.exc import DBAPIError

DATABASE_FAILURES: tuple[type[Exception], ...] = (DBAPIError,)
"""What a database that is away, or has no tables yet, makes the ledger's reads and writes raise."""


class LedgerError(Exception):
    """The base of the ledger's own errors; the transaction in which one is raised leaves nothing."""


class DuplicateEvent(LedgerError):
    """An event of that id already stands in the case."""

    def __init__(self, case_id: str, event_id: str) -> None:
        super().__init__(f"{case_id}: the event {event_id} is already entered")
        self.case_id = case_id
        self.event_id = event_id


class AlreadyCovered(LedgerError):
    """Another message already speaks for one of the rungs."""

    def __init__(self, message_id: str) -> None:
        super().__init__(f"{message_id}: another message already speaks for one of its rungs, or has its id")
        self.message_id = message_id


class UnreadableEvent(LedgerError):
    """A stored event cannot be read back: it was altered, or the key ring is not the one it was written
    with."""

    def __init__(self, case_id: str, position: int) -> None:
        super().__init__(f"{case_id}: the event at position {position} cannot be read; verify the chain and the keys")
        self.case_id = case_id
        self.position = position


class LedgerBusy(LedgerError):
    """A lock was not to be had in time; the same thing tried later may succeed."""

    def __init__(self) -> None:
        super().__init__("another transaction has kept the ledger busy for too long; try again")


class NoKeyRing(LedgerError):
    """The ledger was written under master keys and none were given."""

    def __init__(self) -> None:
        super().__init__("the ledger's keys are wrapped under master keys; set RELANCE_PAYLOAD_KEYS to read it")
