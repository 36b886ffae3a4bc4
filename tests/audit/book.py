"""A real book to audit: played through the real workflow, kept by the real archivist."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine
from temporalio.client import Client

from activities.archive import Archivist
from audit.live import LiveHistories
from audit.office import Auditor, auditor
from audit.report import Report
from audit.shelf import HistoryShelf
from ledger.store import SqlLedger
from rules.invoice import InvoiceIssued
from rules.runs import Run
from settings import HOUSE, Settings
from tests.workflow.house import House

CREDITORS = """[acme]
name = "Acme SAS"
sender = "Acme Comptabilité <compta@acme.example>"
iban = "FR7630006000011234567890189"
address = { lines = ["3 place Bellecour"], postal_code = "69002", city = "Lyon" }
"""


def invoice(number: str, debtor: str = "C-104") -> InvoiceIssued:
    address = {"lines": ["12 rue des Lilas"], "postal_code": "69003", "city": "Lyon"}
    person = {"id": debtor, "name": "Boulangerie Martin SARL", "kind": "business", "email": "compta@martin.example"}
    return InvoiceIssued.model_validate(
        {"creditor": "acme", "number": number, "issued_on": "2025-08-06", "due_on": "2025-09-05",
         "total": "1200.00", "debtor": {**person, "address": address}}
    )  # fmt: skip


def settings_of(folder: Path, database: str, keys: str | None = None) -> Settings:
    """The settings of a machine that has the ledger and the store, and no Temporal."""
    creditors = folder / "creditors.toml"
    creditors.write_text(CREDITORS, encoding="utf-8")
    return Settings(
        database_url=database,
        smtp_url="smtp://127.0.0.1:9",
        creditors_file=creditors,
        policies_folder=None,
        rates_folder=None,
        store=folder / "store",
        payload_keys=keys,
        clock=None,
    )


class _Histories(LiveHistories):
    """Those of these cases alone: the server is shared with other tests."""

    def __init__(self, client: Client, cases: Sequence[str]) -> None:
        super().__init__(client)
        self._cases = cases

    async def closed(self) -> AsyncIterator[Run]:
        async for run in super().closed():
            if run.case in self._cases:
                yield run


async def kept(ledger: SqlLedger, client: Client, store: Path, *cases: str) -> None:
    """The archivist comes round until it has seen these cases: the engine lists a run a moment after its end."""
    archivist = Archivist(_Histories(client, cases), ledger.archive, HistoryShelf(store))
    async with asyncio.timeout(20):
        while not all([await ledger.archive.kept(case) for case in cases]):
            await archivist.keep_histories()


async def audited(settings: Settings, case_id: str, client: Client | None = None) -> Report:
    async with auditor(settings, client) as one:
        return (await one.audit([case_id]))[0]


def by_hand(settings: Settings, change: Callable[[Connection], Any]) -> None:
    """What somebody with the database's password does."""
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        change(connection)
    engine.dispose()


__all__ = ["HOUSE", "Auditor", "House", "audited", "by_hand", "invoice", "kept", "settings_of"]
