"""What ``why`` answers. Pure values."""

from datetime import date, datetime
from enum import StrEnum

from rules.base import Frozen
from rules.explain import Verdict
from rules.policy_file import SetBy


class Fact(Frozen):
    """Something the decision knew; ``articles``: where an amount comes from."""

    name: str
    said: str
    articles: tuple[str, ...] = ()


class Answered(Frozen):
    """A question the rules asked, what the facts answered, and where the policy says so."""

    rule: str
    question: str
    answer: str
    verdict: Verdict
    policy: tuple[SetBy, ...] = ()
    article: str | None = None


class Source(StrEnum):
    """Where a decision is known from: recorded in a history or the case's row; asked again between two events of one
    instant, from the facts recorded with the second; asked again of the ledger alone, for want of a history."""

    RECORDED = "recorded"
    SAME_INSTANT = "same_instant"
    LEDGER = "ledger"


class Reason(Frozen):
    """A decision and everything behind it. ``at``: the step's moment; ``today``: today's reason where it would be
    another, and what has ``changed`` since."""

    position: int
    decided_at: datetime
    source: Source
    kind: str
    step: str
    at: datetime | None
    because: str
    asked: tuple[Answered, ...]
    policy: str
    rules: str
    tables: str
    today: str | None = None
    changed: tuple[str, ...] = ()


class Done(Frozen):
    """An event of the day; ``reason``: of the decision that led to it, when it is an act of the house."""

    position: int
    at: datetime
    who: str
    door: str
    what: str
    articles: tuple[str, ...] = ()
    reason: Reason | None = None


class Why(Frozen):
    """The answer. ``on``: the day asked about; ``standing``: the decision in force at its end; ``after``: what came
    next."""

    case: str
    creditor: str
    debtor: str
    on: date
    moment: datetime
    facts: tuple[Fact, ...]
    done: tuple[Done, ...]
    standing: Reason
    after: str | None
