"""The outbox: one row per message, and one per case and rung it speaks for."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, Select, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningInsert

from ledger.dialects import insert_of
from ledger.errors import AlreadyCovered, LedgerError
from ledger.tables import contacts, coverage, messages
from rules.outbox import Covered, Message, MessageState

_FAILED = select(messages.c.id).where(messages.c.state == MessageState.FAILED.value)
# A message that the world refused speaks for nothing any more: its rungs may be taken by another.
_RELEASE = delete(coverage).where(
    coverage.c.case_id == bindparam("case"),
    coverage.c.passage == bindparam("of_passage"),
    coverage.c.step == bindparam("of_step"),
    coverage.c.message_id.in_(_FAILED),
)
# A message begun again under its own id speaks for those it names now, and for no other.
_RELEASE_ALL = delete(coverage).where(coverage.c.message_id == bindparam("message"), coverage.c.message_id.in_(_FAILED))
_RELEASE_ONE = delete(coverage).where(
    coverage.c.message_id == bindparam("message"), coverage.c.case_id == bindparam("case")
)
_COVER = insert(coverage)
_CONCLUDE = update(messages).where(messages.c.id == bindparam("message"))
_COLUMNS = select(
    messages, coverage.c.case_id, coverage.c.passage, coverage.c.step, coverage.c.balance, coverage.c.claim
)
ALL = _COLUMNS.select_from(messages.outerjoin(coverage, coverage.c.message_id == messages.c.id)).order_by(
    messages.c.started_at, messages.c.id, coverage.c.case_id
)
_SPEAKS = select(coverage.c.message_id)
_SPOKE = select(contacts.c.message_id).where(contacts.c.message_id.is_not(None))
_CASE: BindParameter[str] = bindparam("case")
_CASES: BindParameter[str] = bindparam("cases", expanding=True)
# The messages that speak for a case, with what they say of it alone: of a debtor with a thousand invoices a thousand
# acts read the message of the day.
OF_CASE = (
    _COLUMNS.select_from(messages.join(coverage, coverage.c.message_id == messages.c.id))
    .where(coverage.c.case_id == _CASE)
    .order_by(messages.c.started_at, messages.c.id)
)
WHOLE = ALL.where(messages.c.id == bindparam("message"))
# Those too that did not reach the debtor, and speak for the case no more.
_SPOKEN = or_(
    messages.c.id.in_(_SPEAKS.where(coverage.c.case_id == _CASE)),
    messages.c.id.in_(_SPOKE.where(contacts.c.case_id == _CASE)),
)
EVER_OF_CASE = ALL.where(_SPOKEN)
EVER_OF_CASE_ALONE = (
    _COLUMNS.select_from(
        messages.outerjoin(coverage, and_(coverage.c.message_id == messages.c.id, coverage.c.case_id == _CASE))
    )
    .where(_SPOKEN)
    .order_by(messages.c.started_at, messages.c.id)
)
"""The same, with what they say of the case alone."""
EVER_OF_CASES = ALL.where(
    or_(
        messages.c.id.in_(_SPEAKS.where(coverage.c.case_id.in_(_CASES))),
        messages.c.id.in_(_SPOKE.where(contacts.c.case_id.in_(_CASES))),
    )
)


def begin(connection: Connection, message: Message) -> None:
    """Write the message as ``sending`` and what it speaks for.

    Raises AlreadyCovered when a message that has not failed has one of its rungs, or its id.
    """
    rungs = [{"case": c.case, "of_passage": c.passage, "of_step": c.step} for c in message.covers]
    if rungs:
        connection.execute(_RELEASE, rungs)
    connection.execute(_RELEASE_ALL, {"message": message.id})
    if connection.execute(_begun(connection.dialect.name), _message_row(message)).one_or_none() is None:
        raise AlreadyCovered(message.id)
    try:
        connection.execute(_COVER, [_coverage_row(message.id, covered) for covered in message.covers])
    except IntegrityError as error:
        raise AlreadyCovered(message.id) from error


@lru_cache(maxsize=2)
def _begun(dialect: str) -> ReturningInsert[Any]:
    """A message written anew, or over one of its id that failed; nothing comes back when it was neither."""
    statement = insert_of(dialect, messages)
    written = [name for name in Message.model_fields if name not in ("id", "covers")]
    return statement.on_conflict_do_update(
        index_elements=["id"],
        set_={name: statement.excluded[name] for name in written},
        where=messages.c.state == MessageState.FAILED.value,
    ).returning(messages.c.id)


def release(connection: Connection, message_id: str, case_id: str) -> None:
    """Take the case's rung from a message that did not reach the debtor."""
    connection.execute(_RELEASE_ONE, {"message": message_id, "case": case_id})


class Conclusion(NamedTuple):
    """What became of a message; ``document`` is where its copy is kept, ``carrier`` who took a registered letter."""

    message_id: str
    state: MessageState
    at: datetime
    document: str | None
    sha256: str | None
    carrier: str | None = None


def conclude(connection: Connection, what: Conclusion) -> None:
    """Write what became of a message; raises LedgerError when there is none of that id."""
    values: dict[str, Any] = {"state": what.state.value}
    if what.state is MessageState.SENT:
        values["sent_at"] = what.at
    if what.document is not None:
        values |= {"document": what.document, "sha256": what.sha256}
    if what.carrier is not None:
        values["carrier"] = what.carrier
    done = connection.execute(_CONCLUDE, {"message": what.message_id, **values})
    if done.rowcount == 0:
        raise LedgerError(f"{what.message_id}: there is no message of that id")


def read_messages(connection: Connection, query: Select[Any], parameters: dict[str, Any]) -> list[Message]:
    """The messages that a query built on ``ALL`` finds, each with all it speaks for, in order of their
    beginning."""
    return messages_of_rows(connection.execute(query, parameters).mappings())


def messages_of_rows(rows: Iterable[Any]) -> list[Message]:
    """The same of rows that were read before."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = found.setdefault(row["id"], {"row": row, "covers": []})
        if row["case_id"] is not None:
            entry["covers"].append(
                Covered(
                    case=row["case_id"],
                    passage=row["passage"],
                    step=row["step"],
                    balance=row["balance"],
                    claim=row["claim"],
                )
            )
    return [_message(entry["row"], tuple(entry["covers"])) for entry in found.values()]


def _message(row: Any, covers: tuple[Covered, ...]) -> Message:
    fields = {column.name: row[column.name] for column in messages.columns}
    fields["copies"] = tuple(row["copies"].split(",")) if row["copies"] else ()
    return Message(**fields, covers=covers)


def _message_row(message: Message) -> dict[str, Any]:
    row = message.model_dump(exclude={"covers"})
    return {**row, "copies": ",".join(message.copies), "state": MessageState.SENDING.value}


def _coverage_row(message_id: str, covered: Covered) -> dict[str, Any]:
    row = covered.model_dump(exclude={"case"})
    return {"message_id": message_id, "case_id": covered.case, **row}
