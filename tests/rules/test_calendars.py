"""Days and hours at which a policy writes: clock changes, holidays here and there, dates of the month, edges."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.calendars import end_of, in_window, is_send_day, local_day, next_opening, noon_of, spread_of, start_of
from rules.policy import SendWindow

PARIS = ZoneInfo("Europe/Paris")
OFFICE = SendWindow()
FRANCE = ("FR",)
WEEK = ("mon", "tue", "wed", "thu", "fri")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def opening(moment: str, *, region: str = "FR", window: SendWindow = OFFICE, zone: ZoneInfo = PARIS) -> str:
    return f"{next_opening(window, zone, region, utc(moment)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-03-28", 24), ("2026-07-14", 24)]
)
def test_a_day_of_a_clock_change_is_shorter_or_longer(day: str, hours: int) -> None:
    its = date.fromisoformat(day)
    assert end_of(its, PARIS) - start_of(its, PARIS) == timedelta(hours=hours)
    assert noon_of(its, PARIS).astimezone(PARIS).hour == 12
    assert local_day(start_of(its, PARIS), PARIS) == its
    assert local_day(end_of(its, PARIS) - timedelta(seconds=1), PARIS) == its


def test_nine_oclock_is_nine_oclock_in_summer_and_in_winter() -> None:
    assert opening("2026-03-27 18:00") == "2026-03-30 07:00"
    assert opening("2026-10-23 18:00") == "2026-10-26 08:00"


def test_a_window_open_on_the_sunday_of_a_clock_change_keeps_its_hours() -> None:
    sundays = SendWindow(days=("sun",))
    assert opening("2026-03-28 12:00", window=sundays) == "2026-03-29 07:00"
    assert opening("2026-10-24 12:00", window=sundays) == "2026-10-25 08:00"


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-02-02 07:59", "2026-02-02 08:00"),
        ("2026-02-02 08:00", "2026-02-02 08:00"),
        ("2026-02-02 16:29", "2026-02-02 16:29"),
        ("2026-02-02 16:30", "2026-02-03 08:00"),
        ("2026-02-06 16:30", "2026-02-09 08:00"),
        ("2026-02-07 10:00", "2026-02-09 08:00"),
    ],
)
def test_the_window_opens_at_its_first_minute_and_is_shut_at_its_last(moment: str, opens: str) -> None:
    assert opening(moment) == opens
    assert in_window(OFFICE, PARIS, "FR", utc(moment)) == (moment == opens)


@pytest.mark.parametrize(
    ("region", "day", "written"),
    [
        ("FR", "2026-01-01", False),
        ("FR", "2026-04-06", False),
        ("FR", "2026-05-14", False),
        ("FR", "2026-04-03", True),
        ("FR-57", "2026-04-03", False),
        ("FR-67", "2025-12-26", False),
        ("FR", "2025-12-26", True),
        ("FR-972", "2026-05-22", False),
        ("FR", "2026-05-22", True),
        ("FR-974", "2027-12-20", False),
        ("BE", "2026-07-21", False),
        ("FR", "2026-07-21", True),
    ],
)
def test_holidays_of_the_debtors_region_count(region: str, day: str, written: bool) -> None:
    assert is_send_day(date.fromisoformat(day), WEEK, tuple({"FR", region})) is written


def test_a_holiday_at_the_creditors_counts_at_the_debtors_too() -> None:
    assert opening("2026-07-13 18:00", region="BE") == "2026-07-15 07:00"
    assert opening("2026-07-20 18:00", region="BE") == "2026-07-22 07:00"


@pytest.mark.parametrize(
    ("zone", "opens"),
    [("America/Martinique", "2026-02-02 13:00"), ("Indian/Reunion", "2026-02-02 05:00"), ("Pacific/Noumea", "")],
)
def test_overseas_the_window_is_in_local_time(zone: str, opens: str) -> None:
    expected = opens or "2026-02-01 22:00"
    assert opening("2026-01-31 12:00", zone=ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    ("days", "written"),
    [
        (("month_end",), "02-02 03-02 03-31 04-30 06-01"),
        ((10,), "01-12 02-10 03-10 04-10 05-11 06-10"),
        ((1, 15), "01-02 01-15 02-02 02-16 03-02 03-16 04-01 04-15 05-04 05-15 06-01"),
        (("tue", 5), "01-06 02-10 03-10 04-07 05-05 06-09"),
    ],
)
def test_dates_of_the_month_fall_on_the_next_open_day(days: tuple[str | int, ...], written: str) -> None:
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(161)]
    assert " ".join(f"{day:%m-%d}" for day in year if is_send_day(day, days, FRANCE)) == written


def test_the_month_end_is_its_last_open_day_or_the_first_after() -> None:
    assert is_send_day(date(2026, 3, 31), ("month_end",), FRANCE)
    assert not is_send_day(date(2026, 3, 30), ("month_end",), FRANCE)
    assert is_send_day(date(2026, 2, 2), ("month_end",), FRANCE)
    assert not is_send_day(date(2026, 1, 30), ("month_end",), FRANCE)
    assert not is_send_day(date(2026, 2, 3), ("month_end",), FRANCE)
    assert is_send_day(date(2028, 2, 29), ("month_end",), FRANCE)


def test_the_debtors_own_minute_is_the_same_every_day_and_inside_the_window() -> None:
    one, other = spread_of("acme", "C-1", 120), spread_of("acme", "C-2", 120)
    assert one == spread_of("acme", "C-1", 120)
    assert one != other
    assert timedelta(0) <= one < timedelta(minutes=120)
    assert spread_of("acme", "C-1", 0) == timedelta(0)
    narrow = SendWindow.model_validate({"from": "09:00", "to": "09:30"})
    late = next_opening(narrow, PARIS, "FR", utc("2026-02-02 01:00"), spread=timedelta(minutes=90))
    assert late.astimezone(PARIS).time() == time(9, 29)


def test_a_moment_found_is_a_moment_allowed() -> None:
    for hour in range(0, 24 * 14, 5):
        moment = utc("2026-04-29 00:00") + timedelta(hours=hour)
        found = next_opening(OFFICE, PARIS, "FR-67", moment)
        assert found >= moment
        assert in_window(OFFICE, PARIS, "FR-67", found)
