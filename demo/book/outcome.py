"""What became of a book, read from the ledger and held against the file: counts, and everything that is wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from demo.book.data import Settled
from demo.book.script import CREDITOR
from ledger.reads import CaseFilter, CaseRow, Reads
from rules import events as e
from rules.calendars import noon_of
from rules.case import Stage
from rules.money import total
from workflows.contracts import case_id

EVERYTHING = CaseFilter(limit=1_000_000)
_PARIS = ZoneInfo("Europe/Paris")
_SHOWN = 5


@dataclass
class Outcome:
    """A book after its play. ``rungs``: invoices reminded by rung; ``too_late``: letters about an invoice after the day
    of the file on which it was paid; ``crossed``: letters that left while the payment was being entered; ``skipped``:
    rungs skipped, by rung; ``open``: cases that are not closed; ``wrong``: a sentence for each case that is not as the
    file has it."""

    rows: Sequence[CaseRow] = ()
    rungs: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    policies: Counter[str] = field(default_factory=Counter)
    disputes: int = 0
    refused: int = 0
    crossed: int = 0
    too_late: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    invoiced: Decimal = Decimal(0)
    recovered: Decimal = Decimal(0)

    @property
    def letters(self) -> int:
        """Invoices reminded, all rungs together."""
        return self.rungs.total()


async def outcome_of(reads: Reads, book: Iterable[Settled]) -> Outcome:
    """Read every case and hold it against the file."""
    rows = {row.id: row for row in await reads.cases(EVERYTHING)}
    found = Outcome(
        tuple(rows.values()),
        policies=Counter(row.policy for row in rows.values()),
        invoiced=total(row.total for row in rows.values()),
        recovered=total(row.recovered for row in rows.values()),
    )
    for one in book:
        own = case_id(CREDITOR, one.number)
        row = rows.get(own)
        if row is None:
            found.wrong.append(f"{one.number} : aucun dossier.")
            continue
        if row.stage is not Stage.CLOSED:
            found.open.append(f"{one.number} : {row.stage} ({row.because}).")
        events = await reads.case_events(own)
        found.wrong += _against_the_file(one, row, events)
        _count(found, one, events)
    return found


def _against_the_file(one: Settled, row: CaseRow, events: Sequence[e.Event]) -> Iterator[str]:
    """The sums of a case to the cent: what was invoiced, what was paid, and when."""
    if row.total != one.amount:
        yield f"{one.number} : {row.total} au grand livre, {one.amount} facturés."
    if row.recovered != one.amount or row.principal:
        yield f"{one.number} : {row.recovered} reçus et {row.principal} dus, {one.amount} payés dans le fichier."
    days = [event.received_on for event in events if isinstance(event, e.PaymentReceived)]
    if days != [one.settled_on]:
        yield f"{one.number} : payée le {', '.join(map(str, days)) or '–'}, le {one.settled_on} dans le fichier."


def _count(found: Outcome, one: Settled, events: Iterable[e.Event]) -> None:
    """Letters, refusals and disputes of a case; a letter is too late from noon of the day of payment on, the hour at
    which a bare date is entered."""
    paid = False
    for event in events:
        if isinstance(event, e.NoticeSent):
            found.rungs[event.step] += 1
            found.crossed += event.crossed
            if (paid and not event.crossed) or event.at > noon_of(one.settled_on, _PARIS):
                found.too_late.append(f"{one.number} : {event.step} le {event.on}, payée le {one.settled_on}.")
        elif isinstance(event, e.RungSkipped):
            found.skipped[event.step] += 1
        elif isinstance(event, e.PaymentReceived):
            paid = True
        elif isinstance(event, e.DisputeOpened):
            found.disputes += 1
        elif isinstance(event, e.SignalRefused):
            found.refused += 1


def faults_of(found: Outcome, expected: int, disputes: int) -> list[str]:
    """What must not be, a sentence each."""
    said = list(_several("courriers après paiement", found.too_late))
    said += _several("dossiers non clos", found.open)
    said += _several("écarts avec le fichier", found.wrong)
    if len(found.rows) != expected:
        said.append(f"{len(found.rows)} dossiers pour {expected} factures.")
    if found.refused:
        said.append(f"{found.refused} faits du fichier refusés.")
    if found.disputes != disputes:
        said.append(f"{found.disputes} litiges ouverts, {disputes} dits.")
    return said


def _several(what: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        more = f" … et {len(lines) - _SHOWN} autres" if len(lines) > _SHOWN else ""
        yield f"{len(lines)} {what} : {' '.join(lines[:_SHOWN])}{more}"
