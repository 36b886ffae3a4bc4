"""Everything the ledger holds about one case, row by row, as an audit and a person's request want it."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import BindParameter, Connection, Select, bindparam, select

from ledger.archive import kept_of
from ledger.chain import ChainRow, Head
from ledger.database import Database
from ledger.errors import UnreadableEvent
from ledger.history import StoredEvent, read_history
from ledger.outbox import EVER_OF_CASES, read_messages
from ledger.privacy_tables import disposals, retained
from ledger.seal import KeyRing, Seal, case_seal, unwrap_debtor_key
from ledger.tables import cases, contacts, debtors, events, policies
from rules.events import Event
from rules.outbox import Message
from rules.runs import KeptRun

_THESE: BindParameter[Any] = bindparam("cases", expanding=True)
_HEADS = select(cases, debtors.c.data_key.label("debtor_key")).join_from(cases, debtors).where(cases.c.id.in_(_THESE))
_EVENTS = select(events).where(events.c.case_id.in_(_THESE)).order_by(events.c.case_id, events.c.position)
_CONTACTS = select(contacts).where(contacts.c.case_id.in_(_THESE)).order_by(contacts.c.case_id, contacts.c.position)
_POLICIES = select(policies).where(policies.c.version.in_(bindparam("versions", expanding=True)))
_RETAINED = select(retained).where(retained.c.case_id.in_(_THESE)).order_by(retained.c.case_id)
_OTHERS = cases.alias("others")
# Of a case's debtor, not of the case: one letter speaks for several.
_DISPOSALS = (
    select(cases.c.id.label("case_id"), disposals.c.document, disposals.c.because, disposals.c.on_day)
    .join(_OTHERS, (_OTHERS.c.creditor == cases.c.creditor) & (_OTHERS.c.debtor == cases.c.debtor))
    .join(disposals, disposals.c.case_id == _OTHERS.c.id)
    .where(cases.c.id.in_(_THESE))
    .order_by(cases.c.id)
)


class Material(NamedTuple):
    """One case. ``seal`` opens what is sealed under its own key. ``events`` None and ``unreadable`` a position (0: the
    case's key): a row that cannot be read back; ``forgotten``: its personal fields are gone for ever; ``policies``:
    texts by version; ``disposed``: why and when documents of its debtor were destroyed; ``retained``: the invoice that
    the law keeps of a forgotten debtor, where it is and its fingerprint."""

    case: str
    head: Mapping[str, Any]
    seal: Seal | None
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
    retained: tuple[str, str] | None = None

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
    return (await materials_of(database, ring, [case_id])).get(case_id)


async def materials_of(database: Database, ring: KeyRing | None, case_ids: Sequence[str]) -> dict[str, Material]:
    """All of each case, by its id: one statement a table for all of them. A case that the ledger does not know is left
    out; a row that the driver cannot read raises for all."""
    return await database.read(lambda connection: _read(connection, ring, case_ids))


_Rows = dict[str, list[Mapping[str, Any]]]


class _Opened(NamedTuple):
    """A case's events, read back as far as they can be."""

    seal: Seal | None
    rows: Sequence[Mapping[str, Any]]
    events: Sequence[Event] | None
    unreadable: int | None


def _read(connection: Connection, ring: KeyRing | None, case_ids: Sequence[str]) -> dict[str, Material]:
    these = {"cases": list(case_ids)}
    heads = {row["id"]: dict(row) for row in connection.execute(_HEADS, these).mappings()}
    chains = _by_case(connection, _EVENTS, these)
    opened = {case_id: _opened(head, chains.get(case_id, ()), ring) for case_id, head in heads.items()}
    pinned = {case_id: _versions(head, opened[case_id].events) for case_id, head in heads.items()}
    texts = connection.execute(_POLICIES, {"versions": sorted(set().union(*pinned.values()))}).all()
    told, gone = _by_case(connection, _CONTACTS, these), _by_case(connection, _DISPOSALS, these)
    apart = {row.case_id: (row.document, row.sha256) for row in connection.execute(_RETAINED, these)}
    letters, kept = _letters(connection, these, told), _runs(connection, case_ids)
    return {
        case_id: Material(
            case=case_id,
            head=head,
            seal=opened[case_id].seal,
            name=_name(head, opened[case_id].seal),
            rows=opened[case_id].rows,
            events=opened[case_id].events,
            unreadable=opened[case_id].unreadable,
            forgotten=head["data_key"] is None,
            messages=letters.get(case_id, []),
            contacts=told.get(case_id, []),
            policies={row.version: row.text for row in texts if row.version in pinned[case_id]},
            policy_names={row.version: row.name for row in texts if row.version in pinned[case_id]},
            runs=kept.get(case_id, []),
            retained=apart.get(case_id),
            disposed={row["document"]: (row["because"], row["on_day"]) for row in gone.get(case_id, ())},
        )
        for case_id, head in heads.items()
    }


def _by_case(connection: Connection, query: Select[Any], these: Mapping[str, Any]) -> _Rows:
    rows = (dict(row) for row in connection.execute(query, these).mappings())
    return {case_id: list(its) for case_id, its in groupby(rows, lambda row: row["case_id"])}


def _letters(connection: Connection, these: dict[str, Any], told: _Rows) -> dict[str, list[Message]]:
    """The messages that speak, or as its contacts say spoke, for each case."""
    spoke = {(row["message_id"], case_id) for case_id, rows in told.items() for row in rows}
    found: dict[str, list[Message]] = {}
    for message in read_messages(connection, EVER_OF_CASES, these):
        now = {spoken_for.case for spoken_for in message.covers}
        for case_id in sorted(now | {case_id for case_id in these["cases"] if (message.id, case_id) in spoke}):
            found.setdefault(case_id, []).append(message)
    return found


def _runs(connection: Connection, case_ids: Sequence[str]) -> dict[str, list[KeptRun]]:
    found: dict[str, list[KeptRun]] = {}
    for run in kept_of(connection, case_ids):
        found.setdefault(run.case, []).append(run)
    return found


def _opened(head: Mapping[str, Any], every: Sequence[Mapping[str, Any]], ring: KeyRing | None) -> _Opened:
    # On PostgreSQL an event may have come between two statements: the head's position counts.
    rows = [row for row in every if row["position"] <= head["position"]]
    seal = _seal(head, ring)
    return _Opened(seal, rows, *_events(head["id"], rows, seal))


def _versions(head: Mapping[str, Any], history: Sequence[Event] | None) -> set[str]:
    """The policies that a case was ever pinned to."""
    named = (getattr(event, "version", None) for event in history or ())
    return {str(version) for version in (*named, head["version"]) if version}


def _name(head: Mapping[str, Any], seal: Seal | None) -> str:
    return "" if seal is None else seal.open_name(head["name"])


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
