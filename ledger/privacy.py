"""What the ledger and the store keep about a person, and how it is written down that it goes.

Nothing here reads a personal field: kinds, days and names of documents are enough to know a term.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select, update

from ledger.api_tables import intake_queue, payers
from ledger.console_tables import looks, requests
from ledger.database import Database, write
from ledger.debtors import Who, forget
from ledger.dialects import insert_ignoring
from ledger.privacy_tables import disposals, retained
from ledger.search import forget_case
from ledger.tables import cases, contacts, coverage, debtors, events, messages, runs
from rules.case import Stage
from rules.retention import Kept, Kind

_DOCUMENTED = ("debtor_replied", "file_prepared")


class Going(NamedTuple):
    """A document that is to go; ``mark``: its message, whose copy may lie in the tray too."""

    document: str
    case: str
    kind: Kind
    mark: str | None = None


class Retained(NamedTuple):
    """The invoice of a forgotten person, kept for the books."""

    case: str
    document: str
    sha256: str
    until: date


class PrivacyBook:
    """The ledger's part of it; the files are the store's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def creditors_of(self, debtor: str) -> list[str]:
        """The creditors that know a customer of that number, forgotten ones left out."""
        query = select(debtors.c.creditor).where(debtors.c.id == debtor, debtors.c.data_key.is_not(None))
        query = query.order_by(debtors.c.creditor)
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def open_cases(self, who: Who) -> list[str]:
        """Its cases that are not closed, and its invoices that wait to be started."""

        def reading(connection: Connection) -> list[str]:
            open_ = select(cases.c.id).where(*_of(who), cases.c.stage != Stage.CLOSED.value)
            waiting = select(intake_queue.c.case_id, intake_queue.c.invoice).where(
                intake_queue.c.creditor == who.creditor
            )
            queued = [row.case_id for row in connection.execute(waiting) if _debtor_in(row.invoice) == who.debtor]
            return sorted({*connection.execute(open_).scalars(), *queued})

        return await self._database.read(reading)

    async def cases_of(self, who: Who) -> list[str]:
        """All its cases."""
        query = select(cases.c.id).where(*_of(who)).order_by(cases.c.id)
        return await self._database.read(lambda connection: list(connection.execute(query).scalars()))

    async def kept(self, who: Who) -> list[Kept]:
        """Everything that has a term; what is gone is left out."""
        return await self._database.read(lambda connection: list(_kept(connection, who)))

    async def with_old_cases(self, before: date) -> list[Who]:
        """The debtors of whom a case was closed before that day."""
        query = select(cases.c.creditor, cases.c.debtor).where(cases.c.closed_on < before).distinct()
        query = query.order_by(cases.c.creditor, cases.c.debtor)
        return await self._database.read(lambda connection: [Who(*row) for row in connection.execute(query)])

    async def forget(self, who: Who, going: Sequence[Going], keeping: Sequence[Retained], on: date) -> None:
        """In one transaction: what stays and what goes is written down, the keys are destroyed. Raises nothing when
        it is done again."""

        def forgetting(connection: Connection) -> None:
            for one in keeping:
                row = {"case_id": one.case, "document": one.document, "sha256": one.sha256, "until": one.until}
                connection.execute(insert_ignoring(connection, retained), row)
            _dispose(connection, going, "forgotten", on)
            connection.execute(delete(payers).where(payers.c.creditor == who.creditor, payers.c.debtor == who.debtor))
            forget(connection, who)

        await write(self._database, forgetting)

    async def expire(self, going: Sequence[Going], cases_over: Sequence[str], on: date) -> None:
        """In one transaction: documents whose term is past, and the keys of cases of which nothing must be kept."""

        def expiring(connection: Connection) -> None:
            _dispose(connection, going, "retention", on)
            for case in cases_over:
                connection.execute(update(cases).where(cases.c.id == case).values(data_key=None, name=None))
                connection.execute(delete(retained).where(retained.c.case_id == case))
                forget_case(connection, case)

        await write(self._database, expiring)

    async def to_remove(self) -> list[Going]:
        """The documents written down as going whose files may still be there."""
        query = select(disposals).where(disposals.c.removed_at.is_(None)).order_by(disposals.c.document)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [Going(row.document, row.case_id, Kind(row.kind), row.mark) for row in found]

    async def removed(self, document: str, at: datetime) -> None:
        """Its file is gone."""
        query = update(disposals).where(disposals.c.document == document).values(removed_at=at)
        await write(self._database, lambda connection: connection.execute(query))

    async def other_rows(self, who: Who) -> dict[str, list[dict[str, Any]]]:
        """What other tables say of the person, by table: contacts, messages, what was looked at and asked for (never
        by whom), accounts it paid from."""

        def reading(connection: Connection) -> dict[str, list[dict[str, Any]]]:
            its = select(cases.c.id).where(*_of(who))
            looked = select(looks.c.at, looks.c.what, looks.c.subject).where(
                looks.c.creditor == who.creditor, looks.c.subject.in_(its) | (looks.c.subject == who.debtor)
            )
            asked = select(requests.c.at, requests.c.case_id, requests.c.kind, requests.c.state, requests.c.words)
            paid = select(payers.c.digest).where(payers.c.creditor == who.creditor, payers.c.debtor == who.debtor)
            queries = {
                "contacts": select(contacts).where(
                    contacts.c.creditor == who.creditor, contacts.c.debtor == who.debtor
                ),
                "messages": select(messages).where(
                    messages.c.creditor == who.creditor, messages.c.debtor == who.debtor
                ),
                "consultations": looked,
                "requests": asked.where(requests.c.case_id.in_(its)),
                "payer_accounts": paid,
                "histories": select(runs).where(runs.c.case_id.in_(its)),
            }
            return {name: [dict(row) for row in connection.execute(q).mappings()] for name, q in queries.items()}

        return await self._database.read(reading)


def _of(who: Who) -> tuple[Any, Any]:
    return (cases.c.creditor == who.creditor, cases.c.debtor == who.debtor)


def _debtor_in(invoice: str) -> str | None:
    try:
        return str(json.loads(invoice)["debtor"]["id"])
    except (ValueError, LookupError, TypeError):
        return None


def _kept(connection: Connection, who: Who) -> Iterator[Kept]:
    rows = connection.execute(select(cases.c.id, cases.c.number, cases.c.closed_on, cases.c.data_key).where(*_of(who)))
    closed: dict[str, date | None] = {}
    its = select(cases.c.id).where(*_of(who))
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


def _dispose(connection: Connection, going: Sequence[Going], because: str, on: date) -> None:
    for one in going:
        row = {
            "document": one.document, "case_id": one.case, "kind": one.kind.value, "mark": one.mark,
            "because": because, "on_day": on, "removed_at": None,
        }  # fmt: skip
        connection.execute(insert_ignoring(connection, disposals), row)
        if one.kind is Kind.HISTORY:
            its = update(runs).where(runs.c.document == one.document, runs.c.case_id == one.case)
            connection.execute(its.values(document=None, sealed_by=because))
