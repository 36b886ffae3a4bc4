"""The décompte: what is owed on a day, itemised, to the cent, net of payments and credit notes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from rules.law import cautions, rates
from rules.law.account import Account
from rules.law.days import semester_of
from rules.law.facts import Credited, DecompteFacts, Paid, Waived
from rules.law.imputation import credit_order, impute
from rules.law.statement import Balance, CreditApplied, Decompte, GivenUp, Imputed, Indemnity, Warning_
from rules.law.tables import Tables
from rules.law.wording import euros, french, semester_name
from rules.money import ZERO, cents
from rules.refusals import Code, Refused

DAY = timedelta(days=1)


@dataclass(slots=True)
class _Play:
    """The accounts while the events are played over them, and what is said meanwhile."""

    facts: DecompteFacts
    tables: Tables
    accounts: list[Account]
    payments: list[Imputed] = field(default_factory=list)
    credits: list[CreditApplied] = field(default_factory=list)
    given_up: list[GivenUp] = field(default_factory=list)
    indemnities: dict[str, Indemnity] = field(default_factory=dict)
    warnings: list[Warning_] = field(default_factory=list)


def decompte(facts: DecompteFacts, tables: Tables, *, strict: bool) -> Decompte:
    """The itemised claim on ``facts.as_of``; amounts in the invoices' currency, half-up to the cent on each
    line.

    Art. L441-10 II and D441-5 C. com. (professionals), R2192-31 and D2192-35 CCP (public buyers), 1231-6 and
    1344-1 C. civ. (others, from the mise en demeure), 1231-7 C. civ. and L313-3 CMF (after judgment), 1343-1
    and 1342-10 C. civ. (payments), L622-28 C. com. (insolvency). Checked 2026-11-22.

    ``strict`` (a command): raises Refused for an amount that is not positive, for a day whose rate is not
    published, and for a contractual rate below the legal floor in every semester. Otherwise (a running case)
    it never raises: interest is claimed to the last day with a published rate, ``interest_to``, and a warning
    says so.
    """
    if strict:
        _check(facts)
    stop = facts.as_of if facts.insolvency_on is None else min(facts.as_of, facts.insolvency_on - DAY)
    year_days = int(tables.amount("year_days", facts.as_of))
    play = _Play(facts, tables, [])
    gaps: list[tuple[Account, rates.Missing]] = []
    for owed in sorted(facts.owed, key=lambda owed: (owed.due_on, owed.invoice, owed.amount)):
        if owed.amount <= 0:
            continue
        plan = rates.schedule(owed.due_on, facts, stop, tables)
        spans = rates.without(plan.spans, facts.suspended)
        account = Account(owed, spans, capitalise=facts.capitalise, year_days=year_days)
        play.accounts.append(account)
        gaps += [(account, gap) for gap in plan.missing]
    if strict and gaps:
        raise Refused(cautions.missing_rate(gaps[0][1], tables), Code.DATE_INVALID)
    _post(play)
    missing = [gap for account, gap in gaps if _matters(gap, account, facts)]
    play.warnings += cautions.of_facts(facts, play.accounts, missing, tables, strict=strict)
    return _state(play, stop, missing)


def _matters(gap: rates.Missing, account: Account, facts: DecompteFacts) -> bool:
    """Whether a missing rate left interest out: a debt settled before it needed none."""
    if account.principal + account.capitalised:
        return True
    events: tuple[Paid | Credited, ...] = (*facts.payments, *facts.credits)
    return any(event.on >= gap.from_on for event in events)


def _check(facts: DecompteFacts) -> None:
    """Refuse what no honest décompte can be made from."""
    if not facts.owed:
        raise Refused("invoice: none is given; a décompte needs at least one invoice.", Code.AMOUNT_INVALID)
    for name, found in (("invoice", facts.owed), ("payment", facts.payments), ("credit note", facts.credits)):
        for item in found:
            if item.amount <= 0:
                raise Refused(f"{name}: {item.amount} is not a positive amount.", Code.AMOUNT_INVALID)
    for agreed in facts.rates:
        if agreed.rate < 0:
            raise Refused(f"rate: {agreed.rate} is negative.", Code.AMOUNT_INVALID)


def _post(play: _Play) -> None:
    """Play credit notes, waivers and payments in order of date; on one day in that order, whatever order they
    came in.
    """
    facts = play.facts
    events: list[tuple[date, int, tuple[str, ...], Credited | Waived | Paid]] = [
        *((c.on, 0, (c.invoice or "~", _sortable(c.amount), c.number or ""), c) for c in facts.credits),
        *((w.on, 1, (w.invoice or "~", _sortable(w.interest + w.indemnity)), w) for w in facts.waived),
        *((p.on, 2, (p.invoice or "~", _sortable(p.amount), p.reference or ""), p) for p in facts.payments),
    ]
    for on, _, _, event in sorted(events, key=lambda entry: entry[:3]):
        if on > facts.as_of or (not isinstance(event, Waived) and event.amount <= 0):
            continue
        _mark_late(play, on)
        if isinstance(event, Paid):
            _pay(play, event)
        elif isinstance(event, Credited):
            _credit(play, event)
        else:
            _waive(play, event)
        if facts.tolerance and not isinstance(event, Waived):
            _drop_remainders(play, on)
    _mark_late(play, facts.as_of)
    for account in play.accounts:
        account.accrue(facts.as_of)


def _sortable(amount: Decimal) -> str:
    return f"{amount:016.2f}"


def _mark_late(play: _Play, on: date) -> None:
    """An invoice with a balance on the day after a due date owes its indemnity, once (D441-5 C. com.,
    D2192-35 CCP).

    Never when the due date falls on or after the opening of an insolvency (L441-10 II). Checked 2026-11-22.
    """
    for account in play.accounts:
        if account.late or account.due_on >= on or not account.principal:
            continue
        account.late = True
        name = _indemnity_of(play.facts)
        opened = play.facts.insolvency_on
        if name is None or account.invoice in play.indemnities or (opened and account.due_on >= opened):
            continue
        figure = play.tables.figure(name, account.due_on)
        if figure is not None:
            account.indemnity = figure.value
            play.indemnities[account.invoice] = Indemnity(
                invoice=account.invoice, amount=figure.value, article=figure.article
            )


def _indemnity_of(facts: DecompteFacts) -> str | None:
    if rates.is_commercial(facts):
        return "recovery_indemnity"
    return "public_recovery_indemnity" if rates.is_public(facts) else None


def _pay(play: _Play, payment: Paid) -> None:
    facts = play.facts
    posted = impute(payment, play.accounts, principal_first=facts.principal_first, place=facts.indemnity_place)
    play.payments.append(posted)
    play.warnings += cautions.of_payment(posted, play.accounts)


def _credit(play: _Play, credit: Credited) -> None:
    left = credit.amount
    for account in credit_order(play.accounts, credit.on, credit.invoice):
        part = min(left, account.principal)
        if part:
            account.accrue(credit.on)
            account.pay_principal(part)
            left -= part
    applied = CreditApplied(
        on=credit.on,
        amount=credit.amount,
        to_principal=credit.amount - left,
        remainder=left,
        invoice=credit.invoice,
        number=credit.number,
    )
    play.credits.append(applied)
    play.warnings += cautions.of_credit(applied)


def _waive(play: _Play, waived: Waived) -> None:
    interest, indemnity = waived.interest, waived.indemnity
    for account in credit_order(play.accounts, waived.on, waived.invoice):
        account.accrue(waived.on)
        part = min(interest, account.interest)
        account.pay_interest(part)
        interest -= part
        part = min(indemnity, account.indemnity)
        account.pay_indemnity(part)
        indemnity -= part
    play.given_up.append(
        GivenUp(
            on=waived.on,
            invoice=waived.invoice,
            interest=waived.interest - interest,
            indemnity=waived.indemnity - indemnity,
        )
    )


def _drop_remainders(play: _Play, on: date) -> None:
    """Drop what a payment or credit note left of an invoice, when the creditor's tolerance covers it, and say
    so.
    """
    for invoice in dict.fromkeys(account.invoice for account in play.accounts):
        debts = [account for account in play.accounts if account.invoice == invoice]
        left = sum((debt.principal for debt in debts), ZERO)
        touched = left < sum((debt.amount for debt in debts), ZERO)
        if not touched or not ZERO < left <= play.facts.tolerance:
            continue
        for debt in debts:
            debt.accrue(on)
            debt.pay_principal(debt.principal)
        play.given_up.append(GivenUp(on=on, invoice=invoice, principal=left, because="tolerance"))
        play.warnings.append(cautions.say("remainder_dropped", invoice=invoice, amount=euros(left), day=french(on)))


def _state(play: _Play, stop: date, missing: Sequence[rates.Missing]) -> Decompte:
    facts, accounts = play.facts, play.accounts
    principal = sum((account.principal for account in accounts), ZERO)
    interest = sum((account.interest for account in accounts), ZERO)
    indemnity = sum((account.indemnity for account in accounts), ZERO)
    lines = [line for account in accounts for line in account.lines]
    daily = _daily(play, stop)
    return Decompte(
        as_of=facts.as_of,
        interest_to=min([stop, *(gap.from_on - DAY for gap in missing if rates.is_tail(gap, play.tables))]),
        principal=principal,
        interest=interest,
        indemnity=indemnity,
        total=principal + interest + indemnity,
        daily=daily,
        accrued=sum((line.interest for line in lines), ZERO),
        not_yet_due=sum((account.principal for account in accounts if account.due_on > facts.as_of), ZERO),
        balances=tuple(_balance(account) for account in accounts),
        lines=tuple(lines),
        payments=tuple(play.payments),
        credits=tuple(play.credits),
        given_up=tuple(play.given_up),
        indemnities=tuple(play.indemnities.values()),
        warnings=tuple(dict.fromkeys(play.warnings)),
        tables=play.tables.version,
    )


def _balance(account: Account) -> Balance:
    return Balance(
        invoice=account.invoice,
        due_on=account.due_on,
        amount=account.amount,
        principal=account.principal,
        interest=account.interest,
        indemnity=account.indemnity,
    )


def _daily(play: _Play, stop: date) -> Decimal:
    """What the day after the décompte adds; at the last published rate when the next one is not yet known."""
    if stop < play.facts.as_of:
        return ZERO
    added = ZERO
    for account in play.accounts:
        base = account.principal + account.capitalised
        if base:
            added += base * _next_rate(play, account) / (100 * int(play.tables.amount("year_days", stop)))
    return cents(added)


def _next_rate(play: _Play, account: Account) -> Decimal:
    tomorrow = play.facts.as_of + DAY
    if account.due_on >= tomorrow:
        return ZERO
    plan = rates.schedule(account.due_on, play.facts, tomorrow, play.tables)
    spans = rates.without(plan.spans, play.facts.suspended)
    if spans and spans[-1].to_on >= tomorrow:
        return spans[-1].rate
    last = account.rate_on(play.facts.as_of) if plan.missing else ZERO
    if last:
        unknown = semester_name(*semester_of(tomorrow))
        play.warnings.append(cautions.say("daily_rate_unpublished", semester=unknown))
    return last
