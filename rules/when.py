"""When a rung falls: the small language of ``when`` in policy files, parsed to data. Pure."""

import re
from enum import StrEnum

from rules.base import Frozen


class Anchor(StrEnum):
    """What a rung counts from."""

    DUE = "due"
    ISSUED = "issued"
    MONTH_END = "month_end"
    AFTER = "after"
    UNANSWERED = "unanswered"


class When(Frozen):
    """An anchor and a distance in days; ``step`` is set for ``after`` and ``unanswered``.

    ``month_end(due + n)`` is the last day of the month in which due + n falls; ``days`` is then n.
    """

    anchor: Anchor
    days: int = 0
    step: str | None = None
    business: bool = False

    @property
    def before_due(self) -> bool:
        """Whether the rung is a courtesy that makes no sense once the due date has passed."""
        return self.anchor is Anchor.DUE and self.days < 0

    @property
    def follows_step(self) -> bool:
        """Whether the rung counts from the actual date of an earlier one."""
        return self.anchor in (Anchor.AFTER, Anchor.UNANSWERED)


_OFFSET = r"(?:\s*(?P<sign>[+\-−])\s*(?P<days>\d{1,4})(?P<business>\s+business_days)?)?"
_FORMS = (
    (Anchor.MONTH_END, re.compile(rf"^month_end\(\s*due{_OFFSET}\s*\)$")),
    (Anchor.AFTER, re.compile(rf"^after\(\s*(?P<step>[a-z0-9_]+)\s*\){_OFFSET}$")),
    (Anchor.UNANSWERED, re.compile(rf"^unanswered\(\s*(?P<step>[a-z0-9_]+)\s*\){_OFFSET}$")),
    (Anchor.DUE, re.compile(rf"^due{_OFFSET}$")),
    (Anchor.ISSUED, re.compile(rf"^issued{_OFFSET}$")),
)


def parse_when(text: str) -> When:
    """Read ``due + 3``, ``issued + 10``, ``month_end(due + 5)``, ``after(relance_1) + 10``
    or ``unanswered(mise_en_demeure) + 3 business_days``; raises ValueError with a sentence."""
    for anchor, form in _FORMS:
        match = form.match(text.strip())
        if match is None:
            continue
        found = match.groupdict()
        days = int(found["days"] or 0) * (-1 if found["sign"] in ("-", "−") else 1)
        if anchor in (Anchor.AFTER, Anchor.UNANSWERED) and days < 0:
            raise ValueError(f"« {text} » lies before the step it follows; count forward with +.")
        if found["business"] and anchor is not Anchor.UNANSWERED:
            raise ValueError(f"« {text} » counts business_days, which only unanswered(step) does; write + {days}.")
        return When(anchor=anchor, days=days, step=found.get("step"), business=bool(found["business"]))
    raise ValueError(
        f"« {text} » is not a moment; write due + n, issued + n, month_end(due + n), after(step) + n "
        "or unanswered(step) + n."
    )
