"""What a French invoice says of its own terms in coded notes (BT-21, BT-22): PMD, PMT, AAB. Pure.

PMD: the penalties for late payment; PMT: the indemnity for recovery costs; AAB: the discount for early payment
(UNTDID 4451, as the French reform asks for them; art. L441-9 C. com. requires the mentions themselves)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from rules.creditor import Creditor

LATE, INDEMNITY, DISCOUNT = "PMD", "PMT", "AAB"
_PERCENT = re.compile(r"(\d{1,2}(?:[.,]\d{1,4})?)\s*(?:%|pour\s?cent|points?)", re.IGNORECASE)
_TIMES = re.compile(r"(\d|trois|cinq|dix)\s*fois\s+le\s+taux\s+(?:d['’]int[ée]r[êe]ts?\s+)?l[ée]gal", re.IGNORECASE)
_EUROS = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:€|euros?|EUR)", re.IGNORECASE)
_WORDS = {"trois": "3", "cinq": "5", "dix": "10"}


@dataclass(frozen=True)
class Stated:
    """The terms that the invoice prints: texts, and what can be read of them. ``late_rate``: ``ECB+10``, ``LEGALx3`` or
    a yearly rate such as ``12.5``."""

    late_text: str | None = None
    late_rate: str | None = None
    indemnity_text: str | None = None
    indemnity: Decimal | None = None
    discount_text: str | None = None


def stated_terms(notes: Iterable[tuple[str, str]]) -> Stated:
    """The terms among the notes; None in each field that no note speaks of, or that cannot be read."""
    by_code: dict[str, str] = {}
    for code, text in notes:
        by_code.setdefault(code.upper(), text)
    late, indemnity = by_code.get(LATE), by_code.get(INDEMNITY)
    return Stated(
        late_text=late,
        late_rate=None if late is None else late_rate(late),
        indemnity_text=indemnity,
        indemnity=None if indemnity is None else _euros(indemnity),
        discount_text=by_code.get(DISCOUNT),
    )


def late_rate(text: str) -> str | None:
    """The rate that a sentence on penalties names; None when it names none or more than one can be read in it."""
    times = _TIMES.search(text)
    if times is not None:
        word = times.group(1).lower()
        return f"LEGALx{_WORDS.get(word, word)}"
    numbers = {number.replace(",", ".") for number in _PERCENT.findall(text)}
    if re.search(r"\bBCE\b|banque centrale|refinancement", text, re.IGNORECASE):
        return f"ECB+{numbers.pop()}" if len(numbers) == 1 else None
    if len(numbers) != 1:
        return None
    return format(Decimal(numbers.pop()).normalize(), "f")


def _euros(text: str) -> Decimal | None:
    match = _EUROS.search(text)
    return None if match is None else Decimal(match.group(1).replace(",", "."))


def differences(stated: Stated, creditor: Creditor) -> list[str]:
    """Where what the invoice prints is not what the creditors file says: sentences for the person who imports."""
    said = []
    rate, ours = stated.late_rate, creditor.late_rate.upper()
    if rate is not None and not _same_rate(rate, ours):
        said.append(
            f"the invoice prints penalties at {rate}, the creditors file says late_rate {creditor.late_rate}; "
            "claims follow the file: correct the one that is wrong"
        )
    if stated.indemnity is not None and stated.indemnity != Decimal(40):
        said.append(f"the invoice prints an indemnity of {stated.indemnity} €; the legal one is 40 €")
    return said


def _same_rate(rate: str, ours: str) -> bool:
    if rate.startswith(("ECB", "LEGAL")) or ours.startswith("ECB"):
        return rate == ours
    return Decimal(rate) == Decimal(ours)
