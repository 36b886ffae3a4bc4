"""The case's inbox: things said, in the order they came, until the clerk has entered them. Plain state of the
workflow."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, ApplicationError

from workflows.contracts import Answer, Carried, Reply, Said

_LONGEST = 2000  # a failure's text may never outgrow a payload


class Inbox:
    """Things said and not yet entered. ``ready``: something can be entered now."""

    def __init__(self, carried: Carried) -> None:
        self._waiting: dict[str, Said] = {said.id: said for said in carried.inbox}
        self._deferred: set[str] = set()
        self._replies: dict[str, Reply] = {}
        self._asked_by_update: set[str] = set()
        self.signals = carried.signals
        self.series = carried.series
        self.failed: str | None = None

    @property
    def ready(self) -> bool:
        """Whether something said waits that no earlier moment must precede."""
        return any(said_id not in self._deferred for said_id in self._waiting)

    @property
    def waiting(self) -> tuple[Said, ...]:
        """All that was said and not entered, in order."""
        return tuple(self._waiting.values())

    def next_id(self) -> str:
        """The id of a signal that carries none: ``signal/{n}``, n counted across continue-as-new; the continuation of a
        closed case counts in a series of its own."""
        self.signals += 1
        return f"signal/{self.series}{self.signals}"

    def put(self, said: Said) -> None:
        """Keep one thing said; the loop wakes."""
        self._waiting.setdefault(said.id, said)
        self._deferred.clear()

    def take(self) -> tuple[Said, ...]:
        """All that waits; it stays here until the answer says it was entered."""
        return self.waiting

    def absorb(self, answer: Answer) -> None:
        """Forget what was entered or refused, keep what must wait for an earlier moment."""
        for reply in answer.replies:
            self._waiting.pop(reply.id, None)
            if reply.id in self._asked_by_update:
                self._replies[reply.id] = reply
        self._deferred = {said_id for said_id in answer.deferred if said_id in self._waiting}

    def act_gave_up(self, act: str, because: str) -> None:
        """An act failed for good: told to the rules like anything else that happens."""
        self.put(
            Said(
                id=f"act/{workflow.info().run_id}/{workflow.info().get_current_history_length()}",
                name="act_gave_up",
                payload={"act": act, "because": because},
                at=workflow.now(),
                door="engine",
            )
        )

    def cancelled(self) -> None:
        """A cancel of the engine is no business act: it is refused, and leaves a trace."""
        fault = "cancel: a cancel of the engine ends no case; send the signal cancel, or write_off, with its reason."
        self.put(Said(id=f"engine/{self.next_id()}", name="cancel", fault=fault, at=workflow.now(), door="engine"))

    def said_by_update(self, body: dict[str, Any], info: Any, now: datetime) -> Said:
        """What an update says; its id is the update's unless the body carries one."""
        own = body.get("id")
        said_id = own if isinstance(own, str) and own else info.id if info is not None else self.next_id()
        self._asked_by_update.add(said_id)
        self._replies.pop(said_id, None)
        return Said(id=said_id, name=str(body["kind"]), payload=body, at=now, door="update")

    def replied(self, said_id: str) -> bool:
        """Whether the clerk has answered it."""
        return said_id in self._replies

    def reply(self, said_id: str) -> Reply:
        """The clerk's answer."""
        return self._replies[said_id]


def said_of(name: str, args: Sequence[RawValue], said_id: str, now: datetime, *, door: str) -> Said:
    """One thing said by a raw signal, read if it can be: no argument means ``{}``; whatever cannot be read is kept as a
    fault, with which the clerk refuses it."""
    payload: Any = {}
    fault: str | None = None
    if len(args) > 1:
        fault = f"{name}: {len(args)} arguments were given; give one JSON object, or none."
    elif args:
        payload, fault = _read(name, args[0])
    own = payload.get("id") if isinstance(payload, dict) else None
    if isinstance(own, str) and 0 < len(own) <= 200:
        said_id = own
    return Said(id=said_id, name=name[:200], payload=None if fault else payload, fault=fault, at=now, door=door)


def _read(name: str, raw: RawValue) -> tuple[Any, str | None]:
    encoding = raw.payload.metadata.get("encoding", b"").decode("ascii", "replace")
    if encoding == "binary/null":
        return {}, None
    if encoding != "json/plain":
        return None, f"{name}: the payload's encoding is {encoding or 'missing'}; send JSON."
    try:
        value = json.loads(raw.payload.data)
    except ValueError:
        return None, f"{name}: the payload is not JSON."
    if value is None:
        return {}, None
    if not isinstance(value, dict):
        return None, f"{name}: the payload must be one JSON object such as {{}}, not {type(value).__name__}."
    return value, None


def describe_failure(error: ActivityError) -> str:
    """Why an activity failed for good: the innermost cause, capped."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    kind = cause.type if isinstance(cause, ApplicationError) else type(cause).__name__
    return f"{kind}: {cause}"[:_LONGEST]
