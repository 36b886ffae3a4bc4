"""Every worked amount: published examples, and those derived from the official rates, each with its source."""

from decimal import Decimal

import pytest

from rules.law import AgreedRate, Judgment
from rules.law.account import interest
from rules.refusals import Refused
from tests.law.claims import TABLES, codes, credited, drawn, on, owed, paid, said

BUSINESS = [
    # Art. L441-10 II C. com., ECB + 10 by calendar semester, days over (due, paid], divisor 365: derived.
    ("12000", "2025-05-15", "2025-09-10", [(46, "13.15", "198.87"), (72, "12.15", "287.61")], "486.48"),
    (
        "12000",
        "2023-11-30",
        "2025-02-14",
        [(31, "14.00", "142.68"), (182, "14.50", "867.62"), (184, "14.25", "862.03"), (45, "13.15", "194.55")],
        "2066.88",
    ),
    ("4800", "2026-06-30", "2026-11-22", [(145, "12.40", "236.45")], "236.45"),
    # Leap year 2024: 366 days over 365 (service-public.fr F783).
    ("10000", "2023-12-31", "2024-12-31", [(182, "14.50", "723.01"), (184, "14.25", "718.36")], "1441.37"),
]


@pytest.mark.parametrize(("amount", "due", "as_of", "lines", "interest_owed"), BUSINESS)
def test_a_professional_owes_ecb_plus_ten_by_semester(
    amount: str, due: str, as_of: str, lines: list[tuple[int, str, str]], interest_owed: str
) -> None:
    found = drawn(owed(amount, due), as_of=as_of)
    shown = [(line.days, str(line.rate), str(line.interest)) for line in found.lines]
    assert shown == lines
    assert str(found.interest) == interest_owed
    assert found.indemnity == 40
    assert found.total == Decimal(amount) + found.interest + 40
    assert {line.article for line in found.lines} == {"L441-10 II C. com."}


def test_one_line_of_arithmetic() -> None:
    """3 000 €, 14.76 %, 30 days: 36.39 € (Shine, aide en ligne)."""
    assert interest(Decimal(3000), Decimal("14.76"), 30) == Decimal("36.39")


def test_the_day_of_the_due_date_bears_nothing_and_that_of_payment_does() -> None:
    """« Exigibles le jour suivant la date de règlement » (L441-10 II): 1 July belongs to the second semester."""
    found = drawn(owed("4800", "2026-06-30"), as_of="2026-07-01")
    assert [(line.from_on, line.to_on, line.days) for line in found.lines] == [(on("2026-07-01"), on("2026-07-01"), 1)]
    assert found.lines[0].rate == Decimal("12.40")
    assert drawn(owed("4800", "2026-06-30"), as_of="2026-06-30").total == 4800


def test_a_public_buyer_owes_one_rate_for_the_whole_delay() -> None:
    """R2192-31 CCP: 50 000 €, period ends 31/05/2026, paid 14/08/2026: 75 days at 10.15 %, not 10.40 %."""
    found = drawn(owed("50000", "2026-05-31"), as_of="2026-08-14", debtor="public_body")
    assert [(line.days, str(line.rate)) for line in found.lines] == [(75, "10.15")]
    assert str(found.interest) == "1042.81"
    assert found.indemnities[0].article == "D2192-35 CCP"
    assert "due_on_rest_day" in codes(found)  # 31 May 2026 is a Sunday


def test_a_consumer_owes_the_legal_rate_from_the_mise_en_demeure_only() -> None:
    """1231-6 and 1344-1 C. civ.: 1 500 €, received 10/02/2026, paid 20/08/2026: 15.07 + 5.76."""
    found = drawn(owed("1500", "2026-01-10"), as_of="2026-08-20", debtor="consumer", formal_notice_on=on("2026-02-10"))
    assert [(line.days, str(line.interest)) for line in found.lines] == [(140, "15.07"), (51, "5.76")]
    assert str(found.interest) == "20.83"
    assert found.indemnity == 0
    assert [line.single_source for line in found.lines] == [False, True]
    assert "rate_single_source" in codes(found)


def test_without_a_mise_en_demeure_a_consumer_owes_the_principal() -> None:
    found = drawn(owed("1500", "2026-01-10"), as_of="2026-08-20", debtor="consumer")
    assert found.total == 1500
    assert codes(found) == ["formal_notice_missing"]


def test_a_mise_en_demeure_does_not_reach_a_later_debt() -> None:
    notice = on("2026-02-10")
    found = drawn(owed("1500", "2026-03-01"), as_of="2026-08-20", debtor="consumer", formal_notice_on=notice)
    assert found.interest == 0
    assert "formal_notice_before_due" in codes(found)


def test_a_private_creditor_has_his_own_legal_rate() -> None:
    """L313-2 CMF: 6.67 % for a person acting outside any business need, first semester of 2026."""
    found = drawn(
        owed("1000", "2026-01-10"),
        as_of="2026-06-30",
        debtor="consumer",
        creditor="private",
        formal_notice_on=on("2026-01-31"),
    )
    assert [(line.days, str(line.rate), str(line.interest)) for line in found.lines] == [(150, "6.67", "27.41")]


def test_of_an_unknown_debtor_only_the_principal_is_claimed() -> None:
    found = drawn(owed("1000", "2026-01-10"), as_of="2026-11-22", debtor="unknown")
    assert said(found.interest, found.indemnity, found.total) == ["0.00", "0.00", "1000.00"]
    assert codes(found) == ["debtor_kind_unknown"]


def test_a_judgment_raises_the_legal_rate_by_five_points_after_two_months() -> None:
    """1231-7 C. civ., L313-3 CMF: 20 000 € enforceable 16/03/2026, paid 31/10/2026: 87.57 + 187.89 + 522.33."""
    judgment = Judgment(on=on("2026-03-16"), enforceable_on=on("2026-03-16"))
    found = drawn(owed("20000", "2026-03-16"), as_of="2026-10-31", judgment=judgment)
    assert [(line.days, str(line.rate), str(line.interest)) for line in found.lines] == [
        (61, "2.62", "87.57"),
        (45, "7.62", "187.89"),
        (123, "7.75", "522.33"),
    ]
    assert str(found.interest) == "797.79"


def test_the_official_day_of_the_five_points() -> None:
    """service-public.fr F783: served on 17/09/2015, raised from 18/11/2015."""
    judgment = Judgment(on=on("2015-09-17"), enforceable_on=on("2015-09-17"))
    found = drawn(owed("1000", "2015-09-17"), as_of="2015-12-31", judgment=judgment)
    assert [(str(line.from_on), str(line.rate)) for line in found.lines] == [
        ("2015-09-18", "0.99"),
        ("2015-11-18", "5.99"),
    ]


def test_the_rate_a_decision_grants_is_not_raised() -> None:
    judgment = Judgment(on=on("2026-03-16"), enforceable_on=on("2026-03-16"), rate=Decimal("12.15"))
    found = drawn(owed("20000", "2026-01-31"), as_of="2026-10-31", judgment=judgment)
    assert [str(line.rate) for line in found.lines] == ["12.15", "12.15"]
    assert found.lines[1].article == "1231-7 C. civ. (taux fixé)"


def test_a_judgment_not_known_to_be_enforceable_is_not_raised() -> None:
    found = drawn(owed("20000", "2026-03-16"), as_of="2026-10-31", judgment=Judgment(on=on("2026-03-16")))
    assert {str(line.rate) for line in found.lines} == {"2.62", "2.75"}
    assert "enforceable_unknown" in codes(found)


def test_interest_stops_at_the_opening_of_an_insolvency() -> None:
    """L622-28 C. com., at midnight of the day (R621-4): the day of the opening bears nothing."""
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30", insolvency_on=on("2026-03-02"))
    assert found.interest_to == found.lines[-1].to_on == on("2026-03-01")
    assert said(found.indemnity, found.daily) == ["40.00", "0.00"]
    assert "interest_stopped" in codes(found)


def test_no_indemnity_for_a_due_date_on_or_after_the_opening() -> None:
    """L441-10 II C. com.: the opening forbids payment at the due date."""
    found = drawn(owed("1000", "2026-03-02"), as_of="2026-06-30", insolvency_on=on("2026-03-02"))
    assert said(found.interest, found.indemnity) == ["0.00", "0.00"]


def test_instalments_of_one_invoice_owe_forty_euros_once() -> None:
    debts = (owed("500", "2026-01-31"), owed("500", "2026-02-28"), owed("700", "2026-02-28", "F-2"))
    assert drawn(*debts, as_of="2026-06-30").indemnity == 80


def test_forty_euros_are_due_in_full_for_an_unpaid_part() -> None:
    """service-public.fr F23211: per invoice, not divisible, even when part was paid in time."""
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30", payments=(paid("990", "2026-01-20"),))
    assert found.indemnity == 40
    in_time = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30", payments=(paid("1000", "2026-01-31"),))
    assert in_time.total == 0


def test_capitalised_interest_bears_interest_after_a_full_year_when_asked() -> None:
    """1343-2 C. civ.: 10 000 € at 5 % over three years, 1 576.25 € instead of 1 500 €."""
    five = (AgreedRate(rate=Decimal(5)),)
    simple = drawn(owed("10000", "2021-01-01"), as_of="2024-01-01", rates=five, strict=False)
    asked = drawn(owed("10000", "2021-01-01"), as_of="2024-01-01", rates=five, strict=False, capitalise=True)
    assert (str(simple.interest), str(asked.interest)) == ("1500.00", "1576.25")


def test_days_suspended_bear_nothing() -> None:
    suspended = ({"from_on": on("2026-03-01"), "to_on": on("2026-03-31")},)
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-04-30", suspended=suspended)
    assert [(str(line.from_on), str(line.to_on)) for line in found.lines] == [
        ("2026-02-01", "2026-02-28"),
        ("2026-04-01", "2026-04-30"),
    ]


def test_what_is_not_due_is_counted_apart() -> None:
    found = drawn(owed("500", "2026-01-31"), owed("700", "2026-12-31", "F-2"), as_of="2026-06-30")
    assert said(found.principal, found.not_yet_due) == ["1200.00", "700.00"]
    assert found.exigible == found.total - 700
    assert "not_yet_due" in codes(found)


def test_a_remainder_within_the_tolerance_is_dropped_and_said() -> None:
    payments = (paid("999.40", "2026-01-20"),)
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30", payments=payments, tolerance=Decimal(1))
    assert found.total == 0
    assert codes(found) == ["remainder_dropped"]
    assert drawn(owed("0.80", "2026-01-31"), as_of="2026-06-30", tolerance=Decimal(1)).principal == Decimal("0.80")


def test_an_amount_that_is_not_positive_is_refused() -> None:
    with pytest.raises(Refused, match="not a positive amount"):
        drawn(owed("-10", "2026-01-31"), as_of="2026-06-30")
    with pytest.raises(Refused, match="needs at least one invoice"):
        drawn(as_of="2026-06-30")


def test_a_credit_note_lowers_the_principal_and_not_the_interest() -> None:
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-06-30", credits=(credited("400", "2026-03-31"),))
    assert [line.base for line in found.lines] == [1000, 600]
    assert found.principal == 600
    assert found.credits[0].to_principal == 400


def test_the_decompte_says_which_tables_it_was_made_with() -> None:
    assert drawn(owed("1000", "2026-01-31"), as_of="2026-06-30").tables == TABLES.version
