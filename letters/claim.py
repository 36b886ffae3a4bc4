"""What a letter asks beyond the principal, printed: interest, indemnity, and how each was counted. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters.labels import LABELS
from letters.typography import NBSP, amount, clean, long_date, percent, short_date
from rules.events_said import is_remission
from rules.law import Decompte, Line
from rules.law.kinds import DebtorKind
from rules.letter import Letter, LetterItem
from rules.money import ZERO, total
from rules.policy import Claims
from rules.refusals import Refused

COMMERCIAL = frozenset({DebtorKind.BUSINESS, DebtorKind.PUBLIC_BODY})
"""Who owes the penalties and the 40 € of art. L441-10 C. com. or of art. R2192-31 and D2192-35 CCP."""
AGREED_RATE = "taux convenu"


@dataclass(frozen=True, slots=True)
class Period:
    """A line of interest: one debt, one base, one rate, days from ``start`` to ``end``, both included."""

    number: str
    start: str
    end: str
    days: str
    base: str
    rate: str
    interest: str
    article: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A payment or credit note and what it was set against; an empty string where nothing was."""

    on: str
    what: str
    amount: str
    principal: str
    interest: str
    indemnity: str


@dataclass(frozen=True, slots=True)
class Claim:
    """The itemised claim of a letter. ``indemnity`` is empty when none is due; ``daily`` when nothing more runs."""

    principal: str
    interest: str
    interest_to: str
    indemnity: str
    indemnity_count: str
    others: str
    total: str
    total_on: str
    daily: str
    cut_short: bool
    imputed: bool
    periods: tuple[Period, ...]
    postings: tuple[Posting, ...]


def claim_of(letter: Letter, language: str) -> Claim | None:
    """The claim of the invoices whose rung asks for everything; None when the letter asks for principal alone.

    Raises Refused when the décompte and the letter do not agree, or when an indemnity would reach a debtor who
    owes none (art. L441-10 II C. com. binds professionals only).
    """
    whole = [item for item in letter.items if claims_of(item, letter) is Claims.ALL]
    if not whole or letter.decompte is None:
        return None
    counted = restricted(letter.decompte, {item.number for item in whole})
    if not (counted.interest or counted.indemnity):
        return None
    if counted.indemnity and letter.debtor.kind not in COMMERCIAL:
        raise Refused(f"letter {letter.step}: an indemnity is claimed of a {letter.debtor.kind} debtor; none is due.")
    asked = total(item.asked for item in whole)
    if counted.exigible != asked:
        raise Refused(
            f"letter {letter.step}: the décompte says {counted.exigible} and the letter asks {asked}; they must be one."
        )
    return printed_claim(counted, letter.currency, language, others=letter.asked - asked)


def claims_of(item: LetterItem, letter: Letter) -> Claims:
    """What is claimed for an invoice: its own rung's claims, else the letter's."""
    return item.claims or letter.claims


def restricted(counted: Decompte, numbers: set[str]) -> Decompte:
    """The part of a décompte that concerns some invoices; itself when it concerns no other.

    Sound because every payment of a letter's décompte names its invoice: none is shared between two.
    """
    if {balance.invoice for balance in counted.balances} <= numbers:
        return counted
    balances = tuple(balance for balance in counted.balances if balance.invoice in numbers)
    lines = tuple(line for line in counted.lines if line.invoice in numbers)
    principal = total(balance.principal for balance in balances)
    interest = total(balance.interest for balance in balances)
    indemnity = total(balance.indemnity for balance in balances)
    return counted.model_copy(
        update={
            "balances": balances,
            "lines": lines,
            "principal": principal,
            "interest": interest,
            "indemnity": indemnity,
            "total": principal + interest + indemnity,
            "accrued": total(line.interest for line in lines),
            "not_yet_due": total(b.principal for b in balances if b.due_on > counted.as_of),
            "daily": ZERO,  # the décompte gives it for all its invoices together
            "payments": tuple(paid for paid in counted.payments if paid.invoice in numbers),
            "credits": tuple(credit for credit in counted.credits if credit.invoice in numbers),
            "indemnities": tuple(row for row in counted.indemnities if row.invoice in numbers),
        }
    )


def printed_claim(counted: Decompte, currency: str, language: str, others: Decimal = ZERO) -> Claim:
    """A décompte in the words and figures of a language; amounts in ``currency``. ``others``: what the letter asks
    for invoices outside the décompte, which its total counts too.
    """

    def money(value: Decimal) -> str:
        return amount(value, currency, language)

    return Claim(
        principal=money(counted.principal - counted.not_yet_due),
        interest=money(counted.interest) if counted.interest else "",
        interest_to=long_date(counted.interest_to, language),
        indemnity=money(counted.indemnity) if counted.indemnity else "",
        indemnity_count=_indemnity_count(counted, currency, language),
        others=money(others) if others else "",
        total=money(counted.exigible + others),
        total_on=long_date(counted.as_of, language),
        daily=money(counted.daily) if counted.daily else "",
        cut_short=counted.interest_to < counted.as_of,
        imputed=any(payment.to_interest for payment in counted.payments),
        periods=tuple(_period(line, currency, language) for line in counted.lines),
        postings=_postings(counted, currency, language),
    )


@dataclass(frozen=True, slots=True)
class Mention:
    """What ``claims = mention`` announces without adding it: the rate of the last day counted and the indemnity of
    one invoice, each empty when the décompte does not know it.
    """

    rate: str
    agreed: bool
    indemnity: str


def mention_of(letter: Letter, language: str) -> Mention | None:
    """The announcement of a rung that makes one to a debtor who owes penalties; None for any other."""
    counted = letter.decompte
    claimed = {claims_of(item, letter) for item in letter.items}
    if (
        Claims.MENTION not in claimed
        or Claims.ALL in claimed
        or letter.debtor.kind not in COMMERCIAL
        or counted is None
    ):
        return None
    last = max(counted.lines, key=lambda line: line.to_on, default=None)
    each = counted.indemnities[0].amount if counted.indemnities else None
    return Mention(
        rate=percent(last.rate, language) if last else "",
        agreed=last is not None and AGREED_RATE in last.article,
        indemnity=amount(each, letter.currency, language) if each else "",
    )


def _indemnity_count(counted: Decompte, currency: str, language: str) -> str:
    """« 3 × 40,00 € » when the sum is that of its invoices; empty otherwise (a payment took a part)."""
    amounts = {item.amount for item in counted.indemnities}
    if len(amounts) != 1 or len(counted.indemnities) < 2:
        return ""
    each = amounts.pop()
    if each * len(counted.indemnities) != counted.indemnity:
        return ""
    return f"{len(counted.indemnities)}{NBSP}×{NBSP}{amount(each, currency, language)}"


def _period(line: Line, currency: str, language: str) -> Period:
    return Period(
        number=clean(line.invoice),
        start=short_date(line.from_on, language),
        end=short_date(line.to_on, language),
        days=str(line.days),
        base=amount(line.base, currency, language),
        rate=percent(line.rate, language),
        interest=amount(line.interest, currency, language),
        article=clean(line.article),
    )


def _postings(counted: Decompte, currency: str, language: str) -> tuple[Posting, ...]:
    words, several = LABELS[language], len({balance.invoice for balance in counted.balances}) > 1

    def money(value: Decimal) -> str:
        return amount(value, currency, language) if value else ""

    def named(what: str, number: str | None, invoice: str | None) -> str:
        return clean(f"{what} {number or ''}", 80) + (f" – {clean(invoice, 80)}" if several and invoice else "")

    rows: list[tuple[date, Posting]] = []
    for paid in counted.payments:
        what = named(words["payment_of"], paid.reference, paid.invoice)
        parts = (money(paid.to_principal), money(paid.to_interest), money(paid.to_indemnity))
        rows.append((paid.on, Posting(short_date(paid.on, language), what, money(paid.amount), *parts)))
    for credit in counted.credits:
        waived = is_remission(credit.number)
        what = named(words["waiver" if waived else "credit_note"], None if waived else credit.number, credit.invoice)
        parts = (money(credit.to_principal), "", "")
        rows.append((credit.on, Posting(short_date(credit.on, language), what, money(credit.amount), *parts)))
    return tuple(posting for _, posting in sorted(rows, key=lambda row: row[0]))
