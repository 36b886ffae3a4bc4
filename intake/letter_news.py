"""What a provider of registered letters says of them, read into what the cases are told. ``tell`` speaks to the
door."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Protocol

from pydantic import Field, ValidationError

from intake.answers import NotNow
from rules.base import Frozen
from rules.outbox import Message, MessageState
from rules.refusals import Refused

Short = Annotated[str, Field(min_length=1, max_length=200)]


class LetterNews(Frozen):
    """One piece of news. ``id`` is the provider's, the same when it is told again; ``cause`` goes with ``returned``:
    ``unclaimed`` and ``refused`` are valid deliveries in law, the others are not."""

    id: Annotated[str, Field(min_length=1, max_length=120)]
    message_id: Short
    status: Literal["posted", "delivered", "returned"]
    on: date
    cause: Literal["unclaimed", "refused", "unknown_address", "incomplete_address", "deceased"] | None = None
    presented_on: date | None = None
    tracking: Short | None = None
    proof: Short | None = None

    @property
    def event_id(self) -> str:
        """What a case knows it by: heard once, however often it is told."""
        return f"registered/{self.id}"

    def command(self, step: str, passage: int) -> dict[str, Any]:
        """The body of ``submit`` for a case that the letter speaks for, at its own rung."""
        kind = f"letter_{self.status}"
        said: dict[str, Any] = {"kind": kind, "step": step, "passage": passage, "by": "registered-letter provider"}
        more: dict[str, object] = {"scope": "case"}  # every case that the letter speaks for is told
        if self.status == "returned":
            more |= {"cause": self.cause, "presented_on": self.presented_on or self.on, "on": self.on}
        else:
            more |= {f"{self.status}_on": self.on, "tracking": self.tracking, "proof": self.proof}
        return said | {name: str(value) for name, value in more.items() if value is not None}


class _Envelope(Frozen):
    events: Annotated[tuple[LetterNews, ...], Field(min_length=1, max_length=500)]


class Telling(NamedTuple):
    """What became of one piece of news for one case (None: there is none); ``refused`` None: entered."""

    id: str
    case: str | None
    refused: str | None = None


class Outbox(Protocol):
    """The messages that have left."""

    async def message(self, message_id: str) -> Message | None: ...


class Door(Protocol):
    """The door to a case."""

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> object: ...


def read_news(data: object) -> tuple[LetterNews, ...]:
    """The news of a parsed body, ``{"events": […]}``, in the provider's order; raises Refused naming the field that
    cannot be read."""
    try:
        news = _Envelope.model_validate(data).events
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(f"{where or 'data'}: {first['msg']}.") from None
    for one in news:
        if (one.status == "returned") != (one.cause is not None):
            raise Refused(f"event {one.id}: cause goes with the status returned and no other.")
    return news


async def tell(news: LetterNews, outbox: Outbox, door: Door, creditors: frozenset[str] | None) -> tuple[Telling, ...]:
    """Say it to every case that the letter speaks for. A refusal is part of the answer, also of a letter that none of
    the ``creditors`` (None: any) has sent. Raises NotNow while the letter is being handed over or a case does not
    answer: to be told again."""
    message = await outbox.message(news.message_id)
    if message is None or (creditors is not None and message.creditor not in creditors):
        return (Telling(news.id, None, f"no letter {news.message_id} has left."),)
    if message.state is MessageState.SENDING:  # the provider is quicker than our own second transaction
        raise NotNow(f"letter {news.message_id} is only being handed over; tell it again.")
    told = []
    for covered in message.covers:
        try:
            await door.submit(covered.case, news.command(covered.step, covered.passage), news.event_id)
        except Refused as refused:
            told.append(Telling(news.id, covered.case, refused.sentence))
        else:
            told.append(Telling(news.id, covered.case))
    return tuple(told)
