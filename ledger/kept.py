"""Everything kept about a debtor that has a term: invoices, letters, answers, histories, judicial files.

Nothing here reads a personal field: kinds, days and names of documents are enough to know a term.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ledger.debtors import Who
from ledger.privacy_tables import disposals, retained
from ledger.tables import cases, coverage, events, messages, runs
from rules.retention import Kept, Kind

_DOCUMENTED = ("debtor_replied", "file_prepared")


def of_debtor(who: Who) -> tuple[Any, Any]:
    """The condition on cases: those of the debtor."""
    return (cases.c.creditor == who.creditor, cases.c.debtor == who.debtor)


def kept_of(connection: Connection, who: Who) -> Iterator[Kept]:
    """Everything of a debtor that has a term; what is gone is left out."""
    rows = connection.execute(
        select(cases.c.id, cases.c.number, cases.c.closed_on, cases.c.data_key).where(*of_debtor(who))
    )
    closed: dict[str, date | None] = {}
    its = select(cases.c.id).where(*of_debtor(who))
    gone = set(connection.execute(select(disposals.c.document).where(disposals.c.case_id.in_(its))).scalars())
    kept = select(retained.c.case_id, retained.c.document).where(retained.c.case_id.in_(its))
    held = {row.case_id: row for row in connection.execute(kept)}
    for row in rows.all():
        closed[row.id] = row.closed_on
        first = select(events.c.readable).where(events.c.case_id == row.id, events.c.position == 1)
        issued = date.fromisoformat(json.loads(connection.execute(first).scalar_one())["invoice"]["issued_on"])
        day = None if row.closed_on is None else max(issued, date(row.closed_on.year, 1, 1))
        if row.data_key is not None or row.id in held:
            document = held[row.id].document if row.id in held else None
            yield Kept(kind=Kind.INVOICE, case=row.id, what=f"facture {row.number}", day=day, document=document)
        yield from _of_case(connection, row.id, row.closed_on, gone)
    yield from _letters(connection, who, closed, gone)


def _of_case(connection: Connection, case: str, closed_on: date | None, gone: set[str]) -> Iterator[Kept]:
    documented = select(events.c.kind, events.c.readable, events.c.happened_on).where(
        events.c.case_id == case, events.c.kind.in_(_DOCUMENTED)
    )
    for row in connection.execute(documented).all():
        readable = json.loads(row.readable)
        document = readable.get("document") or readable.get("path")
        if document is None or document in gone:
            continue
        if row.kind == "file_prepared":
            yield Kept(kind=Kind.JUDICIAL_FILE, case=case, what=readable["step"], day=closed_on, document=document)
        else:
            day = None if closed_on is None else row.happened_on
            yield Kept(kind=Kind.CORRESPONDENCE, case=case, what="réponse du débiteur", day=day, document=document)
    kept = select(runs.c.run_id, runs.c.document).where(runs.c.case_id == case, runs.c.document.is_not(None))
    for run, document in connection.execute(kept).all():
        if document not in gone:
            yield Kept(kind=Kind.HISTORY, case=case, what=f"exécution {run}", day=closed_on, document=document)


def _letters(connection: Connection, who: Who, closed: dict[str, date | None], gone: set[str]) -> Iterator[Kept]:
    """A letter may speak for several cases: its term begins when none of them is open any more."""
    wanted = select(messages.c.id, messages.c.day, messages.c.document, messages.c.rung, coverage.c.case_id)
    wanted = wanted.outerjoin(coverage, coverage.c.message_id == messages.c.id).where(
        messages.c.creditor == who.creditor, messages.c.debtor == who.debtor, messages.c.document.is_not(None)
    )
    found: dict[str, list[Any]] = {}
    for row in connection.execute(wanted.order_by(messages.c.day, messages.c.id, coverage.c.case_id)).all():
        found.setdefault(row.id, []).append(row)
    anyone = next(iter(sorted(closed)), "")
    for message, rows in found.items():
        first = rows[0]
        if first.document in gone:
            continue
        is_open = any(row.case_id is not None and closed.get(row.case_id) is None for row in rows)
        yield Kept(
            kind=Kind.CORRESPONDENCE, case=first.case_id or anyone, what=first.rung or "courrier",
            day=None if is_open else first.day, document=first.document, mark=message,
        )  # fmt: skip
