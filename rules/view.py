"""A case as others see it: the answer of the query, of ``submit``, of ``show`` and of the API. Pure."""

from datetime import date, datetime

from rules.base import Frozen
from rules.case import Case, Stage
from rules.decision import Decision, Task
from rules.money import ZERO, Money
from rules.profile import Profiled


class ClaimView(Frozen):
    principal: Money
    interest: Money
    indemnity: Money
    costs: Money
    total: Money


class SuspensionView(Frozen):
    by: str
    until: date | None = None


class NextView(Frozen):
    step: str
    at: datetime | None
    because: str


class StepView(Frozen):
    step: str
    passage: int
    at: datetime
    channel: str | None
    message_id: str | None
    outcome: str


class LedgerView(Frozen):
    position: int
    hash: str | None


class CaseView(Frozen):
    """The public shape of a case; amounts are strings with two decimals, moments UTC."""

    id: str
    stage: str
    outcome: str | None = None
    suspended: SuspensionView | None = None
    as_of: date | None = None
    currency: str
    claim: ClaimView | None = None
    paid: Money = ZERO
    limitation_on: date | None = None
    next: NextView | None = None
    steps: tuple[StepView, ...] = ()
    tasks: tuple[Task, ...] = ()
    ledger: LedgerView = LedgerView(position=0, hash=None)
    profile: Profiled | None = None


def unborn(case_id: str, currency: str) -> CaseView:
    """A case that was started and not yet decided upon."""
    return CaseView(id=case_id, stage=Stage.NOT_DUE, currency=currency)


def view(case: Case, decision: Decision, head: str | None) -> CaseView:
    """The case at the instant of its last decision."""
    claim, pause = decision.claim, decision.suspended
    return CaseView(
        id=case.id,
        stage=decision.stage,
        outcome=case.closed.outcome if case.closed else None,
        suspended=SuspensionView(by=pause.by, until=pause.until) if pause else None,
        as_of=decision.as_of,
        currency=case.invoice.currency,
        claim=ClaimView(
            principal=claim.principal,
            interest=claim.interest,
            indemnity=claim.indemnity,
            costs=claim.costs,
            total=claim.total,
        ),
        paid=case.received,
        limitation_on=decision.limitation_on,
        next=None if case.closed else NextView(step=decision.name, at=decision.at, because=decision.because),
        steps=tuple(
            StepView(
                step=s.step,
                passage=s.passage,
                at=s.at,
                channel=s.channel,
                message_id=s.message_id,
                outcome=s.outcome,
            )
            for s in case.steps
        ),
        tasks=decision.tasks,
        ledger=LedgerView(position=case.position, hash=head),
        profile=decision.profile,
    )
