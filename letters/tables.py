"""The statement of a letter as printed rows and sums. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from letters.labels import LABELS
from letters.typography import NBSP, amount, clean, long_date, short_date
from rules.letter import LetterItem
from rules.money import total
from rules.policy import Claims


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the statement, printed. ``settled`` and ``disputed`` are empty when nothing is; ``late`` stands under
    its own heading, ``late_long`` anywhere."""

    number: str
    issued: str
    due: str
    due_long: str
    total: str
    settled: str
    disputed: str
    balance: str
    asked: str
    late: str
    late_long: str
    details: str


@dataclass(frozen=True, slots=True)
class Table:
    """A statement that adds up: its lines, its sums, and which optional columns it needs. ``title``: what stands above
    invoices named for information."""

    rows: tuple[Row, ...]
    sums: Row
    has_settled: bool
    has_disputed: bool
    has_asked: bool
    title: str = ""

    @property
    def summed(self) -> bool:
        """Whether its sums are shown: several rows, and not those named for information."""
        return len(self.rows) > 1 and not self.title


def table_of(items: tuple[LetterItem, ...], currency: str, claims: Claims, language: str, on: date) -> Table:
    """The statement of some invoices, amounts in ``currency``, read on a day. What is asked stands in its own column
    only when it differs from the balance and holds no interest, which is stated apart.
    """
    whole = any((item.claims or claims) is Claims.ALL for item in items)
    differs = any(item.asked != item.balance for item in items)
    return Table(
        rows=tuple(_row(item, currency, language, on) for item in items),
        sums=_sums(items, currency, language),
        has_settled=any(item.has_history for item in items),
        has_disputed=any(item.disputed for item in items),
        has_asked=differs and not whole,
    )


def aside_of(items: tuple[LetterItem, ...], currency: str, language: str, on: date) -> Table | None:
    """The invoices that the letter asks nothing for, each with why; None when there is none."""
    if not items:
        return None
    title = LABELS[language]["aside" if len(items) > 1 else "aside_one"]
    return replace(table_of(items, currency, Claims.PRINCIPAL, language, on), has_asked=False, title=title)


def late_words(days: int, due_on: date, on: date, language: str) -> str:
    """« 25 jours », 1 day; a date not past on the day says so."""
    words = LABELS[language]
    if days <= 0:
        return words["not_due"] if due_on > on else words["due_today"]
    unit = ("jour" if days == 1 else "jours") if language == "fr" else ("day" if days == 1 else "days")
    return f"{days}{NBSP}{unit}"


def _row(item: LetterItem, currency: str, language: str, on: date) -> Row:
    settled = item.paid + item.credited
    late = late_words(item.days_late, item.due_on, on, language)
    return Row(
        number=clean(item.number),
        issued=short_date(item.issued_on, language),
        due=short_date(item.due_on, language),
        due_long=long_date(item.due_on, language),
        total=amount(item.total, currency, language),
        settled=amount(settled, currency, language) if settled else "",
        disputed=amount(item.disputed, currency, language) if item.disputed else "",
        balance=amount(item.balance, currency, language),
        asked=amount(item.asked, currency, language),
        late=late,
        late_long=late if item.days_late <= 0 else LABELS[language]["overdue_by"].format(late),
        details=_details(item, language),
    )


def _details(item: LetterItem, language: str) -> str:
    """What the invoice is for, of what is known: order, supply, its day."""
    words = LABELS[language]
    parts = [words[f"aside_{item.aside}"] if item.aside else "", clean(item.subject or "", 160)]
    if item.order_reference:
        parts.append(f"{words['order']}{NBSP}{clean(item.order_reference, 80)}")
    if item.performed_on:
        parts.append(f"{words['performed']}{NBSP}{short_date(item.performed_on, language)}")
    return " · ".join(part for part in parts if part)


def _sums(items: tuple[LetterItem, ...], currency: str, language: str) -> Row:
    def add(amounts: Iterable[Decimal]) -> str:
        return amount(total(amounts), currency, language)

    return Row(
        number=LABELS[language]["sum"],
        issued="",
        due="",
        due_long="",
        total=add(item.total for item in items),
        settled=add(item.paid + item.credited for item in items),
        disputed=add(item.disputed for item in items),
        balance=add(item.balance for item in items),
        asked=add(item.asked for item in items),
        late="",
        late_long="",
        details="",
    )


def first_due(items: tuple[LetterItem, ...]) -> date:
    """The oldest due date among the invoices."""
    return min(item.due_on for item in items)
