"""Amounts, days and moments as the console shows them, in French and in English."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, get_decimal_symbol, get_group_symbol

from console.i18n import LOCALES

PARIS: Final = ZoneInfo("Europe/Paris")
NBSP, MINUS, DASH = "\u00a0", "\u2212", "—"
_SYMBOLS: Final = {"EUR": "€", "GBP": "£", "USD": "$"}


class Formats:
    """How one language writes. Amounts never break across lines; a minus is a minus."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = LOCALES[language]
        # A page shows dozens of amounts: each is written by Python and takes the language's two signs.
        self._signs = str.maketrans(
            {",": get_group_symbol(self.locale), ".": get_decimal_symbol(self.locale), "-": MINUS}
        )

    def money(self, amount: Decimal | None, currency: str = "EUR") -> str:
        """``1 234,56 €``, ``€1,234.56``; a dash for none."""
        return DASH if amount is None else self._with_symbol(self._number(amount, 2), currency)

    def compact(self, amount: Decimal, currency: str = "EUR") -> str:
        """``12,3 M €``: for figures and axes; below a million, whole."""
        if abs(amount) < 1_000_000:
            return self._with_symbol(self._number(amount, 0), currency)
        return self._with_symbol(_short(amount, self.locale), currency)

    def number(self, value: float | Decimal) -> str:
        """``97 015``."""
        return self._number(value, 0)

    def decimal(self, value: float | Decimal, digits: int = 1) -> str:
        """``47,3``."""
        return self._number(value, digits)

    def percent(self, share: float | Decimal) -> str:
        """``37,9 %`` of 0.379."""
        return self._number(Decimal(str(share)) * 100, 1) + (f"{NBSP}%" if self.language == "fr" else "%")

    def signed(self, text: str, value: float | Decimal) -> str:
        """A difference with its sign."""
        return f"+{text}" if value > 0 else text

    def day(self, value: date | None) -> str:
        """``22/11/2026``."""
        return DASH if value is None else f"{value.day:02}/{value.month:02}/{value.year:04}"

    def prose(self, value: date | None) -> str:
        """``dim. 22 nov. 2026``."""
        return DASH if value is None else _dated(value, "EEE d MMM y", self.locale)

    def axis(self, value: date) -> str:
        """``22 nov.``."""
        return _near(value, self.locale)

    def month(self, value: date) -> str:
        """``nov. 2026``."""
        return _dated(value, "MMM y", self.locale)

    def time(self, value: datetime) -> str:
        """``10:42``, as clocks show it in Paris."""
        return f"{value.astimezone(PARIS):%H:%M}"

    def local_day(self, value: datetime) -> date:
        """The civil day of a moment in Paris."""
        return value.astimezone(PARIS).date()

    def moment(self, value: datetime | None) -> str:
        """``22/11/2026 10:42``."""
        return DASH if value is None else f"{value.astimezone(PARIS):%d/%m/%Y %H:%M}"

    def zoned(self, value: datetime) -> str:
        """A moment with its zone and its seconds: ``22 nov. 2026, 10:42:07 CET``."""
        local = value.astimezone(PARIS)
        return f"{_dated(local.date(), 'd MMM y', self.locale)}, {local:%H:%M:%S %Z}"

    def ago(self, value: datetime, now: datetime) -> str:
        """The complement of a moment: minutes below an hour, then hours."""
        gone = max(timedelta(0), now - value)
        minutes = int(gone.total_seconds() // 60)
        return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"

    def _number(self, value: float | Decimal, digits: int) -> str:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
        return f"{exact:,.{digits}f}".translate(self._signs)

    def _with_symbol(self, number: str, currency: str) -> str:
        symbol = _SYMBOLS.get(currency)
        if self.language == "fr" or symbol is None:
            return f"{number}{NBSP}{symbol or currency}"
        sign, digits = (MINUS, number[1:]) if number.startswith(MINUS) else ("", number)
        return f"{sign}{symbol}{digits}"


@lru_cache(2048)
def _short(amount: Decimal, locale: str) -> str:
    short = format_compact_decimal(amount, locale=locale, fraction_digits=1 if abs(amount) < 1e8 else 0)
    return short.replace("-", MINUS)


@lru_cache(2048)
def _dated(value: date, pattern: str, locale: str) -> str:
    return format_date(value, pattern, locale=locale)


@lru_cache(2048)
def _near(value: date, locale: str) -> str:
    return format_skeleton("MMMd", datetime(value.year, value.month, value.day), locale=locale)  # noqa: DTZ001


_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_BEFORE = re.compile(r" (?=[;:!?»])|(?<=«) ")
_POINT = re.compile(r"(?<![\d.,])(\d+)\.(\d{2})(?![\d.])")


def french_values(text: str) -> str:
    """Somebody's sentence with its days and amounts as French people write them."""
    text = french_spaces(_ISO_DAY.sub(r"\3/\2/\1", text))
    return _POINT.sub(lambda found: f"{int(found[1]):,}".replace(",", "\u202f") + f",{found[2]}", text).replace(
        " EUR", f"{NBSP}€"
    )


def french_spaces(text: str) -> str:
    """A sentence whose signs stay with their words, as in print."""
    return _BEFORE.sub(NBSP, text)
