"""The business terms of EN 16931 that recovery reads, whatever the syntax they came in. Pure values."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Party:
    """A seller, a buyer or a payee (BG-4, BG-7, BG-10). ``ids``: (scheme, value) of BT-29, BT-46, BT-60; ``legal``:
    BT-30, BT-47, BT-61; ``email`` is that of the contact, else of an EM endpoint."""

    name: str | None = None
    ids: tuple[tuple[str, str], ...] = ()
    legal: tuple[str, str] | None = None
    vat: str | None = None
    email: str | None = None
    phone: str | None = None
    lines: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = "FR"

    @property
    def siren(self) -> str | None:
        """The SIREN: the legal registration (0002), the first nine digits of a SIRET (0009), the end of a French VAT
        number."""
        numbers: list[tuple[str, str]] = [*([self.legal] if self.legal else []), *self.ids]
        for scheme, value in numbers:
            digits = value.replace(" ", "")
            if scheme in ("0002", "0009", "") and digits.isdigit() and len(digits) in (9, 14) and self.country == "FR":
                return digits[:9]
        vat = (self.vat or "").replace(" ", "").upper()
        return vat[4:] if vat.startswith("FR") and len(vat) == 13 and vat[4:].isdigit() else None


@dataclass(frozen=True)
class Part:
    """A due date (BT-9) and, where the syntax has several, its amount."""

    due_on: date
    amount: Decimal | None = None


@dataclass(frozen=True)
class EInvoice:
    """An invoice or a credit note. ``payable``: BT-115; ``prepaid``: BT-113; ``preceding``: BT-25; ``notes``: subject
    code (BT-21) and text (BT-22)."""

    syntax: str
    number: str
    type_code: str
    issued_on: date
    currency: str
    seller: Party
    buyer: Party
    total: Decimal
    payable: Decimal
    prepaid: Decimal = Decimal(0)
    parts: tuple[Part, ...] = ()
    payee: Party | None = None
    iban: str | None = None
    order: str | None = None
    delivered_on: date | None = None
    preceding: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    terms: str | None = None
    subject: str | None = field(default=None)

    @property
    def is_credit(self) -> bool:
        """Whether it gives money back (UNTDID 1001: 381, 261, 262, 296, 308, 396, 420, 458, 532)."""
        return self.type_code in _CREDITS


_CREDITS = frozenset({"381", "261", "262", "296", "308", "396", "420", "458", "532"})
CORRECTIVE = "384"
"""A corrected invoice stands in the place of another one: two claims for one debt if nobody cancels the first."""
