"""How French and English print amounts, dates, accounts and spaces."""

from datetime import date
from decimal import Decimal

import pytest

from letters import typography as typo


def test_amounts_have_unbreakable_spaces() -> None:
    assert typo.amount(Decimal("1234567.5"), "EUR", "fr") == "1\u202f234\u202f567,50\u00a0€"
    assert typo.amount(Decimal("1234.5"), "EUR", "en") == "€1,234.50"


@pytest.mark.parametrize(("rate", "fr", "en"), [("12.15", "12,15\u00a0%", "12.15%"), ("12", "12,00\u00a0%", "12.00%")])
def test_rates_have_two_decimals_at_least(rate: str, fr: str, en: str) -> None:
    assert (typo.percent(Decimal(rate), "fr"), typo.percent(Decimal(rate), "en")) == (fr, en)


def test_the_first_of_a_month_is_written_1er() -> None:
    assert typo.long_date(date(2026, 2, 1), "fr") == "1er\u00a0février 2026"
    assert typo.long_date(date(2026, 2, 11), "fr") == "11\u00a0février 2026"
    assert typo.long_date(date(2026, 2, 1), "en") == "1\u00a0February 2026"


def test_french_spaces_do_not_break_and_none_is_added() -> None:
    assert typo.french("Objet : « oui » ; non ? 40 € !") == (
        "Objet\u00a0: «\u00a0oui\u00a0» ; non ? 40\u00a0€ !".replace(" ;", "\u202f;")
        .replace(" ?", "\u202f?")
        .replace(" !", "\u202f!")
    )
    assert typo.french("a:b;c") == "a:b;c"
    assert typo.french("art. L. 441-10") == "art.\u00a0L.\u00a0441-10"


def test_accounts_and_telephones_are_grouped() -> None:
    assert (
        typo.iban_groups("FR76 30006000011234567890189").replace("\u00a0", " ") == "FR76 3000 6000 0112 3456 7890 189"
    )
    assert typo.phone_groups("+33472000000").replace("\u00a0", " ") == "+33 4 72 00 00 00"
    assert typo.phone_groups("04.72.00.00.00").replace("\u00a0", " ") == "04 72 00 00 00"
    assert typo.phone_groups("+44 20 7946 0000") == "+44 20 7946 0000"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\r\nb\tc", "a b c"),
        ("e\u0301", "é"),
        ("x\u202ey\u200bz\x00", "xyz"),
        ("  much   space ", "much space"),
        ("\u2028line", "line"),
    ],
)
def test_a_datum_is_one_printable_line(given: str, kept: str) -> None:
    assert typo.clean(given) == kept
