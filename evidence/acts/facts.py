"""What happened, as an act tells it to a judge: only what the ledger knows, each fact with its piece. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from evidence.acts.blocks import Block, note, paragraph, table
from evidence.acts.course import course, opposed
from evidence.acts.pieces import Pieces, listed
from evidence.wording import local_day, short_day
from letters.typography import amount, clean, long_date
from rules import events as e
from rules.brief import Brief, ClaimInFile, NoticeCopy
from rules.events_said import is_remission
from rules.money import ZERO, total


def facts(brief: Brief, pieces: Pieces) -> list[Block]:
    """The order, the invoices, what was paid, the reminders, the mise en demeure, the procedures so far, what the
    debtor answered."""
    told = [_agreement(brief, pieces), _invoices(brief, pieces)]
    for one in brief.claims:
        text = " ".join((*_payments(one, pieces), *_recognised(one, pieces)))
        told += [paragraph(text)] if text else []
    told += [paragraph(text) for text in (*_reminders(brief, pieces), *_formal(brief, pieces), *course(brief, pieces))]
    told += [paragraph(text) for text in _answers(brief)]
    if opposed(brief):
        told.append(note("Motifs de l’opposition : les exposer et y répondre ; Relance ne les connaît pas."))
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

    def money(value: Decimal) -> str:
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
    """What came off the invoice: what was paid and kept, credit notes, what the creditor gave up."""
    back = [event for event in one.events if isinstance(event, e.PaymentReversed)]
    taken = {name: total(x.amount for x in back if x.payment == name) for name in {x.payment for x in back}}
    paid = [x for x in one.events if isinstance(x, e.PaymentReceived) and x.amount > taken.get(x.id, ZERO)]
    credits = [event for event in one.events if isinstance(event, e.CreditNoted)]
    on = f"Sur la facture n° {one.invoice.number}"

    def money(value: Decimal) -> str:
        return amount(value, one.invoice.currency, "fr")

    if one.invoice.already_paid > ZERO:
        yield f"{on}, {money(one.invoice.already_paid)} avaient été versés avant son recouvrement."
    if paid:
        sums = [f"{money(x.amount - taken.get(x.id, ZERO))} le {short_day(x.received_on)}" for x in paid]
        yield f"{on}, le débiteur a versé {listed(sums)} {pieces.told(*(x.id for x in paid))}".rstrip() + "."
    notes = [f"{money(x.amount)} le {short_day(x.on)} ({x.number})" for x in credits if not is_remission(x.number)]
    if notes:
        yield f"{on}, le créancier a porté au crédit du débiteur, par avoir, {listed(notes)}."
    waived = [f"{money(x.amount)} le {short_day(x.on)}" for x in credits if is_remission(x.number)]
    if waived:
        yield f"{on}, le créancier a remis {listed(waived)} du principal."


def _recognised(one: ClaimInFile, pieces: Pieces) -> Iterator[str]:
    """What the debtor undertook and did not keep: a debt that he recognised (2240 C. civ.)."""
    plans = [event for event in one.events if isinstance(event, e.PlanAgreed)]
    broken = any(isinstance(event, e.PlanBroken) for event in one.events)
    if plans and broken:
        last = plans[-1]
        signed = f"signé le {long_date(last.signed_on, 'fr')}" if last.signed_on else f"convenu le {short_day(last.on)}"
        text = f"L’échéancier {signed} pour la facture n° {one.invoice.number} n’a pas été respecté"
        yield f"{text} {pieces.told(last.id)}".rstrip() + "."
    days = [long_date(x.pay_on, "fr") for x in one.events if isinstance(x, e.PromiseBroken)]
    if days:
        when = f"pour le {listed(days)}, sans y donner suite"
        yield f"Le débiteur a annoncé le paiement de la facture n° {one.invoice.number} {when}."


def _reminders(brief: Brief, pieces: Pieces) -> Iterator[str]:
    sent = [n for one in brief.claims for n in one.notices if n.channel != "registered_letter"]
    if not sent:
        return
    days = list(dict.fromkeys(short_day(local_day(n.at)) for n in sorted(sent, key=lambda n: n.at)))
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
        sent = notice.posted_on or local_day(notice.at)
        got = f", distribuée ou présentée le {long_date(notice.delivered_on, 'fr')}" if notice.delivered_on else ""
        told = f"Par lettre recommandée du {long_date(sent, 'fr')}{got}, il l’a mis en demeure de payer"
        told = f"{told} {pieces.told(notice.message_id, *proofs)}".rstrip()
        yield f"{told}. Cette mise en demeure est restée sans paiement complet."


def _proves(event: e.Event, notice: NoticeCopy) -> bool:
    if not isinstance(event, e.LetterPosted | e.LetterDelivered | e.LetterReturned):
        return False
    return (event.step, event.passage) == (notice.step, notice.passage)


def _answers(brief: Brief) -> Iterator[str]:
    """What the debtor contested: an act that kept it silent would mislead the judge."""
    disputes = [event for one in brief.claims for event in one.events if isinstance(event, e.DisputeOpened)]
    if not disputes:
        but = "hormis cette opposition, " if opposed(brief) else ""
        yield f"À la connaissance du créancier, {but}la créance n’a fait l’objet d’aucune contestation."
        return
    for dispute in disputes:
        form = "par écrit " if dispute.written else ""
        why = f" : « {clean(dispute.reason, 600)} »" if dispute.reason else ""
        yield f"Le débiteur a contesté {form}le {long_date(dispute.on, 'fr')}{why}."
    settled = [event for one in brief.claims for event in one.events if isinstance(event, e.DisputeSettled)]
    for event in settled:
        outcome = {"rejected": "rejetée", "accepted": "admise", "partial": "admise en partie"}[event.outcome]
        yield f"Cette contestation a été {outcome} par le créancier le {long_date(event.on, 'fr')}."
