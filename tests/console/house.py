"""A console over a real ledger with a few cases, an engine that can be stopped, and a browser without a window."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx

from configuration import Configuration
from console.app import create_app
from console.engine import EngineDown
from console.guard import ABSOLUTE, digest
from console.house import House
from intake.answers import NotNow
from ledger.accounts import Account, Role
from ledger.bank_lines import KeptLine, LineState
from ledger.passwords import hashed
from ledger.store import SqlLedger
from letters.render import Renderer
from rules import events as e
from rules.admit import admit
from rules.case import Case
from rules.claim import Context
from rules.decision import Decision
from rules.events import CaseOpened
from rules.invoice import Address, Debtor, InvoiceIssued
from rules.law.kinds import DebtorKind
from rules.reading import read_command
from rules.settle import settle
from rules.view import CaseView, unborn
from settings import read_settings
from tests.empty_ledger import empty_ledger_at

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "une phrase de passe"
CREDITORS = """
[acme]
name = "Acme SAS"
sender = "Acme Comptabilité <compta@acme.example>"
iban = "FR7630006000011234567890189"
address = { lines = ["3 place Bellecour"], postal_code = "69002", city = "Lyon", country = "FR" }
[zenith]
name = "Zénith SARL"
sender = "compta@zenith.example"
"""
PEOPLE: Mapping[str, tuple[Role, frozenset[str] | None]] = {
    "nadia": (Role.OPERATOR, None),
    "claire": (Role.MANAGER, None),
    "paul": (Role.AUDITOR, None),
    "ada": (Role.ADMIN, None),
    "zoe": (Role.OPERATOR, frozenset({"zenith"})),
}
# Hashing is slow on purpose: once is enough for all tests.
_HASH = hashed(PASSWORD)


@dataclass
class FakeEngine:
    """Cases that hear at once, late or not at all. ``heard``: what was said, in order."""

    ledger: SqlLedger
    configuration: Configuration
    up: bool = True
    late: bool = False
    last: datetime | None = NOW
    heard: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)
    woken: list[str] = field(default_factory=list)

    async def reconsider(self, case_id: str) -> bool:
        """Note who was woken."""
        self.woken.append(case_id)
        return True

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        """Say it to the rules themselves, as the workflow would."""
        if not self.up:
            raise EngineDown
        self.heard.append((case_id, dict(body), event_id))
        if self.late:
            raise NotNow("later")
        await self.take(case_id, body, event_id)
        return unborn(case_id, "EUR")

    async def take(self, case_id: str, body: Mapping[str, Any], event_id: str) -> None:
        """The event enters the ledger, and the rules decide again."""
        async with self.ledger.book(case_id) as book:
            assert book.case is not None
            context = await context_of(self.configuration, book.case)
            for event in admit(book.case, read_command(dict(body)), context, NOW, said_id=event_id, door="update"):
                book.append(event)
            book.project(settled(book, context))


def settled(book: Any, context: Context) -> Decision:
    entered, case, decision = settle(book.case, context, NOW)
    for event in entered:
        book.append(event)
    assert case.position == book.case.position
    return decision


async def context_of(configuration: Configuration, case: Case) -> Context:
    """What the rules need."""
    return Context(
        creditor=configuration.creditor(case.invoice.creditor),
        policy=await configuration.policy(case.version),
        tables=configuration.tables(),
    )


def invoice(number: str, name: str, *, creditor: str = "acme", debtor: str = "C-104", **more: Any) -> InvoiceIssued:
    """An invoice of 1 200,00 € due on 4 February 2026."""
    who = Debtor(
        id=debtor,
        name=name,
        kind=DebtorKind.BUSINESS,
        email="compta@debiteur.example",
        address=Address(lines=("12 rue des Lilas",), postal_code="69003", city="Lyon"),
    )
    fields = {
        "creditor": creditor,
        "number": number,
        "issued_on": "2026-01-05",
        "due_on": "2026-02-04",
        "total": Decimal("1200.00"),
        "debtor": who,
    }
    return InvoiceIssued.model_validate(fields | more)


async def open_case(engine: FakeEngine, issued: InvoiceIssued, at: datetime = NOW - timedelta(days=3)) -> str:
    """A case that is open and decided upon."""
    case_id = f"invoice/{issued.creditor}/{issued.number}"
    policy, text = engine.configuration.policy_named("standard")
    await engine.ledger.keep_policy(policy.version, policy.name, text)
    async with engine.ledger.book(case_id, debtor=(issued.creditor, issued.debtor.id)) as book:
        first = CaseOpened(id="opened", on=at.date(), at=at, invoice=issued, policy="standard", version=policy.version)
        book.append(first)
        assert book.case is not None
        book.project(settled(book, await context_of(engine.configuration, book.case)))
    return case_id


@dataclass
class Console:
    """The console as a test uses it."""

    house: House
    engine: FakeEngine
    app: Any

    @asynccontextmanager
    async def browser(self, login: str | None = None, **headers: str) -> AsyncIterator["Browser"]:
        """Somebody's browser, logged in."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=True)
        sent = {"sec-fetch-site": "same-origin", "accept-language": "fr", **headers}
        async with httpx.AsyncClient(transport=transport, base_url="http://console.test", headers=sent) as client:
            if login is not None:
                token = f"session of {login}"
                now = datetime.now(UTC)
                accounts = self.house.ledger.accounts
                await accounts.open_session(digest(token), login, "127.0.0.1", now, now - ABSOLUTE)
                client.cookies.set("session", token)
            yield Browser(client)


@dataclass
class Browser:
    """A client that keeps cookies and fills forms as a page gave them."""

    client: httpx.AsyncClient

    async def log_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        """Fill the login form."""
        return await self.send("/login", "/login", {"login": login, "password": password})

    async def get(self, path: str) -> httpx.Response:
        """A page."""
        return await self.client.get(path)

    async def send(self, page: str, action: str, values: Mapping[str, str]) -> httpx.Response:
        """Fill the form of a page that posts to ``action``; its hidden fields go with it."""
        shown = (await self.client.get(page)).text
        return await self.client.post(action, data={**hidden_fields(shown, action), **values})


def hidden_fields(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that posts to ``action``."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form is not None, f"no form for {action}"
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form[1])
    return dict(found)


async def climbed(console: Console) -> str:
    """A case whose mise en demeure waits for a yes."""
    opened = datetime(2025, 10, 6, 8, tzinfo=UTC)
    issued = invoice("F-7", "Librairie Noël", debtor="C-7", issued_on="2025-09-05", due_on="2025-10-05", total="250.00")
    case_id = await open_case(console.engine, issued, opened)
    async with console.house.ledger.book(case_id) as book:
        for place, step in enumerate(("relance_1", "relance_2", "derniere_relance")):
            at = opened + timedelta(days=10 + 20 * place)
            sums = {"principal": Decimal(250), "claim": Decimal(250), "message_id": f"<{place}@relance.example>"}
            book.append(e.NoticeSent(id=step, on=at.date(), at=at, step=step, passage=1, channel="email", **sums))
    await console.engine.take(case_id, {"kind": "note", "note": "vu"}, "seen")
    return case_id


@asynccontextmanager
async def standing(folder: Path) -> AsyncIterator[Console]:
    """A console over an empty ledger with its people."""
    creditors = folder / "creditors.toml"
    creditors.write_text(CREDITORS, encoding="utf-8")
    settings = read_settings(
        {
            "RELANCE_DATABASE_URL": f"sqlite:///{folder / 'ledger.db'}",
            "RELANCE_CREDITORS": str(creditors),
            "RELANCE_STORE": str(folder / "store"),
        }
    )
    await empty_ledger_at(folder / "ledger.db")
    ledger = await SqlLedger.open(settings.database_url)
    for login, (role, granted) in PEOPLE.items():
        made = Account(login=login, role=role, creditors=granted, language="fr", active=True, created_at=NOW)
        await ledger.accounts.add(made, _HASH)
    configuration = Configuration(settings, ledger)
    engine = FakeEngine(ledger, configuration)
    house = House(settings, ledger, engine, configuration, Renderer(), lambda: NOW, settings.creditors())

    @asynccontextmanager
    async def opening() -> AsyncIterator[House]:
        yield house

    app = create_app(opening)
    app.state.house = house
    try:
        yield Console(house, engine, app)
    finally:
        await ledger.close()


async def bank_line(console: Console, name: str = "a1", iban: str | None = None, **more: Any) -> KeptLine:
    """A line of a statement that waits, of the very amount of two cases."""
    said = {
        "id": name, "creditor": "acme", "booked_on": date(2026, 3, 1), "amount": Decimal("1200.00"), "currency": "EUR",
        "reversal": False, "reference": f"VIR-{name}", "payer": "BOULANGERIE MARTIN", "text": "facture de janvier",
        "state": LineState.OPEN, "because": "rien ne dit quelle facture il paie", **more,
    }  # fmt: skip
    return await console.house.ledger.bank.keep(KeptLine.model_validate(said), iban)
