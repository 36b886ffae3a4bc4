"""The debtor's row: its key, its holds, and what is known of it beyond one case."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union,
    union_all,
    update,
)

from ledger.api_tables import statements
from ledger.dialects import insert_ignoring
from ledger.history import WRITTEN
from ledger.seal import KeyRing, new_key, unwrap_debtor_key, wrap_debtor_key
from ledger.search import forget_words
from ledger.tables import cases, contacts, coverage, debtors, events, messages
from rules.case import Stage
from rules.decision import DebtorFacts
from rules.outbox import MessageState
from rules.profile import PaymentRecord, record_of

WEEK = timedelta(days=7)
LAST_PAID = 24
"""A debtor's habits are those of its last invoices: two years of monthly ones."""
# Not an IN, whose list is put into the statement's text anew at each execution.
_MAY_HAVE_LEFT = or_(
    messages.c.state == MessageState.SENDING.value,
    messages.c.state == MessageState.IN_DOUBT.value,
)


class Who(NamedTuple):
    """A debtor of a creditor."""

    creditor: str
    debtor: str


_FIND = select(debtors).where(debtors.c.creditor == bindparam("creditor"), debtors.c.id == bindparam("debtor"))
_LOCK = _FIND.with_for_update(key_share=True)  # key_share: new cases may refer to the row meanwhile
_SHARE = _FIND.with_for_update(read=True, key_share=True)  # waits for a forgetting, and makes it wait


def take_debtor(connection: Connection, who: Who, ring: KeyRing | None, *, lock: bool) -> bytes | None:
    """The debtor's key, None when it was destroyed; the row is created when there is none."""
    return _taken(connection, who, ring, _LOCK if lock else _FIND)


def _taken(connection: Connection, who: Who, ring: KeyRing | None, query: Select[Any]) -> bytes | None:
    row = connection.execute(query, who._asdict()).one_or_none()
    if row is None:
        fresh = {
            "creditor": who.creditor,
            "id": who.debtor,
            "data_key": wrap_debtor_key(new_key(), ring),
            "held": False,
            "held_until": None,
        }
        connection.execute(insert_ignoring(connection, debtors), fresh)
        row = connection.execute(query, who._asdict()).one()
    return unwrap_debtor_key(row.data_key, ring)


def key_for_new_case(connection: Connection, who: Who, ring: KeyRing | None) -> bytes:
    """The debtor's key; a debtor who was forgotten gets a new one, which opens none of the earlier cases."""
    key = _taken(connection, who, ring, _SHARE)
    if key is None:
        # Another new case may give it one at this moment.
        key = take_debtor(connection, who, ring, lock=True)
    if key is not None:
        return key
    forget(connection, who)
    key = new_key()
    connection.execute(update(debtors).where(*_the(who)).values(data_key=wrap_debtor_key(key, ring)))
    return key


def lock_against_new_cases(connection: Connection, who: Who) -> None:
    """Wait for cases of the debtor that are being opened; those to come wait for this transaction."""
    connection.execute(_FIND.with_for_update(), who._asdict())


def _the(who: Who) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (debtors.c.creditor == who.creditor, debtors.c.id == who.debtor)


def hold(connection: Connection, who: Who, *, held: bool, until: date | None) -> None:
    """Place or lift a hold on the whole debtor."""
    values = {"held": held, "held_until": until if held else None}
    connection.execute(update(debtors).where(*_the(who)).values(values))


def forget(connection: Connection, who: Who) -> None:
    """Destroy the debtor's key, the keys of its cases that it covered, and the words its name was found by."""
    connection.execute(update(debtors).where(*_the(who)).values(data_key=None))
    its_cases = update(cases).where(cases.c.creditor == who.creditor, cases.c.debtor == who.debtor)
    connection.execute(its_cases.values(data_key=None, name=None))
    forget_words(connection, who.creditor, who.debtor)


# Messages that speak, or spoke, for the case itself are its own letters, which the rules know from its events.
_SPOKE = contacts.alias("own_contacts")
_OWN = union(
    select(coverage.c.message_id).where(coverage.c.case_id == bindparam("case_id")),
    select(_SPOKE.c.message_id).where(_SPOKE.c.case_id == bindparam("case_id"), _SPOKE.c.message_id.is_not(None)),
)
_COUNTED = contacts.alias("counted")
# What did not reach the debtor is no contact, whichever of its invoices heard of it: a letter that bounced or came back
# speaks no more for the case whose rung is ahead again, and one withdrawn from the tray has failed.
_GONE = (
    select(_COUNTED.c.message_id)
    .join(messages, messages.c.id == _COUNTED.c.message_id)
    .outerjoin(coverage, and_(coverage.c.case_id == _COUNTED.c.case_id, coverage.c.message_id == _COUNTED.c.message_id))
    .where(
        _COUNTED.c.creditor == bindparam("creditor"),
        _COUNTED.c.debtor == bindparam("debtor"),
        or_(coverage.c.case_id.is_(None), messages.c.state == MessageState.FAILED.value),
    )
)
# Each currency has its own message of the day: another's of that very day keeps nothing back.
_CONTACTS = (
    select(
        contacts.c.day,
        contacts.c.kind,
        func.coalesce(
            contacts.c.message_id, contacts.c.case_id + literal("#") + cast(contacts.c.position, String)
        ).label("act"),
        func.coalesce(messages.c.channel, contacts.c.kind).label("channel"),
    )
    .select_from(contacts.outerjoin(messages, messages.c.id == contacts.c.message_id))
    .where(
        contacts.c.creditor == bindparam("creditor"),
        contacts.c.debtor == bindparam("debtor"),
        contacts.c.case_id != bindparam("case_id"),
        or_(
            contacts.c.message_id.is_(None),
            and_(contacts.c.message_id.not_in(_OWN), contacts.c.message_id.not_in(_GONE)),
        ),
        or_(messages.c.id.is_(None), messages.c.currency == bindparam("currency"), contacts.c.day != bindparam("on")),
    )
)
# A message is a contact from the moment it is begun: its notice_sent comes only in a later transaction.
_BEGUN = select(messages.c.day, literal(WRITTEN), messages.c.id, messages.c.channel).where(
    messages.c.creditor == bindparam("creditor"),
    messages.c.debtor == bindparam("debtor"),
    _MAY_HAVE_LEFT,
    messages.c.id.not_in(_OWN),
    or_(messages.c.currency == bindparam("currency"), messages.c.day != bindparam("on")),
)
_ALL = union_all(_CONTACTS, _BEGUN).cte("all_contacts")
_SETTLED = (
    select(cases.c.due_on, cases.c.settled_on)
    .where(
        cases.c.creditor == bindparam("creditor"),
        cases.c.debtor == bindparam("debtor"),
        cases.c.id != bindparam("case_id"),
        cases.c.settled_on.is_not(None),
    )
    .order_by(cases.c.settled_on.desc(), cases.c.id)
    .limit(LAST_PAID)
    .subquery()
)
_OTHERS = (
    cases.c.creditor == bindparam("creditor"),
    cases.c.debtor == bindparam("debtor"),
    cases.c.id != bindparam("case_id"),
)
_BROKEN = select(func.coalesce(func.sum(cases.c.promises_broken), 0)).where(*_OTHERS)
_OPEN = select(func.count()).where(*_OTHERS, cases.c.stage != Stage.CLOSED.value)
_NO_DAY, _NO_TEXT, _NO_NUMBER = cast(null(), Date), cast(null(), String), cast(null(), Integer)


def _found(
    kind: str,
    *,
    day: Any = _NO_DAY,
    act: Any = _NO_TEXT,
    text: Any = _NO_TEXT,
    due: Any = _NO_DAY,
    number: Any = _NO_NUMBER,
) -> Select[Any]:
    """A row of what is known of a debtor, in columns that all kinds share."""
    kinds = literal_column(f"'{kind}'", String)
    columns = {"kind": kinds, "day": day, "act": act, "channel": text, "due": due, "number": number}
    return select(*(value.label(name) for name, value in columns.items()))


_RECORD = (
    _found("settled", day=_SETTLED.c.settled_on, due=_SETTLED.c.due_on),
    _found("broken", number=_BROKEN.scalar_subquery()),
)
# One statement, since a transaction on one case asks it each time.
_FACTS = union_all(
    _found("contact", day=_ALL.c.day, act=_ALL.c.act, text=_ALL.c.channel).where(_ALL.c.day > bindparam("since")),
    _found("last", day=func.max(_ALL.c.day)).where(_ALL.c.kind == WRITTEN),
    _found("held", day=debtors.c.held_until).where(
        debtors.c.creditor == bindparam("creditor"), debtors.c.id == bindparam("debtor"), debtors.c.held
    ),
    _found("bank", day=func.min(statements.c.booked_until)).where(statements.c.creditor == bindparam("creditor")),
    _found("open", number=_OPEN.scalar_subquery()),
    *_RECORD,
)
_INSOLVENT = (
    select(events.c.case_id)
    .join_from(events, cases)
    .where(*_OTHERS, events.c.kind == "insolvency_opened")
    .order_by(events.c.entered_at.desc(), events.c.case_id)
    .limit(1)
)
_KNOWN = union_all(*_RECORD, _found("insolvent", text=_INSOLVENT.scalar_subquery()))


def debtor_facts(connection: Connection, who: Who, case_id: str, currency: str, on: date) -> tuple[DebtorFacts, int]:
    """What the debtor was sent about other cases, whether it is held, how it paid; and how many of its other cases are
    open. A message that speaks for several cases is one contact; one of the day itself in another currency is none."""
    asked = {**who._asdict(), "case_id": case_id, "currency": currency, "on": on, "since": on - WEEK}
    rows = _by_kind(connection, _FACTS, asked)
    acts = {row.act: (row.day, row.channel) for row in rows["contact"]}
    facts = DebtorFacts(
        written_on=rows["last"][0].day,
        contacts=tuple(sorted(day for day, _ in acts.values())),
        by_channel=_by_channel(acts.values()),
        held=bool(rows["held"]),
        held_until=rows["held"][0].day if rows["held"] else None,
        record=_record(rows),
        bank_until=rows["bank"][0].day,
    )
    return facts, int(rows["open"][0].number)


def known_of(connection: Connection, who: Who, case_id: str) -> tuple[PaymentRecord | None, str | None]:
    """How the debtor paid its last ``LAST_PAID`` invoices but this one, and the promises it broke on the others; the
    case that knows of its insolvency, None when none does."""
    rows = _by_kind(connection, _KNOWN, {**who._asdict(), "case_id": case_id})
    return _record(rows), rows["insolvent"][0].channel


def _by_kind(connection: Connection, query: CompoundSelect[Any], asked: dict[str, Any]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in connection.execute(query, asked):
        rows[row.kind].append(row)
    return rows


def _record(rows: dict[str, list[Any]]) -> PaymentRecord | None:
    settled = tuple((row.due, row.day) for row in rows["settled"])
    return record_of(settled, int(rows["broken"][0].number))


def _by_channel(acts: Iterable[tuple[date, str]]) -> dict[str, tuple[date, ...]]:
    """The days of the contacts under the channel of each."""
    found: dict[str, list[date]] = {}
    for day, channel in sorted(acts):
        found.setdefault(channel, []).append(day)
    return {channel: tuple(days) for channel, days in found.items()}
