"""How a case changes on its way to a judge, and when another holds it. Pure."""

from rules import events as e
from rules.case import Case, StepOutcome
from rules.fold_steps import Change
from rules.fold_terms import NO_SETTLEMENT
from rules.judicial import ENDINGS, IN_INSOLVENCY, proceedings


def judicial(case: Case, event: e.JudicialEventNoted) -> Change:
    """A procedure that ends without a title puts the rung of the file ahead again: another way is proposed."""
    change: Change = {"judicial": (*case.judicial, event)}
    if event.event in ENDINGS and event.procedure not in IN_INSOLVENCY:
        change |= _without_file(case)
    return change


def _without_file(case: Case) -> Change:
    kept = tuple(s for s in case.steps if s.outcome is not StepOutcome.PREPARED or s.passage != case.passage)
    return {"steps": kept, "file": None, "outdated": None, "approval": None, "approved": None}


UNTRUE = {
    "payment_received": "un paiement",
    "payment_reversed": "un paiement repris",
    "credit_noted": "un avoir",
    "dispute_opened": "une contestation",
    "plan_agreed": "un échéancier",
    "settlement_agreed": "une transaction",
    "mediation_opened": "une médiation",
    "accessories_waived": "une remise",
    "terms_changed": "une autre échéance",
    "case_closed": "la clôture du dossier",
    "file_overtaken": "un fait signalé",
}
"""What a file that waits to be lodged does not state yet, by the kind of the event."""


def outdated(case: Case, event: e.Event) -> Change:
    """The file that waits to be lodged no longer says the truth: the event's id, and what it was. The first one
    stays."""
    waits = case.file is not None and case.outdated is None and proceedings(case) is None
    if not waits or event.kind not in UNTRUE:
        return {}
    what = f"{UNTRUE[event.kind]} du {event.on:%d/%m/%Y}"
    if isinstance(event, e.FileOvertaken) and event.invoice is not None:
        what = f"facture {event.invoice}, {UNTRUE.get(event.what or '', 'un fait nouveau')} du {event.on:%d/%m/%Y}"
    return {"outdated": (event.id, what)}


def told(case: Case, event: e.DeadlineNear | e.DeadlinePassed) -> Change:
    return {"deadlines": (*case.deadlines, event)}


def recalled(case: Case, event: e.FileRecalled) -> Change:
    """As a refusal: nothing more is done until a person decides. In insolvency it is drawn up anew at once: its time
    runs."""
    if event.step in IN_INSOLVENCY:
        return _without_file(case)
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
