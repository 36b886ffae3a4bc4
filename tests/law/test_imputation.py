"""Where payments go: 1343-1 and 1342-10 C. civ."""

from decimal import Decimal

import pytest

from rules.law import AgreedRate
from tests.law.claims import codes, credited, drawn, on, owed, paid, said

TEN = (AgreedRate(rate=Decimal(10)),)
DEBT = owed("10000", "2025-01-01")


def test_a_payment_meets_interest_before_capital() -> None:
    """10 000 € at 10 %, 4 000 € paid after 181 days: 495.89 to interest; 6 863.35 € on 01/01/2026 (published test)."""
    found = drawn(DEBT, as_of="2026-01-01", rates=TEN, payments=(paid("4000", "2025-07-01"),), strict=False)
    (payment,) = found.payments
    assert (str(payment.to_interest), str(payment.to_principal)) == ("495.89", "3504.11")
    assert (str(found.principal), str(found.interest), str(found.total)) == ("6495.89", "327.46", "6863.35")


def test_the_creditor_may_let_payments_meet_the_principal_first() -> None:
    found = drawn(
        DEBT, as_of="2026-01-01", rates=TEN, payments=(paid("4000", "2025-07-01"),), strict=False, principal_first=True
    )
    assert (str(found.principal), str(found.interest), str(found.total)) == ("6000.00", "798.36", "6838.36")


def test_the_bare_principal_paid_late_leaves_a_tail() -> None:
    """10 000 € paid on 01/03/2025: 161.64 of principal left, 13.55 of interest, 40: 215.19 € (published test)."""
    found = drawn(DEBT, as_of="2026-01-01", rates=TEN, payments=(paid("10000", "2025-03-01"),), strict=False)
    assert (str(found.principal), str(found.interest), str(found.total)) == ("161.64", "13.55", "215.19")


@pytest.mark.parametrize(("principal_first", "total"), [(False, "8387.59"), (True, "8365.50")])
def test_with_the_legal_rates(principal_first: bool, total: str) -> None:
    """10 000 € due 31/03/2025, 2 500 € paid 15/08/2025, drawn up 31/12/2025: derived."""
    found = drawn(
        owed("10000", "2025-03-31"),
        as_of="2025-12-31",
        payments=(paid("2500", "2025-08-15"),),
        principal_first=principal_first,
    )
    assert str(found.total) == total


def test_interest_left_after_the_principal_stays_claimable_and_bears_nothing() -> None:
    found = drawn(
        owed("1000", "2026-01-31"), as_of="2026-10-31", payments=(paid("1000", "2026-05-31"),), principal_first=True
    )
    later = drawn(
        owed("1000", "2026-01-31"), as_of="2026-11-22", payments=(paid("1000", "2026-05-31"),), principal_first=True
    )
    assert found.principal == 0
    assert found.interest == later.interest > 0
    assert found.daily == 0


def test_a_payment_before_the_due_date_meets_the_principal_only() -> None:
    found = drawn(owed("1000", "2026-03-31"), as_of="2026-03-15", payments=(paid("400", "2026-03-01"),))
    assert said(found.principal, found.payments[0].to_principal) == ["600.00", "400.00"]
    assert found.payments[0].to_interest == 0


def test_the_debtor_chooses_the_debt_he_pays() -> None:
    """1342-10 C. civ., first rule; within the debt, its interest first."""
    debts = (owed("1000", "2026-01-31", "old"), owed("1000", "2026-03-31", "new"))
    found = drawn(*debts, as_of="2026-06-30", payments=(paid("1000", "2026-05-31", "new"),))
    (share,) = found.payments[0].shares
    assert share.invoice == "new"
    assert share.to_interest > 0


def test_due_debts_come_before_those_not_due() -> None:
    debts = (owed("1000", "2026-09-30", "later"), owed("1000", "2026-03-31", "due"))
    found = drawn(*debts, as_of="2026-06-30", payments=(paid("500", "2026-05-31"),))
    assert [share.invoice for share in found.payments[0].shares] == ["due"]


def test_the_dearest_debt_comes_first_then_the_oldest() -> None:
    """« Celle que le débiteur avait le plus d'intérêt d'acquitter »: public debts keep each their rate."""
    debts = (owed("1000", "2026-05-31", "at 10.15"), owed("1000", "2026-07-15", "at 10.40"))
    found = drawn(*debts, as_of="2026-09-30", debtor="public_body", payments=(paid("500", "2026-08-31"),))
    assert [share.invoice for share in found.payments[0].shares] == ["at 10.40"]
    same = (owed("1000", "2026-03-31", "old"), owed("1000", "2026-04-30", "young"))
    found = drawn(*same, as_of="2026-09-30", payments=(paid("500", "2026-08-31"),))
    assert [share.invoice for share in found.payments[0].shares] == ["old"]


def test_equal_debts_share_a_payment_in_proportion() -> None:
    debts = (owed("1000", "2026-01-31", "A"), owed("3000", "2026-01-31", "B"))
    found = drawn(*debts, as_of="2026-02-28", payments=(paid("400", "2026-01-31"),))
    assert [(s.invoice, str(s.to_principal)) for s in found.payments[0].shares] == [("A", "100.00"), ("B", "300.00")]


@pytest.mark.parametrize(
    ("place", "to_interest", "to_principal", "to_indemnity"),
    [
        ("last", "40.00", "60.00", "0.00"),
        ("after_interest", "40.00", "20.00", "40.00"),
        ("first", "40.00", "20.00", "40.00"),
    ],
)
def test_the_place_of_the_forty_euros_is_a_choice(
    place: str, to_interest: str, to_principal: str, to_indemnity: str
) -> None:
    # 1 000 € at 14.60 % bear 0.40 € a day: 40 € after 100 days.
    found = drawn(
        owed("1000", "2026-01-31"),
        as_of="2026-06-30",
        rates=(AgreedRate(rate=Decimal("14.60")),),
        payments=(paid("100", "2026-05-11"),),
        indemnity_place=place,
    )
    (payment,) = found.payments
    assert [str(payment.to_interest), str(payment.to_principal), str(payment.to_indemnity)] == [
        to_interest,
        to_principal,
        to_indemnity,
    ]


def test_the_last_cent_pays_the_indemnity() -> None:
    due = drawn(owed("1000", "2026-01-31"), as_of="2026-05-31").total
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30", payments=(paid(str(due), "2026-05-31"),))
    assert found.total == 0
    assert found.payments[0].to_indemnity == 40


def test_too_much_is_shown_as_too_much() -> None:
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30", payments=(paid("1500", "2026-01-31"),))
    assert found.payments[0].remainder == 500
    assert codes(found) == ["overpaid"]


def test_a_payment_after_the_day_is_not_counted() -> None:
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-03-31", payments=(paid("500", "2026-04-01"),))
    assert found.principal == 1000
    assert codes(found) == ["after_as_of"]


def test_a_payment_for_an_unknown_invoice_follows_the_law_and_is_told() -> None:
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-03-31", payments=(paid("500", "2026-03-01", "F-9"),))
    assert found.payments[0].to_principal > 0
    assert codes(found) == ["payment_unknown_invoice"]


def test_a_credit_note_beyond_the_principal_is_told() -> None:
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-03-31", credits=(credited("1200", "2026-01-31", "F-1"),))
    assert found.total == 0
    assert found.credits[0].remainder == 200
    assert codes(found) == ["credit_exceeds"]


def test_what_the_creditor_gives_up_is_no_longer_claimed() -> None:
    waived = ({"on": on("2026-03-31"), "interest": Decimal(5), "indemnity": Decimal(40)},)
    plain = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30")
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30", waived=waived)
    assert found.indemnity == 0
    assert abs(plain.interest - found.interest - 5) <= Decimal("0.01")
    assert found.principal == 1000


def test_a_payment_takes_capitalised_interest_too() -> None:
    found = drawn(
        owed("10000", "2021-01-01"),
        as_of="2023-06-30",
        rates=(AgreedRate(rate=Decimal(5)),),
        payments=(paid("600", "2022-01-01"),),
        capitalise=True,
        strict=False,
    )
    assert said(found.payments[0].to_interest, found.payments[0].to_principal) == ["500.00", "100.00"]
    assert found.lines[1].base == 9900
