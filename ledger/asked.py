"""What people asked of cases through the console, and what they looked at."""

import json
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, false, insert, or_, select, update

from ledger.console_tables import looks, requests
from ledger.database import Database, write
from ledger.dialects import insert_ignoring
from ledger.granted import granted
from rules.base import Frozen


class State(StrEnum):
    """What became of a request: the engine was asked, it took it, it refused, or nothing was sent at all."""

    PENDING = "pending"
    DONE = "done"
    REFUSED = "refused"
    NOT_SENT = "not_sent"


class Request(Frozen):
    """Something a person asked of a case. ``words``: amounts and dates to show meanwhile, nothing personal."""

    id: str
    case_id: str
    kind: str
    login: str
    at: datetime
    state: State
    words: dict[str, Any]
    sentence: str | None = None


class Look(Frozen):
    """Somebody looked at something. ``subject``: a case, a debtor, a letter, a list's address."""

    at: datetime
    login: str
    what: str
    creditor: str
    subject: str


_OF_CASE = (
    select(requests)
    .where(requests.c.case_id == bindparam("case"), requests.c.state == State.PENDING.value)
    .order_by(requests.c.at)
)


def requests_of(connection: Connection, case_id: str) -> tuple[tuple[Any, ...], ...]:
    """The rows of what was asked of a case and is under way, the oldest first."""
    return tuple(map(tuple, connection.execute(_OF_CASE, {"case": case_id})))


def request_of(row: Sequence[Any]) -> Request:
    """The request of a row."""
    fields = dict(zip(requests.columns.keys(), row, strict=True))
    return Request(**{**fields, "words": json.loads(fields["words"])})


class Asked:
    """Requests and looks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(self, request: Request) -> bool:
        """Note a request before it is sent; False when it was noted before, unless it was never sent then."""
        words = json.dumps(request.words)
        row = {**request.model_dump(exclude={"words"}), "words": words, "state": request.state.value}

        def asking(connection: Connection) -> bool:
            if connection.execute(insert_ignoring(connection, requests), row).rowcount:
                return True
            again = update(requests).where(requests.c.id == request.id, requests.c.state.in_(_MAY_BE_SAID_AGAIN))
            return bool(connection.execute(again.values(state=State.PENDING.value, words=words)).rowcount)

        return await write(self._database, asking)

    async def settle(self, request_id: str, state: State, sentence: str | None = None) -> None:
        """What became of it."""
        after = update(requests).where(requests.c.id == request_id).values(state=state.value, sentence=sentence)
        await write(self._database, lambda connection: connection.execute(after))

    async def get(self, request_id: str) -> Request | None:
        """A request; None when there is none of that id."""
        query = select(requests).where(requests.c.id == request_id)
        row = await self._database.read(lambda connection: connection.execute(query).one_or_none())
        return None if row is None else request_of(row)

    async def note(self, request_id: str, words: dict[str, Any]) -> None:
        """How far it is."""
        after = update(requests).where(requests.c.id == request_id).values(words=json.dumps(words))
        await write(self._database, lambda connection: connection.execute(after))

    async def latest(self, creditors: frozenset[str] | None, login: str | None, limit: int) -> list[Request]:
        """What people asked, the latest first; ``creditors``: those granted, None for all."""
        query = select(requests).order_by(requests.c.at.desc(), requests.c.id).limit(limit)
        if login is not None:
            query = query.where(requests.c.login == login)
        if creditors is not None:
            of_these = [requests.c.case_id.startswith(f"invoice/{key}/", autoescape=True) for key in sorted(creditors)]
            query = query.where(or_(false(), *of_these))
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return [Request(**{**row, "words": json.loads(row["words"])}) for row in rows]

    async def looked(self, look: Look) -> None:
        """Note that somebody looked."""
        await write(self._database, lambda connection: connection.execute(insert(looks), look.model_dump()))

    async def looks(
        self, creditors: frozenset[str] | None, subject: str | None = None, login: str | None = None, limit: int = 50
    ) -> Sequence[Look]:
        """Who looked at what, the latest first."""
        query = select(looks).order_by(looks.c.at.desc(), looks.c.id.desc()).limit(limit)
        if subject is not None:
            query = query.where(looks.c.subject == subject)
        if login is not None:
            query = query.where(looks.c.login == login)
        query = query.where(*granted(looks.c.creditor, creditors))
        rows = await self._database.read(lambda connection: connection.execute(query).mappings().all())
        return [Look(**{name: row[name] for name in Look.model_fields}) for row in rows]


_MAY_BE_SAID_AGAIN = (State.REFUSED.value, State.NOT_SENT.value)
