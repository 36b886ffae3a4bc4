"""Holidays, working days and time limits: official examples, checked against the calendar."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.law import (
    add_business_days,
    add_months,
    add_working_days,
    add_years,
    answer_deadline,
    clock,
    declaration_deadline,
    foreclosure_relief_deadline,
    is_business_day,
    is_working_day,
    next_business_day,
    order_clocks,
    public_holidays,
    region_of,
    summons_clocks,
    time_limit,
    uncontested_clocks,
)
from rules.law.days import Distance, parse_day
from rules.refusals import Refused
from tests.law.claims import TABLES, on

MOVABLE = [
    # Easter Monday, Ascension, Whit Monday: service-public.fr F2405 for 2021 and 2022; computed for the others.
    (2021, "2021-04-05", "2021-05-13", "2021-05-24"),
    (2022, "2022-04-18", "2022-05-26", "2022-06-06"),
    (2024, "2024-04-01", "2024-05-09", "2024-05-20"),
    (2025, "2025-04-21", "2025-05-29", "2025-06-09"),
    (2026, "2026-04-06", "2026-05-14", "2026-05-25"),
    (2027, "2027-03-29", "2027-05-06", "2027-05-17"),
    (2028, "2028-04-17", "2028-05-25", "2028-06-05"),
]


@pytest.mark.parametrize(("year", "easter_monday", "ascension", "whit_monday"), MOVABLE)
def test_the_eleven_holidays_of_the_year(year: int, easter_monday: str, ascension: str, whit_monday: str) -> None:
    """Art. L3133-1 C. trav."""
    fixed = {
        date(year, month, day) for month, day in [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    }
    assert public_holidays(year, "FR") == fixed | {on(easter_monday), on(ascension), on(whit_monday)}


@pytest.mark.parametrize("region", ["FR-57", "FR-67", "FR-68"])
def test_alsace_moselle_has_good_friday_and_saint_stephen(region: str) -> None:
    assert public_holidays(2026, region) - public_holidays(2026, "FR") == {on("2026-04-03"), on("2026-12-26")}


@pytest.mark.parametrize(
    ("region", "day"),
    [
        ("FR-971", "2026-05-27"),
        ("FR-972", "2026-05-22"),
        ("FR-973", "2026-06-10"),
        ("FR-974", "2026-12-20"),
        ("FR-976", "2026-04-27"),
    ],
)
def test_overseas_adds_the_abolition_of_slavery_and_no_custom(region: str, day: str) -> None:
    assert public_holidays(2026, region) - public_holidays(2026, "FR") == {on(day)}


@pytest.mark.parametrize(
    ("postal_code", "country", "region"),
    [
        ("69003", "FR", "FR"), ("57000", "FR", "FR-57"), ("67 000", "FR", "FR-67"), ("68100", None, "FR-68"),
        ("97110", "FR", "FR-971"), ("97150", "FR", "FR-MF"), ("97133", "FR", "FR-BL"), ("98800", "FR", "FR-NC"),
        ("97400", "RE", "FR-974"), ("1000", "BE", "BE"), (None, "FR", "FR"),
    ],
)  # fmt: skip
def test_the_region_follows_the_address(postal_code: str | None, country: str | None, region: str) -> None:
    assert region_of(postal_code, country) == region
    assert public_holidays(2026, region)


def test_an_unknown_region_is_refused() -> None:
    with pytest.raises(Refused, match="no calendar"):
        public_holidays(2026, "FR-99")


def test_a_country_without_a_calendar_keeps_its_weekends() -> None:
    assert public_holidays(2026, "ZZ") == frozenset()
    assert not is_business_day(on("2026-11-22"), "ZZ")


def test_saturday_is_ouvrable_and_not_ouvre() -> None:
    saturday = on("2026-11-21")
    assert is_working_day(saturday)
    assert not is_business_day(saturday)
    assert add_business_days(on("2026-11-20"), 1) == on("2026-11-23")
    assert add_working_days(on("2026-11-20"), 1) == saturday
    assert add_business_days(on("2026-11-23"), -1) == on("2026-11-20")
    assert add_business_days(on("2026-05-13"), 1) == on("2026-05-15")  # Ascension
    assert next_business_day(saturday) == on("2026-11-23")


PROCEDURAL = [
    # service-public.fr F31111 (2024): act of Wednesday 07/02/2024, ten days, Saturday 17 → Monday 19/02/2024.
    ("2024-02-07", {"days": 10}, "2024-02-17", "2024-02-19"),
    # 641 al. 2 CPC: same number, or the last day of the month; 29 May 2026 is a Friday, 28 February 2027 a Sunday.
    ("2026-04-29", {"months": 1}, "2026-05-29", "2026-05-29"),
    ("2026-08-31", {"months": 6}, "2027-02-28", "2027-03-01"),
    ("2024-02-29", {"years": 1}, "2025-02-28", "2025-02-28"),
    # Month first, then days.
    ("2026-01-31", {"months": 1, "days": 2}, "2026-03-02", "2026-03-02"),
    # A holiday extends: 10 + 1 November 2026.
    ("2026-10-11", {"months": 1}, "2026-11-11", "2026-11-12"),
]


@pytest.mark.parametrize(("start", "length", "theoretical", "expires"), PROCEDURAL)
def test_a_procedural_limit_is_extended_to_the_next_working_day(
    start: str, length: dict[str, Any], theoretical: str, expires: str
) -> None:
    found = time_limit(on(start), **length)
    assert (found.theoretical, found.expires_on) == (on(theoretical), on(expires))
    assert found.article == "641 et 642 CPC"


def test_a_private_limit_is_not() -> None:
    """Cass. 2e civ. 7/04/2016 n° 15-12.960."""
    found = time_limit(on("2024-02-07"), days=10, private=True)
    assert found.expires_on == on("2024-02-17")
    assert found.article == "2228 et 2229 C. civ."


def test_the_region_of_the_court_moves_the_last_day() -> None:
    assert time_limit(on("2025-12-11"), days=15, region="FR").expires_on == on("2025-12-26")
    assert time_limit(on("2025-12-11"), days=15, region="FR-57").expires_on == on("2025-12-29")


def test_a_limit_of_nothing_is_refused() -> None:
    wrong: list[dict[str, Any]] = [
        {},
        {"days": 0},
        {"days": -3},
        {"months": 1, "days": -1},
        {"years": 9000},
        {"days": 10**9},
    ]
    for length in wrong:
        with pytest.raises(Refused, match=r"^(deadline|date):"):
            time_limit(on("2026-01-01"), **length)


@pytest.mark.parametrize(
    ("ordered", "serve_by"),
    # 1411 CPC: six months before 1 September 2026, three since (décret 2026-96); a Sunday is not relied upon.
    [("2026-08-28", "2027-02-28"), ("2026-09-01", "2026-12-01"), ("2026-11-30", "2027-02-28")],
)
def test_an_order_to_pay_must_be_served(ordered: str, serve_by: str) -> None:
    assert order_clocks(on(ordered), TABLES).serve_by == on(serve_by)


def test_served_it_may_be_opposed_for_a_month() -> None:
    """1416 and 642 CPC: served Wednesday 14/10/2026, Saturday 14/11 → Monday 16/11; 1422: enforceable 14/12/2026."""
    found = order_clocks(on("2026-09-20"), TABLES, served_on=on("2026-10-14"))
    assert found.opposition is not None
    assert found.opposition.expires_on == on("2026-11-16")
    assert found.enforceable_from == on("2026-12-14")
    assert found.single_source
    before = order_clocks(on("2026-08-20"), TABLES, served_on=on("2026-10-14"))
    assert before.enforceable_from == on("2026-11-14")


@pytest.mark.parametrize(("distance", "last"), [("overseas", "2026-12-14"), ("abroad", "2027-01-14")])
def test_a_debtor_far_away_has_longer(distance: Distance, last: str) -> None:
    """643 CPC: one month more overseas, two abroad."""
    found = order_clocks(on("2026-09-20"), TABLES, served_on=on("2026-10-14"), distance=distance)
    assert found.opposition is not None
    assert found.opposition.expires_on == on(last)


def test_a_summons_precedes_its_hearing() -> None:
    """856 and 857 CPC."""
    found = summons_clocks(on("2026-12-16"), TABLES)
    assert (found.serve_by, found.file_by, found.article) == (on("2026-12-01"), on("2026-12-08"), "856 CPC et 857 CPC")


def test_the_two_delays_of_l126_add_up() -> None:
    """Loi 2026-307: a month to contest, then eight days at least before the report."""
    found = uncontested_clocks(on("2026-06-15"), TABLES)
    assert (found.answer_by, found.report_from) == (on("2026-07-15"), on("2026-07-23"))


def test_not_served_to_the_person_its_opposition_has_no_known_end() -> None:
    found = order_clocks(on("2026-09-20"), TABLES, served_on=on("2026-10-14"), to_person=False)
    assert (found.opposition, found.enforceable_from) == (None, None)


def test_a_claim_is_declared_within_two_months_of_the_publication() -> None:
    """R622-24 C. com.: BODACC 31/12/2026 → Sunday 28/02/2027 → 01/03/2027, safely on 26/02."""
    found = declaration_deadline(on("2026-12-31"), TABLES)
    assert (found.expires_on, found.safe_on) == (on("2027-03-01"), on("2027-02-26"))
    assert declaration_deadline(on("2026-09-06"), TABLES).expires_on == on("2026-11-06")
    assert declaration_deadline(on("2026-09-06"), TABLES, abroad=True).expires_on == on("2027-01-06")
    assert foreclosure_relief_deadline(on("2026-09-06"), TABLES).theoretical == on("2027-03-06")


def test_a_clock_that_no_table_holds_is_refused() -> None:
    with pytest.raises(Refused, match="no time limit"):
        clock("unheard_of", on("2026-01-01"), TABLES)


def test_the_answer_period_ends_on_a_business_day() -> None:
    assert answer_deadline(on("2026-11-06"), 8) == on("2026-11-16")


def test_a_date_that_does_not_exist_is_refused() -> None:
    for text in ("2026-02-30", "20260230", "9999-12-31", "0026-01-01", "31/01/2026", ""):
        with pytest.raises(Refused, match="is not a date"):
            parse_day(text)


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(0, 48))
def test_months_keep_the_number_of_the_day_or_take_the_last(day: date, n: int) -> None:
    later = add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert add_years(day, 1) == add_months(day, 12)


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)), st.integers(1, 12))
def test_business_days_are_counted_one_by_one(day: date, n: int) -> None:
    end = add_business_days(day, n)
    between = [day + timedelta(days=k) for k in range(1, (end - day).days + 1)]
    assert sum(is_business_day(one) for one in between) == n
    assert is_business_day(end)
