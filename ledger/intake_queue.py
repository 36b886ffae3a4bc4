"""Invoices taken in, written down before they are answered for, until the engine has started their cases; sealed under
the ledger's own key, since no case has one for them yet."""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, or_, select, update

from ledger.api_tables import intake_queue
from ledger.database import Database
from ledger.dialects import insert_into
from ledger.granted import granted
from ledger.seal import KeyRing, decrypt, encrypt
from ledger.search import search_key
from ledger.tables import cases
from rules.case import Stage
from rules.invoice import InvoiceIssued

CLAIM = timedelta(seconds=60)
"""How long a row is its taker's; a taker that died leaves it to the next."""

_SOME = 500


class Waiting(NamedTuple):
    """An invoice to be started."""

    case_id: str
    invoice: InvoiceIssued


class Stands(NamedTuple):
    """What the ledger has of an invoice that is announced again."""

    closed: bool
    due_on: object


class Refusal(NamedTuple):
    """An invoice that the door would not take, and why."""

    case_id: str
    at: datetime
    sentence: str


def sealed_invoice(key: bytes, text: str, case_id: str) -> str:
    """An invoice as the queue keeps it."""
    return base64.b64encode(encrypt(key, text.encode(), f"intake/{case_id}")).decode()


def opened_invoice(key: bytes, sealed: str, case_id: str) -> str:
    """The JSON of an invoice of the queue."""
    return decrypt(key, base64.b64decode(sealed), f"intake/{case_id}").decode()


def _invoice(key: bytes, sealed: str, case_id: str) -> InvoiceIssued:
    return InvoiceIssued.model_validate_json(opened_invoice(key, sealed, case_id))


class IntakeQueue:
    """The queue of this ledger."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring

    async def known(self, case_ids: Sequence[str]) -> dict[str, Stands]:
        """Of these cases, those that the ledger has."""

        def reading(connection: Connection) -> dict[str, Stands]:
            found: dict[str, Stands] = {}
            for start in range(0, len(case_ids), _SOME):
                query = select(cases.c.id, cases.c.stage, cases.c.due_on).where(
                    cases.c.id.in_(case_ids[start : start + _SOME])
                )
                for case_id, stage, due_on in connection.execute(query):
                    found[case_id] = Stands(stage == Stage.CLOSED.value, due_on)
            return found

        return await self._database.read(reading)

    async def put(self, token: str, invoices: Sequence[tuple[str, InvoiceIssued]], at: datetime) -> None:
        """Write the invoices down, by case id; one that waits already is replaced by what was said last."""
        rows = [
            {
                "case_id": case_id,
                "creditor": invoice.creditor,
                "invoice": "",
                "token": token,
                "at": at,
                "claimed_at": None,
                "refusal": None,
            }
            for case_id, invoice in invoices
        ]
        if not rows:
            return

        texts = [invoice.model_dump_json() for _, invoice in invoices]

        def putting(connection: Connection) -> None:
            key = search_key(connection, self._ring)
            for row, text in zip(rows, texts, strict=True):
                row["invoice"] = sealed_invoice(key, text, str(row["case_id"]))
            statement = insert_into(connection, intake_queue)
            newer = {name: statement.excluded[name] for name in rows[0] if name != "case_id"}
            connection.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=newer), rows)
            connection.commit()

        async with self._database.writing() as writer:
            await writer.run(putting)

    async def take(self, limit: int, now: datetime) -> list[Waiting]:
        """Claim the oldest that nobody has; they are ours for a minute."""
        table = intake_queue.c
        free = or_(table.claimed_at.is_(None), table.claimed_at < now - CLAIM)
        query = (
            select(table.case_id, table.invoice)
            .where(table.refusal.is_(None), free)
            .order_by(table.at, table.case_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )

        def taking(connection: Connection) -> list[Waiting]:
            taken = connection.execute(query).all()
            key = search_key(connection, self._ring) if taken else b""
            found = [Waiting(case_id, _invoice(key, text, case_id)) for case_id, text in taken]
            ids = [one.case_id for one in found]
            if ids:
                connection.execute(update(intake_queue).where(table.case_id.in_(ids)).values(claimed_at=now))
            connection.commit()
            return found

        async with self._database.writing() as writer:
            return await writer.run(taking)

    async def done(self, case_ids: Sequence[str]) -> None:
        """Their cases run: forget the rows."""

        def ending(connection: Connection) -> None:
            connection.execute(delete(intake_queue).where(intake_queue.c.case_id.in_(case_ids)))
            connection.commit()

        if case_ids:
            async with self._database.writing() as writer:
                await writer.run(ending)

    async def refuse(self, case_id: str, sentence: str) -> None:
        """Keep why the door would not take one; announced again it is tried again."""
        change = update(intake_queue).where(intake_queue.c.case_id == case_id).values(refusal=sentence)

        def refusing(connection: Connection) -> None:
            connection.execute(change)
            connection.commit()

        async with self._database.writing() as writer:
            await writer.run(refusing)

    async def waiting(self, case_id: str) -> InvoiceIssued | None:
        """The invoice that waits for its case to start; None when none does."""
        query = select(intake_queue.c.invoice).where(intake_queue.c.case_id == case_id)

        def reading(connection: Connection) -> InvoiceIssued | None:
            text = connection.execute(query).scalar_one_or_none()
            return None if text is None else _invoice(search_key(connection, self._ring), text, case_id)

        return await self._database.read(reading)

    async def count(self, creditors: frozenset[str] | None) -> int:
        """How many wait."""
        query = select(func.count()).select_from(intake_queue).where(intake_queue.c.refusal.is_(None))
        query = query.where(*granted(intake_queue.c.creditor, creditors))
        return await self._database.read(lambda connection: int(connection.execute(query).scalar_one()))

    async def refusals(self, creditors: frozenset[str] | None, limit: int = 100) -> list[Refusal]:
        """What the door would not take, the newest first."""
        table = intake_queue.c
        query = select(table.case_id, table.at, table.refusal).where(table.refusal.is_not(None))
        query = query.where(*granted(table.creditor, creditors))
        query = query.order_by(table.at.desc(), table.case_id).limit(limit)
        return await self._database.read(lambda connection: [Refusal(*row) for row in connection.execute(query)])
