"""The running account of one debt: its balance, the interest it has borne, line by line. Pure; mutable, never
kept.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from rules.law.days import add_years
from rules.law.facts import Owed
from rules.law.rates import Span
from rules.law.statement import Line
from rules.money import CENT, ZERO

DAY = timedelta(days=1)


def interest(base: Decimal, rate: Decimal, days: int, year_days: int = 365) -> Decimal:
    """Simple interest, half-up to the cent: base × rate % × days / 36 500, leap years included.

    service-public.fr F783: « même si 2016 est une année bissextile, il convient d'utiliser 365 » ; F23211 et
    F32073 for the formula. Checked 2026-11-22.
    """
    return (base * rate * days / (100 * year_days)).quantize(CENT, rounding=ROUND_HALF_UP)


class Account:
    """One invoice or instalment while the events of the case are played over it."""

    __slots__ = (
        "_anniversary", "_capitalise", "_next", "_year_days", "accrued_to", "amount", "capitalised", "due_on",
        "indemnity", "interest", "invoice", "late", "lines", "principal", "spans",
    )  # fmt: skip

    def __init__(self, owed: Owed, spans: tuple[Span, ...], *, capitalise: bool, year_days: int) -> None:
        self.invoice = owed.invoice
        self.due_on = owed.due_on
        self.amount = owed.amount
        self.principal = owed.amount
        self.interest = ZERO  # accrued and unpaid, capitalised part included
        self.capitalised = ZERO  # the part of it that bears interest itself (1343-2 C. civ.)
        self.indemnity = ZERO
        self.late = False
        self.spans = spans
        self.lines: list[Line] = []
        self.accrued_to = owed.due_on
        self._next = 0
        self._year_days = year_days
        self._capitalise = capitalise and bool(spans)
        self._anniversary = 1

    def accrue(self, until: date) -> None:
        """Bear interest up to a day, included: one line for each span since the last call."""
        if self._capitalise:
            self._accrue_by_year(until)
        else:
            self._accrue(until)

    def _accrue(self, until: date) -> None:
        base = self.principal + self.capitalised
        while self._next < len(self.spans):
            span = self.spans[self._next]
            start = max(span.from_on, self.accrued_to + DAY)
            if start > until:
                break
            end = min(span.to_on, until)
            if base and start <= end:
                self._add(base, span, start, end)
            if span.to_on > until:
                break
            self._next += 1
        self.accrued_to = max(self.accrued_to, until)

    def _accrue_by_year(self, until: date) -> None:
        """Interest due for a whole year joins the base on each anniversary of its start (1343-2). Checked
        2026-11-22.
        """
        start = self.spans[0].from_on - DAY
        while (turn := add_years(start, self._anniversary)) <= until:
            self._accrue(turn)
            self.capitalised = self.interest
            self._anniversary += 1
        self._accrue(until)

    def _add(self, base: Decimal, span: Span, start: date, end: date) -> None:
        days = (end - start).days + 1
        amount = interest(base, span.rate, days, self._year_days)
        self.interest += amount
        self.lines.append(
            Line(
                invoice=self.invoice,
                due_on=self.due_on,
                from_on=start,
                to_on=end,
                days=days,
                base=base,
                rate=span.rate,
                interest=amount,
                article=span.article,
                label=span.label,
                single_source=span.single_source,
            )
        )

    def rate_on(self, day: date) -> Decimal:
        """The rate that the unpaid balance bears that day; zero when nothing bears interest."""
        if not self.principal + self.capitalised:
            return ZERO
        for span in reversed(self.spans):
            if span.from_on <= day:
                return span.rate if day <= span.to_on else ZERO
        return ZERO

    def pay_interest(self, amount: Decimal) -> None:
        """Take a payment off the interest, capitalised interest first: that is what the debtor has most
        interest in.
        """
        self.interest -= amount
        self.capitalised = max(ZERO, self.capitalised - amount)

    def pay_principal(self, amount: Decimal) -> None:
        """Take a payment or a credit note off the principal."""
        self.principal -= amount

    def pay_indemnity(self, amount: Decimal) -> None:
        """Take a payment off the fixed indemnity."""
        self.indemnity -= amount
