"""What the page of a case stands on: a look that tells whether anything changed, and all of it when something did."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from ledger.asked import Request, request_of, requests_of
from ledger.database import Database
from ledger.outbox import EVER_OF_CASE_ALONE, messages_of_rows
from ledger.reads import CASE, CaseRow, Reads, Recorded
from rules.outbox import Message

_HEAD: Final = tuple(CASE.selected_columns.keys())
_SPOKEN: Final = tuple(EVER_OF_CASE_ALONE.selected_columns.keys())


class Glance(NamedTuple):
    """What the ledger has about a case but for its events, as rows. Whatever an event, a decision, a message or a
    request changes is in it: as long as two are equal, so are the pages drawn from them."""

    head: tuple[Any, ...]
    spoken: tuple[tuple[Any, ...], ...]
    asked: tuple[tuple[Any, ...], ...]

    @property
    def creditor(self) -> str:
        """Whose case it is."""
        return str(self.head[_HEAD.index("creditor")])


class Shown(NamedTuple):
    """A case as its page shows it: the row of lists, the case, what the messages that speak for it say of it, what was
    asked of it and is under way."""

    row: CaseRow
    recorded: Recorded
    messages: Sequence[Message]
    pending: Sequence[Request]


class Glances:
    """Reads for the pages of cases."""

    def __init__(self, database: Database, reads: Reads) -> None:
        self._database = database
        self._reads = reads

    async def glance(self, case_id: str) -> Glance | None:
        """In one read and unopened; None when the ledger does not know the case."""

        def reading(connection: Connection) -> Glance | None:
            head = connection.execute(CASE, {"id": case_id}).one_or_none()
            if head is None:
                return None
            spoken = connection.execute(EVER_OF_CASE_ALONE, {"case": case_id}).all()
            return Glance(tuple(head), tuple(map(tuple, spoken)), requests_of(connection, case_id))

        return await self._database.read(reading)

    async def told(self, glance: Glance) -> Shown:
        """The case of a glance, opened, with its events up to there."""
        head = dict(zip(_HEAD, glance.head, strict=True))
        spoken = [dict(zip(_SPOKEN, row, strict=True)) for row in glance.spoken]
        recorded = await self._database.read(lambda connection: self._reads.recorded(connection, head))
        row = self._reads.case_row(head)
        return Shown(row, recorded, messages_of_rows(spoken), [request_of(one) for one in glance.asked])
