"""Payment terms: art. L441-10 I and L441-11 C. com."""

from datetime import date
from typing import Any

import pytest

from rules.law import TermFacts, Terms, payment_terms, sectors
from rules.refusals import Refused
from tests.law.claims import TABLES, on


def terms(issued: str, **facts: Any) -> Terms:
    """The terms of an invoice."""
    return payment_terms(TermFacts(issued_on=on(issued), **facts), TABLES)


def test_thirty_days_from_receipt_when_nothing_is_agreed() -> None:
    found = terms("2026-01-05", received_on=on("2026-01-02"))
    assert found.due_on == found.default_on == on("2026-02-01")
    assert (found.default, found.allowed, found.warnings) == (True, True, ())


def test_receipt_unknown_is_said() -> None:
    found = terms("2026-01-05")
    assert found.due_on == on("2026-02-04")
    assert [warning.code for warning in found.warnings] == ["receipt_unknown"]


def test_sixty_days_are_calendar_days() -> None:
    """6 April → 5 June; a published 6 June is wrong."""
    found = terms("2026-04-06", days=60)
    assert found.due_on == found.cap_on == on("2026-06-05")
    assert found.allowed


@pytest.mark.parametrize(("method", "due"), [("before", "2026-02-28"), ("after", "2026-03-17")])
def test_two_ways_of_forty_five_days_end_of_month(method: str, due: str) -> None:
    """service-public.fr F23211, DGCCRF: an invoice of 2 January."""
    found = terms("2026-01-02", end_of_month_days=45, method=method)
    assert found.due_on == found.cap_on == on(due)
    assert found.warnings == ()


def test_the_leap_year_of_the_official_example() -> None:
    assert terms("2024-01-02", end_of_month_days=45, method="before").due_on == on("2024-02-29")


def test_a_method_left_open_is_said_with_the_other_date() -> None:
    found = terms("2026-01-02", end_of_month_days=45)
    assert found.due_on == on("2026-02-28")
    assert "17/03/2026" in found.warnings[0].text


def test_a_term_beyond_the_cap_is_told_and_kept() -> None:
    found = terms("2026-04-06", days=90)
    assert found.due_on == on("2026-07-05")
    assert not found.allowed
    assert found.warnings[0].code == "beyond_cap"


SECTORS = [
    # service-public.fr F33343 (2020) and L441-11 II C. com.
    ("transport", "2026-01-05", {}, "2026-02-04"),
    ("perishable_food", "2026-01-05", {"received_on": on("2026-01-02")}, "2026-02-01"),
    ("perishable_food_periodic", "2026-01-12", {"received_on": on("2026-01-12")}, "2026-02-19"),
    ("livestock_and_meat", "2026-01-05", {"received_on": on("2026-01-02")}, "2026-01-22"),
    ("spirits", "2026-01-05", {"received_on": on("2026-01-02")}, "2026-03-02"),
    ("leather", "2026-01-05", {"end_of_month_days": 54, "method": "before"}, "2026-02-28"),
    ("jewellery", "2026-01-05", {"days": 74}, "2026-03-20"),
    ("jewellery", "2026-01-05", {"end_of_month_days": 59, "method": "after"}, "2026-03-31"),
    ("toys", "2026-09-30", {"days": 95}, "2027-01-03"),
    ("toys", "2026-10-01", {"days": 75}, "2026-12-15"),
    ("periodic_invoice", "2026-01-31", {"days": 45}, "2026-03-17"),
    ("public", "2026-01-05", {"received_on": on("2026-01-07"), "days": 30}, "2026-02-06"),
    ("public_health", "2026-01-05", {"received_on": on("2026-01-07"), "days": 50}, "2026-02-26"),
]


@pytest.mark.parametrize(("sector", "issued", "facts", "cap"), SECTORS)
def test_each_sector_has_its_cap(sector: str, issued: str, facts: dict[str, Any], cap: str) -> None:
    found = terms(issued, sector=sector, **facts)
    assert found.cap_on == on(cap)
    assert found.allowed


def test_a_sector_shortens_the_default() -> None:
    found = terms("2026-01-05", sector="livestock_and_meat", received_on=date(2026, 1, 2))
    assert found.due_on == found.cap_on < found.default_on


def test_what_cannot_be_a_term_is_refused() -> None:
    for facts in ({"days": -1}, {"days": 30, "end_of_month_days": 45}, {"sector": "astrology"}):
        with pytest.raises(Refused):
            terms("2026-01-05", **facts)
    assert "transport" in sectors(TABLES)
