"""What a provider says of registered letters: who may say it, what the cases are told."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from intake.answers import NotNow
from intake.letter_news import LetterNews, read_news, tell
from rules.commands import LetterDelivered, LetterPosted, LetterReturned
from rules.outbox import Covered, Message, MessageState
from rules.reading import read_command
from rules.refusals import Code, Refused

ID = "<3f2a@acme.example>"
ACME = frozenset({"acme"})


def event(**more: Any) -> dict[str, Any]:
    return {"id": "evt_1", "message_id": ID, "status": "delivered", "on": "2026-03-05", "tracking": "1A 234", **more}


def asked(*events: dict[str, Any]) -> dict[str, Any]:
    return {"events": list(events) or [event()]}


def test_a_delivery_becomes_letter_delivered() -> None:
    (news,) = read_news(asked())
    command = read_command(news.command("mise_en_demeure", 1))
    assert isinstance(command, LetterDelivered)
    assert (command.step, command.passage, command.delivered_on, command.tracking) == (
        "mise_en_demeure", 1, date(2026, 3, 5), "1A 234",
    )  # fmt: skip
    assert news.event_id == "registered/evt_1"


def test_a_posting_and_a_return_become_theirs() -> None:
    posted, returned = read_news(
        asked(event(status="posted"), event(id="evt_2", status="returned", cause="unclaimed", on="2026-03-20"))
    )
    first, second = (read_command(news.command("mise_en_demeure", 2)) for news in (posted, returned))
    assert isinstance(first, LetterPosted)
    assert first.posted_on == date(2026, 3, 5)
    assert isinstance(second, LetterReturned)
    assert (second.cause, second.presented_on, second.passage) == ("unclaimed", date(2026, 3, 20), 2)


@pytest.mark.parametrize(
    "wrong",
    [
        event(status="lost"),
        event(status="returned"),
        event(cause="unclaimed"),
        event(on="yesterday"),
        event(id=""),
        event(message_id=None),
        event(tracking="x" * 201),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_field(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r"^event"):
        read_news(asked(wrong))


@pytest.mark.parametrize("data", [{"events": []}, {}, [], {"events": [event()] * 501}])
def test_an_envelope_that_is_empty_or_too_full_is_refused(data: object) -> None:
    with pytest.raises(Refused):
        read_news(data)


class OneMessage:
    """An outbox with one letter that speaks for two cases."""

    def __init__(self, state: MessageState = MessageState.SENT) -> None:
        self._state = state

    async def message(self, message_id: str) -> Message | None:
        if message_id != ID:
            return None
        covers = tuple(
            Covered(case=f"invoice/acme/F-{n}", passage=n, step="mise_en_demeure", balance=Decimal(1), claim=Decimal(1))
            for n in (1, 2)
        )
        return Message(
            id=ID, creditor="acme", debtor="C-1", currency="EUR", day=date(2026, 3, 3), channel="registered_letter",
            state=self._state, started_at=datetime(2026, 3, 3, 9, tzinfo=UTC), sender=covers[0].case,
            covers=covers,
        )  # fmt: skip


class OpenDoor:
    """Hears everything; refuses for one case."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Mapping[str, Any], str]] = []

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object:
        self.heard.append((case_id, body, event_id))
        if case_id.endswith("F-2"):
            raise Refused("letter_delivered: no letter was made for this case.", Code.NOT_ALLOWED_NOW)
        return None


async def test_every_case_of_the_letter_is_told_at_its_own_rung() -> None:
    door = OpenDoor()
    (news,) = read_news(asked())
    told = await tell(news, OneMessage(), door, ACME)
    assert [(case, body["passage"], event_id) for case, body, event_id in door.heard] == [
        ("invoice/acme/F-1", 1, "registered/evt_1"),
        ("invoice/acme/F-2", 2, "registered/evt_1"),
    ]
    assert [one.refused for one in told] == [None, "letter_delivered: no letter was made for this case."]


@pytest.mark.parametrize(("message", "creditors"), [("<other@acme.example>", ACME), (ID, frozenset({"globex"}))])
async def test_news_of_a_letter_that_this_creditor_never_sent_reaches_nobody(
    message: str, creditors: frozenset[str]
) -> None:
    door = OpenDoor()
    (told,) = await tell(LetterNews.model_validate(event(message_id=message)), OneMessage(), door, creditors)
    assert told == ("evt_1", None, f"no letter {message} has left.")
    assert door.heard == []


async def test_news_that_outruns_the_handing_over_is_asked_for_again() -> None:
    door = OpenDoor()
    with pytest.raises(NotNow, match="tell it again"):
        await tell(LetterNews.model_validate(event()), OneMessage(MessageState.SENDING), door, ACME)
    assert door.heard == []
