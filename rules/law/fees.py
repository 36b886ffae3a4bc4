"""What a procedure costs: dated tariffs, and the contribution pour la justice économique. Pure."""

from datetime import date
from decimal import Decimal

from rules.base import Frozen
from rules.law.courts import CIVIL, COMMERCIAL, Court
from rules.law.tables import Bracket, Fee, Tables
from rules.money import cents


class FeeDue(Frozen):
    """A cost in euros; ``note`` says what remains to be confirmed."""

    name: str
    amount: Decimal
    note: str | None = None


def fees(procedure: str, court: Court | None, tables: Tables, on: date) -> tuple[FeeDue, ...]:
    """The tariffs in force on a day for a procedure before a court; those not confirmed are left out."""
    found: dict[str, FeeDue] = {}
    for row in tables.of(Fee):
        if row.procedure != procedure or row.from_on > on or not row.confirmed or not _concerns(row, court):
            continue
        note = " ; ".join(part for part in (row.note, "une seule source" if row.single_source else None) if part)
        found[row.name] = FeeDue(name=row.label, amount=row.amount, note=note or None)
    return tuple(found.values())


def _concerns(row: Fee, court: Court | None) -> bool:
    match row.court:
        case None:
            return True
        case "commercial":
            return court in COMMERCIAL - CIVIL
        case "civil":  # the commercial chamber of Alsace-Moselle hears commercial matters: not known to be free
            return court in CIVIL - COMMERCIAL
        case name:
            return court == name


class Contribution(Frozen):
    """The contribution pour la justice économique: ``amount`` None when it may be due but figures are
    missing.
    """

    amount: Decimal | None
    missing: tuple[str, ...] = ()
    article: str = "Décret 2024-1225"


def contribution(
    court: Court | None,
    claim: Decimal,
    tables: Tables,
    on: date,
    *,
    employees: int | None = None,
    turnover: Decimal | None = None,
    profit: Decimal | None = None,
) -> Contribution:
    """What a claimant who is a legal person pays a tribunal des activités économiques, in euros.

    Décret 2024-1225: initial claim above 50 000 €, 250 employees or more, average turnover and profit by
    bracket, a percentage of the claim up to a cap. Checked 2026-11-22.
    """
    nothing = Contribution(amount=Decimal("0.00"))
    if court is not Court.ECONOMIC or claim <= tables.amount("contribution_threshold", on):
        return nothing
    if employees is not None and employees < tables.amount("contribution_employees", on):
        return nothing
    given = {"employees": employees, "turnover": turnover, "profit": profit}
    missing = tuple(name for name, value in given.items() if value is None)
    if turnover is None or profit is None or missing:
        return Contribution(amount=None, missing=missing)
    for row in tables.of(Bracket):
        within = row.turnover_over < turnover and (row.turnover_to is None or turnover <= row.turnover_to)
        if row.from_on <= on and within and profit > row.profit_over:
            return Contribution(amount=cents(min(claim * row.percent / 100, row.cap)), article=row.article)
    return nothing
