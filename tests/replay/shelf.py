"""The stored histories: one folder a release, append only; and what a history says was decided."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter

from rules.invoice import InvoiceIssued
from workflows.contracts import ACTIVITY_FILE, ACTIVITY_SEND, Answer, Carried, Order

FOLDER = Path(__file__).parent / "histories"
RELEASE = "v2"
"""Where new histories go. After a release nothing in its folder changes; the next one begins ``v3``."""

GOOD = sorted(FOLDER.glob("v*/*.json.gz"))
BAD = sorted(FOLDER.glob("bad/*.json.gz"))
ACTS = (ACTIVITY_SEND, ACTIVITY_FILE)


def name_of(file: Path) -> str:
    """``v1/06_plan_broken``."""
    return f"{file.parent.name}/{file.name.removesuffix('.json.gz')}"


def load(file: Path) -> WorkflowHistory:
    """A stored history."""
    data = json.loads(gzip.decompress(file.read_bytes()))
    return WorkflowHistory.from_json(data["workflow_id"], data["history"])


def store(file: Path, history: WorkflowHistory, *, hide: tuple[str, ...] = ()) -> None:
    """Keep a history; ``hide``: words that name the machine it was recorded on. Raises FileExistsError rather than
    overwrite: a stored history is what running cases were promised."""
    text = json.dumps({"workflow_id": history.workflow_id, "history": history.to_json_dict()}, ensure_ascii=False)
    for word in hide:
        text = text.replace(word, "recorder")
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("xb") as stream:
        stream.write(gzip.compress(text.encode(), mtime=0))


def start_of(history: WorkflowHistory) -> tuple[InvoiceIssued, Carried]:
    """What the run was started with."""
    payloads = list(history.events[0].workflow_execution_started_event_attributes.input.payloads)
    carried = _read(payloads[1], Carried) if len(payloads) > 1 else Carried()
    return _read(payloads[0], InvoiceIssued), carried


def answers(history: WorkflowHistory) -> Iterator[Answer]:
    """The answers of ``advance`` and of the acts, in the order in which they were recorded."""
    acts: set[int] = set()
    for event in history.events:
        scheduled = event.activity_task_scheduled_event_attributes
        completed = event.activity_task_completed_event_attributes
        if scheduled.activity_type.name in ACTS:
            acts.add(event.event_id)
        elif completed.scheduled_event_id in acts:
            yield _read(completed.result.payloads[0], Answer)
        elif event.HasField("marker_recorded_event_attributes"):
            result = event.marker_recorded_event_attributes.details.get("result")
            if result is not None:
                yield _read(result.payloads[0], Answer)


def orders(history: WorkflowHistory) -> Iterator[tuple[HistoryEvent, Order]]:
    """The acts that were scheduled, with what each was told."""
    for event in history.events:
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name in ACTS:
            yield event, _read(scheduled.input.payloads[0], Order)


def _read(payload: Payload, kind: type[Any]) -> Any:
    return pydantic_data_converter.payload_converter.from_payload(payload, kind)
