"""Check 4: each recorded decision asked again of today's rules, from its own facts and the events up to its position.
Pure.

Replay sees changed commands only. Amounts, arguments, moments and reasons are seen here.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from audit.findings import Check, Difference, Finding, differing, short
from audit.story import Story, Told, whole
from rules.case import Case
from rules.claim import Context
from rules.creditor import Creditor
from rules.decide import decide
from rules.decision import RULES_VERSION, DebtorFacts, Decision
from rules.events import CaseOpened, Event
from rules.fold import fold, open_case
from rules.law.tables import Tables
from rules.policy import Policy


class Today(NamedTuple):
    """What today's rules are asked with: the creditor as configured, the law's tables, the policies pinned."""

    creditor: Creditor
    tables: Tables
    policies: Mapping[str, Policy]


def cases_along(case_id: str, events: Sequence[Event], story: Story) -> list[Case]:
    """The case after each event, the first at index 0; raises ValueError when they do not fold."""
    first = events[0] if events else None
    if not isinstance(first, CaseOpened):
        raise ValueError("the history does not begin with case_opened")
    along = [open_case(case_id, first, story.invoice)]
    for event in events[1:]:
        along.append(fold(along[-1], event))
    return along


def check_decisions(
    story: Story, today: Today, kept: Sequence[Event], folded: Sequence[Case]
) -> Iterator[Finding | Difference]:
    """A decision that differs though nothing it depends on changed is a mismatch; else a difference, with both
    reasons. ``kept``: the ledger's events, ``folded``: the case after each: where the history tells the same events,
    they are not folded once more."""
    events = _events_of(story)
    same = 0 < len(events) <= len(folded) and all(
        whole(event, story) == its for event, its in zip(events, kept, strict=False)
    )
    try:
        along = folded if same else cases_along(story.run.case, events, story)
    except (ValueError, ArithmeticError) as error:
        yield Finding(check=Check.DECISIONS, field="events", said=f"the history does not fold: {error}")
        return
    for told in story.told:
        if told.answer.decision is None:
            continue
        position = told.answer.decision.position
        if not 0 < position <= len(along) or position != told.answer.position:
            said = f"a decision stands at a position that its events do not reach (event {told.event})"
            yield Finding(check=Check.DECISIONS, position=position, field="position", said=said)
            continue
        yield from _again(along[position - 1], told, told.answer.decision, today)


def _events_of(story: Story) -> list[Event]:
    events: list[Event] = []
    for told in story.told:
        known = len(events) - told.answer.since
        events += told.answer.events[max(0, known) :]
    return events


def _again(case: Case, told: Told, recorded: Decision, today: Today) -> Iterator[Finding | Difference]:
    policy = today.policies.get(case.version)
    if policy is None:
        said = f"policy version {case.version} is not in the ledger, so the decision cannot be asked again"
        yield Finding(check=Check.DECISIONS, position=case.position, field="policy", said=said)
        return
    context = context_of(case, today, recorded.facts.debtor)
    fresh = decide(case, context, recorded.facts.now)
    if fresh == recorded:
        return
    here, there = recorded.model_dump(mode="json"), fresh.model_dump(mode="json")
    for one in (here, there):
        one.pop("facts", None)
    found = differing(here, there)
    if not found:
        return
    changed = changes_since(recorded, today)
    if changed:
        yield Difference(
            position=case.position,
            at=recorded.facts.now.isoformat(),
            fields=tuple(name for name, _, _ in found),
            recorded=recorded.name,
            today=fresh.name,
            because_recorded=recorded.because,
            because_today=fresh.because,
            facts=changed,
        )
        return
    for name, one, other in found:
        said = (
            f"the rules decide otherwise from the same facts (event {told.event}): "
            f"« {recorded.because} », today « {fresh.because} »"
        )
        yield Finding(
            check=Check.DECISIONS, position=case.position, field=name, said=said, here=short(one), there=short(other)
        )


def holds(kept: Decision, case: Case, today: Today) -> bool:
    """Whether today's rules decide alike about a case from a decision's own facts, or something that it depends on
    has changed."""
    if case.version not in today.policies:
        return False
    fresh = decide(case, context_of(case, today, kept.facts.debtor), kept.facts.now)
    return fresh.model_copy(update={"facts": kept.facts}) == kept or bool(changes_since(kept, today))


def context_of(case: Case, today: Today, debtor: DebtorFacts) -> Context:
    """What today's rules are asked with about a case; its policy must be among those pinned."""
    policy = today.policies[case.version]
    # Not checked again: each part was when it was read, and the policy's checks cost more than the decision's wait.
    return Context.model_construct(creditor=today.creditor, policy=policy, tables=today.tables, debtor=debtor)


def changes_since(recorded: Decision, today: Today) -> tuple[str, ...]:
    """What a decision depends on and is no longer as it was."""
    facts = recorded.facts
    pairs = (
        ("rules", facts.rules, RULES_VERSION),
        ("tables", facts.tables, today.tables.version),
        ("creditor", facts.creditor, today.creditor.terms),
    )
    return tuple(f"{name} {then or 'unknown'} → {now}" for name, then, now in pairs if then != now)
