"""Several invoices of one debtor in one judicial file, when the policy says so: when, with which, and how. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rules.brief import Brief
from rules.calendars import local_day, start_of
from rules.case import Case
from rules.claim import Context, region
from rules.compose import together
from rules.decision import Decision, PrepareFile
from rules.events import Event, FileRecalled
from rules.judicial import IN_INSOLVENCY
from rules.law import Procedure, next_business_day, route
from rules.money import total
from rules.procedure import route_to_prepare
from rules.refusals import Refused
from rules.routing import route_facts


def groups(context: Context, step: str) -> bool:
    """Whether a file of that step speaks for the debtor's other invoices; in insolvency each
    is made invoice by invoice."""
    return context.policy.judicial.grouped and step not in IN_INSOLVENCY


def file_moment(case: Case, context: Context, at: datetime) -> datetime:
    """When an approved file is prepared: a common one on the next working day, so that the invoices approved on one day
    stand in it together."""
    if not context.policy.judicial.grouped or case.approved is None:
        return at
    zone = context.policy.zone
    tomorrow = local_day(case.approved.at, zone) + timedelta(days=1)
    return max(at, start_of(next_business_day(tomorrow, region(case)), zone))


def for_the_others(before: Case, after: Case, entered: Sequence[Event]) -> tuple[str, dict[str, str]] | None:
    """What the other invoices of a common file must hear of what was just entered: that the file was called back, or
    that it no longer says the truth. As a signal's name and payload."""
    file = before.file
    if file is None or not (file.joined_to is not None or file.covers) or not entered:
        return None
    said = {"file": file.manifest, "on": f"{entered[0].on}"}
    for event in entered:
        if isinstance(event, FileRecalled):
            return "recall", said | ({"reason": event.reason} if event.reason else {})
    if before.outdated is None and after.outdated is not None:
        cause, _ = after.outdated
        kind = next((event.kind for event in entered if event.id == cause), "")
        return "file_overtaken", {**said, "invoice": after.invoice.number, "what": kind}
    return None


def joins(lead: Case, other: tuple[Case, Decision, Context], context: Context, now: datetime) -> bool:
    """Whether another case of the debtor stands in the lead's file: approved, its file due, the same procedure before
    the same judge."""
    case, decision, its = other
    step = decision.step
    due = isinstance(step, PrepareFile) and decision.at is not None and decision.at <= now
    if not due or not isinstance(step, PrepareFile) or not groups(its, step.step) or case.file is not None:
        return False
    on = local_day(now, context.policy.zone)
    mine, theirs = route_to_prepare(lead, context, step.step, on), route_to_prepare(case, its, step.step, on)
    if mine is None or theirs is None:
        return False
    return (mine.procedure, mine.court, mine.place) == (theirs.procedure, theirs.court, theirs.place)


def common_brief(lead: Brief, others: Sequence[Brief], case: Case, context: Context) -> Brief:
    """The lead's brief with the others' invoices; itself when its procedure is not open for the sum of them (a lawyer
    or another way may be needed above a threshold)."""
    proposals = [one.proposal for one in (lead, *others)]
    if not others or lead.proposal is None or any(one is None for one in proposals):
        return lead
    amount = total(one.amount for one in proposals if one is not None)
    facts = route_facts(case, context.creditor, context.tables, lead.as_of).model_copy(update={"amount": amount})
    try:
        found = route(facts, context.tables, chosen=Procedure(lead.procedure))
    except Refused:
        return lead
    names = ("court", "place", "court_confirmed", "form", "lawyer_required", "amicable_attempt_required", "reasons",
             "fees", "alternatives", "missing")  # fmt: skip
    known = {name: getattr(found, name) for name in names}
    proposal = lead.proposal.model_copy(
        update={**known, "amount": amount, "cost": total(fee.amount for fee in found.fees)}
    )
    return lead.model_copy(
        update={
            "decompte": together([one.decompte for one in (lead, *others)]),
            "joined": tuple(one.claims[0] for one in others),
            "proposal": proposal,
        }
    )
