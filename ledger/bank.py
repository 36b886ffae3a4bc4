"""What the bank said: to which day its word is known, the lines it came in, and whose account is whose.

Names and words of a line are sealed under the ledger's own key and emptied once the line is dealt with; an account
number is only ever kept as a keyed digest."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select, update

from ledger.api_tables import bank_lines, payers, statements
from ledger.bank_confirmed import confirmed
from ledger.bank_lines import KeptLine, KeptPart, Known, LineState, OpenCase, digest, line_of, parts_text, row_of
from ledger.database import Database, write
from ledger.dialects import insert_ignoring, insert_into
from ledger.granted import granted
from ledger.seal import KeyRing
from ledger.search import search_key
from ledger.tables import cases
from rules.case import Stage
from rules.refusals import Code, Refused

WAITING = (LineState.OPEN, LineState.PROPOSED, LineState.RECEIVED)
"""Lines that a person may still give to a case."""
_POSTING = LineState.POSTING


class BankShelf:
    """The bank's word in this ledger."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring

    async def heard(self, creditor: str, account: str, until: date, at: datetime, today: date) -> None:
        """The movements of the account are known to that day, and never beyond ``today``; an older statement changes
        nothing."""
        until = min(until, today)
        row = {"creditor": creditor, "account": account, "booked_until": until, "imported_at": at}

        def hearing(connection: Connection) -> None:
            statement = insert_into(connection, statements)
            newer = {"booked_until": until, "imported_at": at}
            older = (statements.c.booked_until <= until) | (statements.c.booked_until > today)
            keys = ["creditor", "account"]
            connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=newer, where=older), row)

        await write(self._database, hearing)

    async def accounts(self, creditors: frozenset[str] | None = None) -> list[Known]:
        """The accounts whose statements came, in order."""
        query = select(statements).where(*granted(statements.c.creditor, creditors))
        query = query.order_by(statements.c.creditor, statements.c.account)
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

    async def states(self, creditor: str, ids: Sequence[str]) -> dict[str, LineState]:
        """Of these lines of a creditor, those that are known, and where they stand."""

        def reading(connection: Connection) -> dict[str, LineState]:
            found: dict[str, LineState] = {}
            for start in range(0, len(ids), 500):
                some = select(bank_lines.c.id, bank_lines.c.state).where(
                    bank_lines.c.creditor == creditor, bank_lines.c.id.in_(ids[start : start + 500])
                )
                found |= {row[0]: LineState(row[1]) for row in connection.execute(some)}
            return found

        return await self._database.read(reading)

    async def keep(self, line: KeptLine, payer_iban: str | None) -> KeptLine:
        """Write a line down before anything follows from it; known, it stays as it is. Answers what is kept."""

        def keeping(connection: Connection) -> KeptLine:
            key = search_key(connection, self._ring)
            connection.execute(insert_ignoring(connection, bank_lines), row_of(line, payer_iban, key))
            kept = select(bank_lines).where(bank_lines.c.id == line.id)
            return line_of(dict(connection.execute(kept).mappings().one()), key)

        return await write(self._database, keeping)

    async def claim(self, line_id: str, parts: Sequence[KeptPart], because: str) -> KeptLine:
        """Take a line that waits, for these parts; nobody else may give it to other cases from then on. Who says the
        same again goes on with it. Raises Refused when it was dealt with, or is being given to other cases."""
        the = (bank_lines.c.id == line_id, bank_lines.c.state.in_([state.value for state in (*WAITING, _POSTING)]))

        def claiming(connection: Connection) -> KeptLine:
            row = connection.execute(select(bank_lines).where(bank_lines.c.id == line_id).with_for_update())
            known = line_of(dict(row.mappings().one()), search_key(connection, self._ring))
            _may_be_claimed(known, parts)
            values = {"state": _POSTING.value, "parts": parts_text(parts), "because": because[:2000]}
            if not connection.execute(update(bank_lines).where(*the).values(values)).rowcount:
                raise Refused(f"line {line_id} was dealt with meanwhile.", Code.NOT_ALLOWED_NOW)
            return known.model_copy(update={"state": _POSTING, "parts": tuple(parts), "because": because})

        return await write(self._database, claiming)

    async def settle(
        self,
        line: KeptLine,
        state: LineState,
        because: str,
        parts: Sequence[KeptPart] = (),
        *,
        payer: str | None = None,
    ) -> bool:
        """What became of a line, False when it stands elsewhere than ``line`` says. Once a case has it nothing
        personal of it stays, but that the account it came from is that of ``payer``, a debtor."""
        table = bank_lines.c
        values: dict[str, Any] = {"state": state.value, "because": because[:2000], "parts": parts_text(parts)}
        if state in (LineState.POSTED, LineState.IGNORED):
            values |= {"payer": None, "text": None, "payer_digest": None}

        def settling(connection: Connection) -> bool:
            known_by = connection.execute(select(table.payer_digest).where(table.id == line.id)).scalar_one_or_none()
            change = update(bank_lines).where(table.id == line.id, table.state == line.state.value)
            if not connection.execute(change.values(values)).rowcount:
                return False
            if payer is not None and known_by is not None:
                row = {"creditor": line.creditor, "digest": known_by, "debtor": payer}
                connection.execute(insert_ignoring(connection, payers), row)
            return True

        return await write(self._database, settling)

    async def settle_confirmed(self, creditors: frozenset[str] | None) -> int:
        """Proposed lines whose cases were told the payment meanwhile (same reference, amount and day) are posted, and
        the account they came from is known; how many they are."""
        found = await self._database.read(
            lambda connection: confirmed(connection, granted(bank_lines.c.creditor, creditors))
        )
        for line, debtor in found:
            because = f"{line.because} ; confirmé sur le dossier"
            await self.settle(line, LineState.POSTED, because, line.parts, payer=debtor)
        return len(found)

    async def line(self, line_id: str, creditors: frozenset[str] | None) -> KeptLine | None:
        """A line of a creditor granted; None when there is none."""
        found = await self._lines([bank_lines.c.id == line_id, *granted(bank_lines.c.creditor, creditors)], 1, 0)
        return found[0] if found else None

    async def line_beginning(self, start: str) -> KeptLine:
        """The line whose id begins so, as people copy it. Raises Refused when there is none, or several."""
        found = await self._lines([bank_lines.c.id.startswith(start, autoescape=True)], 2, 0)
        if len(found) != 1:
            raise Refused(f"« {start} » begins {'several lines' if found else 'no line'} of a statement.")
        return found[0]

    async def lines(
        self,
        creditors: frozenset[str] | None,
        states: Sequence[LineState],
        limit: int = 100,
        offset: int = 0,
        *,
        newest: bool = False,
    ) -> list[KeptLine]:
        """Lines in those states, the oldest first, or the newest."""
        wanted = [bank_lines.c.state.in_([state.value for state in states]), *granted(bank_lines.c.creditor, creditors)]
        return await self._lines(wanted, limit, offset, newest=newest)

    async def posted_as(self, creditor: str, reference: str, amount: Decimal) -> list[KeptLine]:
        """The incoming lines that were posted under a reference and an amount: what a reversal takes back. None when
        one was taken back already: which one is left, a person says."""
        table = bank_lines.c
        wanted = [table.creditor == creditor, table.reference == reference, table.amount == amount]
        wanted.append(table.state.in_([LineState.POSTED.value, LineState.POSTING.value]))
        found = await self._lines(wanted, 5, 0)
        return [] if any(line.reversal for line in found) else found

    async def whose(self, creditor: str, iban: str) -> list[str]:
        """The debtors whose account an IBAN was found to be."""

        def reading(connection: Connection) -> list[str]:
            if connection.execute(select(payers.c.digest).limit(1)).scalar() is None:
                return []
            known_by = digest(search_key(connection, self._ring), iban)
            query = select(payers.c.debtor).where(payers.c.creditor == creditor, payers.c.digest == known_by)
            return list(connection.execute(query).scalars())

        return await self._database.read(reading)

    async def _lines(self, wanted: Sequence[Any], limit: int, offset: int, *, newest: bool = False) -> list[KeptLine]:
        order = (bank_lines.c.booked_on, bank_lines.c.id)
        query = select(bank_lines).where(*wanted).order_by(*(column.desc() if newest else column for column in order))

        def reading(connection: Connection) -> list[KeptLine]:
            rows = connection.execute(query.limit(limit).offset(offset)).mappings().all()
            key = search_key(connection, self._ring) if rows else b""
            return [line_of(dict(row), key) for row in rows]

        return await self._database.read(reading)


def _may_be_claimed(line: KeptLine, parts: Sequence[KeptPart]) -> None:
    names = ", ".join(f"{part.case} ({part.amount})" for part in line.parts)
    if line.state is LineState.POSTING and set(parts) != set(line.parts):
        raise Refused(f"line {line.id} is being posted to {names}; say the same to finish it.", Code.NOT_ALLOWED_NOW)
    if line.state not in (*WAITING, LineState.POSTING):
        raise Refused(f"line {line.id} is {line.state} already.", Code.NOT_ALLOWED_NOW)
    if line.state is LineState.OPEN and not set(line.parts) <= set(parts):
        raise Refused(f"of line {line.id}, {names} is entered already; keep that part.", Code.NOT_ALLOWED_NOW)
