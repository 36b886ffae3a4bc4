"""How long each kind of data about a person is kept, and by which article. Pure.

Sources: service-public.fr F10029 (accounting books and invoices ten years from the end of their year, commercial
correspondence five, L123-22 and L110-4 C. com.), checked 2026-11-22; L111-4 CPCE for the ten years of a title. The
years of histories and files are the house's: proof of what was done, for as long as it may be contested.
"""

from datetime import date
from enum import StrEnum

from pydantic import Field

from rules.base import Frozen
from rules.law.days import add_years


class Kind(StrEnum):
    """What is kept about a person."""

    INVOICE = "invoice"
    CORRESPONDENCE = "correspondence"
    HISTORY = "history"
    JUDICIAL_FILE = "judicial_file"


ARTICLES = {Kind.INVOICE: "L123-22 C. com.", Kind.CORRESPONDENCE: "L110-4 I C. com."}
"""What the law obliges to keep, whatever the person asks (RGPD, art. 17-3 b)."""


class Retention(Frozen):
    """A creditor's terms, in years. An invoice counts from the end of the year its case was closed in (the last entry
    of the books about it), a letter from its day, a history and a judicial file from the closing; what is unclaimed
    (name and words of a line of a statement that is nobody's, an invoice that was never taken) from its booking or
    refusal; what is watched (who looked at what, what became of what a person asked) from its day. The law's own terms
    may be lengthened, never shortened."""

    invoice_years: int = Field(default=10, ge=10, le=30)
    correspondence_years: int = Field(default=5, ge=5, le=30)
    history_years: int = Field(default=5, ge=1, le=30)
    judicial_years: int = Field(default=10, ge=1, le=30)
    unclaimed_years: int = Field(default=2, ge=1, le=30)
    watched_years: int = Field(default=1, ge=1, le=30)

    def until(self, kind: Kind, day: date) -> date:
        """The last day on which a thing of that kind and day is kept."""
        match kind:
            case Kind.INVOICE:
                return date(day.year + self.invoice_years, 12, 31)
            case Kind.CORRESPONDENCE:
                return add_years(day, self.correspondence_years)
            case Kind.HISTORY:
                return add_years(day, self.history_years)
            case Kind.JUDICIAL_FILE:
                return add_years(day, self.judicial_years)

    @property
    def shortest(self) -> int:
        """The years before which nothing at all is due to go."""
        return min(self.invoice_years, self.correspondence_years, self.history_years, self.judicial_years)


class Kept(Frozen):
    """Something kept about a person. ``day``: what its term counts from, None while a case it speaks for is open;
    ``document``: where it lies in the store, None for what is in the ledger itself; ``mark``: the message's name in the
    tray."""

    kind: Kind
    case: str
    what: str
    day: date | None
    document: str | None = None
    mark: str | None = None


class Term(Frozen):
    """Something kept, until when, and the article that obliges to; without one nothing but the policy does."""

    kept: Kept
    until: date | None
    article: str | None

    def over(self, on: date) -> bool:
        """Whether its term is past on that day."""
        return self.until is not None and self.until < on

    def obliged(self, on: date) -> bool:
        """Whether the law obliges to keep it on that day still."""
        return self.article is not None and not self.over(on)


def term_of(kept: Kept, retention: Retention) -> Term:
    """The term of a thing under a creditor's retention."""
    until = None if kept.day is None else retention.until(kept.kind, kept.day)
    return Term(kept=kept, until=until, article=ARTICLES.get(kept.kind))
