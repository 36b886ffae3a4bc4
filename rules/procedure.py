"""The route proposed for a case: procedure, court, conditions, cost, length, what is missing, every reason. Pure.

Informs; an operator approves, picks another or declines. No lawyer has reviewed it.
"""

from collections.abc import Iterator
from datetime import date

from rules.case import Case, StepOutcome
from rules.claim import Context, suable_decompte
from rules.expiry import limitation_on
from rules.judicial import DECLARATION, IN_INSOLVENCY
from rules.law import Decompte, Procedure, Route, route
from rules.law.days import add_months
from rules.law.durations import durations
from rules.money import ZERO, total
from rules.pieces import Ground, Severity, unmet
from rules.proposal import Criterion, Need, Proposal
from rules.refusals import Refused
from rules.routing import route_facts

WRITE_OFF = "write_off"


def chosen_route(case: Case, context: Context, on: date, procedure: Procedure | None = None) -> Route:
    """The route of a case on a day; ``procedure``: the one a person picks. Raises Refused when nothing is owed, and
    when the procedure picked is not open, with the reason."""
    facts = route_facts(case, context.creditor, context.tables, on)
    if procedure is not None:
        return route(facts, context.tables, chosen=procedure)
    first = route(facts, context.tables)
    preferred = context.policy.judicial.preferred
    if preferred is None or first.procedure is not Procedure.ORDER or preferred is first.procedure:
        return first
    try:
        return route(facts, context.tables, chosen=preferred)
    except Refused:
        return first  # the policy's way is not open for this claim: the law's first one stands


def route_to_prepare(case: Case, context: Context, step: str, on: date) -> Route | None:
    """The route a file is prepared for: of the declaration in insolvency, else the one a person picked, else the one
    that was proposed to him, else the first; None when nothing is owed."""
    asked = case.approval.route.procedure if case.approval is not None and case.approval.route is not None else None
    picked = case.approved.procedure if case.approved is not None else None
    name = DECLARATION if step in IN_INSOLVENCY else picked or asked
    try:
        return chosen_route(case, context, on, None if name is None else Procedure(name))
    except Refused:
        return _first_or_none(case, context, on)


def _first_or_none(case: Case, context: Context, on: date) -> Route | None:
    """What was approved is open no more on the day: the first way is, if anything is owed."""
    try:
        return chosen_route(case, context, on)
    except Refused:
        return None


def proposal(case: Case, context: Context, on: date) -> Proposal | None:
    """What is proposed on a day; None when nothing is owed. Never raises on a running case."""
    try:
        found = chosen_route(case, context, on)
    except Refused:
        return None
    return proposal_of(found, case, context, on)


def proposal_of(found: Route, case: Case, context: Context, on: date) -> Proposal:
    """A route with what the case adds to it: conditions met or not, pieces, cost and its weight."""
    drawn = suable_decompte(case, context.creditor, context.tables, on)
    amount = max(ZERO, drawn.principal + drawn.interest)
    cost = total(fee.amount for fee in found.fees)
    heavy = amount > ZERO and cost / amount > context.policy.judicial.expected_cost_ratio
    return Proposal(
        as_of=on,
        amount=amount,
        procedure=found.procedure,
        court=found.court,
        place=found.place,
        court_confirmed=found.court_confirmed,
        form=found.form,
        lawyer_required=found.lawyer_required,
        amicable_attempt_required=found.amicable_attempt_required,
        reasons=found.reasons,
        criteria=tuple(criteria(case, context, drawn, on)),
        fees=found.fees,
        cost=cost,
        durations=durations(found.procedure, found.court, context.tables, on),
        alternatives=found.alternatives,
        missing=found.missing,
        needs=needs(case, context, drawn, found.procedure),
        advice=WRITE_OFF if heavy or found.procedure is Procedure.NONE else None,
        tables=context.tables.version,
    )


def criteria(case: Case, context: Context, drawn: Decompte, on: date) -> Iterator[Criterion]:
    """The conditions of a judicial recovery, each met or not: certain, liquid, due, undisputed, in time, solvent,
    at a known address, after a mise en demeure."""
    disputed = bool(case.disputes)
    due = drawn.principal - drawn.not_yet_due
    limit = limitation_on(case, context.tables)
    months = int(context.tables.amount("limitation_alert_months", on))
    far = limit is None or limit >= add_months(on, months)
    address = case.postal
    formal = any(s.channel == "registered_letter" and s.outcome is StepOutcome.DELIVERED for s in case.steps)
    said = "contestée par le débiteur" if disputed else "aucune contestation connue"
    yield Criterion(name="certain", met=not disputed, because=said, article="1405 CPC")
    yield Criterion(
        name="liquid", met=drawn.principal > ZERO, because=f"montant déterminé : {drawn.principal}", article="1405 CPC"
    )
    yield Criterion(name="due", met=due > ZERO, because=f"échu : {due}", article="1405 CPC")
    near = "inconnue" if limit is None else f"le {limit:%d/%m/%Y}"
    yield Criterion(name="in_time", met=far, because=f"prescription {near}", article="2219 et 2241 C. civ.")
    open_ = case.stay
    solvent = "aucune procédure collective connue" if open_ is None else f"ouverte le {open_.opened_on:%d/%m/%Y}"
    yield Criterion(name="solvent", met=open_ is None, because=solvent, article="L622-21 C. com.")
    good = address is not None and case.returned is None
    where = "adresse complète, aucun pli revenu" if good else "adresse inconnue ou pli revenu"
    yield Criterion(name="address", met=good, because=where, article="1406 CPC")
    noticed = "mise en demeure distribuée, restée sans réponse" if formal else "aucune mise en demeure distribuée"
    yield Criterion(name="formal_notice", met=formal, because=noticed, article="1344 C. civ.")


def needs(case: Case, context: Context, drawn: Decompte, procedure: str) -> tuple[Need, ...]:
    """The pieces the file lacks, as far as the case knows them; the file itself is checked again when it is built."""
    ground = ground_of(case, context, drawn, procedure)
    return tuple(
        Need(title=need.title, reason=need.reason, blocks=severity is Severity.BLOCKS)
        for need, severity in unmet(ground, held(case))
    )


def ground_of(case: Case, context: Context, drawn: Decompte | None = None, procedure: str = "") -> Ground:
    """What decides which pieces the case's file needs."""
    return Ground(
        debtor=case.debtor.kind,
        represented=context.creditor.representative is not None,
        single_source=drawn is not None and any(line.single_source for line in drawn.lines),
        declares=procedure == Procedure.DECLARATION,
    )


def held(case: Case) -> frozenset[str]:
    """The kinds of the pieces that the invoice, the events and the letters name."""
    formal = {"formal_notice"} if any(s.written and s.channel == "registered_letter" for s in case.steps) else set()
    return case.pieces | {document.kind for document in case.invoice.documents} | formal
