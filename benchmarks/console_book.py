"""A book of a hundred thousand cases for the console's benchmark, put straight into the ledger's tables.

Some cases are whole: opened, written to and answered by the rules, every event in its chain. The others are copies of
their head rows with a number, a debtor, a sealed name, searchable words and an amount of their own, and a movement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, insert, select, text

from configuration import Configuration
from ledger.console_tables import movements
from ledger.database import write
from ledger.opening import open_database
from ledger.seal import Seal, encrypt, new_key, wrap_debtor_key
from ledger.search import LONGEST, SHORTEST, blind, folded, search_key
from ledger.store import SqlLedger
from ledger.tables import cases, debtors
from rules import events as e
from rules.admit import admit
from rules.claim import Context
from rules.decision import Decision, Send
from rules.invoice import InvoiceIssued
from rules.reading import read_command
from rules.settle import own, settle

WHOLE = 120
_CHUNK = 5000
_TRADES = ("Boulangerie", "Garage", "Menuiserie", "Électricité", "Pharmacie", "Transports", "Maçonnerie", "Librairie")
_NAMES = (
    "Martin", "Guérin", "Lefèvre", "Dubois", "Moreau", "Fournier", "Girard", "Bonnet", "Dupont", "Lambert", "Rousseau",
    "Vincent", "Müller", "Faure", "André", "Mercier", "Blanc", "Chevalier", "François", "Legrand", "Noël", "Béranger",
)  # fmt: skip
_TOWNS = ("Lyon", "Brest", "Metz", "Pau", "Sète", "Vichy", "Dole", "Gap")
_SAID: tuple[dict[str, Any] | None, ...] = (
    None,
    {"kind": "paid", "amount": "200.00", "reference": "VIR-1"},
    {"kind": "dispute", "reason": "Deux palettes manquent."},
    {"kind": "paid", "amount": "1200.00", "reference": "VIR-2"},
    {"kind": "hold", "reason": "Le client rappelle lundi."},
    None,
)


@dataclass(frozen=True)
class Book:
    """What was put in. ``whole``: ids of the cases with their history; ``words``: what a person would search for."""

    whole: tuple[str, ...]
    words: tuple[str, ...]


async def fill(url: str, configuration: Configuration, count: int, today: date) -> Book:
    """Put ``count`` cases of acme into an empty ledger."""
    ledger = await SqlLedger.open(url)
    try:
        policy, policy_text = configuration.policy_named("standard")
        await ledger.keep_policy(policy.version, policy.name, policy_text)
        whole = [await _whole(ledger, configuration, n, today) for n in range(min(WHOLE, count))]
    finally:
        await ledger.close()
    database = open_database(url)
    try:
        await write(database, lambda connection: _copies(connection, count, today))
    finally:
        await database.close()
    return Book(tuple(whole), ("guérin", "menuiserie martin", "F-0412", "transports gap", "electricite noel"))


def name_of(n: int) -> str:
    """One of a few thousand names, with accents."""
    return f"{_TRADES[n % 8]} {_NAMES[n // 8 % 22]} {_TOWNS[n // 176 % 8]}"


def _invoice(n: int, today: date) -> InvoiceIssued:
    issued = today - timedelta(days=20 + n * 7 % 170)
    return InvoiceIssued.model_validate({
        "creditor": "acme", "number": f"F-{n:06d}", "issued_on": issued, "due_on": issued + timedelta(days=30),
        "total": "1200.00",
        "debtor": {
            "id": f"C-{n // 3:05d}", "name": name_of(n // 3), "kind": "business", "email": "compta@debiteur.example",
            "address": {"lines": ["12 rue des Lilas"], "postal_code": "69003", "city": "Lyon"},
        },
    })  # fmt: skip


async def _whole(ledger: SqlLedger, configuration: Configuration, n: int, today: date) -> str:
    """A case as the rules lead it from its invoice to today; letters count as sent."""
    invoice = _invoice(n, today)
    case_id = f"invoice/acme/{invoice.number}"
    policy, _ = configuration.policy_named("standard")
    context = Context(creditor=configuration.creditor("acme"), policy=policy, tables=configuration.tables())
    now = datetime.combine(invoice.issued_on, datetime.min.time(), UTC) + timedelta(hours=8)
    end = datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=8)
    async with ledger.book(case_id, debtor=("acme", invoice.debtor.id)) as book:
        book.append(
            e.CaseOpened(
                id="opened", on=now.date(), at=now, invoice=invoice, policy=policy.name, version=policy.version
            )
        )
        decision = _settled(book, context, now)
        while decision.at is not None and decision.at <= end and isinstance(decision.step, Send):
            now = decision.at
            _sent(book, context, decision, now)
            decision = _settled(book, context, now)
        said = _SAID[n % len(_SAID)]
        if said is not None:
            said = said | ({"on": str(today)} if said["kind"] == "paid" else {})
            assert book.case is not None
            for event in admit(book.case, read_command(dict(said)), context, end, said_id=f"said/{n}", door="console"):
                book.append(event)
            decision = _settled(book, context, end)
        book.project(decision)
    return case_id


def _settled(book: Any, context: Context, now: datetime) -> Decision:
    entered, _, decision = settle(book.case, context, now)
    for event in entered:
        book.append(event)
    return decision


def _sent(book: Any, context: Context, decision: Decision, now: datetime) -> None:
    step = decision.step
    assert isinstance(step, Send)
    book.append(
        own(
            book.case, context, now, e.NoticeSent, step=step.step, passage=step.passage, channel=step.channel,
            copies=step.copies, message_id=f"<{book.case_id}/{step.step}@relance>",
            principal=book.case.open_principal, claim=decision.claim.total,
        )
    )  # fmt: skip


def _copies(connection: Connection, count: int, today: date) -> None:
    """The other cases, from the heads of the whole ones by turns."""
    heads = [dict(row) for row in connection.execute(select(cases).order_by(cases.c.id)).mappings()]
    words = _Words(search_key(connection, None))
    keys: dict[str, bytes] = {}
    for start in range(len(heads), count, _CHUNK):
        numbers = range(start, min(start + _CHUNK, count))
        fresh = [n // 3 for n in numbers if n % 3 == 0 or n == len(heads)]
        keys |= {f"C-{one:05d}x": new_key() for one in fresh}
        connection.execute(insert(debtors), [_debtor(f"C-{one:05d}x", keys[f"C-{one:05d}x"]) for one in fresh])
        rows = [_head(heads[n % len(heads)], n, keys[f"C-{n // 3:05d}x"], today) for n in numbers]
        connection.execute(insert(cases), rows)
        connection.execute(insert(movements), [_movement(row) for row in rows])
        connection.execute(_WORDS, list(words.of(numbers, rows)))


_WORDS = text("INSERT INTO case_search (case_id, words) VALUES (:case, :words)")


def _debtor(debtor: str, key: bytes) -> dict[str, Any]:
    return {"creditor": "acme", "id": debtor, "data_key": wrap_debtor_key(key, None), "held": False}


def _head(head: dict[str, Any], n: int, debtor_key: bytes, today: date) -> dict[str, Any]:
    case_id, case_key, factor = f"invoice/acme/F-{n:06d}", new_key(), Decimal(n * 37 % 997 + 50) / 100
    due = today - timedelta(days=n * 13 % 200 - 25)
    own_amounts = {name: (head[name] * factor).quantize(Decimal("0.01")) for name in _AMOUNTS}
    return head | own_amounts | {
        "id": case_id, "number": f"F-{n:06d}", "debtor": f"C-{n // 3:05d}x", "due_on": due,
        "data_key": encrypt(debtor_key, case_key, case_id), "name": Seal(case_id, case_key).seal_name(name_of(n // 3)),
        "next_at": head["next_at"] and head["next_at"] + timedelta(minutes=n % 5000),
    }  # fmt: skip


_AMOUNTS = ("total", "principal", "outstanding", "recovered")


def _movement(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "case_id": row["id"], "position": 1, "creditor": "acme", "currency": "EUR", "kind": "opened",
        "day": row["due_on"] - timedelta(days=30), "due_on": row["due_on"], "amount": row["total"], "step": None,
    }  # fmt: skip


class _Words:
    """The words of cases as the ledger's search keeps them; the beginnings of a name's words are blinded once."""

    def __init__(self, key: bytes) -> None:
        self._blinded = cache(
            lambda word: [blind(key, word[:length]) for length in range(SHORTEST, min(len(word), LONGEST) + 1)]
        )

    def of(self, numbers: Sequence[int], rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, str]]:
        """The index's rows."""
        for n, row in zip(numbers, rows, strict=True):
            blinded = {digest for word in folded(name_of(n // 3)) for digest in self._blinded(word)}
            words = [*folded(row["number"]), *folded(row["debtor"]), *sorted(blinded)]
            yield {"case": row["id"], "words": " ".join(words)}
