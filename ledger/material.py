"""Everything the ledger holds about one case, row by row, as an audit and a person's request want it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, select

from ledger.archive import kept_of
from ledger.chain import ChainRow, Head
from ledger.database import Database
from ledger.errors import UnreadableEvent
from ledger.history import StoredEvent, read_history
from ledger.outbox import OF_CASE, read_messages
from ledger.privacy_tables import disposals
from ledger.seal import KeyRing, Seal, case_seal, unwrap_debtor_key
from ledger.tables import cases, contacts, debtors, events, policies
from rules.events import Event
from rules.outbox import Message
from rules.runs import KeptRun

_HEAD = select(cases, debtors.c.data_key.label("debtor_key")).join_from(cases, debtors)
_EVENTS = select(events).order_by(events.c.position)
_CONTACTS = select(contacts).order_by(contacts.c.position)


class Material(NamedTuple):
    """One case. ``events`` None and ``unreadable`` a position (0: the case's key): a row that cannot be read back;
    ``forgotten``: its personal fields are gone for ever; ``policies``: texts by version; ``disposed``: why and when
    documents of its debtor were destroyed."""

    case: str
    head: Mapping[str, Any]
    name: str
    rows: Sequence[Mapping[str, Any]]
    events: Sequence[Event] | None
    unreadable: int | None
    forgotten: bool
    messages: Sequence[Message]
    contacts: Sequence[Mapping[str, Any]]
    policies: Mapping[str, str]
    runs: Sequence[KeptRun]
    disposed: Mapping[str, tuple[str, date]] = {}
    policy_names: Mapping[str, str] = {}

    @property
    def chain(self) -> list[ChainRow]:
        """The rows as ``chain.verify`` wants them."""
        return [ChainRow(*(row[name] for name in ChainRow._fields)) for row in self.rows]

    @property
    def chain_head(self) -> Head:
        """The end of the chain as the head row names it."""
        return Head(self.head["position"], self.head["head"])


async def material_of(database: Database, ring: KeyRing | None, case_id: str) -> Material | None:
    """All of it, read in one go; None when the ledger does not know the case."""
    return await database.read(lambda connection: _read(connection, ring, case_id))


def _read(connection: Connection, ring: KeyRing | None, case_id: str) -> Material | None:
    found = connection.execute(_HEAD.where(cases.c.id == case_id)).mappings().one_or_none()
    if found is None:
        return None
    head = dict(found)
    # On PostgreSQL an event may have come between two statements: the head's position counts.
    every = connection.execute(_EVENTS.where(events.c.case_id == case_id)).mappings().all()
    rows = [dict(row) for row in every if row["position"] <= head["position"]]
    seal = _seal(head, ring)
    history, unreadable = _events(case_id, rows, seal)
    versions = {getattr(event, "version", None) for event in history or ()} | {head["version"]}
    texts = select(policies).where(policies.c.version.in_([v for v in versions if v]))
    kept = connection.execute(texts).all()
    return Material(
        case=case_id,
        head=head,
        name="" if seal is None else seal.open_name(head["name"]),
        rows=rows,
        events=history,
        unreadable=unreadable,
        forgotten=head["data_key"] is None,
        messages=read_messages(connection, OF_CASE, {"case": case_id}),
        contacts=[dict(row) for row in connection.execute(_CONTACTS.where(contacts.c.case_id == case_id)).mappings()],
        policies={row.version: row.text for row in kept},
        policy_names={row.version: row.name for row in kept},
        runs=kept_of(connection, case_id),
        disposed=_disposed(connection, head),
    )


def _disposed(connection: Connection, head: Mapping[str, Any]) -> dict[str, tuple[str, date]]:
    its = select(cases.c.id).where(cases.c.creditor == head["creditor"], cases.c.debtor == head["debtor"])
    gone = select(disposals.c.document, disposals.c.because, disposals.c.on_day).where(disposals.c.case_id.in_(its))
    return {row.document: (row.because, row.on_day) for row in connection.execute(gone)}


def _seal(head: Mapping[str, Any], ring: KeyRing | None) -> Seal | None:
    try:
        return case_seal(head["id"], head["data_key"], unwrap_debtor_key(head["debtor_key"], ring))
    except InvalidTag:
        return None


def _events(
    case_id: str, rows: Sequence[Mapping[str, Any]], seal: Seal | None
) -> tuple[Sequence[Event] | None, int | None]:
    if seal is None:
        return None, 0
    try:
        stored = [StoredEvent(row["position"], row["readable"], row["sealed"]) for row in rows]
        return read_history(case_id, stored, seal), None
    except UnreadableEvent as unread:
        return None, unread.position
