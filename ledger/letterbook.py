"""The letters that left, as the console lists them: the newest first, with whom each speaks to and for."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from ledger.database import Database
from ledger.granted import granted
from ledger.lists import Lists
from ledger.outbox import ALL, read_messages
from ledger.reads import CaseRow
from ledger.tables import coverage, messages
from rules.base import Frozen
from rules.outbox import Message, MessageState

ROWS = 50


class LetterFilter(Frozen):
    """Which letters a list shows; empty means all. ``creditors``: those granted, None for all."""

    creditors: frozenset[str] | None = None
    creditor: str = ""
    debtor: str = ""
    channel: str = ""
    state: str = ""
    step: str = ""
    page: int = 1
    rows: int = ROWS


class Sent(Frozen):
    """A letter and the case that sent it."""

    message: Message
    case: CaseRow

    @property
    def step(self) -> str:
        """The rung in whose words it speaks."""
        mine = self.message.of(self.case.id)
        return self.message.rung or (mine.step if mine is not None else "")


class Letterbook:
    """Lists of letters."""

    def __init__(self, database: Database, lists: Lists) -> None:
        self._database = database
        self._lists = lists

    async def page(self, wanted: LetterFilter) -> tuple[list[Sent], int]:
        """A page of the letters that match, the newest first, and how many there are."""

        def reading(connection: Connection) -> tuple[list[Sent], int]:
            conditions = _conditions(wanted)
            count = connection.execute(select(func.count()).select_from(messages).where(*conditions)).scalar_one()
            chosen = select(messages.c.id).where(*conditions).order_by(messages.c.started_at.desc(), messages.c.id)
            ids = list(connection.execute(chosen.limit(wanted.rows).offset((wanted.page - 1) * wanted.rows)).scalars())
            return self._sent(connection, ids), count

        return await self._database.read(reading)

    async def one(self, message_id: str) -> Sent | None:
        """A letter of that Message-ID; None when there is none."""
        found = await self._database.read(lambda connection: self._sent(connection, [message_id]))
        return found[0] if found else None

    async def counts(self, creditors: frozenset[str] | None, since: date) -> dict[tuple[str, str], int]:
        """How many letters by channel and state since a day."""
        query: Select[Any] = select(messages.c.channel, messages.c.state, func.count()).where(messages.c.day >= since)
        query = query.where(*granted(messages.c.creditor, creditors))
        grouped = query.group_by(messages.c.channel, messages.c.state)
        rows = await self._database.read(lambda connection: connection.execute(grouped).all())
        return {(channel, state): number for channel, state, number in rows}

    def _sent(self, connection: Connection, ids: list[str]) -> list[Sent]:
        found = {one.id: one for one in read_messages(connection, ALL.where(messages.c.id.in_(ids)), {})}
        senders = {one.sender for one in found.values()}
        rows = {row.id: row for row in self._lists.rows_of(connection, sorted(senders))}
        return [
            Sent(message=found[one], case=rows[found[one].sender])
            for one in ids
            if one in found and found[one].sender in rows
        ]


def _conditions(wanted: LetterFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    conditions += granted(messages.c.creditor, wanted.creditors)
    named = [name for name in ("creditor", "debtor", "channel", "state") if getattr(wanted, name)]
    conditions += [messages.c[name] == getattr(wanted, name) for name in named]
    if wanted.step:
        conditions.append(messages.c.id.in_(select(coverage.c.message_id).where(coverage.c.step == wanted.step)))
    return conditions


STATES = tuple(state.value for state in MessageState)
