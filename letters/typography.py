"""Amounts, dates, accounts and spaces as French and English print them. Pure."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

NBSP = "\u00a0"
NARROW = "\u202f"
LOCALES = {"fr": "fr_FR", "en": "en_GB"}

_BEFORE_HIGH = re.compile(r"[ \u00a0\u202f]+([;!?»])")
_BEFORE_COLON = re.compile(r" :")
_AFTER_OPENING = re.compile(r"« ")
# Each begins with the space it replaces: what comes before is then looked at where there is one, not at every sign.
_BEFORE_UNIT = re.compile(r" (?<=\d )(?=[€%])")
_ABBREVIATED = re.compile(r" (?:(?<=\bart\. )|(?<=\b[LRD]\. )(?=\d)|(?<=n° )|(?<=\barticle )|(?<=\barticles ))")
_SAID = 4096
"""Figures and days remembered as printed: a letter says each several times, a morning's letters say the same days."""
_PUNCTUATED_CLOSE = {";": NARROW, "!": NARROW, "?": NARROW, "»": NBSP}


def language_of(code: str) -> str:
    """The language a letter is written in: French for ``fr…``, English for every other."""
    return "fr" if code.lower().startswith("fr") else "en"


def clean(text: str, limit: int = 500) -> str:
    """A datum on one line: NFC, control and format characters gone, white space single, at most ``limit`` characters.

    A line feed in a name could otherwise start a header, a paragraph or a table row; a right-to-left override
    could show another name than the one written.
    """
    normal = unicodedata.normalize("NFC", text)
    if not normal.isprintable() and not normal.translate(_KEPT_SPACES).isprintable():
        normal = _without_control(normal)
    if "  " in normal:
        normal = re.sub(r" +", " ", normal)
    return normal.strip()[:limit]


def _without_control(text: str) -> str:
    kept = (" " if unicodedata.category(sign) in _BREAKING else sign for sign in text)
    return "".join(sign for sign in kept if unicodedata.category(sign) not in _UNPRINTABLE)


_KEPT_SPACES = {ord(NBSP): None, ord(NARROW): None}
_BREAKING = frozenset({"Cc", "Zl", "Zp"})
_UNPRINTABLE = frozenset({"Cf", "Cs", "Co", "Cn"})


def plain_spaces(text: str) -> str:
    """The text with every kind of space as one plain space, none at its ends and no line ends, for comparing."""
    return " ".join(text.split())


def french(text: str) -> str:
    """French spacing: no-break before « : ; ! ? » % € », narrow where the trade narrows it. Adds no space."""
    text = _BEFORE_HIGH.sub(lambda found: _PUNCTUATED_CLOSE[found[1]] + found[1], text)
    text = _BEFORE_COLON.sub(f"{NBSP}:", text)
    text = _AFTER_OPENING.sub(f"«{NBSP}", text)
    return _ABBREVIATED.sub(NBSP, _BEFORE_UNIT.sub(NBSP, text))


def spaced(text: str, language: str) -> str:
    """Words in the typography of their language."""
    return french(text) if language == "fr" else text


@lru_cache(_SAID)
def amount(value: Decimal, currency: str, language: str) -> str:
    """An amount with its currency: « 1 234,50 € », €1,234.50."""
    return str(format_currency(value, currency, locale=LOCALES[language]))


def count(number: int, language: str) -> str:
    """A whole number with its thousands apart: « 1 000 », 1,000."""
    return str(format_decimal(number, locale=LOCALES[language]))


def percent(rate: Decimal, language: str) -> str:
    """A yearly rate given in percent: « 12,15 % », 12.15%."""
    number = format_decimal(rate.normalize() + 0, format="0.00###", locale=LOCALES[language])
    return f"{number}{NBSP}%" if language == "fr" else f"{number}%"


@lru_cache(_SAID)
def long_date(day: date, language: str) -> str:
    """« 1er février 2026 », 1 February 2026; the day does not part from the month."""
    text = str(format_date(day, format="long", locale=LOCALES[language]))
    if language == "fr" and day.day == 1:
        text = text.replace("1 ", "1er ", 1)
    return text.replace(" ", NBSP, 1)


@lru_cache(_SAID)
def short_date(day: date, language: str) -> str:
    """04/02/2026 in French, 4 Feb 2026 in English, where 04/02 would be read two ways."""
    if language == "fr":
        return f"{day:%d/%m/%Y}"
    return str(format_date(day, format="d MMM y", locale=LOCALES[language])).replace(" ", NBSP)


def iban_groups(iban: str) -> str:
    """The account in groups of four, unbroken: FR76 3000 6000 …"""
    bare = re.sub(r"\s", "", iban).upper()
    return NBSP.join(bare[at : at + 4] for at in range(0, len(bare), 4))


def phone_groups(phone: str) -> str:
    """A French number in pairs (+33 4 00 00 00 00); any other as given."""
    bare = re.sub(r"[\s.\-()]", "", phone)
    if re.fullmatch(r"\+33\d{9}", bare):
        return NBSP.join(["+33", bare[3], *(bare[at : at + 2] for at in range(4, 12, 2))])
    if re.fullmatch(r"0\d{9}", bare):
        return NBSP.join(bare[at : at + 2] for at in range(0, 10, 2))
    return phone


def siren_groups(siren: str) -> str:
    """A SIREN in groups of three: 732 829 320."""
    bare = re.sub(r"\s", "", siren)
    return NBSP.join(bare[at : at + 3] for at in range(0, len(bare), 3)) if bare.isdigit() else siren


def fold(text: str) -> str:
    """Lower case without accents: the form under which tones and names are compared."""
    bare = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))
