"""Days, amounts and rates as French writes them in a décompte. Pure."""

from datetime import date
from decimal import Decimal


def french(day: date) -> str:
    """22/11/2026."""
    return f"{day:%d/%m/%Y}"


def euros(amount: Decimal) -> str:
    """1 234,50 €, with no-break spaces."""
    return f"{amount:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"


def percent(rate: Decimal) -> str:
    """12,40."""
    return f"{rate:f}".replace(".", ",")


def semester_name(year: int, half: int) -> str:
    """« 2e semestre 2026 »."""
    return f"{'1er' if half == 1 else '2e'} semestre {year}"
