"""The articles that an event of a case rests on or sets in motion: those of this case, its debtor and its day. Pure."""

from audit.redecide import Today
from rules import events as e
from rules.case import Case
from rules.claim import decompte_of
from rules.expiry import limitation_article
from rules.judicial import DECLARATION
from rules.law.kinds import DebtorKind
from rules.law.procedures import BASIS, Procedure
from rules.money import ZERO


def articles_of(event: e.Event, case: Case, today: Today) -> tuple[str, ...]:
    """The articles; ``case``: as the event left it."""
    match event:
        case e.NoticeSent():
            return _letter(event, case, today)
        case e.PaymentReceived():
            # What is paid in part is recognised (2240); what is paid in full is extinguished.
            return ("1343-1 C. civ.", "2240 C. civ.") if case.open_principal > ZERO else ("1343-1 C. civ.",)
        case e.PlanAgreed():
            return ("2240 C. civ.",) if event.signed_on is not None else ()
        case e.InsolvencyOpened():
            return () if event.procedure == "consumer_over_indebtedness" else ("L622-21, L622-24 et R622-24 C. com.",)
        case e.LimitationNear():
            found = limitation_article(case, today.tables)
            return () if found is None else (found,)
        case e.FilePrepared():
            return _file(event, case)
    return ()


def _letter(event: e.NoticeSent, case: Case, today: Today) -> tuple[str, ...]:
    """Of a registered letter the demand's; of what is claimed beyond the principal, those of the décompte of its
    day."""
    found = ["1344 C. civ."] if event.channel == "registered_letter" else []
    if event.claim != event.principal:
        drawn = decompte_of(case, today.creditor, today.tables, event.on)
        found += [line.article for line in drawn.lines if line.interest]
        found += [one.article for one in drawn.indemnities if one.amount]
    return tuple(dict.fromkeys(found))


def _file(event: e.FilePrepared, case: Case) -> tuple[str, ...]:
    named = event.procedure or (Procedure.DECLARATION if event.step == DECLARATION else None)
    if named is None or named not in set(BASIS):
        return ()
    civil, _, administrative = BASIS[Procedure(named)].partition(" ; ")
    public = case.invoice.debtor.kind is DebtorKind.PUBLIC_BODY
    return (administrative if public and administrative else civil,)
