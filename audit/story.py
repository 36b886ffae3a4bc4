"""What a run's history tells: the invoice it began with, each answer of the clerk and of the acts, its ending. Pure."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import History, HistoryEvent

from rules.events import CaseOpened, Event
from rules.invoice import InvoiceIssued
from rules.runs import Run
from workflows.contracts import ACTIVITY_ADVANCE, ACTIVITY_FILE, ACTIVITY_SEND, Answer, Carried, Ending

ACTS = frozenset({ACTIVITY_SEND, ACTIVITY_FILE})
M = TypeVar("M", bound=BaseModel)


@lru_cache(maxsize=2048)
def parsed(kind: type[M], data: bytes) -> M:
    """The value of a payload's JSON, which never changes and is shared: the replay reads the same bytes as the story.
    Raises pydantic.ValidationError."""
    return kind.model_validate_json(data)


class Unreadable(Exception):
    """Raised for a history whose payloads are not what a case's are; names the event."""


class Told(NamedTuple):
    """An answer as it was recorded: the history's event, its moment on the engine's clock, the answer."""

    event: int
    at: datetime
    answer: Answer


class Story(NamedTuple):
    """A run as its history tells it. ``ending`` None: it did not complete."""

    run: Run
    history: History
    invoice: InvoiceIssued | None
    carried: Carried
    told: tuple[Told, ...]
    ending: Ending | None


def whole(event: Event, story: Story) -> Event:
    """An event that a history tells, as the ledger keeps it: the invoice that the run began with is left out of its
    opening."""
    if isinstance(event, CaseOpened) and event.invoice is None:
        return event.model_copy(update={"invoice": story.invoice})
    return event


def read_story(run: Run, history: History) -> Story:
    """The story of a history whose payloads are open; raises Unreadable."""
    if not history.events or not history.events[0].HasField("workflow_execution_started_event_attributes"):
        raise Unreadable("the history does not begin with its start")
    inputs = history.events[0].workflow_execution_started_event_attributes.input.payloads
    carried = _read(history.events[0], inputs[1], Carried) if len(inputs) > 1 else Carried()
    try:
        invoice = parsed(InvoiceIssued, inputs[0].data) if inputs else None
    except ValidationError:
        invoice = None  # a start that was refused
    return Story(run, history, invoice, carried, tuple(_answers(history)), _ending(history))


def _answers(history: History) -> Iterator[Told]:
    acts: set[int] = set()
    for event in history.events:
        if event.HasField("activity_task_scheduled_event_attributes"):
            if event.activity_task_scheduled_event_attributes.activity_type.name in ACTS:
                acts.add(event.event_id)
        elif event.HasField("activity_task_completed_event_attributes"):
            completed = event.activity_task_completed_event_attributes
            if completed.scheduled_event_id in acts:
                yield _told(event, list(completed.result.payloads))
        elif event.HasField("marker_recorded_event_attributes"):
            details = event.marker_recorded_event_attributes.details
            if "result" in details and _is_advance(details):
                yield _told(event, list(details["result"].payloads))


def _is_advance(details: Any) -> bool:
    data = details["data"].payloads[0].data if "data" in details and details["data"].payloads else b""
    return f'"{ACTIVITY_ADVANCE}"'.encode() in data


def _told(event: HistoryEvent, payloads: list[Payload]) -> Told:
    if not payloads:
        raise Unreadable(f"event {event.event_id} of the history holds no answer")
    at = event.event_time.ToDatetime(tzinfo=UTC)
    return Told(event.event_id, at, _read(event, payloads[0], Answer))


def _ending(history: History) -> Ending | None:
    last = history.events[-1]
    if not last.HasField("workflow_execution_completed_event_attributes"):
        return None
    payloads = last.workflow_execution_completed_event_attributes.result.payloads
    return _read(last, payloads[0], Ending) if payloads else None


def _read(event: HistoryEvent, payload: Payload, kind: type[M]) -> M:
    try:
        value: M = parsed(kind, payload.data)
        return value
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise Unreadable(f"event {event.event_id} of the history is no {kind.__name__}: {where}") from None
