"""Which rate, from which day, and what happens when none is published: L441-10 II C. com."""

from decimal import Decimal

import pytest

from rules.law import AgreedRate
from rules.refusals import Refused
from tests.law.claims import codes, drawn, on, owed, paid


def test_the_agreed_rate_holds_for_the_whole_delay() -> None:
    found = drawn(owed("12000", "2026-01-31"), as_of="2026-11-22", rates=(AgreedRate(rate=Decimal(15)),))
    assert [(line.days, str(line.rate)) for line in found.lines] == [(295, "15")]


def test_an_agreed_rate_starts_on_its_date() -> None:
    rates = (AgreedRate(rate=Decimal(15), since=on("2026-03-01")),)
    found = drawn(owed("12000", "2026-01-31"), as_of="2026-04-30", rates=rates)
    assert [(str(line.to_on), str(line.rate)) for line in found.lines] == [
        ("2026-02-28", "12.15"),
        ("2026-04-30", "15"),
    ]


def test_points_above_the_ecb_rate_follow_the_semesters() -> None:
    rates = (AgreedRate(rate=Decimal(12), over_ecb=True),)
    found = drawn(owed("12000", "2026-05-31"), as_of="2026-07-31", rates=rates)
    assert [str(line.rate) for line in found.lines] == ["14.15", "14.40"]


def test_a_rate_below_the_floor_in_every_semester_is_refused() -> None:
    """L441-10 II C. com.: three times the legal rate, 7.86 % and 8.25 % in 2026."""
    with pytest.raises(Refused, match=r"below the legal floor.*8\.25"):
        drawn(owed("1000", "2026-01-31"), as_of="2026-11-22", rates=(AgreedRate(rate=Decimal("7.50")),))


def test_a_rate_below_the_floor_in_one_semester_is_computed_and_told() -> None:
    found = drawn(owed("1000", "2026-01-31"), as_of="2026-11-22", rates=(AgreedRate(rate=Decimal(8)),))
    told = [warning.text for warning in found.warnings if warning.code == "rate_below_floor"]
    assert len(told) == 1
    assert "2e semestre 2026" in told[0]
    assert {line.rate for line in found.lines} == {8}


def test_the_floor_does_not_bind_the_default_rate() -> None:
    """First semester of 2024: ECB + 10 = 14.50 although three times the legal rate was 15.21."""
    found = drawn(owed("1000", "2024-01-31"), as_of="2024-06-30")
    assert str(found.lines[0].rate) == "14.50"
    assert found.warnings == ()


def test_a_rate_agreed_with_a_consumer_is_left_aside() -> None:
    found = drawn(
        owed("1000", "2026-01-31"), as_of="2026-06-30", debtor="consumer", rates=(AgreedRate(rate=Decimal(9)),)
    )
    assert "agreed_rate_not_applied" in codes(found)


def test_a_day_without_a_published_rate_is_refused_to_a_command() -> None:
    with pytest.raises(Refused, match=r"ECB main refinancing rate of semester 2027-S1.*ecb\.europa\.eu"):
        drawn(owed("1000", "2026-09-30"), as_of="2027-01-01")


def test_a_running_case_claims_to_the_last_published_day() -> None:
    debt = owed("1000", "2026-09-30")
    late = drawn(debt, as_of="2027-02-15", strict=False)
    assert late.interest_to == on("2026-12-31")
    assert late.interest == drawn(debt, as_of="2026-12-31").interest
    assert codes(late) == ["rate_missing"]
    assert "arrêtés au 31/12/2026" in late.warnings[0].text


def test_a_debt_settled_before_the_gap_opens_no_task() -> None:
    payments = (paid("1000", "2026-09-15"),)
    found = drawn(owed("1000", "2026-09-30"), as_of="2027-02-15", strict=False, payments=payments)
    assert found.total == 0
    assert "rate_missing" not in codes(found)
    assert found.interest_to == on("2027-02-15")


def test_a_public_debt_of_2026_keeps_its_rate_in_2027() -> None:
    found = drawn(owed("1000", "2026-09-30"), as_of="2027-02-15", debtor="public_body")
    assert found.interest_to == on("2027-02-15")
    assert [str(line.rate) for line in found.lines] == ["10.40"]


def test_the_daily_amount_on_the_eve_of_an_unknown_semester_is_marked() -> None:
    found = drawn(owed("4800", "2026-06-30"), as_of="2026-12-31")
    assert str(found.daily) == "1.63"
    assert codes(found) == ["daily_rate_unpublished"]
