"""What the ledger and the store keep about a person, and how it is written down that it goes."""

import json
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, false, func, or_, select, update

from ledger import bank_privacy
from ledger.api_tables import deliveries, hooks, intake_queue, payers
from ledger.console_tables import looks, requests
from ledger.database import Database, write
from ledger.debtors import Who, forget, lock_against_new_cases
from ledger.dialects import insert_ignoring
from ledger.intake_queue import opened_invoice
from ledger.kept import kept_of, of_debtor
from ledger.privacy_tables import disposals, retained
from ledger.seal import KeyRing
from ledger.search import forget_case, search_key
from ledger.tables import cases, contacts, debtors, messages, runs
from rules.case import Stage
from rules.invoice import InvoiceIssued
from rules.refusals import Refused
from rules.retention import Kept, Kind

_TOLD_TO = ("case_id", "position", "kind", "state", "tried_at")


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


class Waited(NamedTuple):
    """An invoice that has no case yet, or that the door refused: then ``refusal`` says why."""

    case_id: str
    invoice: InvoiceIssued
    refusal: str | None


class PrivacyBook:
    """The ledger's part of it; the files are the store's."""

    def __init__(self, database: Database, ring: KeyRing | None = None) -> None:
        self._database = database
        self._ring = ring

    async def creditors_of(self, debtor: str, *, forgotten: bool = False) -> list[str]:
        """The creditors that know a customer of that number, be it from an invoice that was refused; those that forgot
        him only with ``forgotten``."""
        query = select(debtors.c.creditor).where(debtors.c.id == debtor)
        if not forgotten:
            query = query.where(debtors.c.data_key.is_not(None))

        def reading(connection: Connection) -> list[str]:
            found = set(connection.execute(query).scalars())
            queued = set(connection.execute(select(intake_queue.c.creditor).distinct()).scalars())
            found |= {key for key in queued - found if _queued(connection, Who(key, debtor), self._ring)}
            return sorted(found)

        return await self._database.read(reading)

    async def check_closed(self, who: Who) -> None:
        """Raises Refused while a case is open or an invoice waits to be started: a claim that is being recovered is
        kept (RGPD, art. 17-3 e). An invoice that the door refused is no claim."""
        await self._database.read(lambda connection: _check_closed(connection, who, self._ring))

    async def in_the_name(self, who: Who, names: Sequence[str]) -> list[str]:
        """The waiting lines of statements that say one of the debtor's names, and may be another's."""

        def reading(connection: Connection) -> list[str]:
            key = search_key(connection, self._ring)
            return bank_privacy.in_the_name(connection, who, _case_ids(connection, who), names, key)

        return await write(self._database, reading)

    async def waited(self, who: Who) -> list[Waited]:
        """The debtor's invoices that wait to be started, and those that the door refused."""
        return await self._database.read(lambda connection: _queued(connection, who, self._ring))

    async def cases_of(self, who: Who) -> list[str]:
        """All its cases."""
        return await self._database.read(lambda connection: _case_ids(connection, who))

    async def kept(self, who: Who) -> list[Kept]:
        """Everything that has a term; what is gone is left out."""
        return await self._database.read(lambda connection: list(kept_of(connection, who)))

    async def with_old_cases(self, before: date) -> list[Who]:
        """The debtors of whom a case was closed before that day."""
        query = select(cases.c.creditor, cases.c.debtor).where(cases.c.closed_on < before).distinct()
        query = query.order_by(cases.c.creditor, cases.c.debtor)
        return await self._database.read(lambda connection: [Who(*row) for row in connection.execute(query)])

    async def forget(self, who: Who, going: Sequence[Going], keeping: Sequence[Retained], on: date) -> None:
        """In one transaction: what stays and what goes is written down, the keys are destroyed. Raises Refused when a
        case was opened meanwhile, nothing when it is done again."""

        def forgetting(connection: Connection) -> None:
            lock_against_new_cases(connection, who)
            _check_closed(connection, who, self._ring)
            for one in keeping:
                row = {"case_id": one.case, "document": one.document, "sha256": one.sha256, "until": one.until}
                connection.execute(insert_ignoring(connection, retained), row)
            _dispose(connection, going, "forgotten", on)
            bank_privacy.forget_lines(connection, who, _case_ids(connection, who))
            waited = [row.case_id for row in _queued(connection, who, self._ring)]
            connection.execute(delete(intake_queue).where(intake_queue.c.case_id.in_(waited)))
            forget(connection, who)

        await write(self._database, forgetting)

    async def expire(self, who: Who, going: Sequence[Going], cases_over: Sequence[str], on: date) -> None:
        """In one transaction: documents of a debtor whose term is past, and the keys of cases of which nothing must be
        kept."""

        def expiring(connection: Connection) -> None:
            _dispose(connection, going, "retention", on)
            for case in cases_over:
                connection.execute(update(cases).where(cases.c.id == case).values(data_key=None, name=None))
                connection.execute(delete(retained).where(retained.c.case_id == case))
                forget_case(connection, case)
            bank_privacy.end_lines(connection, who, cases_over)

        await write(self._database, expiring)

    async def empty_lines(self, creditor: str, before: date, *, apply: bool) -> int:
        """Lines of statements booked before that day that nobody claimed lose their names and words; how many."""
        return await write(
            self._database, lambda connection: bank_privacy.empty_old(connection, creditor, before, apply=apply)
        )

    async def drop_refused(self, creditor: str, before: date, *, apply: bool) -> int:
        """Invoices that the door refused before that day (UTC) and that were never announced again; how many."""
        old = (
            intake_queue.c.creditor == creditor,
            intake_queue.c.refusal.is_not(None),
            intake_queue.c.at < datetime(before.year, before.month, before.day, tzinfo=UTC),
        )
        if not apply:
            count = select(func.count()).select_from(intake_queue).where(*old)
            return await self._database.read(lambda connection: int(connection.execute(count).scalar_one()))
        return await write(
            self._database, lambda connection: connection.execute(delete(intake_queue).where(*old)).rowcount
        )

    async def drop_watched(self, creditors: Collection[str], before: date, *, apply: bool, others: bool = False) -> int:
        """Who looked at what before that day (UTC), and what became of what people asked, of these creditors, or of
        all ``others`` and of none in particular; how many. What was done stays in the chains, with its author."""
        day = datetime(before.year, before.month, before.day, tzinfo=UTC)
        asked = or_(false(), *(requests.c.case_id.startswith(f"invoice/{key}/", autoescape=True) for key in creditors))
        seen = looks.c.creditor.in_(creditors)
        if others:
            asked, seen = ~asked, ~seen
        old = {looks: (looks.c.at < day, seen), requests: (requests.c.at < day, asked)}

        def dropping(connection: Connection) -> int:
            if apply:
                return sum(connection.execute(delete(table).where(*which)).rowcount for table, which in old.items())
            counts = [select(func.count()).select_from(table).where(*which) for table, which in old.items()]
            return sum(connection.execute(count).scalar_one() for count in counts)

        return await (write(self._database, dropping) if apply else self._database.read(dropping))

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
        by whom), programs that were told (RGPD, art. 15-1 c), holds, what was destroyed, accounts it paid from, lines
        of statements."""

        def reading(connection: Connection) -> dict[str, list[dict[str, Any]]]:
            its = select(cases.c.id).where(*of_debtor(who))
            looked = select(looks.c.at, looks.c.what, looks.c.subject).where(
                looks.c.creditor == who.creditor, _about(who)
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
                "passed_on": select(hooks.c.name, *(deliveries.c[name] for name in _TOLD_TO))
                .join_from(deliveries, hooks, hooks.c.id == deliveries.c.hook)
                .where(deliveries.c.case_id.in_(its)),
                "debtor": select(debtors.c.held, debtors.c.held_until).where(
                    debtors.c.creditor == who.creditor, debtors.c.id == who.debtor
                ),
                "destroyed": select(disposals).where(disposals.c.case_id.in_(its)),
            }
            found = {name: [dict(row) for row in connection.execute(q).mappings()] for name, q in queries.items()}
            key = search_key(connection, self._ring)
            found["bank_lines"] = bank_privacy.told_of(connection, who, _case_ids(connection, who), key)
            return found

        return await write(self._database, reading)


def _about(who: Who) -> Any:
    """Whether a look was at the debtor, a case of his, a letter to him or a file about him."""
    subject = looks.c.subject
    his = select(messages.c.id).where(messages.c.creditor == who.creditor, messages.c.debtor == who.debtor)
    of_a_case = select(cases.c.id).where(
        *of_debtor(who),
        or_(
            subject == cases.c.id,
            *(func.substr(subject, 1, func.length(cases.c.id) + 1) == cases.c.id + mark for mark in ("/", "#")),
        ),
    )
    return or_(subject.in_([who.debtor, f"{who.debtor}/statement"]), subject.in_(his), of_a_case.exists())


def _case_ids(connection: Connection, who: Who) -> list[str]:
    return list(connection.execute(select(cases.c.id).where(*of_debtor(who)).order_by(cases.c.id)).scalars())


def _check_closed(connection: Connection, who: Who, ring: KeyRing | None) -> None:
    open_ = select(cases.c.id).where(*of_debtor(who), cases.c.stage != Stage.CLOSED.value)
    queued = [row.case_id for row in _queued(connection, who, ring) if row.refusal is None]
    found = sorted({*connection.execute(open_).scalars(), *queued})
    if found:
        raise Refused(
            f"« {who.debtor} » still has open cases ({', '.join(found)}): what a claim needs is kept until it is "
            "settled (RGPD, art. 17-3 e). Close them first (paid, write_off, cancel)."
        )


def _queued(connection: Connection, who: Who, ring: KeyRing | None) -> list[Waited]:
    """The debtor's invoices that wait to be started, and those that the door refused."""
    table = intake_queue.c
    query = select(table.case_id, table.invoice, table.refusal).where(table.creditor == who.creditor)
    rows = connection.execute(query).all()
    key = search_key(connection, ring) if rows else b""
    found = [(row, json.loads(opened_invoice(key, row.invoice, row.case_id))) for row in rows]
    return [
        Waited(row.case_id, InvoiceIssued.model_validate(told), row.refusal)
        for row, told in found
        if told["debtor"]["id"] == who.debtor
    ]


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
