"""A run of a case's workflow, and where its history is kept. Pure values."""

from datetime import datetime

from rules.base import Frozen


class Run(Frozen):
    """One run: ``status`` is Temporal's word in small letters; ``closed_at`` None while it runs."""

    case: str
    run: str
    status: str
    started_at: datetime
    closed_at: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.status == "running"


class KeptRun(Run):
    """A run whose history is kept. ``document``: its name in the store, None when its debtor had been forgotten;
    ``sha256`` and ``size``: of the bytes in the store; ``sealed_by``: ``case``, ``ring`` or ``none``."""

    events: int
    document: str | None
    sha256: str | None
    size: int
    sealed_by: str
