"""What concerns a person, or a message to him, and was said to one case, is said to the other cases it concerns."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from temporalio import activity

from activities.ports import Ledger
from workflows import contracts
from workflows.contracts import Said, Spread

Tell = Callable[[str, str, dict[str, Any]], Awaitable[None]]
"""Signals one case: its id, the signal's name, the payload. A case that runs no more is passed over."""

OF_A_MESSAGE = ("notice_bounced", "letter_returned")
"""Signals about a message, which may speak for several cases of the debtor."""
_COPY = "<email."


class Waker:
    """Tells a debtor's other cases, one after the other, heartbeating."""

    def __init__(self, ledger: Ledger, tell: Tell) -> None:
        self._ledger = ledger
        self._tell = tell

    @activity.defn(name=contracts.ACTIVITY_WAKE)
    async def wake_siblings(self, spread: Spread) -> None:
        """Signal every open case of the debtor but this one; of a message's fate those alone that it speaks for. Each
        hears it under one id of its own, so that telling twice is harmless, and as said to itself alone, so that none
        tells it on."""
        invoice = await self._ledger.invoice_of(spread.case)
        if invoice is None:
            return
        others = await self._ledger.open_cases_of(invoice.creditor, invoice.debtor.id)
        covered = [await self._covered(said) for said in spread.said]
        for other in others:
            if other == spread.case:
                continue
            for said, of_message in zip(spread.said, covered, strict=True):
                if of_message is None:
                    await self._tell(other, said.name, told(spread.case, said))
                elif other in of_message:
                    await self._tell(other, said.name, {**told(spread.case, said), **of_message[other]})
            activity.heartbeat(other)

    async def _covered(self, said: Said) -> Mapping[str, dict[str, Any]] | None:
        """The cases that the message speaks for, with what each is told of it; None when it is about no message."""
        if said.name not in OF_A_MESSAGE:
            return None
        name = str(said.payload.get("message_id") if isinstance(said.payload, dict) else "")
        message = await self._ledger.message(name.replace(_COPY, "<", 1))
        if message is None:
            return {}
        if said.name == "notice_bounced":
            return {row.case: {"message_id": name} for row in message.covers}
        return {row.case: {"step": row.step, "passage": row.passage} for row in message.covers}


def told(case: str, said: Said) -> dict[str, Any]:
    """The payload for another case: the same words, the origin in the id."""
    payload = said.payload if isinstance(said.payload, dict) else {}
    words = {name: value for name, value in payload.items() if (name, value) != ("kind", said.name)}
    words.pop("message_id", None)
    return {**words, "scope": "case", "id": f"{case}#{said.id}"[:200]}
