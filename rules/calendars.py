"""Days and hours at which a policy writes: local days to UTC moments and back. Pure; the law's own days are in
law/days."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from rules.law.days import public_holidays
from rules.policy import WEEKDAYS, SendWindow

_FARTHEST = 800  # days searched for an open one: more than two years without any is a policy error


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment in a time zone."""
    return moment.astimezone(zone).date()


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at which the day begins there, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at which the day ends there, as UTC."""
    return start_of(day + timedelta(days=1), zone)


def noon_of(day: date, zone: ZoneInfo) -> datetime:
    """12:00 of the day there, as UTC: what a bare date means."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=65536)
def is_send_day(day: date, days: tuple[str | int, ...], regions: tuple[str, ...]) -> bool:
    """Whether the policy writes on that day: a listed week day, no public holiday in any of the regions; when dates
    of the month are listed, the first such day on or after one of them."""
    if not _ordinary(day, days, regions):
        return False
    dates = [entry for entry in days if isinstance(entry, int) or entry == "month_end"]
    if not dates:
        return True
    wanted = day
    while True:
        if wanted.day in dates or ("month_end" in dates and (wanted + timedelta(days=1)).day == 1):
            return True
        wanted -= timedelta(days=1)
        if _ordinary(wanted, days, regions):
            return False


def _ordinary(day: date, days: tuple[str | int, ...], regions: tuple[str, ...]) -> bool:
    named = [entry for entry in days if entry in WEEKDAYS] or WEEKDAYS[:5]
    return WEEKDAYS[day.weekday()] in named and not any(day in public_holidays(day.year, r) for r in regions)


def next_opening(
    window: SendWindow, zone: ZoneInfo, region: str, not_before: datetime, *, spread: timedelta = timedelta(0)
) -> datetime:
    """The first moment (UTC) at or after ``not_before`` inside the window, on a day that is worked both where the
    creditor writes and in the debtor's region. At an opening, ``spread`` is added, never beyond the closing."""
    regions = (window.holidays,) if region == window.holidays else (window.holidays, region)
    here = not_before.astimezone(zone)
    day = here.date()
    for _ in range(_FARTHEST):
        if is_send_day(day, window.days, regions):
            opens = datetime.combine(day, window.from_, tzinfo=zone)
            closes = datetime.combine(day, window.to, tzinfo=zone)
            moment = max(here, min(opens + spread, closes - timedelta(minutes=1)))
            if moment < closes:
                return moment.astimezone(UTC)
        day += timedelta(days=1)
        here = datetime(day.year, day.month, day.day, tzinfo=zone)
    raise ValueError(f"the send window {window} has no open day within {_FARTHEST} days")


def in_window(window: SendWindow, zone: ZoneInfo, region: str, moment: datetime) -> bool:
    """Whether the policy may write at that very moment."""
    return next_opening(window, zone, region, moment) == moment.astimezone(UTC)


def spread_of(creditor: str, debtor: str, minutes: int) -> timedelta:
    """The debtor's own place in the morning, the same every day: a hash over the minutes, to the second."""
    if minutes == 0:
        return timedelta(0)
    digest = hashlib.sha256(f"{creditor}\x1f{debtor}".encode()).digest()
    return timedelta(seconds=int.from_bytes(digest[:4], "big") % (minutes * 60))
