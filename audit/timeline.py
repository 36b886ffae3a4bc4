"""The timeline of a case: who, what, when, why, amounts, articles. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audit.articles import articles_of
from audit.redecide import Today
from audit.report import Line
from audit.story import Story
from evidence.sentences import sentence
from evidence.wording import DOORS
from letters.typography import amount
from rules import events as e
from rules.actors import Actor, actor_of, authenticated
from rules.case import Case
from rules.decision import Decision

_WHO = {
    Actor.SYSTEM: "Relance",
    Actor.OPERATOR: "opérateur",
    Actor.MANAGER: "responsable",
    Actor.BILLING: "facturation",
    Actor.DEBTOR: "débiteur",
    Actor.UNKNOWN: "non authentifié",
}


def timeline(
    events: Sequence[e.Event],
    along: Sequence[Case],
    rows: Sequence[Mapping[str, Any]],
    stories: Sequence[Story],
    today: Today,
) -> tuple[Line, ...]:
    """A line an event, in the ledger's order; ``today``: the creditor and the tables that the articles come from."""
    decided = decisions_by_position(stories)
    return tuple(
        _line(place, event, along[place - 1], decided, str(rows[place - 1]["hash"]), today)
        for place, event in enumerate(events, 1)
    )


def decisions_by_position(stories: Iterable[Story]) -> dict[int, Decision]:
    """The last decision recorded at each position."""
    return {
        told.answer.decision.position: told.answer.decision
        for story in stories
        for told in story.told
        if told.answer.decision is not None
    }


def _line(place: int, event: e.Event, case: Case, decided: Mapping[int, Decision], digest: str, today: Today) -> Line:
    currency = case.invoice.currency
    after = decided.get(place)
    return Line(
        position=place,
        on=event.on,
        at=event.at,
        actor=actor_of(event),
        who=who_of(event),
        door=door_of(event),
        what=sentence(event, currency),
        why=_why(place, event, decided),
        owed=None if after is None else amount(after.claim.total, currency, "fr"),
        articles=articles_of(event, case, today),
        hash=digest,
    )


def who_of(event: e.Event) -> str:
    """Who stands behind an event, in French."""
    who = _WHO[actor_of(event)]
    return f"{who} ({event.by})" if event.by else who


def door_of(event: e.Event) -> str:
    """The door it came by; a raw signal is marked."""
    if event.door is None:
        return ""
    name = DOORS.get(event.door, event.door)
    return name if authenticated(event) else f"{name} brut"


def _why(place: int, event: e.Event, decided: Mapping[int, Decision]) -> str | None:
    """The reason of the decision that led to what the house did; what was said from outside needs none."""
    if event.door is not None:
        return None
    before = next((decided[p] for p in range(place - 1, 0, -1) if p in decided), None)
    acted = isinstance(event, e.NoticeSent | e.FilePrepared | e.CallRequested | e.ApprovalRequested)
    return before.because if before is not None and acted else None
