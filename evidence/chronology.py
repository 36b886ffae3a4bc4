"""The life of a claim as dated sentences: what the invoice says, then every event of the ledger. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from evidence.sentences import sentence
from evidence.wording import actor, hour, local_day, short_day
from letters.documents import ChronologyRow
from letters.typography import amount, clean, french
from rules import events as e
from rules.brief import Brief, ClaimInFile
from rules.money import ZERO

_FACT_DAYS = {
    e.PaymentReceived: "received_on",
    e.LetterPosted: "posted_on",
    e.LetterDelivered: "delivered_on",
    e.InsolvencyOpened: "opened_on",
}
"""Events whose own day is another than the day they were told."""


def rows(brief: Brief, numbers: dict[str, int]) -> tuple[ChronologyRow, ...]:
    """The rows in the order of the days, those of one day as they were entered. ``numbers``: the piece that proves a
    fact, by the id of its event or of its message."""
    told: list[ChronologyRow] = []
    for one in brief.claims:
        mark = f"Facture n° {clean(one.invoice.number, 200)} – " if brief.joined else ""
        told += _of_invoice(brief, one)
        told += [_of_event(event, one, numbers, mark) for event in one.events]
    return tuple(sorted(told, key=lambda row: row.on))  # stable


def _of_invoice(brief: Brief, one: ClaimInFile) -> Iterator[ChronologyRow]:
    invoice, creditor = one.invoice, clean(brief.creditor.name, 120)

    def row(on: date, what: str) -> ChronologyRow:
        return ChronologyRow(on=on, what=french(what), detail=french(f"d’après la facture – {creditor}"))

    def money(value: Decimal) -> str:
        return amount(value, invoice.currency, "fr")

    if invoice.performed_on is not None:
        yield row(invoice.performed_on, "Livraison ou exécution de la prestation")
    if invoice.received_on is not None:
        yield row(invoice.received_on, "Réception des marchandises ou de la prestation")
    yield row(invoice.issued_on, f"Facture n° {clean(invoice.number, 200)} émise : {money(invoice.total)} TTC")
    if invoice.already_paid > ZERO:
        yield row(invoice.issued_on, f"Acompte ou paiement antérieur : {money(invoice.already_paid)}")
    for part in invoice.schedule:
        yield row(part.due_on, f"Échéance de {money(part.amount)}")


def _of_event(event: e.Event, one: ClaimInFile, numbers: dict[str, int], mark: str) -> ChronologyRow:
    name = _FACT_DAYS.get(type(event))
    on = getattr(event, name) if name else event.on
    who = actor(event.by, event.door)
    proof = event.message_id if isinstance(event, e.NoticeSent) else event.id
    return ChronologyRow(
        on=on,
        what=french(mark) + sentence(event, one.invoice.currency),
        detail=french(f"{_when(event, on)} – {who}"),
        piece=numbers.get(proof),
    )


def _when(event: e.Event, on: date) -> str:
    """The hour in Paris; of a fact told later than its day, when it was entered."""
    entered = local_day(event.at)
    return f"à {hour(event.at)}" if entered == on else f"saisi le {short_day(entered)} à {hour(event.at)}"
