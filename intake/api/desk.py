"""What the API needs of the house, handed in by whoever serves it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from intake.answers import Start
from intake.api.limit import RateLimit
from intake.caller import Caller
from intake.checks import Known
from intake.debtor_door import Heard
from ledger.store import SqlLedger
from rules.invoice import InvoiceIssued
from rules.view import CaseView


class CaseDoor(Protocol):
    """The door to a case."""

    async def start(self, invoice: InvoiceIssued) -> Start: ...

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView: ...

    async def reconsider(self, case_id: str) -> bool: ...


class PersonDoor(Protocol):
    """The debtor's door."""

    async def submit(
        self, debtor: str, name: str, payload: Mapping[str, Any], event_id: str, *, creditor: str | None = None
    ) -> Heard: ...


@dataclass(frozen=True)
class Doors:
    """Both doors, over one client, for one caller."""

    case: CaseDoor
    debtor: PersonDoor


@dataclass(frozen=True)
class ApiDesk:
    """``doors``, for whoever speaks, answers once the engine is reached and raises intake.answers.NotNow while it is
    away; ``now``: the
    book's moment, UTC; ``real_now``: the wall's, for signatures and retries; ``wake``: called when invoices were taken
    in."""

    ledger: SqlLedger
    doors: Callable[[Caller], Awaitable[Doors]]
    known: Known
    now: Callable[[], datetime]
    real_now: Callable[[], datetime]
    limit: RateLimit
    wake: Callable[[], None] = field(default=lambda: None)

    def today(self) -> date:
        """The real day, for a token's last use."""
        return self.real_now().date()
