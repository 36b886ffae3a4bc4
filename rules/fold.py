"""Folding events into a case: one small function per kind of event, and nothing else. Pure."""

from collections.abc import Callable, Iterable
from typing import Any

from rules import events as e
from rules import fold_facts as facts
from rules import fold_judicial as court
from rules import fold_steps as steps
from rules import fold_terms as terms
from rules.case import Case
from rules.fold_steps import Change
from rules.invoice import InvoiceIssued


def open_case(case_id: str, opened: e.CaseOpened, invoice: InvoiceIssued | None = None) -> Case:
    """The case as its first event leaves it; ``invoice`` when the event was stored without it."""
    known = opened.invoice or invoice
    if known is None:
        raise ValueError(f"{case_id}: the opening event carries no invoice")
    left = known.already_paid
    anchor = known.schedule[-1].due_on
    for part in known.schedule:
        if left < part.amount:
            anchor = part.due_on
            break
        left -= part.amount
    return Case(
        id=case_id,
        invoice=known,
        policy=opened.policy,
        version=opened.version,
        opened_at=opened.at,
        opened_on=opened.on,
        position=1,
        last_at=opened.at,
        anchor_on=anchor,
    )


def fold(case: Case, event: e.Event) -> Case:
    """The case after one more event."""
    change = {"reopened": None, **court.outdated(case, event), **_CHANGES.get(type(event), _nothing)(case, event)}
    change["position"] = case.position + 1
    change["last_at"] = max(case.last_at, event.at)
    return case.model_copy(update=change)


def fold_all(case_id: str, history: Iterable[e.Event], invoice: InvoiceIssued | None = None) -> Case:
    """The case that a whole history amounts to; raises ValueError when it does not begin with its opening."""
    events = iter(history)
    first = next(events, None)
    if not isinstance(first, e.CaseOpened):
        raise ValueError(f"{case_id}: the history does not begin with case_opened")
    case = open_case(case_id, first, invoice)
    for event in events:
        case = fold(case, event)
    return case


def _nothing(_case: Case, _event: Any) -> Change:
    return {}


_CHANGES: dict[type[e.Event], Callable[[Case, Any], Change]] = {
    e.CaseOpened: facts.reopened,
    e.PaymentReceived: facts.paid,
    e.PaymentReversed: facts.reversed_,
    e.CreditNoted: facts.credited,
    e.DisputeOpened: facts.disputed,
    e.DisputeSettled: facts.settled,
    e.PlanAgreed: facts.plan,
    e.PlanMissed: facts.plan_missed,
    e.PlanCaughtUp: facts.plan_caught_up,
    e.PlanBroken: facts.plan_broken,
    e.PromiseMade: facts.promise,
    e.PromiseBroken: facts.promise_broken,
    e.HoldPlaced: facts.hold,
    e.HoldLifted: facts.lifted,
    e.DebtorReplied: facts.replied,
    e.ReplyEscalated: facts.reply_escalated,
    e.LetterWithdrawn: steps.withdrawn,
    e.LetterPosted: steps.posted,
    e.LetterDelivered: steps.delivered,
    e.LetterReturned: steps.letter_returned,
    e.NoticeBounced: steps.bounced,
    e.ContactChanged: steps.moved,
    e.ContactDeferred: steps.deferred,
    e.ContactRefused: steps.refused_contact,
    e.ApprovalRequested: steps.approval,
    e.ApprovalLapsed: steps.approval_lapsed,
    e.StepApproved: steps.approved,
    e.StepDeclined: steps.declined,
    e.InsolvencyOpened: facts.insolvent,
    e.AccessoriesWaived: facts.waived,
    e.RungSkipped: steps.skipped,
    e.CallRequested: steps.call_,
    e.CallLapsed: steps.call_lapsed,
    e.CallEnded: steps.call_ended,
    e.NoticeSent: steps.sent,
    e.NoticeFailed: steps.failed,
    e.NoticeInDoubt: steps.in_doubt,
    e.ActGaveUp: steps.gave_up,
    e.FilePrepared: steps.prepared,
    e.DeliveryOverdue: steps.overdue,
    e.LimitationNear: facts.limitation,
    e.PassageOpened: facts.passage,
    e.JudicialEventNoted: court.judicial,
    e.DeadlineNear: court.told,
    e.DeadlinePassed: court.told,
    e.FileRecalled: court.recalled,
    e.HandedOver: court.handed,
    e.TakenBack: court.taken_back,
    e.MediationOpened: court.mediation,
    e.MediationEnded: court.mediated,
    e.CostIncurred: court.cost,
    e.PaymentHeld: terms.payment_held,
    e.SettlementAgreed: terms.settlement,
    e.SettlementLapsed: terms.settlement_lapsed,
    e.TermsChanged: terms.terms,
    e.PolicyAdopted: facts.adopted,
    e.Noted: facts.noted,
    e.TaskClosed: facts.task_closed,
    e.SignalRefused: facts.refused,
    e.CaseClosed: facts.closed,
}
