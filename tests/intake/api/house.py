"""An API over a real SQLite ledger, and doors that remember what they were told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from intake.answers import NotNow, Start
from intake.api.app import api_app
from intake.api.desk import ApiDesk, Doors
from intake.api.limit import RateLimit
from intake.caller import Caller
from intake.checks import Known
from intake.debtor_door import Heard
from ledger.store import SqlLedger
from ledger.tokens import SCOPES
from rules.creditor import Creditor
from rules.invoice import InvoiceIssued
from rules.refusals import Code, Refused
from rules.view import CaseView
from tests.ledger.samples import decision, invoice, opened, paid

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
CREDITORS = {
    "acme": Creditor(key="acme", name="Acme SAS", sender="compta@acme.example", siren="732829320"),
    "other": Creditor(key="other", name="Other SARL", sender="compta@other.example"),
}
CASE = "invoice/acme/F-1"
NOBODY = Caller("nobody", "operator", "api")


@dataclass
class FakeDoors:
    """Both doors in one: hears everything, or is away, or refuses."""

    away: bool = False
    refusal: Refused | None = None
    caller: Caller = NOBODY
    said: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    started: list[InvoiceIssued] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)

    async def open(self, caller: Caller) -> Doors:
        if self.away:
            raise NotNow("Temporal does not answer at localhost:7233; ask again.")
        signed = replace(self, caller=caller)
        return Doors(case=signed, debtor=_Debtors(signed))

    async def start(self, invoice: InvoiceIssued) -> Start:
        if self.refusal is not None:
            raise self.refusal
        self.started.append(invoice)
        return Start.ACCEPTED

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        if self.refusal is not None:
            raise self.refusal
        self.said.append((case_id, self.caller.signed(body), event_id))
        return CaseView(id=case_id, stage="amicable", currency="EUR")

    async def reconsider(self, case_id: str) -> bool:
        self.woken.append(case_id)
        return True


class _Debtors:
    def __init__(self, doors: FakeDoors) -> None:
        self._doors = doors

    async def submit(
        self, debtor: str, name: str, payload: Mapping[str, Any], event_id: str, *, creditor: str | None = None
    ) -> Heard:
        if name not in ("paid", "hold"):
            raise Refused(f"« {name} » is not an event of a case.", Code.UNKNOWN_EVENT)
        return Heard((await self._doors.submit(f"{creditor}/{debtor}", {**payload, "kind": name}, event_id),))


@dataclass
class ApiHouse:
    """What a test of the API has in hand."""

    ledger: SqlLedger
    doors: FakeDoors
    app: FastAPI
    secret: str
    desk: ApiDesk

    def client(self, secret: str | None = None, headers: dict[str, str] | None = None) -> httpx.AsyncClient:
        """A client with a token (default: one that may do all for acme)."""
        bearer = {"Authorization": f"Bearer {secret or self.secret}"}
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://api", headers={**bearer, **(headers or {})})

    async def token(self, *scopes: str, creditors: tuple[str, ...] = ("acme",)) -> str:
        """The secret of another token."""
        _token, secret = await self.ledger.tokens.add("ERP", scopes or SCOPES, creditors, NOW)
        return secret


async def api_house(ledger: SqlLedger, rate: str = "100000/minute") -> ApiHouse:
    """A house with one case, F-1 of acme, and one of another creditor, F-9."""
    doors = FakeDoors()
    for number, creditor in (("F-1", "acme"), ("F-9", "other")):
        issued = invoice(number, creditor=creditor)
        async with ledger.book(f"invoice/{creditor}/{number}") as book:
            book.append(opened(issued))
            book.append(paid("p1", "200.00"))
            book.project(decision(2))
    _token, secret = await ledger.tokens.add("ERP", SCOPES, ("acme",), NOW)
    desk = ApiDesk(
        ledger=ledger,
        doors=doors.open,
        known=Known(creditors=CREDITORS),
        now=lambda: NOW,
        real_now=lambda: NOW,
        limit=RateLimit(rate),
    )
    return ApiHouse(ledger, doors, api_app(desk), secret, desk)
