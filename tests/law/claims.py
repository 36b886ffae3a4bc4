"""Short ways to write a claim in a test."""

from datetime import date
from decimal import Decimal
from typing import Any

from rules.law import Credited, Decompte, DecompteFacts, Owed, Paid, builtin_tables, decompte

TABLES = builtin_tables()


def on(text: str) -> date:
    """A date written 2026-01-31."""
    return date.fromisoformat(text)


def owed(amount: str, due_on: str, invoice: str = "F-1") -> Owed:
    """An invoice."""
    return Owed(invoice=invoice, due_on=on(due_on), amount=Decimal(amount))


def paid(amount: str, day: str, invoice: str | None = None) -> Paid:
    """A payment."""
    return Paid(on=on(day), amount=Decimal(amount), invoice=invoice)


def credited(amount: str, day: str, invoice: str | None = None) -> Credited:
    """A credit note."""
    return Credited(on=on(day), amount=Decimal(amount), invoice=invoice)


def drawn(*debts: Owed, as_of: str, debtor: str = "business", strict: bool = True, **facts: Any) -> Decompte:
    """The décompte of these debts on a day."""
    return decompte(
        DecompteFacts.model_validate({"owed": debts, "as_of": on(as_of), "debtor_kind": debtor, **facts}),
        TABLES,
        strict=strict,
    )


def codes(found: Decompte) -> list[str]:
    """The codes of its warnings."""
    return [warning.code for warning in found.warnings]


def said(*amounts: Decimal) -> list[str]:
    """Amounts as a décompte prints them."""
    return [str(amount) for amount in amounts]
