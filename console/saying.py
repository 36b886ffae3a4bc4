"""Saying something to a case, and what came of it. The same id twice is heard once."""

import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from starlette.datastructures import FormData

from console.engine import EngineDown
from console.guard import Person
from console.house import House
from intake.answers import NotNow
from ledger.asked import Request as AskedOf
from ledger.asked import State
from rules.refusals import Refused

SHOWN: Final = ("amount", "received_on", "pay_on", "until", "step", "outcome", "event")
"""What a pending line may show of a request: nothing personal."""
_BACK: Final = ("/tasks", "/letters", "/judicial", "/debtors/")


class End(StrEnum):
    """How it ended: the case has it, it will have it, nothing was sent, or it was refused."""

    DONE = "done"
    PENDING = "pending"
    DOWN = "down"
    REFUSED = "refused"


class Said(NamedTuple):
    """What came of it, with the sentence of a refusal."""

    end: End
    sentence: str = ""


async def say(house: House, person: Person, case_id: str, body: Mapping[str, Any], request_id: str) -> Said:
    """Say ``body`` (its ``kind`` in it) to the case, under an id that is the update's and the event's."""
    asked = AskedOf(
        id=request_id, case_id=case_id, kind=str(body["kind"]), login=person.login, at=house.now(),
        state=State.PENDING, words={name: body[name] for name in SHOWN if name in body},
    )  # fmt: skip
    if not await house.ledger.asked.ask(asked):
        return Said(End.PENDING)
    try:
        await house.engine.submit(case_id, body, request_id)
    except EngineDown:
        await house.ledger.asked.settle(request_id, State.NOT_SENT)
        return Said(End.DOWN)
    except NotNow:
        return Said(End.PENDING)
    except Refused as refused:
        await house.ledger.asked.settle(request_id, State.REFUSED, refused.sentence)
        return Said(End.REFUSED, refused.sentence)
    await house.ledger.asked.settle(request_id, State.DONE)
    return Said(End.DONE)


def new_id() -> str:
    """The id of a request."""
    return f"console/{uuid.uuid4()}"


def id_of(form: FormData) -> str:
    """The id that a form carries, or a new one."""
    return str(form.get("request_id", ""))[:80] or new_id()


def way_back(form: FormData, otherwise: str) -> str:
    """Where a form wants to return to, among the pages that forms stand on."""
    asked = str(form.get("back", ""))[:400]
    local = asked.startswith(_BACK) and "\n" not in asked and "\r" not in asked
    return asked if local else otherwise


def with_word(address: str, said: str) -> str:
    """An address that says what came of it."""
    return f"{address}{'&' if '?' in address else '?'}said={said}"
