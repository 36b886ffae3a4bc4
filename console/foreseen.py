"""What would be written to a debtor if nothing came in: the rules played on from where a case stands."""

from datetime import datetime, timedelta
from typing import Any, Final

from console.house import House
from ledger.reads import Recorded
from rules.case import Case
from rules.creditor import Creditor
from rules.foreseen import Foreseen
from rules.policy import Policy
from rules.preview import Preview

AHEAD: Final = timedelta(days=120)
"""How far ahead a page says what would come."""
_MOST: Final = 2000
# By case, last event, ladder, day and the creditor's terms: played once for all pages that show the case as it stands.
_KEPT: dict[tuple[Any, ...], list[Foreseen]] = {}


def foreseen(house: House, recorded: Recorded, creditor: Creditor, policy: Policy, now: datetime) -> list[Foreseen]:
    """The notices of the days ahead, in order; none of a closed case."""
    if recorded.case.closed is not None:
        return []
    key = (recorded.case.id, recorded.head, policy.version, creditor.terms, now.date())
    found = _KEPT.get(key)
    if found is None:
        found = _KEPT[key] = _played(house, recorded.case, policy, now)
        while len(_KEPT) > _MOST:
            _KEPT.pop(next(iter(_KEPT)))
    return found


def _played(house: House, case: Case, policy: Policy, now: datetime) -> list[Foreseen]:
    today = now.date()
    run = Preview(house.creditors, house.configuration.tables(), today, today + AHEAD)
    run.resume(case, policy, now)
    return list(run.run().notices)
