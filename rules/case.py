"""The case: the invoice, the debtor, and what its events so far amount to. Pure, frozen."""

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from pydantic import Field

from rules import events as e
from rules.base import Remembering
from rules.invoice import Address, Debtor, Instalment, InvoiceIssued
from rules.money import ZERO, total
from rules.stages import Outcome, Pause, Stage, StepOutcome, StepTaken

__all__ = ["Case", "Outcome", "Pause", "Stage", "StepOutcome", "StepTaken"]


class Case(Remembering):
    """The fold of a case's events. Everything here is observed; nothing is computed from a clock."""

    id: str
    invoice: InvoiceIssued
    policy: str
    version: str
    opened_at: datetime
    opened_on: date
    position: int = 0
    last_at: datetime
    passage: int = 1
    anchor_on: date
    payments: tuple[e.PaymentReceived, ...] = ()
    reversed: dict[str, Decimal] = Field(default_factory=dict)
    payments_held: tuple[e.PaymentHeld, ...] = ()
    told_twice: tuple[e.PaymentHeld, ...] = ()
    credits: tuple[e.CreditNoted, ...] = ()
    settlement: e.SettlementAgreed | None = None
    settlement_base: int = 0
    settlement_open: Decimal = ZERO
    settlement_lapsed: bool = False
    settlement_shaken: e.PaymentReversed | None = None
    disputes: tuple[e.DisputeOpened, ...] = ()
    answer_owed: e.DisputeSettled | None = None
    answered: e.DisputeSettled | None = None
    plan: e.PlanAgreed | None = None
    plan_base: Decimal = ZERO
    plan_missed: e.PlanMissed | None = None
    plan_moved: bool = False
    broken: e.PlanAgreed | None = None
    interrupted_on: date | None = None
    interest_suspended: tuple[tuple[date, date | None], ...] = ()
    plans_broken: int = 0
    signed: tuple[date, ...] = ()
    promise: e.PromiseMade | None = None
    promise_base: Decimal = ZERO
    promises_made: int = 0
    promises_broken: int = 0
    hold: e.HoldPlaced | None = None
    declined: e.StepDeclined | None = None
    reply: e.DebtorReplied | None = None
    returned: e.LetterReturned | None = None
    returns: int = 0
    astray: bool = False
    bounced: frozenset[str] = frozenset()
    lost: tuple[StepTaken, ...] = ()
    insolvency: e.InsolvencyOpened | None = None
    supplied_later: bool | None = None
    approval: e.ApprovalRequested | None = None
    approved: e.StepApproved | None = None
    approval_asks: tuple[date, Decimal, Decimal] | None = None
    withdrawals: int = 0
    unposted: tuple[StepTaken, ...] = ()
    granted: tuple[e.ApprovalRequested | None, e.StepApproved] | None = None
    approvals_lapsed: int = 0
    call: e.CallRequested | None = None
    doubt: e.NoticeInDoubt | None = None
    gave_up: e.ActGaveUp | None = None
    steps: tuple[StepTaken, ...] = ()
    file: e.FilePrepared | None = None
    files: int = 0
    outdated: tuple[str, str] | None = None
    judicial: tuple[e.JudicialEventNoted, ...] = ()
    deadlines: tuple[e.DeadlineNear | e.DeadlinePassed, ...] = ()
    costs: tuple[e.CostIncurred, ...] = ()
    factor: e.Noted | None = None
    factor_consents: bool | None = None
    handed: e.HandedOver | None = None
    mediation: e.MediationOpened | None = None
    mediated: tuple[tuple[date, date], ...] = ()
    named_owner: str | None = None
    pieces: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()
    waived: tuple[e.AccessoriesWaived, ...] = ()
    accessories_dropped: bool = False
    reopened: str | None = None
    resume_at_formal: bool = False
    limitation: tuple[e.LimitationNear, ...] = ()
    open_notes: tuple[
        e.Noted
        | e.SignalRefused
        | e.NoticeBounced
        | e.NoticeFailed
        | e.ActGaveUp
        | e.ReplyEscalated
        | e.PlanBroken
        | e.CallEnded,
        ...,
    ] = ()
    bad_addresses: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    deferred: e.ContactDeferred | None = None
    bad_phones: frozenset[str] = frozenset()
    moved: e.ContactChanged | None = None
    closed: e.CaseClosed | None = None

    @cached_property
    def debtor(self) -> Debtor:
        """The debtor as known today: the invoice's, with the contacts changed since."""
        if self.moved is None:
            return self.invoice.debtor
        changed = {
            name: getattr(self.moved, name)
            for name in ("email", "phone", "address", "language")
            if getattr(self.moved, name) is not None
        }
        return self.invoice.debtor.model_copy(update=changed)

    @property
    def owner(self) -> str | None:
        """Who looks after the case, as told last; None when nobody is named."""
        return self.named_owner or self.invoice.owner

    @cached_property
    def email(self) -> str | None:
        """The address e-mails go to; None when there is none, it bounced, or the debtor wants none there."""
        address = self.debtor.email
        if address is None or address in self.bad_addresses or address.lower() in self.refused:
            return None
        return address

    @cached_property
    def phone(self) -> str | None:
        """The number calls go to; None when there is none or it was found to be wrong."""
        number = self.debtor.phone
        return None if number is None or number in self.bad_phones else number

    @cached_property
    def postal(self) -> Address | None:
        """The address letters go to; None when it is incomplete, or a letter came back from it and nobody has given
        another or confirmed it since (``astray``)."""
        address = self.debtor.address
        return None if address is None or not address.complete or self.astray else address

    @property
    def stay(self) -> e.InsolvencyOpened | None:
        """The insolvency that stops this claim: performed before it opened, or nobody knows when; later supplies go on
        (L622-17, L622-21 C. com.)."""
        opened, performed = self.insolvency, self.invoice.performed_on
        if opened is None or self.supplied_later or (performed is not None and performed >= opened.opened_on):
            return None
        return opened

    @property
    def age_unknown(self) -> bool:
        """Whether nobody knows if the claim is older than the insolvency."""
        return self.stay is not None and self.invoice.performed_on is None and self.supplied_later is None

    @cached_property
    def received(self) -> Decimal:
        """All that was paid and not taken back, what was paid before the case opened included."""
        return self.invoice.already_paid + total(p.amount for p in self.payments) - total(self.reversed.values())

    @cached_property
    def recognitions(self) -> tuple[date, ...]:
        """The days on which the debtor recognised the debt: part payments that stand, plans signed (2240 C. civ.)."""
        standing = (p.received_on for p in self.payments if self.reversed.get(p.id, ZERO) < p.amount)
        return tuple(sorted({*self.signed, *standing}))

    @cached_property
    def credited(self) -> Decimal:
        """The sum of the credit notes."""
        return total(note.amount for note in self.credits)

    @cached_property
    def open_principal(self) -> Decimal:
        """What of the invoice is neither paid nor credited, payments taken as principal; never below zero."""
        return max(ZERO, self.invoice.total - self.received - self.credited)

    @cached_property
    def excess(self) -> Decimal:
        """What was paid or credited beyond the invoice."""
        return max(ZERO, self.received + self.credited - self.invoice.total)

    @cached_property
    def disputed(self) -> Decimal:
        """The disputed part of the principal; the whole when one dispute names no amount."""
        if any(dispute.amount is None for dispute in self.disputes):
            return self.open_principal
        return min(self.open_principal, total(dispute.amount or ZERO for dispute in self.disputes))

    @cached_property
    def settled_on(self) -> date | None:
        """The day the last payment brought what was missing; None while something is open, or when no payment did."""
        paid = self.closed is not None and self.closed.outcome in (Outcome.PAID, Outcome.SETTLED)
        if not paid and self.open_principal > ZERO:
            return None
        standing = (p.received_on for p in self.payments if self.reversed.get(p.id, ZERO) < p.amount)
        return max(standing, default=None)

    def balances(self) -> tuple[Instalment, ...]:
        """What is open of each instalment, the oldest served first."""
        return self._balances

    @cached_property
    def _balances(self) -> tuple[Instalment, ...]:
        left = self.received + self.credited
        parts = []
        for part in self.invoice.schedule:
            served = min(part.amount, max(ZERO, left))
            left -= served
            parts.append(part.model_copy(update={"amount": part.amount - served}))
        return tuple(parts)

    @cached_property
    def asked_when(self) -> tuple[Instalment, ...]:
        """What is open, each part on the day from which it may be asked: the instalments of the invoice, or those of a
        plan that broke without acceleration, which keep their days."""
        if self.broken is None:
            return self._balances
        before, parts = ZERO, []
        for due_on, gap in self.missing_of(self.broken):
            parts.append(Instalment(due_on=due_on, amount=max(ZERO, gap - before)))
            before = max(before, gap)
        return tuple(parts)

    def missing_of(self, plan: e.PlanAgreed) -> list[tuple[date, Decimal]]:
        """Each instalment's day with what is missing of the plan up to it, payments since the plan counted together:
        never more than is open, and at its end all of it."""
        asked, paid, gaps = ZERO, self.received - self.plan_base, []
        for part in sorted(plan.instalments, key=lambda p: p.due_on):
            asked += part.amount
            gaps.append((part.due_on, min(self.open_principal, max(ZERO, asked - paid))))
        return [*gaps[:-1], (gaps[-1][0], self.open_principal)]

    def due_principal(self, on: date) -> Decimal:
        """The principal that may be asked on that day: its instalments due, less what was paid and credited."""
        return total(part.amount for part in self.asked_when if part.due_on <= on)

    def taken(self, step: str, passage: int | None = None) -> StepTaken | None:
        """What became of that rung in a passage (default: the current one); None when it is still ahead."""
        wanted = self.passage if passage is None else passage
        return next((s for s in self.steps if s.step == step and s.passage == wanted), None)

    @cached_property
    def last_written(self) -> StepTaken | None:
        """The last letter of the case, whatever the passage."""
        return next((s for s in reversed(self.steps) if s.written), None)
