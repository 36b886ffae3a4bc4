"""Where commands find what they need: the ledger, the door to the cases, the clock. Opened late, closed always."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clocks import clock_of
from commands.output import complain
from rules.invoice import InvoiceIssued
from rules.refusals import Refused
from rules.view import CaseView, view
from settings import Settings

# The engine's and the database's libraries take a second to load: only commands that need them wait for them.
if TYPE_CHECKING:
    from intake.door import Door
    from ledger.reads import CaseRow, Reads, Recorded
    from ledger.store import SqlLedger


class Shelf:
    """The ledger as commands and doors read it. ``ledger`` gives what is rarely needed."""

    def __init__(self, ledger: "SqlLedger") -> None:
        self.ledger = ledger
        self.reads: Reads = ledger.reads

    async def row(self, case_id: str) -> "CaseRow | None":
        """The case as lists show it."""
        return await self.reads.row(case_id)

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        """The invoice a case was opened on."""
        return await self.reads.invoice_of(case_id)

    async def view(self, case_id: str) -> CaseView | None:
        """The case at its last decision; None when the ledger does not know it, or nothing was decided yet."""
        recorded = await self.reads.case(case_id)
        return None if recorded is None else view_of(recorded)

    async def resolve(self, text: str) -> str:
        """The id of the case of that id or invoice number.

        Raises Refused when the ledger knows none, and when several creditors hold the number.
        """
        ids = await self.reads.find(text)
        if len(ids) == 1:
            return ids[0]
        if ids:
            raise Refused(f"« {text} » is an invoice of several creditors; say which: {' or '.join(ids)}.")
        if text.startswith("invoice/"):
            return text  # perhaps started a moment ago, and not yet in the ledger
        raise Refused(f"« {text} » is neither a case nor an invoice number that the ledger knows.")


def view_of(recorded: "Recorded") -> CaseView | None:
    """The public shape of a case read from the ledger; None before the first decision."""
    return None if recorded.decision is None else view(recorded.case, recorded.decision, recorded.head)


@asynccontextmanager
async def open_shelf(settings: Settings) -> AsyncIterator[Shelf]:
    """The ledger of the settings, for reading."""
    from ledger.store import SqlLedger

    ledger = await SqlLedger.open(settings.database_url)
    try:
        yield Shelf(ledger)
    finally:
        await ledger.close()


async def open_door(settings: Settings, shelf: Shelf) -> "Door":
    """The door to the cases; raises Away when Temporal does not answer within ten seconds."""
    from connection import COMMAND_PATIENCE, connect
    from intake.door import Door

    return Door(await connect(settings, patience=COMMAND_PATIENCE, say=complain), shelf)


def now(settings: Settings) -> datetime:
    """The moment it is, UTC; under RELANCE_CLOCK the virtual one."""
    return clock_of(settings.clock).virtual(datetime.now(UTC))
