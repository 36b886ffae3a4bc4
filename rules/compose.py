"""Composing a letter: the cases it speaks for, what it asks of each, the décompte that must add up. Pure."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from rules.calendars import local_day
from rules.case import Case
from rules.claim import Context, asked_principal, claimed_decompte
from rules.decision import Send
from rules.invoice import Payee
from rules.ladder import answer_days
from rules.law import Decompte
from rules.law.days import next_business_day
from rules.letter import Letter, LetterItem, Previous
from rules.money import ZERO
from rules.outbox import Covered
from rules.plan_letters import kind_of, missing_on, plan_notice
from rules.policy import Claims, Policy

Spoken = tuple[Case, Send]
"""A case and the step that the letter takes for it."""
Aside = tuple[Case, str]
"""A case that the letter names for information only, and why."""


def compose(
    lead: Spoken,
    others: Sequence[Spoken],
    context: Context,
    now: datetime,
    *,
    message_id: str,
    aside: Sequence[Aside] = (),
) -> Letter:
    """The letter that takes ``lead``'s step, in its tone, and speaks for the ``others`` of the debtor at their own
    rungs; those ``aside`` are named for information. ``now`` is aware UTC (virtual); amounts are drawn up to the lead's
    ``as_of``."""
    case, step = lead
    today, spoken = local_day(now, context.policy.zone), [lead, *others]
    return Letter(
        message_id=message_id,
        on=today,
        as_of=step.as_of,
        language=case.debtor.language,
        step=kind_of(step),
        passage=step.passage,
        tone=step.tone,
        variant=step.variant,
        channel=step.channel,
        claims=step.claims,
        formal=step.formal,
        creditor=context.creditor,
        debtor=case.debtor,
        payee=_payee(case, context),
        currency=case.invoice.currency,
        items=tuple(_item(one, taken, context, step.as_of) for one, taken in spoken),
        set_aside=tuple(_aside(one, why, step.as_of) for one, why in aside),
        decompte=_decompte(spoken, context, step.as_of),
        answer_within=_answer_within(case, step, context.policy),
        pay_by=_pay_by(step, context.policy, today),
        moment=now.astimezone(context.policy.zone),
        plan=None if step.about is None else plan_notice(case, step.about, context.policy.plan.notice_days),
        reasons=None if case.answer_owed is None or step.about is None else case.answer_owed.answer,
    )


def _payee(case: Case, context: Context) -> Payee | None:
    """The account to pay to when it is not the creditor's; one in confidence is held in the creditor's name."""
    payee = case.invoice.payee
    return payee if payee is None or payee.name else payee.model_copy(update={"name": context.creditor.name})


def _answer_within(case: Case, step: Send, policy: Policy) -> int | None:
    """The answer period of a mise en demeure, in days."""
    rung = policy.at(step.step)
    return answer_days(case, rung) if rung is not None and step.formal else None


def _pay_by(step: Send, policy: Policy, today: date) -> date | None:
    """« Sous huitaine »: the last relance names the day; a mise en demeure counts from its delivery instead."""
    steps = [rung.step for rung in policy.rung if rung.prepares is None and not rung.is_call]
    after = steps[steps.index(step.step) + 1 :] if step.step in steps else []
    following = policy.at(after[0]) if after else None
    last = step.claims is Claims.ALL or (following is not None and following.is_formal)
    return next_business_day(today + timedelta(days=8)) if last and not step.formal and step.about is None else None


def _item(case: Case, step: Send, context: Context, as_of: date) -> LetterItem:
    invoice = case.invoice
    principal = asked_principal(case, as_of)
    if step.about is not None and case.plan is not None:
        principal = missing_on(case.plan, case, step.about)
    asked = claimed_decompte(case, context, as_of).exigible if step.claims is Claims.ALL else principal
    return LetterItem(
        case=case.id,
        step=step.step,
        passage=step.passage,
        claims=step.claims,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=case.anchor_on,
        total=invoice.total,
        paid=case.received,
        credited=case.credited,
        balance=case.open_principal,
        disputed=case.disputed,
        asked=asked,
        days_late=max(0, (as_of - case.anchor_on).days),
        order_reference=invoice.order_reference,
        subject=invoice.subject,
        performed_on=invoice.performed_on,
        previous=tuple(Previous(step=s.step, on=s.on, channel=s.channel or "") for s in case.steps if s.written),
    )


def _aside(case: Case, why: str, as_of: date) -> LetterItem:
    """An invoice that nothing is asked for today."""
    invoice = case.invoice
    return LetterItem(
        case=case.id,
        step="",
        passage=case.passage,
        number=invoice.number,
        issued_on=invoice.issued_on,
        due_on=case.anchor_on,
        total=invoice.total,
        paid=case.received,
        credited=case.credited,
        balance=case.open_principal,
        asked=ZERO,
        days_late=max(0, (as_of - case.anchor_on).days),
        aside=why,
    )


def _decompte(spoken: Sequence[Spoken], context: Context, as_of: date) -> Decompte | None:
    """One décompte for all the invoices whose rung claims or mentions more than the principal."""
    counted = [case for case, step in spoken if step.claims is not Claims.PRINCIPAL]
    return together([claimed_decompte(case, context, as_of) for case in counted]) if counted else None


def together(drawn: Sequence[Decompte]) -> Decompte:
    """Several cases' décomptes as one: each drawn up alone, so that no payment of one invoice can touch another."""
    first = drawn[0]
    if len(drawn) == 1:
        return first
    drawn = [_named(one) for one in drawn]
    sums = ("principal", "interest", "indemnity", "total", "daily", "accrued", "not_yet_due")
    lists = ("balances", "lines", "payments", "credits", "indemnities", "given_up")
    warnings = {warning.code: warning for one in drawn for warning in one.warnings}
    return first.model_copy(
        update={
            **{name: sum((getattr(one, name) for one in drawn), ZERO) for name in sums},
            **{name: tuple(entry for one in drawn for entry in getattr(one, name)) for name in lists},
            "interest_to": min(one.interest_to for one in drawn),
            "warnings": tuple(warnings.values()),
        }
    )


def _named(one: Decompte) -> Decompte:
    """A case's décompte whose payments and credits say which invoice they are of."""
    numbers = {balance.invoice for balance in one.balances}
    if len(numbers) != 1:
        return one
    named = {"invoice": numbers.pop()}
    return one.model_copy(
        update={
            "payments": tuple(paid.model_copy(update=named) for paid in one.payments),
            "credits": tuple(credit.model_copy(update=named) for credit in one.credits),
        }
    )


def covered_of(case: Case, step: Send, letter: Letter) -> Covered:
    """What the outbox keeps of what a letter says for a case."""
    item = next(entry for entry in letter.items if entry.case == case.id)
    return Covered(case=case.id, passage=step.passage, step=step.step, balance=item.balance, claim=item.asked)


def message_id(case: Case, step: Send, sender: str) -> str:
    """The Message-ID of a letter: it names the act, (case, passage, step, channel), and never the attempt (RFC 5322,
    3.6.4). An address that bounced, or a letter that did not arrive or came back, makes the next letter another act."""
    times = len(case.bad_addresses) + case.returns + len(case.lost)
    act = f"{case.id}\x1f{step.passage}\x1f{step.step}\x1f{step.channel}\x1f{times}"
    domain = sender.rpartition("@")[2] or "relance.invalid"
    return f"<{hashlib.sha256(act.encode()).hexdigest()[:32]}@{domain}>"
