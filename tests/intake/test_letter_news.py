"""What a provider says of registered letters: who may say it, what the cases are told."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from intake.letter_news import LARGEST, LetterNews, tell, verify_and_read
from rules.commands import LetterDelivered, LetterPosted, LetterReturned
from rules.outbox import Covered, Message, MessageState
from rules.reading import read_command
from rules.refusals import Code, Refused
from rules.signed import Unsigned, signature

SECRET, NOW = "a secret that both sides share", 1_772_528_400
ID = "<3f2a@acme.example>"


def event(**more: Any) -> dict[str, Any]:
    return {"id": "evt_1", "message_id": ID, "status": "delivered", "on": "2026-03-05", "tracking": "1A 234", **more}


def asked(*events: dict[str, Any], at: int = NOW, secret: str = SECRET) -> tuple[dict[str, str], bytes]:
    body = json.dumps({"events": events or (event(),)}).encode()
    return {"relance-signature": signature(secret, at, body), "content-type": "application/json"}, body


def test_a_delivery_becomes_letter_delivered() -> None:
    (news,) = verify_and_read(*asked(), SECRET, NOW)
    command = read_command(news.command("mise_en_demeure", 1))
    assert isinstance(command, LetterDelivered)
    assert (command.step, command.passage, command.delivered_on, command.tracking) == (
        "mise_en_demeure", 1, date(2026, 3, 5), "1A 234",
    )  # fmt: skip
    assert news.event_id == "registered/evt_1"


def test_a_posting_and_a_return_become_theirs() -> None:
    posted, returned = verify_and_read(
        *asked(event(status="posted"), event(id="evt_2", status="returned", cause="unclaimed", on="2026-03-20")),
        SECRET, NOW,
    )  # fmt: skip
    first, second = (read_command(news.command("mise_en_demeure", 2)) for news in (posted, returned))
    assert isinstance(first, LetterPosted)
    assert first.posted_on == date(2026, 3, 5)
    assert isinstance(second, LetterReturned)
    assert (second.cause, second.presented_on, second.passage) == ("unclaimed", date(2026, 3, 20), 2)


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({}, "missing"),
        ({"Relance-Signature": "v1=abc"}, "missing"),
        ({"Relance-Signature": "t=abc,v1=abc"}, "missing"),
        ({"Relance-Signature": f"t={NOW}"}, "missing"),
        ({"Relance-Signature": f"t={NOW},v1=é"}, "missing"),
        ({"Relance-Signature": f"t={NOW},v1={'0' * 64}"}, "does not sign"),
    ],
)
def test_what_is_not_signed_is_not_read(headers: dict[str, str], why: str) -> None:
    with pytest.raises(Unsigned, match=why):
        verify_and_read(headers, asked()[1], SECRET, NOW)


def test_another_secret_another_body_or_another_time_is_refused() -> None:
    headers, body = asked(secret="another secret")
    with pytest.raises(Unsigned, match="does not sign"):
        verify_and_read(headers, body, SECRET, NOW)
    headers, body = asked()
    with pytest.raises(Unsigned, match="does not sign"):
        verify_and_read(headers, body + b" ", SECRET, NOW)
    for late in (NOW + 301, NOW - 301):
        with pytest.raises(Unsigned, match="301 seconds away"):
            verify_and_read(headers, body, SECRET, late)
    assert verify_and_read(headers, body, SECRET, NOW + 299)


def test_while_the_secret_changes_either_signature_is_enough() -> None:
    headers, body = asked()
    both = f"{signature('the new one', NOW, body)},{headers['relance-signature'].partition(',')[2]}"
    assert verify_and_read({"Relance-Signature": both}, body, SECRET, NOW)


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
    with pytest.raises(Refused) as refused:
        verify_and_read(*asked(wrong), SECRET, NOW)
    assert not isinstance(refused.value, Unsigned)


def test_a_body_too_large_or_empty_is_refused() -> None:
    with pytest.raises(Refused, match="send fewer"):
        verify_and_read({}, b" " * (LARGEST + 1), SECRET, NOW)
    body = b'{"events": []}'
    with pytest.raises(Refused, match="events"):
        verify_and_read({"Relance-Signature": signature(SECRET, NOW, body)}, body, SECRET, NOW)


class OneMessage:
    """An outbox with one letter that speaks for two cases."""

    async def message(self, message_id: str) -> Message | None:
        if message_id != ID:
            return None
        covers = tuple(
            Covered(case=f"invoice/acme/F-{n}", passage=n, step="mise_en_demeure", balance=Decimal(1), claim=Decimal(1))
            for n in (1, 2)
        )
        return Message(
            id=ID, creditor="acme", debtor="C-1", currency="EUR", day=date(2026, 3, 3), channel="registered_letter",
            state=MessageState.SENT, started_at=datetime(2026, 3, 3, 9, tzinfo=UTC), sender=covers[0].case,
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
    (news,) = verify_and_read(*asked(), SECRET, NOW)
    told = await tell(news, OneMessage(), door)
    assert [(case, body["passage"], event_id) for case, body, event_id in door.heard] == [
        ("invoice/acme/F-1", 1, "registered/evt_1"),
        ("invoice/acme/F-2", 2, "registered/evt_1"),
    ]
    assert [one.sentence for one in told] == [None, "letter_delivered: no letter was made for this case."]


async def test_news_of_a_letter_that_never_left_is_refused() -> None:
    news = LetterNews.model_validate(event(message_id="<other@acme.example>"))
    with pytest.raises(Refused, match=r"no letter <other@acme.example> has left"):
        await tell(news, OneMessage(), OpenDoor())
