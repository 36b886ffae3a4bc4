"""The report on one case: what was checked, what was found, and its timeline. Pure values."""

from datetime import date, datetime

from audit.findings import Difference, Finding
from rules.actors import Actor
from rules.base import Frozen


class Line(Frozen):
    """One event of the timeline. ``why`` is the reason recorded with the decision that led to it; ``owed`` what was
    owed by law on that day, when a decision was taken then."""

    position: int
    on: date
    at: datetime
    actor: Actor
    who: str
    door: str
    what: str
    why: str | None = None
    owed: str | None = None
    articles: tuple[str, ...] = ()
    hash: str


class RunSeen(Frozen):
    """A run that was examined: where its history came from, or why it could not be had."""

    run: str
    status: str
    source: str
    events: int = 0
    decisions: int = 0
    problem: str | None = None


class Remark(Frozen):
    """What an auditor should know and is no mismatch."""

    en: str
    fr: str


class Report(Frozen):
    """``ok``: no mismatch. ``remarks``: what an auditor should know and is no mismatch."""

    case: str
    as_of: datetime
    rules: str
    tables: str
    position: int
    head: str
    stage: str
    currency: str
    debtor: str
    creditor: str
    opened_on: date | None
    runs: tuple[RunSeen, ...]
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    remarks: tuple[Remark, ...]
    timeline: tuple[Line, ...]

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.findings
