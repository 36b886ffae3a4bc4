"""The legal calendar: public holidays by region, working days, time limits counted in days, months and years.
Pure.

Regions: ``FR`` (mainland), ``FR-57``, ``FR-67``, ``FR-68`` (Alsace-Moselle), ``FR-971`` … (overseas), or
another country's two letters.
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Literal

import holidays

from rules.refusals import Code, Refused

Distance = Literal["overseas", "abroad"]
MAINLAND = "FR"
ALSACE_MOSELLE = frozenset({"FR-57", "FR-67", "FR-68"})
# Postal prefixes of the overseas communities whose holidays are not those of their first three digits.
_ISLANDS = {"97150": "FR-MF", "97133": "FR-BL"}
_OVERSEAS = {
    "971": "FR-971", "972": "FR-972", "973": "FR-973", "974": "FR-974", "976": "FR-976",
    "975": "FR-PM", "977": "FR-BL", "978": "FR-MF", "986": "FR-WF", "987": "FR-PF", "988": "FR-NC",
}  # fmt: skip
_OVERSEAS_COUNTRIES = {
    "GP": "FR-971", "MQ": "FR-972", "GF": "FR-973", "RE": "FR-974", "YT": "FR-976", "PM": "FR-PM",
    "MF": "FR-MF", "BL": "FR-BL", "WF": "FR-WF", "PF": "FR-PF", "NC": "FR-NC",
}  # fmt: skip
# These have a list of holidays of their own; elsewhere overseas only the abolition of slavery is added by
# law.
_OWN_LIST = frozenset({"FR-WF", "FR-PF", "FR-NC"})
# A year outside is a slip of the keyboard; inside, no computation leaves the calendar.
_AGES = range(1900, 2200)
SUNDAY = 6
SATURDAY = 5


def region_of(postal_code: str | None, country: str | None = "FR") -> str:
    """The region whose holidays apply at an address; mainland France when nothing says otherwise."""
    land = (country or "FR").upper()
    if land != "FR":
        return _OVERSEAS_COUNTRIES.get(land, land)
    code = (postal_code or "").replace(" ", "")
    if code[:2] in {"57", "67", "68"}:
        return f"FR-{code[:2]}"
    return _ISLANDS.get(code) or _OVERSEAS.get(code[:3], MAINLAND)


def distance_of(region: str) -> Distance | None:
    """How far from the mainland a region is, as 643 CPC asks; None on it. Overseas is France, whatever code its
    addresses bear (RE, GP …).
    """
    if region in ALSACE_MOSELLE or region == MAINLAND:
        return None
    return "overseas" if region.startswith("FR-") else "abroad"


@lru_cache(maxsize=4096)
def public_holidays(year: int, region: str = MAINLAND) -> frozenset[date]:
    """The public holidays of a year in a region.

    Art. L3133-1 C. trav.; L3134-13 (Alsace-Moselle: Good Friday and 26 December, the former only in communes
    with a Protestant or mixed church, counted everywhere here); L3422-2 (overseas: abolition of slavery).
    Local customs such as Mi-Carême are no legal holidays and extend no time limit. Checked 2026-11-22.

    Raises Refused (malformed) for a region that has no calendar.
    """
    if region == MAINLAND:
        return frozenset(holidays.country_holidays("FR", years=year))
    if region in ALSACE_MOSELLE:
        return frozenset(holidays.country_holidays("FR", subdiv="57", years=year))
    try:
        if not region.startswith("FR-"):
            return _abroad(year, region)
        named = holidays.country_holidays("FR", subdiv=region.removeprefix("FR-"), years=year, language="en_US")
    except NotImplementedError:
        raise Refused(f"region: no calendar of public holidays for « {region} »; write FR, FR-57, FR-971 …") from None
    if region in _OWN_LIST:
        return frozenset(named)
    return public_holidays(year) | {day for day, name in named.items() if "Abolition" in name}


def _abroad(year: int, country: str) -> frozenset[date]:
    """Another country's holidays, for courtesy only; none when its calendar is not known."""
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_holiday(day: date, region: str = MAINLAND) -> bool:
    """Whether the day is a public holiday in the region."""
    return day in public_holidays(day.year, region)


def is_business_day(day: date, region: str = MAINLAND) -> bool:
    """Jour ouvré: Monday to Friday, not a public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year, region)


def is_working_day(day: date, region: str = MAINLAND) -> bool:
    """Jour ouvrable: every day but Sunday and public holidays, Saturday included (art. L3133-1 C. trav. and
    usage).
    """
    return day.weekday() < SUNDAY and day not in public_holidays(day.year, region)


def next_business_day(day: date, region: str = MAINLAND) -> date:
    """The day itself if it is a business day, else the first one after it."""
    while not is_business_day(day, region):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, n: int, region: str = MAINLAND) -> date:
    """The n-th business day after the day (before it when n is negative); the day itself when n is 0."""
    step = timedelta(days=1 if n > 0 else -1)
    for _ in range(abs(n)):
        day += step
        while not is_business_day(day, region):
            day += step
    return day


def add_working_days(day: date, n: int, region: str = MAINLAND) -> date:
    """The n-th jour ouvrable after the day, Saturdays counted."""
    for _ in range(n):
        day += timedelta(days=1)
        while not is_working_day(day, region):
            day += timedelta(days=1)
    return day


def add_months(day: date, n: int) -> date:
    """The day of the same number n months later, or the last day of that month (641 al. 2 CPC). Checked
    2026-11-22.
    """
    month = day.year * 12 + day.month - 1 + n
    return day_of(month // 12, month % 12 + 1, day.day)


def add_years(day: date, n: int) -> date:
    """The same date n years later; 29 February gives 28 February in a common year."""
    return day_of(day.year + n, day.month, day.day)


def day_of(year: int, month: int, day: int) -> date:
    """The date, or the last day of the month when the month is shorter. Raises Refused (date_invalid) past
    year 9999.
    """
    try:
        return date(year, month, min(day, monthrange(year, month)[1]))
    except (ValueError, IndexError):
        raise Refused(f"date: the year {year} is out of the calendar.", Code.DATE_INVALID) from None


def end_of_month(day: date) -> date:
    """The last day of the day's month."""
    return day_of(day.year, day.month, 31)


@cache
def semester_start(year: int, half: int) -> date:
    """1 January or 1 July."""
    return date(year, 1 if half == 1 else 7, 1)


def semester_of(day: date) -> tuple[int, int]:
    """The calendar semester of a day: (2026, 2)."""
    return day.year, 1 if day.month < 7 else 2


def semester_end(year: int, half: int) -> date:
    """30 June or 31 December."""
    return date(year, 6, 30) if half == 1 else date(year, 12, 31)


def next_semester(year: int, half: int) -> tuple[int, int]:
    """The semester that follows."""
    return (year, 2) if half == 1 else (year + 1, 1)


def parse_day(text: str, *, field: str = "date") -> date:
    """Read an ISO date. Raises Refused (date_invalid) on anything else, 2026-02-30 included, and on another age."""
    try:
        day = date.fromisoformat(text.strip())
        if day.year in _AGES:
            return day
        raise ValueError
    except ValueError:
        raise Refused(f"{field}: « {text} » is not a date; write 2026-02-28.", Code.DATE_INVALID) from None
