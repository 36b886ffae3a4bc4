"""What the bank said: to which day its word is known, the lines it came in, and whose account is whose.

Names and words of a line are sealed under the ledger's own key and emptied once the line is dealt with; an account
number is only ever kept as a keyed digest."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, func, select, update

from ledger.api_tables import bank_lines, payers, statements
from ledger.database import Database, write
from ledger.dialects import insert_ignoring, insert_into
from ledger.seal import KeyRing, decrypt, encrypt
from ledger.search import search_key
from ledger.tables import cases
from rules.base import Frozen
from rules.case import Stage
from rules.privacy import FORGOTTEN
from rules.refusals import Refused


class LineState(StrEnum):
    """``received``: written down, what follows may have been cut short; ``open``: nobody knows whose it is."""

    RECEIVED = "received"
    POSTED = "posted"
    PROPOSED = "proposed"
    OPEN = "open"
    IGNORED = "ignored"


class KeptPart(Frozen):
    """What of a line a case gets."""

    case: str
    amount: Decimal


class KeptLine(Frozen):
    """A line as it is kept. ``payer`` and ``text`` are None once it was dealt with."""

    id: str
    creditor: str
    booked_on: date
    amount: Decimal
    currency: str
    reversal: bool
    reference: str | None
    payer: str | None = None
    payer_digest: str | None = None
    text: str | None = None
    state: LineState = LineState.RECEIVED
    parts: tuple[KeptPart, ...] = ()
    confidence: float = 0.0
    because: str = ""


class OpenCase(Frozen):
    """A case that a payment may be for."""

    id: str
    number: str
    debtor: str
    currency: str
    principal: Decimal
    outstanding: Decimal
    due_on: date


class Known(Frozen):
    """To which day the movements of an account are known."""

    creditor: str
    account: str
    booked_until: date
    imported_at: datetime


class BankShelf:
    """The bank's word in this ledger."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring

    async def heard(self, creditor: str, account: str, until: date, at: datetime) -> None:
        """The movements of the account are known to that day; an older statement changes nothing."""
        row = {"creditor": creditor, "account": account, "booked_until": until, "imported_at": at}

        def hearing(connection: Connection) -> None:
            statement = insert_into(connection, statements)
            newer = {"booked_until": until, "imported_at": at}
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["creditor", "account"], set_=newer, where=statements.c.booked_until <= until
                ),
                row,
            )

        await write(self._database, hearing)

    async def accounts(self, creditors: frozenset[str] | None = None) -> list[Known]:
        """The accounts whose statements came, in order."""
        query = select(statements).order_by(statements.c.creditor, statements.c.account)
        if creditors is not None:
            query = query.where(statements.c.creditor.in_(creditors))
        return await self._database.read(lambda c: [Known(**row) for row in c.execute(query).mappings()])

    async def forget_account(self, creditor: str, account: str) -> bool:
        """An account that is closed holds no letter any more; False when it was not known."""
        gone = statements.delete().where(statements.c.creditor == creditor, statements.c.account == account)
        return await write(self._database, lambda connection: connection.execute(gone).rowcount > 0)

    async def open_cases(self, creditor: str) -> list[OpenCase]:
        """The cases that a payment to the creditor may be for."""
        names = ("id", "number", "debtor", "currency", "principal", "outstanding", "due_on")
        query = select(*(cases.c[name] for name in names)).where(
            cases.c.creditor == creditor, cases.c.stage != Stage.CLOSED.value
        )
        return await self._database.read(
            lambda c: [OpenCase(**row) for row in c.execute(query.order_by(cases.c.id)).mappings()]
        )

    async def waiting_cases(self, creditor: str) -> list[str]:
        """The cases whose letters wait for a statement."""
        query = select(cases.c.id).where(
            cases.c.creditor == creditor,
            cases.c.stage != Stage.CLOSED.value,
            func.coalesce(cases.c.task_kinds, "").contains("bank_data"),
        )
        return await self._database.read(lambda c: list(c.execute(query.order_by(cases.c.id)).scalars()))

    async def states(self, ids: Sequence[str]) -> dict[str, LineState]:
        """Of these lines, those that are known, and where they stand."""

        def reading(connection: Connection) -> dict[str, LineState]:
            found: dict[str, LineState] = {}
            for start in range(0, len(ids), 500):
                some = select(bank_lines.c.id, bank_lines.c.state).where(bank_lines.c.id.in_(ids[start : start + 500]))
                found |= {row[0]: LineState(row[1]) for row in connection.execute(some)}
            return found

        return await self._database.read(reading)

    async def keep(self, line: KeptLine, payer_iban: str | None) -> None:
        """Write a line down before anything follows from it; known, it stays as it is."""

        def keeping(connection: Connection) -> None:
            key = search_key(connection, self._ring)
            row = line.model_dump() | {
                "state": line.state.value,
                "parts": _parts_text(line.parts),
                "payer": _sealed(key, line.payer, line.id),
                "text": _sealed(key, line.text, line.id),
                "payer_digest": None if payer_iban is None else _digest(key, payer_iban),
            }
            connection.execute(insert_ignoring(connection, bank_lines), row)

        await write(self._database, keeping)

    async def settle(self, line_id: str, state: LineState, because: str, parts: Sequence[KeptPart] = ()) -> None:
        """What became of a line; once a case has it, nothing personal of it stays."""
        values: dict[str, Any] = {"state": state.value, "because": because[:2000], "parts": _parts_text(parts)}
        if state in (LineState.POSTED, LineState.IGNORED):
            values |= {"payer": None, "text": None}
        change = update(bank_lines).where(bank_lines.c.id == line_id).values(values)
        await write(self._database, lambda connection: connection.execute(change))

    async def line(self, line_id: str, creditors: frozenset[str] | None) -> KeptLine | None:
        """A line of a creditor granted; None when there is none."""
        found = await self._lines([bank_lines.c.id == line_id, *_within(creditors)], 1, 0)
        return found[0] if found else None

    async def line_beginning(self, start: str) -> KeptLine:
        """The line whose id begins so, as people copy it. Raises Refused when there is none, or several."""
        found = await self._lines([bank_lines.c.id.startswith(start, autoescape=True)], 2, 0)
        if len(found) != 1:
            raise Refused(f"« {start} » begins {'several lines' if found else 'no line'} of a statement.")
        return found[0]

    async def lines(
        self, creditors: frozenset[str] | None, states: Sequence[LineState], limit: int = 100, offset: int = 0
    ) -> list[KeptLine]:
        """Lines in those states, the oldest first."""
        wanted = [bank_lines.c.state.in_([state.value for state in states]), *_within(creditors)]
        return await self._lines(wanted, limit, offset)

    async def posted_as(self, creditor: str, reference: str, amount: Decimal) -> list[KeptLine]:
        """The incoming lines that were posted under a reference and an amount: what a reversal takes back."""
        table = bank_lines.c
        wanted = [
            table.creditor == creditor, table.reference == reference, table.amount == amount,
            table.reversal.is_(False), table.state == LineState.POSTED.value,
        ]  # fmt: skip
        return await self._lines(wanted, 5, 0)

    async def whose(self, creditor: str, iban: str) -> list[str]:
        """The debtors whose account an IBAN was found to be."""

        def reading(connection: Connection) -> list[str]:
            if connection.execute(select(payers.c.digest).limit(1)).scalar() is None:
                return []
            digest = _digest(search_key(connection, self._ring), iban)
            query = select(payers.c.debtor).where(payers.c.creditor == creditor, payers.c.digest == digest)
            return list(connection.execute(query).scalars())

        return await self._database.read(reading)

    async def learn(self, creditor: str, line_id: str, debtor: str) -> None:
        """The account a line came from is that debtor's."""

        def learning(connection: Connection) -> None:
            digest = connection.execute(select(bank_lines.c.payer_digest).where(bank_lines.c.id == line_id)).scalar()
            if digest is not None:
                row = {"creditor": creditor, "digest": digest, "debtor": debtor}
                connection.execute(insert_ignoring(connection, payers), row)

        await write(self._database, learning)

    async def _lines(self, wanted: Sequence[Any], limit: int, offset: int) -> list[KeptLine]:
        query = select(bank_lines).where(*wanted).order_by(bank_lines.c.booked_on, bank_lines.c.id)

        def reading(connection: Connection) -> list[KeptLine]:
            rows = connection.execute(query.limit(limit).offset(offset)).mappings().all()
            key = search_key(connection, self._ring) if rows else b""
            return [_line(dict(row), key) for row in rows]

        return await self._database.read(reading)


def _line(row: dict[str, Any], key: bytes) -> KeptLine:
    opened = {name: _opened(key, row[name], row["id"]) for name in ("payer", "text")}
    return KeptLine.model_validate({**row, **opened, "parts": json.loads(row["parts"])})


def _within(creditors: frozenset[str] | None) -> list[Any]:
    return [] if creditors is None else [bank_lines.c.creditor.in_(creditors)]


def _parts_text(parts: Sequence[KeptPart]) -> str:
    return json.dumps([part.model_dump(mode="json") for part in parts])


def _digest(key: bytes, iban: str) -> str:
    return hmac.new(key, f"iban/{iban}".encode(), hashlib.sha256).hexdigest()[:32]


def _sealed(key: bytes, text: str | None, line_id: str) -> str | None:
    return None if not text else base64.b64encode(encrypt(key, text.encode(), f"bank/{line_id}")).decode()


def _opened(key: bytes, sealed: str | None, line_id: str) -> str | None:
    if sealed is None:
        return None
    try:
        return decrypt(key, base64.b64decode(sealed), f"bank/{line_id}").decode()
    except (InvalidTag, ValueError):
        return FORGOTTEN
