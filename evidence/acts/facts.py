"""What happened, as an act tells it to a judge: only what the ledger knows, each fact with its piece. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from evidence.acts.blocks import Block, paragraph, table
from evidence.manifest import Piece
from evidence.wording import short_day
from letters.typography import amount, clean, long_date
from rules import events as e
from rules.brief import Brief, ClaimInFile, NoticeCopy
from rules.money import total


class Pieces:
    """The numbered pieces of a file, found by what they are."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        self._pieces = pieces

    def of(self, *kinds: str) -> str:
        """« (pièces n° 2 et 3) »; empty when no piece is of these kinds."""
        return cited(piece.number for piece in self._pieces if piece.kind in kinds)

    def told(self, *names: str) -> str:
        """The same for the pieces that events or messages of these ids brought."""
        return cited(piece.number for piece in self._pieces if piece.source.of in names)

    def numbers(self, *kinds: str) -> str:
        """« 2, 3 »; a dash when there is none."""
        return ", ".join(str(piece.number) for piece in self._pieces if piece.kind in kinds) or "–"

    def invoice(self, number: str) -> str:
        """The number of the piece that is the invoice itself."""
        title = f"Facture {clean(number, 80)}"
        return next((str(p.number) for p in self._pieces if p.kind == "invoice" and p.title.startswith(title)), "–")


def cited(numbers: Iterable[int]) -> str:
    """« (pièce n° 5) », « (pièces n° 2, 3 et 4) »."""
    found = [str(number) for number in sorted(set(numbers))]
    if not found:
        return ""
    return f"(pièce{'s' if len(found) > 1 else ''} n° {listed(found)})"


def listed(words: list[str]) -> str:
    """« a, b et c »."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} et {words[-1]}"


def facts(brief: Brief, pieces: Pieces) -> list[Block]:
    """The order, the invoices, what was paid, the reminders, the mise en demeure, what the debtor answered."""
    told = [_agreement(brief, pieces), _invoices(brief, pieces)]
    for one in brief.claims:
        told += [paragraph(text) for text in _payments(one, pieces)]
    told += [paragraph(text) for text in (*_reminders(brief, pieces), *_formal(brief, pieces), *_answers(brief))]
    return told


def _agreement(brief: Brief, pieces: Pieces) -> Block:
    found = pieces.of("contract", "terms", "quote", "order")
    done = pieces.of("delivery", "timesheet")
    subjects = list(dict.fromkeys(clean(one.invoice.subject, 200) for one in brief.claims if one.invoice.subject))
    what = f" ({' ; '.join(subjects)})" if subjects else ""
    name = brief.debtor.legal_name or brief.debtor.name
    text = f"{brief.creditor.name} a facturé à {name} les sommes ci-dessous{what}."
    if found:
        text += f" L’engagement du débiteur résulte des documents contractuels {found}."
    if done:
        text += f" L’exécution est établie {done}."
    return paragraph(text)


def _invoices(brief: Brief, pieces: Pieces) -> Block:
    """Each due date as it stands in the décompte, so that it adds up."""
    issued = {one.invoice.number: one.invoice.issued_on for one in brief.claims}
    currency, counted = brief.invoice.currency, brief.decompte

    def money(value: Any) -> str:
        return amount(value, currency, "fr")

    rows = [
        [
            debt.invoice,
            short_day(issued.get(debt.invoice, brief.invoice.issued_on)),
            short_day(debt.due_on),
            money(debt.amount),
            money(debt.amount - debt.principal) if debt.amount != debt.principal else "–",
            money(debt.principal),
            pieces.invoice(debt.invoice),
        ]
        for debt in counted.balances
    ]
    head = ("Facture", "Émise le", "Échéance", "Montant TTC", "Imputé", "Reste dû", "Pièce")
    sums = (
        "Total", "", "", money(total(d.amount for d in counted.balances)),
        money(total(d.amount - d.principal for d in counted.balances)), money(counted.principal), "",
    )  # fmt: skip
    aligns = ("left", "left", "left", "right", "right", "right", "right")
    return table(head, aligns, rows, sums if len(rows) > 1 else ())


def _payments(one: ClaimInFile, pieces: Pieces) -> Iterator[str]:
    back = {event.payment for event in one.events if isinstance(event, e.PaymentReversed)}
    paid = [event for event in one.events if isinstance(event, e.PaymentReceived) and event.id not in back]
    if not paid:
        return
    sums = [f"{amount(p.amount, one.invoice.currency, 'fr')} le {short_day(p.received_on)}" for p in paid]
    proof = pieces.told(*(event.id for event in paid))
    yield f"Sur la facture n° {one.invoice.number}, le débiteur a versé {listed(sums)} {proof}".rstrip() + "."


def _reminders(brief: Brief, pieces: Pieces) -> Iterator[str]:
    sent = [n for one in brief.claims for n in one.notices if n.channel != "registered_letter"]
    if not sent:
        return
    days = list(dict.fromkeys(short_day(n.at.date()) for n in sorted(sent, key=lambda n: n.at)))
    proof = pieces.told(*(notice.message_id for notice in sent))
    when = f"{'les' if len(days) > 1 else 'le'} {listed(days)}"
    yield f"Le créancier a relancé le débiteur par écrit {when} {proof}".rstrip() + "."


def _formal(brief: Brief, pieces: Pieces) -> Iterator[str]:
    """The mise en demeure of each invoice; one letter that speaks for several is told once."""
    letters: dict[str, NoticeCopy] = {}
    for one in brief.claims:
        current = (n for n in one.notices if n.channel == "registered_letter" and n.passage == one.passage)
        letters |= {notice.message_id: notice for notice in current}
    for notice in letters.values():
        proofs = [event.id for one in brief.claims for event in one.events if _proves(event, notice)]
        sent = notice.posted_on or notice.at.date()
        got = f", distribuée ou présentée le {long_date(notice.delivered_on, 'fr')}" if notice.delivered_on else ""
        yield (
            f"Par lettre recommandée du {long_date(sent, 'fr')}{got}, il l’a mis en demeure de payer "
            f"{pieces.told(notice.message_id, *proofs)}. Cette mise en demeure est restée sans paiement complet."
        )


def _proves(event: e.Event, notice: NoticeCopy) -> bool:
    if not isinstance(event, e.LetterPosted | e.LetterDelivered | e.LetterReturned):
        return False
    return (event.step, event.passage) == (notice.step, notice.passage)


def _answers(brief: Brief) -> Iterator[str]:
    """What the debtor contested: an act that kept it silent would mislead the judge."""
    disputes = [event for one in brief.claims for event in one.events if isinstance(event, e.DisputeOpened)]
    if not disputes:
        yield "À la connaissance du créancier, la créance n’a fait l’objet d’aucune contestation."
        return
    for dispute in disputes:
        form = "par écrit " if dispute.written else ""
        why = f" : « {clean(dispute.reason, 600)} »" if dispute.reason else ""
        yield f"Le débiteur a contesté {form}le {long_date(dispute.on, 'fr')}{why}."
    settled = [event for one in brief.claims for event in one.events if isinstance(event, e.DisputeSettled)]
    for event in settled:
        outcome = {"rejected": "rejetée", "accepted": "admise", "partial": "admise en partie"}[event.outcome]
        yield f"Cette contestation a été {outcome} par le créancier le {long_date(event.on, 'fr')}."
