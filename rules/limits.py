"""Guard rails: how often, at what hours and on which days a debtor is contacted, all its invoices together. Pure."""

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rules.case import Case, StepOutcome
from rules.claim import Context, region
from rules.decision import DebtorFacts
from rules.law.kinds import DebtorKind
from rules.policy import BY_TELEPHONE, WEEKDAYS, Channel, Policy, Rung, SendWindow
from rules.reach import channel_for

WEEK = timedelta(days=7)
CONSUMER_CALLS = SendWindow.model_validate({"from": "10:00", "to": "19:00"})
"""When a consumer may be called, Monday to Friday: a rule of the house (docs/letters.md)."""
CONSUMER_LETTERS = SendWindow.model_validate({"from": "08:00", "to": "20:00"})
_ZONES = {
    "FR-971": "America/Guadeloupe",
    "FR-972": "America/Martinique",
    "FR-973": "America/Cayenne",
    "FR-974": "Indian/Reunion",
    "FR-976": "Indian/Mayotte",
    "FR-PM": "America/Miquelon",
    "FR-BL": "America/St_Barthelemy",
    "FR-MF": "America/Marigot",
    "FR-WF": "Pacific/Wallis",
    "FR-PF": "Pacific/Tahiti",
    "FR-NC": "Pacific/Noumea",
}


class Spaced(NamedTuple):
    """The day that the guard rails leave, and the rail that moved it: ``minimum_days``, ``per_week`` or
    ``per_channel``; None when none did."""

    day: date
    guard: str | None = None


REASONS = {
    "minimum_days": "pour espacer les courriers",
    "per_week": "assez de contacts cette semaine-là",
    "per_channel": "assez de contacts par ce canal cette semaine-là",
}


def spaced_day(case: Case, rung: Rung, context: Context, day: date) -> Spaced:
    """The first day, from ``day`` on, that keeps the least distance between letters and the most contacts a week, of
    any kind and by the rung's channel."""
    # A mise en demeure concerns its own invoice: letters about others neither delay nor count for it, or nine invoices
    # of one debtor would take nine weeks and each approval lapse on the way.
    elsewhere = DebtorFacts() if rung.is_formal else context.debtor
    spaced = Spaced(day)
    if not rung.is_call:
        last = case.last_written
        written = [d for d in (last.on if last else None, elsewhere.written_on) if d is not None]
        # One message a day at most, also where the policy asks for no distance between them.
        apart = timedelta(days=max(1, context.policy.spacing.minimum_days))
        least = max(written) + apart if written else day
        spaced = Spaced(least, "minimum_days") if least > day else spaced
    limits = _limits(case, rung, context, elsewhere)
    while (later := next(filter(None, (_beyond(limit, spaced.day) for limit in limits)), None)) is not None:
        spaced = later
    return spaced


class _Limit(NamedTuple):
    guard: str
    most: int
    contacts: list[date]


def _beyond(limit: _Limit, day: date) -> Spaced | None:
    """The first day on which a full week has room again; None when it has on the day."""
    recent = [d for d in limit.contacts if day - WEEK < d <= day]
    return Spaced(recent[-limit.most] + WEEK, limit.guard) if len(recent) >= limit.most else None


def _limits(case: Case, rung: Rung, context: Context, elsewhere: DebtorFacts) -> list[_Limit]:
    own = _own_contacts(case, None)
    limits = [_Limit("per_week", context.policy.spacing.per_week, _together(own, elsewhere.contacts))]
    channel = rung.channel[0] if rung.is_call else channel_for(case, rung) or rung.channel[0]
    most = _most(case, context.policy, channel)
    if most is not None:
        there = elsewhere.by_channel.get(channel, ())
        limits.append(_Limit("per_channel", most, _together(_own_contacts(case, channel), there)))
    return limits


def _most(case: Case, policy: Policy, channel: Channel) -> int | None:
    """The most contacts a week by a channel; a consumer is called once a week at most."""
    given = policy.spacing.channel.get(channel)
    return 1 if channel in BY_TELEPHONE and _consumer(case) else given


def _together(own: list[date], others: tuple[date, ...]) -> list[date]:
    return sorted([*own, *(day for day in others if day not in own)])


def _own_contacts(case: Case, channel: Channel | None) -> list[date]:
    calls = (StepOutcome.CALL, StepOutcome.CALLED, StepOutcome.LAPSED)
    return [s.on for s in case.steps if (s.written or s.outcome in calls) and channel in (None, s.channel)]


def window_of(case: Case, rung: Rung, policy: Policy) -> SendWindow:
    """The days and hours of a rung: calls have their own when the policy says so. A consumer is called Monday to Friday
    from 10:00 to 19:00 and written to Monday to Friday from 8:00 to 20:00 at most, never at the week-end."""
    if not rung.is_call:
        return letters_window(case, policy)
    return _kept(case, policy.send if policy.calls is None else policy.calls, CONSUMER_CALLS)


def letters_window(case: Case, policy: Policy) -> SendWindow:
    """The days and hours at which the debtor is written to, whatever the letter is about."""
    return _kept(case, policy.send, CONSUMER_LETTERS)


def _kept(case: Case, window: SendWindow, most: SendWindow) -> SendWindow:
    """The window, and for a consumer no more of it than ``most``."""
    if not _consumer(case):
        return window
    opens, closes = max(window.from_, most.from_), min(window.to, most.to)
    if opens >= closes:
        opens, closes = most.from_, most.to
    named = [day for day in window.days if day in WEEKDAYS]
    kept = tuple(day for day in window.days if day not in ("sat", "sun"))
    days = kept if not named or set(named) & set(WEEKDAYS[:5]) else (*kept, *WEEKDAYS[:5])
    return window.model_copy(update={"days": days, "from_": opens, "to": closes})


def zone_of(case: Case, policy: Policy) -> ZoneInfo:
    """The time zone in which the debtor's day is counted: overseas its own, else the policy's."""
    zone = _ZONES.get(region(case))
    return policy.zone if zone is None else ZoneInfo(zone)


def _consumer(case: Case) -> bool:
    return case.invoice.debtor.kind is DebtorKind.CONSUMER
