"""Which invoices a line pays: what is sure, what is only likely, what nobody can know."""

from datetime import date
from decimal import Decimal

import pytest

from intake.bank.lines import BankLine
from intake.bank.matching import Book, Match, Owed, match

D = Decimal


def owed(number: str, principal: str, debtor: str = "C-1", total: str | None = None, day: int = 1) -> Owed:
    return Owed(
        f"invoice/acme/{number}", number, debtor, "EUR", D(principal), D(total or principal), date(2026, 1, day)
    )


BOOK = (
    owed("F-2026-0042", "1200.00", total="1249.99"),
    owed("F-2026-0043", "300.00", day=2),
    owed("F-2026-0044", "300.00", day=3),
    owed("77", "80.00", "C-2"),
    owed("F-2026-0050", "444.44", "C-3"),
)
NAMES = {"invoice/acme/F-2026-0050": "Électricité Guérin SARL"}


def found(amount: str, text: str, payer_is: str | None = None, payer: str = "", currency: str = "EUR") -> Match:
    line = BankLine(
        id="x", account="FR76", booked_on=date(2026, 3, 2), amount=D(amount), currency=currency, text=text, payer=payer
    )
    return match(line, Book(BOOK), payer_is, NAMES)


def parts(of: Match) -> dict[str, str]:
    return {part.case.rsplit("/", 1)[-1]: str(part.amount) for part in of.parts}


@pytest.mark.parametrize("text", ["F-2026-0042", "fact. f2026 0042 merci", "REF:F/2026/0042", "F20260042"])
def test_a_number_and_its_amount_are_sure_however_it_is_written(text: str) -> None:
    assert (found("1200.00", text).sure, parts(found("1200.00", text))) == (True, {"F-2026-0042": "1200.00"})


def test_a_number_with_interest_or_a_part_of_it_is_sure() -> None:
    assert parts(found("1249.99", "F-2026-0042")) == {"F-2026-0042": "1249.99"}
    assert found("500.00", "F-2026-0042").sure


def test_one_payment_over_several_named_invoices_is_shared_by_their_amounts() -> None:
    both = found("1500.00", "F-2026-0042 + F-2026-0043")
    assert (both.sure, parts(both)) == (True, {"F-2026-0042": "1200.00", "F-2026-0043": "300.00"})


def test_more_than_the_named_invoice_or_another_debtors_account_is_only_proposed() -> None:
    more = found("2000.00", "F-2026-0042")
    assert (more.sure, parts(more)) == (False, {"F-2026-0042": "2000.00"})
    assert not found("1200.00", "F-2026-0042", payer_is="C-2").sure
    assert found("1280.00", "F-2026-0042 et F-2026-0050").parts == ()


def test_a_known_account_is_sure_when_one_reading_explains_the_amount() -> None:
    assert parts(found("1200.00", "virement", payer_is="C-1")) == {"F-2026-0042": "1200.00"}
    assert found("1800.00", "virement", payer_is="C-1").sure
    rent = found("300.00", "loyer", payer_is="C-1")
    assert (rent.sure, parts(rent)) == (False, {"F-2026-0043": "300.00"})


def test_a_short_number_of_digits_counts_only_with_its_amount() -> None:
    assert found("12.00", "le 77 du mois").parts == ()
    assert found("80.00", "facture 77", payer_is="C-2").sure


def test_a_name_with_the_very_amount_is_worth_a_question() -> None:
    alike = found("444.44", "", payer="ELECTRICITE GUERIN")
    assert (alike.sure, parts(alike)) == (False, {"F-2026-0050": "444.44"})
    assert found("444.44", "", payer="Boulangerie Martin").parts == ()
    assert found("1200.00", "F-2026-0042", currency="USD").parts == ()
