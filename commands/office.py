"""Where commands find what they need: the ledger, the door to the cases, the engine, the letters, the clock.

Loading this module takes most of a second (the engine's, the database's and the letters' libraries): commands import
it when they run, so that a help or a command of the law does without.
"""

import getpass
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from clocks import clock_of
from commands.callers import caller_of
from commands.output import complain
from configuration import Configuration
from connection import COMMAND_PATIENCE, Away, connect
from evidence.cabinet import FolderCabinet
from evidence.sources import StoredDocuments
from intake.answers import NotNow
from intake.caller import Caller
from intake.debtor_door import DebtorDoor
from intake.door import Door
from ledger.errors import LedgerError
from ledger.reads import CaseFilter, CaseRow, Reads, Recorded
from ledger.store import SqlLedger
from letters.render import Renderer
from rules.case import Case, Stage
from rules.claim import Context
from rules.invoice import Instalment, InvoiceIssued
from rules.refusals import Refused
from rules.view import CaseView, view
from sealing.documents import DocumentSeal
from sealing.keys import Altered, UnknownKey, parse_ring
from settings import Settings
from workflows.contracts import QUERY_CASE

__all__ = [
    "CaseFilter",
    "Shelf",
    "ask_engine",
    "cabinet_of",
    "client_if_there",
    "configured",
    "context_of",
    "explain",
    "now",
    "open_debtor_door",
    "open_door",
    "open_shelf",
    "renderer",
    "view_of",
]  # fmt: skip


_ALL = 100_000


class Shelf:
    """The ledger as commands and doors read it."""

    def __init__(self, ledger: SqlLedger) -> None:
        self.ledger = ledger
        self.reads: Reads = ledger.reads

    async def row(self, case_id: str) -> CaseRow | None:
        """The case as lists show it."""
        return await self.reads.row(case_id)

    async def invoice_of(self, case_id: str) -> InvoiceIssued | None:
        """The invoice a case was opened on."""
        return await self.reads.invoice_of(case_id)

    async def view(self, case_id: str) -> CaseView | None:
        """The case at its last decision; None when the ledger does not know it, or nothing was decided yet."""
        recorded = await self.reads.case(case_id)
        return None if recorded is None else view_of(recorded)

    async def schedule_of(self, case_id: str) -> tuple[Instalment, ...]:
        """The due dates and amounts that the case stands on; empty when the ledger does not know it."""
        recorded = await self.reads.case(case_id)
        return () if recorded is None else recorded.case.invoice.schedule

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

    async def recorded(self, case_id: str) -> Recorded:
        """The case with its events folded and its last decision; raises Refused when the ledger has none."""
        found = await self.reads.case(case_id)
        if found is None:
            raise Refused(f"{case_id} is not in the ledger yet; a worker enters it when it starts.")
        return found

    async def open_cases_of_debtor(self, debtor: str, creditor: str | None) -> list[Case]:
        """The open cases of a customer number, with every creditor or one."""
        rows = await self.reads.cases(CaseFilter(debtor=debtor, creditor=creditor, limit=_ALL))
        found = [await self.reads.case(row.id) for row in rows if row.stage is not Stage.CLOSED]
        return [recorded.case for recorded in found if recorded is not None]


def view_of(recorded: Recorded) -> CaseView | None:
    """The public shape of a case read from the ledger; None before the first decision."""
    return None if recorded.decision is None else view(recorded.case, recorded.decision, recorded.head)


@asynccontextmanager
async def open_shelf(settings: Settings) -> AsyncIterator[Shelf]:
    """The ledger of the settings, for reading."""
    ledger = await SqlLedger.open(settings.database_url, parse_ring(settings.payload_keys))
    try:
        yield Shelf(ledger)
    finally:
        await ledger.close()


async def open_door(
    settings: Settings, shelf: Shelf, *, actor: str | None = None, via: str = "command", login: str | None = None
) -> Door:
    """The door to the cases, for the operating system's account that runs the command, or for ``login`` of the console
    (``caller_of``). ``actor``: what a program of ours is, for itself.

    Raises Away when Temporal does not answer within ten seconds, Refused on a login that may not act."""
    user = getpass.getuser()
    if actor is None and via == "command":
        caller = caller_of(user, login, await shelf.ledger.accounts.all())
    else:
        caller = Caller(user, actor or "operator", via)
    client = await connect(settings, patience=COMMAND_PATIENCE, say=complain)
    return Door(client, shelf, caller)


async def open_debtor_door(settings: Settings, shelf: Shelf, *, login: str | None = None) -> DebtorDoor:
    """The debtor's door; raises Away when Temporal does not answer within ten seconds."""
    tables = configured(settings, shelf).tables()
    return DebtorDoor(await open_door(settings, shelf, login=login), shelf, settings.creditors(), tables)


async def client_if_there(settings: Settings) -> Client | None:
    """A client of the server; None when it does not answer within two seconds."""
    try:
        return await connect(settings, patience=timedelta(seconds=2), say=lambda _: None)
    except Away:
        return None


async def ask_engine(settings: Settings, case_id: str) -> CaseView:
    """The running case's own answer; raises Refused when there is none, Away when Temporal does not answer."""
    client = await connect(settings, patience=COMMAND_PATIENCE, say=complain)
    handle = client.get_workflow_handle(case_id)
    try:
        found: CaseView = await handle.query(QUERY_CASE, result_type=CaseView, rpc_timeout=COMMAND_PATIENCE)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise Refused(f"{case_id} is not a case: neither the ledger nor Temporal knows it.") from None
        raise
    return found


def configured(settings: Settings, shelf: Shelf) -> Configuration:
    """Creditors, policies and tables, with the policies that cases are pinned to."""
    return Configuration(settings, shelf.ledger)


async def context_of(settings: Settings, shelf: Shelf, case: Case) -> Context:
    """What the rules need besides the case, from the configuration; nothing is asked about the debtor's other cases."""
    configuration = configured(settings, shelf)
    return Context(
        creditor=configuration.creditor(case.invoice.creditor),
        policy=await configuration.policy(case.version),
        tables=configuration.tables(),
    )


def cabinet_of(settings: Settings, folder: Path) -> FolderCabinet:
    """What builds judicial files in ``folder`` from the documents of the store."""
    ring = parse_ring(settings.payload_keys)
    roots = (settings.store, *settings.documents)
    return FolderCabinet(folder, StoredDocuments(settings.store), seal=DocumentSeal(ring), roots=roots)


def renderer(settings: Settings) -> Renderer:
    """What draws letters."""
    return Renderer.beside(settings.creditors_file)


def now(settings: Settings) -> datetime:
    """The moment it is, UTC, to the second; under RELANCE_CLOCK the virtual one."""
    return clock_of(settings.clock).virtual(datetime.now(UTC)).replace(microsecond=0)


def explain(error: Exception) -> str | None:
    """What a failure of the world means, in a sentence; None when it is a fault of ours, which must be seen whole."""
    if isinstance(error, Away | NotNow):
        return error.sentence
    if isinstance(error, UnknownKey | Altered):
        return f"{error}".rstrip(".") + "."
    if isinstance(error, LedgerError):
        return f"The ledger: {error}."
    if isinstance(error, DBAPIError | ConnectionError | TimeoutError | socket.gaierror):
        return _of_database(error)
    if isinstance(error, RPCError):
        return f"Temporal: {error.message or error.status.name}. Nothing is lost; run the command again."
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}."
    return None


def _of_database(error: Exception) -> str:
    text = str(getattr(error, "orig", error)).splitlines()[0][:200]
    if "no such table" in text or "does not exist" in text:
        return "The ledger has no tables yet; start worker.py once, which makes them."
    return f"The ledger does not answer ({text}); see RELANCE_DATABASE_URL."
