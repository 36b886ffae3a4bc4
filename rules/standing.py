"""Where a case stands on its way to a title, in one value: file, procedure, clocks, costs, who holds it. Pure."""

from datetime import date
from decimal import Decimal

from rules.base import Stored
from rules.case import Case
from rules.claim import Context, claim_of
from rules.decision import Claim, Task
from rules.judicial import advanced, judgment_of, proceedings, recoverable
from rules.judicial_clocks import running
from rules.judicial_tasks import judicial_tasks
from rules.money import ZERO, total
from rules.proposal import Proposal


class Clock(Stored):
    """A legal time limit that runs. ``own``: its end is a loss for the creditor."""

    name: str
    last_day: date
    label: str
    article: str
    own: bool
    to_confirm: bool = False


class Happened(Stored):
    """What a court, a greffe or a commissaire de justice did."""

    event: str
    on: date
    court: str | None = None
    reference: str | None = None
    hearing_on: date | None = None


class Holder(Stored):
    """Who has the case in the creditor's place, on which terms."""

    to: str
    role: str
    since: date
    commission: str | None = None
    fee: Decimal | None = None
    mandate: str | None = None
    returns_on: date | None = None


class Standing(Stored):
    """Amounts in the invoice's currency. ``advanced``: what the acts cost so far; ``recoverable``: what of it may be
    claimed today. ``rate``: of the decision; absent before one, or when the legal rate applies."""

    case: str
    as_of: date
    claim: Claim
    proposal: Proposal | None = None
    approval: str | None = None
    file: str | None = None
    manifest: str | None = None
    procedure: str | None = None
    events: tuple[Happened, ...] = ()
    enforceable_on: date | None = None
    rate: Decimal | None = None
    clocks: tuple[Clock, ...] = ()
    advanced: Decimal = ZERO
    recoverable: Decimal = ZERO
    holder: Holder | None = None
    mediation_since: date | None = None
    insolvency: str | None = None
    declare_by: date | None = None
    tasks: tuple[Task, ...] = ()


def standing(case: Case, context: Context, on: date) -> Standing:
    """The standing of a case on a day."""
    now, judged, opened = proceedings(case), judgment_of(case, on), case.insolvency
    asked = case.approval if case.approval is not None and case.approval.route is not None else None
    return Standing(
        case=case.id,
        as_of=on,
        claim=claim_of(case, context.creditor, context.tables, on),
        proposal=asked.route if asked is not None else None,
        approval=asked.step if asked is not None else None,
        file=case.file.path if case.file is not None else None,
        manifest=case.file.manifest if case.file is not None else None,
        procedure=now.procedure if now is not None else case.file.procedure if case.file is not None else None,
        events=tuple(
            Happened(event=x.event, on=x.on, court=x.court, reference=x.reference, hearing_on=x.hearing_on)
            for x in case.judicial
        ),
        enforceable_on=judged.enforceable_on if judged is not None else None,
        rate=judged.rate if judged is not None else None,
        clocks=_clocks(case, context),
        advanced=total(amount for _, _, amount in advanced(case, on)),
        recoverable=recoverable(case, on),
        holder=_holder(case),
        mediation_since=case.mediation.agreed_on if case.mediation is not None else None,
        insolvency=opened.procedure if opened is not None else None,
        declare_by=opened.declare_by if opened is not None else None,
        tasks=tuple(judicial_tasks(case, context, on)),
    )


def _clocks(case: Case, context: Context) -> tuple[Clock, ...]:
    return tuple(
        Clock(
            name=one.name,
            last_day=one.last_day,
            label=one.label,
            article=one.article,
            own=one.own,
            to_confirm=one.single_source,
        )
        for one in running(case, context)
    )


def _holder(case: Case) -> Holder | None:
    held = case.handed
    if held is None:
        return None
    terms = held.model_dump(include={"to", "role", "since", "commission", "fee", "mandate", "returns_on"})
    return Holder.model_validate(terms)
