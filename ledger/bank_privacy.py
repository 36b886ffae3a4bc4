"""Lines of statements that are a person's: told on request, emptied when he is forgotten and when their time is over.

A line is a person's when a case of his has a part of it or was asked whether it is his, and when it came from an
account of his. A name alone makes it nobody's: such lines are only pointed out.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from ledger.api_tables import bank_lines, payers
from ledger.bank_lines import KeptLine, LineState, line_of
from ledger.debtors import Who
from ledger.kept import of_debtor
from ledger.search import folded
from ledger.tables import cases

_SOME = 200
_EMPTY = {"payer": None, "text": None, "payer_digest": None}
_READABLE = or_(*(bank_lines.c[name].is_not(None) for name in _EMPTY))
_WAITING = bank_lines.c.state.not_in([LineState.POSTED.value, LineState.IGNORED.value])
_SHORTEST = 3
_TOLD = (
    "id", "booked_on", "amount", "currency", "reversal", "reference", "payer", "text", "state", "because",
)  # fmt: skip


def told_of(connection: Connection, who: Who, case_ids: Sequence[str], key: bytes) -> list[dict[str, Any]]:
    """The lines of a debtor, opened, as he is told of them: what of them is another's is left out."""
    found = {line.id: line for line in _of(connection, who, case_ids, key)}
    return [
        {
            **line.model_dump(include=set(_TOLD)),
            "parts": [part.model_dump() for part in line.parts if part.case in set(case_ids)],
        }
        for line in sorted(found.values(), key=lambda one: (one.booked_on, one.id))
    ]


def forget_lines(connection: Connection, who: Who, case_ids: Sequence[str]) -> None:
    """Take names, words and accounts out of the lines of these cases, all of the debtor's, and of his accounts, which
    are known as his no more."""
    _empty(connection, _of(connection, who, case_ids, None, _READABLE))
    connection.execute(delete(payers).where(payers.c.creditor == who.creditor, payers.c.debtor == who.debtor))


def end_lines(connection: Connection, who: Who, case_ids: Sequence[str]) -> None:
    """The same for cases whose time is over: what came from the debtor's accounts stays while another case of his
    is readable."""
    left = select(cases.c.id).where(*of_debtor(who), cases.c.data_key.is_not(None))
    if connection.execute(left.limit(1)).first() is None:
        forget_lines(connection, who, case_ids)
    else:
        _empty(connection, _of_cases(connection, who, case_ids, None, _READABLE))


def _empty(connection: Connection, lines: Iterable[KeptLine]) -> None:
    ids = sorted({line.id for line in lines})
    for start in range(0, len(ids), _SOME):
        some = bank_lines.c.id.in_(ids[start : start + _SOME])
        connection.execute(update(bank_lines).where(some).values(_EMPTY))


def empty_old(connection: Connection, creditor: str, before: date, *, apply: bool) -> int:
    """Lines booked before that day that nobody claimed lose their names and words; how many."""
    old = (bank_lines.c.creditor == creditor, _WAITING, bank_lines.c.booked_on < before, _READABLE)
    ids = list(connection.execute(select(bank_lines.c.id).where(*old)).scalars())
    if apply and ids:
        connection.execute(update(bank_lines).where(*old).values(_EMPTY))
    return len(ids)


def in_the_name(
    connection: Connection, who: Who, case_ids: Sequence[str], names: Sequence[str], key: bytes
) -> list[str]:
    """The waiting lines that say one of these names and are not known to be the debtor's."""
    said = [words for name in names if (words := {word for word in folded(name) if len(word) >= _SHORTEST})]
    if not said:
        return []
    his = {line.id for line in _of(connection, who, case_ids, None)}
    query = select(bank_lines).where(bank_lines.c.creditor == who.creditor, _WAITING, _READABLE)
    found = []
    for row in connection.execute(query.order_by(bank_lines.c.id)).mappings():
        line = line_of(dict(row), key)
        words = set(folded(f"{line.payer or ''} {line.text or ''}"))
        if line.id not in his and any(name <= words for name in said):
            found.append(line.id)
    return found


def _of(connection: Connection, who: Who, case_ids: Sequence[str], key: bytes | None, *more: Any) -> Iterator[KeptLine]:
    """The debtor's lines, some of them twice; without a key their names and words stay sealed."""
    accounts = select(payers.c.digest).where(payers.c.creditor == who.creditor, payers.c.debtor == who.debtor)
    yield from _read(connection, who, bank_lines.c.payer_digest.in_(accounts), key, more)
    yield from _of_cases(connection, who, case_ids, key, *more)


def _of_cases(
    connection: Connection, who: Who, case_ids: Sequence[str], key: bytes | None, *more: Any
) -> Iterator[KeptLine]:
    for start in range(0, len(case_ids), _SOME):
        named = [json.dumps(case) for case in case_ids[start : start + _SOME]]
        columns = (bank_lines.c.parts, bank_lines.c.proposed_to)
        any_of = or_(*(column.contains(name, autoescape=True) for column in columns for name in named))
        yield from _read(connection, who, any_of, key, more)


def _read(connection: Connection, who: Who, which: Any, key: bytes | None, more: Sequence[Any]) -> Iterator[KeptLine]:
    query = select(bank_lines).where(bank_lines.c.creditor == who.creditor, which, *more)
    bare = {} if key is not None else {"payer": None, "text": None}
    for row in connection.execute(query).mappings().all():
        yield line_of({**row, **bare}, key or b"")
