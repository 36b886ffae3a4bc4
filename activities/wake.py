"""Waking: an event that concerns a debtor, or a change of rules, makes other cases look again."""

from collections.abc import Awaitable, Callable

from temporalio import activity

from activities.ports import Ledger
from workflows import contracts

Nudge = Callable[[str], Awaitable[None]]
"""Sends ``reconsider`` to one case; a case that runs no more is passed over."""


class Waker:
    """Wakes a debtor's other cases, one after the other, heartbeating."""

    def __init__(self, ledger: Ledger, nudge: Nudge) -> None:
        self._ledger = ledger
        self._nudge = nudge

    @activity.defn(name=contracts.ACTIVITY_WAKE)
    async def wake_siblings(self, case_id: str) -> None:
        """Send ``reconsider`` to every open case of the debtor but this one; doing it twice is harmless."""
        invoice = await self._ledger.invoice_of(case_id)
        if invoice is None:
            return
        for other in await self._ledger.open_cases_of(invoice.creditor, invoice.debtor.id):
            if other != case_id:
                await self._nudge(other)
                activity.heartbeat(other)
