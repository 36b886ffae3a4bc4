"""What concerns a person, and was said to one case, is said to the debtor's other cases too."""

from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import activity

from activities.ports import Ledger
from workflows import contracts
from workflows.contracts import Said, Spread

Tell = Callable[[str, str, dict[str, Any]], Awaitable[None]]
"""Signals one case: its id, the signal's name, the payload. A case that runs no more is passed over."""


class Waker:
    """Tells a debtor's other cases, one after the other, heartbeating."""

    def __init__(self, ledger: Ledger, tell: Tell) -> None:
        self._ledger = ledger
        self._tell = tell

    @activity.defn(name=contracts.ACTIVITY_WAKE)
    async def wake_siblings(self, spread: Spread) -> None:
        """Signal every open case of the debtor but this one. Each hears it under one id of its own, so that telling
        twice is harmless, and as said to itself alone, so that none tells it on."""
        invoice = await self._ledger.invoice_of(spread.case)
        if invoice is None:
            return
        for other in await self._ledger.open_cases_of(invoice.creditor, invoice.debtor.id):
            if other == spread.case:
                continue
            for said in spread.said:
                await self._tell(other, said.name, told(spread.case, said))
            activity.heartbeat(other)


def told(case: str, said: Said) -> dict[str, Any]:
    """The payload for another case: the same words, the origin in the id."""
    payload = said.payload if isinstance(said.payload, dict) else {}
    words = {name: value for name, value in payload.items() if (name, value) != ("kind", said.name)}
    return {**words, "scope": "case", "id": f"{case}#{said.id}"[:200]}
