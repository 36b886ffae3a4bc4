"""How a case changes on its way to a judge, and when another holds it. Pure."""

from rules import events as e
from rules.case import Case, StepOutcome
from rules.fold_steps import Change
from rules.fold_terms import NO_SETTLEMENT
from rules.judicial import ENDINGS
from rules.law import Procedure


def judicial(case: Case, event: e.JudicialEventNoted) -> Change:
    """A procedure that ends without a title puts the rung of the file ahead again: another way is proposed."""
    change: Change = {"judicial": (*case.judicial, event)}
    if event.event in ENDINGS and event.procedure != Procedure.DECLARATION:
        change |= _without_file(case)
    return change


def _without_file(case: Case) -> Change:
    kept = tuple(s for s in case.steps if s.outcome is not StepOutcome.PREPARED or s.passage != case.passage)
    return {"steps": kept, "file": None, "approval": None, "approved": None}


def told(case: Case, event: e.DeadlineNear | e.DeadlinePassed) -> Change:
    return {"deadlines": (*case.deadlines, event)}


def recalled(case: Case, event: e.FileRecalled) -> Change:
    """As a refusal: nothing more is done until a person decides."""
    declined = e.StepDeclined(
        id=event.id, on=event.on, at=event.at, by=event.by, door=event.door,
        step=event.step, passage=event.passage, reason=event.reason,
    )  # fmt: skip
    return {**_without_file(case), "declined": declined}


def handed(_case: Case, event: e.HandedOver) -> Change:
    return {**NO_SETTLEMENT, "handed": event, "approval": None, "approved": None, "call": None}


def taken_back(_case: Case, _event: e.TakenBack) -> Change:
    return {"handed": None}


def mediation(_case: Case, event: e.MediationOpened) -> Change:
    return {"mediation": event, "approval": None, "approved": None, "call": None}


def mediated(case: Case, event: e.MediationEnded) -> Change:
    began = case.mediation.agreed_on if case.mediation is not None else event.ended_on
    return {"mediation": None, "mediated": (*case.mediated, (began, event.ended_on))}


def cost(case: Case, event: e.CostIncurred) -> Change:
    return {"costs": (*case.costs, event)}
