"""Events of the way to a judge and of the other ways out: deadlines, costs, files called back, cases handed over.
Pure."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from rules.base import Personal, Private
from rules.events_base import Event
from rules.money import Money


class JudicialEventNoted(Event):
    """What a court, a greffe or a commissaire de justice did. ``procedure``: which one it belongs to. ``details``:
    principal, interest_from, rate, indemnity, costs, served_to_person, document, as they were told."""

    kind: Literal["judicial_event_noted"] = "judicial_event_noted"
    event: str
    court: str | None = None
    reference: str | None = None
    hearing_on: date | None = None
    procedure: str | None = None
    details: Annotated[dict[str, Any], Personal] = Field(default_factory=dict)


class DeadlineNear(Event):
    """A legal time limit ends after ``last_day``; ``distance`` ahead of it, as the policy asked. ``cause``: the event
    that opened it."""

    kind: Literal["deadline_near"] = "deadline_near"
    clock: str
    distance: str
    last_day: date
    cause: str


class DeadlinePassed(Event):
    """A legal time limit has run out: for the creditor an alarm, for the debtor a right that is lost."""

    kind: Literal["deadline_passed"] = "deadline_passed"
    clock: str
    last_day: date
    cause: str


class FileRecalled(Event):
    """The judicial file was called back before it was lodged: a person decides what comes next."""

    kind: Literal["file_recalled"] = "file_recalled"
    step: str
    passage: int
    reason: Private = None


class FileOvertaken(Event):
    """The judicial file no longer says the truth: as a person saw it (``because``), or by what happened to another
    invoice that stands in it: its number, and the kind of the event. ``manifest``: which file."""

    kind: Literal["file_overtaken"] = "file_overtaken"
    manifest: str
    invoice: str | None = None
    what: str | None = None
    because: Private = None


class HandedOver(Event):
    """Another holds the case: nothing is written in the creditor's name until it comes back."""

    kind: Literal["handed_over"] = "handed_over"
    to: str
    role: str
    since: date
    commission: str | None = None
    fee: Money | None = None
    mandate: str | None = None
    returns_on: date | None = None


class TakenBack(Event):
    """The case is the creditor's own again."""

    kind: Literal["taken_back"] = "taken_back"
    reason: Private = None


class MediationOpened(Event):
    """The parties agreed in writing to a mediation or conciliation, or met for the first time."""

    kind: Literal["mediation_opened"] = "mediation_opened"
    agreed_on: date
    mediator: Private = None
    until: date | None = None
    document: str | None = None


class MediationEnded(Event):
    kind: Literal["mediation_ended"] = "mediation_ended"
    outcome: str
    ended_on: date


class CostIncurred(Event):
    """What an act of the recovery cost the creditor. ``nature`` says whether the law lets it be claimed."""

    kind: Literal["cost_incurred"] = "cost_incurred"
    nature: str
    amount: Money
    document: str | None = None
