"""Which invoices a line of a statement pays: by the numbers it names, by its amount, by whom it comes from. Pure.

*Sure* is only what two facts agree on: a number and an amount it can carry, or a known account and an amount that only
one reading explains. Everything else is a proposal, or for a person: money posted to the wrong invoice writes to a
debtor who has paid.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from intake.bank.lines import BankLine
from rules.money import ZERO

_LONGEST_RUN = 6
_MOST_WORDS = 60
_SHORTEST = 4
_PLAIN_DIGITS = 6


class Owed(NamedTuple):
    """An open case as matching sees it. ``principal``: what is open; ``total``: with interest and indemnity."""

    case: str
    number: str
    debtor: str
    currency: str
    principal: Decimal
    total: Decimal
    due_on: date


class Part(NamedTuple):
    """What of the line a case gets."""

    case: str
    amount: Decimal


class Match(NamedTuple):
    """What a line means. No ``parts``: nobody knows; ``sure``: it may be posted without a person."""

    parts: tuple[Part, ...]
    sure: bool
    because: str

    @property
    def confidence(self) -> float:
        """For lists: 1 sure, 0.5 proposed, 0 unknown."""
        return 1.0 if self.sure else 0.5 if self.parts else 0.0


class Book:
    """The open cases of a creditor, found by number, by debtor and by amount."""

    def __init__(self, owed: Iterable[Owed]) -> None:
        self.by_number: dict[str, list[Owed]] = {}
        self.by_debtor: dict[str, list[Owed]] = {}
        self.by_amount: dict[tuple[str, Decimal], list[Owed]] = {}
        self._all: dict[str, Owed] = {}
        for one in owed:
            self._add(one)

    def _add(self, one: Owed) -> None:
        self._all[one.case] = one
        for place in self._places(one):
            place.append(one)

    def _places(self, one: Owed) -> list[list[Owed]]:
        amounts = {one.principal, one.total}
        return [
            self.by_number.setdefault(plain(one.number), []),
            self.by_debtor.setdefault(one.debtor, []),
            *(self.by_amount.setdefault((one.currency, amount), []) for amount in amounts),
        ]

    def lower(self, case: str, amount: Decimal) -> None:
        """A payment was posted: the case owes that much less, and is found no more once its principal is paid."""
        before = self._all.pop(case, None)
        if before is None:
            return
        for place in self._places(before):
            place.remove(before)
        if before.principal > amount:
            self._add(before._replace(principal=before.principal - amount, total=before.total - amount))


def plain(text: str) -> str:
    """Capital letters and digits alone: F-2026/0042 and « f 2026 0042 » are one."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.upper())
    return re.findall(r"[A-Z0-9]+", "".join(sign for sign in folded if not unicodedata.combining(sign)))


def named_in(line: BankLine, book: Book) -> list[Owed]:
    """The open cases whose numbers stand in the line, each once, in the order they are named."""
    words = _words(f"{line.text} {line.reference or ''}")[:_MOST_WORDS]
    found: dict[str, Owed] = {}
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_RUN, len(words)) + 1):
            run = "".join(words[start:end])
            if not any(sign.isdigit() for sign in run):
                continue
            for one in book.by_number.get(run, ()):
                # A short number may be a date, an amount, a street: it counts when the amount agrees.
                weak = len(run) < (_PLAIN_DIGITS if run.isdigit() else _SHORTEST)
                if one.currency == line.currency and not (weak and line.amount not in (one.principal, one.total)):
                    found[one.case] = one
    return list(found.values())


def match(line: BankLine, book: Book, payer_is: str | None, names: Mapping[str, str]) -> Match:
    """What an incoming line pays. ``payer_is``: the debtor whose account it came from, when it is known; ``names``: the
    debtors' names by case, as far as they were looked up (``maybe_by_amount``)."""
    named = named_in(line, book)
    if named:
        return _by_number(line, named, payer_is)
    if payer_is is not None:
        return _by_payer(line, [one for one in book.by_debtor.get(payer_is, ()) if one.currency == line.currency])
    return _by_name(line, book, names)


def _by_number(line: BankLine, named: Sequence[Owed], payer_is: str | None) -> Match:
    numbers = ", ".join(one.number for one in named)
    debtors = {one.debtor for one in named}
    if len(debtors) > 1:
        return Match((), False, f"nomme {numbers}, de plusieurs débiteurs")
    if payer_is is not None and payer_is not in debtors:
        return Match(_poured(line.amount, named), False, f"nomme {numbers}, mais vient du compte d'un autre débiteur")
    for amounts in ([one.principal for one in named], [one.total for one in named]):
        if sum(amounts, ZERO) == line.amount:
            parts = tuple(Part(one.case, amount) for one, amount in zip(named, amounts, strict=True))
            return Match(parts, True, f"nomme {numbers}, le montant est {'le leur' if len(named) > 1 else 'le sien'}")
    if len(named) == 1 and line.amount < named[0].total:
        return Match((Part(named[0].case, line.amount),), True, f"nomme {numbers} et en paie une partie")
    return Match(_poured(line.amount, named), False, f"nomme {numbers}, le montant n'est pas le leur")


def _by_payer(line: BankLine, owed: Sequence[Owed]) -> Match:
    if not owed:
        return Match((), False, "vient d'un débiteur qui ne doit plus rien")
    exact = [one for one in owed if line.amount in (one.principal, one.total)]
    if len(exact) == 1:
        return Match((Part(exact[0].case, line.amount),), True, f"compte connu, montant de la seule {exact[0].number}")
    if len(owed) > 1 and sum((one.principal for one in owed), ZERO) == line.amount:
        return Match(tuple(Part(one.case, one.principal) for one in owed), True, "compte connu, montant de tout le dû")
    oldest = sorted(exact or owed, key=lambda one: (one.due_on, one.case))
    return Match(_poured(line.amount, oldest), False, "compte connu, mais le montant ne dit pas quelle facture")


def maybe_by_amount(line: BankLine, book: Book) -> list[Owed]:
    """The cases whose amount is the line's: those whose debtor's name is worth looking up."""
    return book.by_amount.get((line.currency, line.amount), [])[:50]


def _by_name(line: BankLine, book: Book, names: Mapping[str, str]) -> Match:
    """A name alone proves nothing: with the very amount it is worth a question."""
    said = set(_words(f"{line.payer or ''} {line.text}"))
    alike = [one for one in maybe_by_amount(line, book) if _same_name(names.get(one.case, ""), said)]
    if len({one.debtor for one in alike}) != 1:
        return Match((), False, "rien ne dit quelle facture il paie")
    oldest = min(alike, key=lambda one: (one.due_on, one.case))
    return Match((Part(oldest.case, line.amount),), False, f"même nom et même montant que {oldest.number}")


_FORMS = frozenset(
    {"SA", "SAS", "SASU", "SARL", "EURL", "SCI", "SNC", "ETS", "ET", "DE", "DU", "DES", "LA", "LE", "LES"}
)


def _same_name(name: str, said: set[str]) -> bool:
    words = [word for word in _words(name) if word not in _FORMS and len(word) > 2]
    return bool(words) and set(words) <= said


def _poured(amount: Decimal, owed: Sequence[Owed]) -> tuple[Part, ...]:
    """The amount over the cases in order, each up to its principal; what is over stays with the last."""
    parts: list[Part] = []
    left = amount
    for one in owed:
        taken = min(left, one.principal)
        if taken > ZERO:
            parts.append(Part(one.case, taken))
            left -= taken
    if left > ZERO and parts:
        parts[-1] = Part(parts[-1].case, parts[-1].amount + left)
    return tuple(parts)
