"""Money: exact amounts in the currency's cents, half-up, never a float. Pure."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BeforeValidator

from rules.refusals import Code, Refused

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# Far above any commercial claim, far below what loses precision in a database column of 15 digits.
LARGEST = Decimal("999999999.99")

_AMOUNT = re.compile(r"^[+-]?(\d+|\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?:[.,](\d+))?$")


def cents(amount: Decimal) -> Decimal:
    """The amount rounded half-up to the cent."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum, with two decimals even when empty."""
    return sum(amounts, ZERO)


def parse_amount(text: str, *, field: str = "amount") -> Decimal:
    """Read ``1234.50``, ``1234,50`` or ``1 234,50`` (any space between thousands, optional €).

    Raises Refused (amount_invalid) on anything else, on more than two decimals, and beyond 999 999 999.99.
    """
    cleaned = text.strip().removesuffix("€").removesuffix("EUR").strip()
    match = _AMOUNT.match(cleaned)
    if match is None:
        raise Refused(f"{field}: « {text} » is not an amount; write 1234.50 or 1 234,50.", Code.AMOUNT_INVALID)
    digits = re.sub(r"[ \u00a0\u202f]", "", cleaned).replace(",", ".")
    return exact(digits, field=field)


def exact(value: Any, *, field: str = "amount") -> Decimal:
    """A Decimal of two decimals from a string, an int or a Decimal; a float is read through its shortest text.

    Raises Refused (amount_invalid) on NaN, infinity, more than two decimals, or an amount beyond reason.
    """
    try:
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        raise Refused(f"{field}: « {value} » is not an amount; write 1234.50.", Code.AMOUNT_INVALID) from None
    if not amount.is_finite():
        raise Refused(f"{field}: « {value} » is not an amount; write 1234.50.", Code.AMOUNT_INVALID)
    if abs(amount) > LARGEST:
        raise Refused(f"{field}: {value} is beyond 999 999 999.99; check the amount.", Code.AMOUNT_INVALID)
    if amount != amount.quantize(CENT):
        raise Refused(f"{field}: {value} has more than two decimals; round it to the cent.", Code.AMOUNT_INVALID)
    return amount.quantize(CENT) + ZERO  # + ZERO: minus zero becomes zero


def _read(value: Any) -> Decimal:
    try:
        return exact(value)
    except Refused as refused:
        raise ValueError(refused.sentence) from None


Money = Annotated[Decimal, BeforeValidator(_read)]
"""A pydantic field holding an amount in the invoice's currency, two decimals."""
