"""Which procedure to recover a claim, before which court, what it needs and costs, and every reason. Pure.

Informs, decides nothing: a person chooses. No lawyer has reviewed it.
"""

from datetime import date
from decimal import Decimal

from rules.base import Frozen
from rules.law.courts import Competence, Court, competence
from rules.law.days import distance_of, region_of
from rules.law.fees import FeeDue, contribution, fees
from rules.law.kinds import DebtorKind, Dispute, Subject
from rules.law.procedures import (
    BASIS,
    OPEN,
    Alternative,
    Procedure,
    Reason,
    Setting,
    alternatives,
    first_procedure,
    is_closed,
    needs,
)
from rules.law.tables import Form, Tables
from rules.money import ZERO, Money
from rules.refusals import Code, Refused


class RouteFacts(Frozen):
    """What the choice depends on. ``amount``: principal and interest claimed; ``merchant``: the debtor, None
    unknown; ``refused``: the procedures a judge has turned down already; ``over_indebted``: its insolvency is that
    of a consumer, in which nothing is declared.
    """

    amount: Money
    debtor_kind: DebtorKind
    as_of: date
    merchant: bool | None = None
    creditor_merchant: bool = True
    postal_code: str | None = None
    country: str = "FR"
    subject: Subject = Subject.TRADE
    disputed: Dispute = Dispute.NO
    insolvent: bool = False
    over_indebted: bool = False
    limitation_on: date | None = None
    employees: int | None = None
    turnover: Decimal | None = None
    profit: Decimal | None = None
    refused: tuple[Procedure, ...] = ()


class Route(Frozen):
    """The procedure proposed first, its court, and what to know of it.

    ``lawyer_required`` and ``appeal`` None: not stated here, to be confirmed. ``missing``: facts and pieces
    without which the answer is not certain.
    """

    procedure: Procedure
    court: Court | None
    place: str | None
    court_confirmed: bool = False
    lawyer_required: bool | None
    amicable_attempt_required: bool
    appeal: bool | None
    form: str | None = None
    fees: tuple[FeeDue, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    missing: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    tables: str = ""


def route(facts: RouteFacts, tables: Tables, *, chosen: Procedure | None = None) -> Route:
    """The procedure open first for a claim, and all others with why they are or are not open.

    1405 to 1425 CPC (injonction), L125-1 CPCE (petites créances), 873 and 835 CPC (référé-provision), 54 and
    750-1 CPC (assignation), L622-21 and L622-24 C. com. (insolvency), R541-1 CJA (public bodies). Checked
    2026-11-22. ``chosen``: the procedure a person picks instead of the first. Raises Refused for an amount that is
    not positive, and for a chosen procedure that is not open, with the reason.
    """
    if facts.amount <= 0:
        raise Refused(f"amount: {facts.amount} is not a positive amount.", Code.AMOUNT_INVALID)
    judge = _judge(facts, tables)
    setting = _setting(facts, judge, tables)
    procedure, why = first_procedure(setting)
    if chosen is not None and chosen is not procedure:
        procedure, why = _picked(chosen, setting)
    held = procedure not in {Procedure.NONE, Procedure.DECLARATION}
    needed = needs(procedure, setting)
    due, unknown = _costs(facts, procedure, judge.court if held else None, tables)
    seat = [Reason(text=judge.because, article=judge.article)] if held else []
    return Route(
        procedure=procedure,
        court=judge.court if held else None,
        place=judge.place if held else None,
        court_confirmed=held and judge.confirmed,
        lawyer_required=needed.lawyer,
        amicable_attempt_required=needed.amicable,
        appeal=needed.appeal,
        form=_form(procedure, judge.court, tables, facts.as_of),
        fees=due,
        alternatives=alternatives(procedure, setting),
        missing=(*_missing(facts, judge, held=held), *unknown, *(("fees",) if held and not due else ())),
        reasons=(*why, *seat, *needed.reasons),
        tables=tables.version,
    )


def _judge(facts: RouteFacts, tables: Tables) -> Competence:
    return competence(
        facts.debtor_kind,
        facts.subject,
        tables,
        facts.as_of,
        merchant=facts.merchant,
        creditor_merchant=facts.creditor_merchant,
        postal_code=None if _abroad(facts) else facts.postal_code,
    )


def _abroad(facts: RouteFacts) -> bool:
    return distance_of(region_of(facts.postal_code, facts.country)) == "abroad"


def _picked(chosen: Procedure, setting: Setting) -> tuple[Procedure, list[Reason]]:
    closed = is_closed(chosen, setting)
    if closed is not None:
        raise Refused(f"procedure: {chosen} is not open for this claim: {closed}.", Code.NOT_ALLOWED_NOW)
    text = f"voie choisie par une personne ; {OPEN[chosen]}" if chosen in OPEN else "voie choisie par une personne"
    return chosen, [Reason(text=text, article=BASIS[chosen])]


def _setting(facts: RouteFacts, judge: Competence, tables: Tables) -> Setting:
    return Setting(
        amount=facts.amount,
        court=judge.court,
        as_of=facts.as_of,
        limitation_on=facts.limitation_on,
        disputed=facts.disputed,
        insolvent=facts.insolvent,
        over_indebted=facts.over_indebted,
        public=facts.debtor_kind is DebtorKind.PUBLIC_BODY,
        consumer=facts.debtor_kind is DebtorKind.CONSUMER,
        abroad=_abroad(facts),
        between_merchants=judge.court in _MERCHANTS and facts.creditor_merchant,
        tables=tables,
        refused=facts.refused,
    )


_MERCHANTS = frozenset({Court.COMMERCE, Court.ECONOMIC, Court.COMMERCIAL_CHAMBER})


def _costs(
    facts: RouteFacts, procedure: Procedure, court: Court | None, tables: Tables
) -> tuple[tuple[FeeDue, ...], tuple[str, ...]]:
    """The tariffs, and the contribution when it is known; else what is missing to know it."""
    due = fees(procedure, court, tables, facts.as_of)
    if procedure is Procedure.SMALL_CLAIM:
        return due, ()
    owed = contribution(
        court,
        facts.amount,
        tables,
        facts.as_of,
        employees=facts.employees,
        turnover=facts.turnover,
        profit=facts.profit,
    )
    if owed.amount is None:
        return due, owed.missing
    if owed.amount == ZERO:
        return due, ()
    unsettled = "application à une requête en injonction non précisée : à confirmer"
    note = unsettled if procedure is Procedure.ORDER else None
    return (*due, FeeDue(name="Contribution pour la justice économique", amount=owed.amount, note=note)), ()


def _form(procedure: Procedure, court: Court, tables: Tables, on: date) -> str | None:
    row = tables.at(Form, on, procedure=procedure.value, court=court.value)
    return f"Cerfa {row.number}" if row is not None else None


def _missing(facts: RouteFacts, judge: Competence, *, held: bool) -> list[str]:
    """The facts without which the answer may change."""
    if not held:
        return ["publication_bodacc"] if facts.insolvent else []
    absent = []
    if facts.debtor_kind is DebtorKind.UNKNOWN:
        absent.append("debtor_kind")
    if facts.debtor_kind is DebtorKind.BUSINESS and facts.merchant is None:
        absent.append("merchant")
    if facts.postal_code is None:
        absent.append("postal_code")
    elif not judge.confirmed:
        absent.append("court_name")
    if facts.limitation_on is None:
        absent.append("limitation")
    if facts.debtor_kind is DebtorKind.PUBLIC_BODY:
        absent.append("demande_prealable")
    return absent
