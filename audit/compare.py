"""Checks 2 and 3: the hash chain, everything that repeats it, and the history against the ledger event by event.
Pure.
"""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from audit.findings import Check, Finding, differing, short
from audit.story import Story, whole
from ledger.chain import verify
from ledger.history import contact_row
from ledger.material import Material
from ledger.projection import closing_columns, decision_columns, fold_columns, opening_columns, state_of
from rules.case import Case
from rules.decision import Decision
from rules.events import Event
from rules.policy_file import policy_version

_REPEATED = (("event_id", "id"), ("kind", "kind"), ("happened_on", "on"), ("entered_at", "at"))


def check_chain(material: Material, stories: Sequence[Story]) -> Iterator[Finding]:
    """The chain holds, its end is the one the case's row names, each hash that a history carries is the ledger's."""
    broken = verify(material.chain, material.chain_head)
    if broken is not None:
        yield Finding(check=Check.CHAIN, position=broken, field="hash", said="the chain of hashes is broken here")
    if material.unreadable is not None:
        what = "the case's key does not open" if material.unreadable == 0 else "the event cannot be read back"
        yield Finding(check=Check.CHAIN, position=material.unreadable or None, field="sealed", said=what)
    hashes = {row["position"]: row["hash"] for row in material.rows}
    for story in stories:
        ends = [(told.answer.position, told.answer.head, f"event {told.event}") for told in story.told]
        if story.ending is not None:
            ends.append((story.ending.position, story.ending.head, "the run's result"))
        for position, carried, where in ends:
            if position and carried != hashes.get(position):
                yield Finding(
                    check=Check.CHAIN, position=position, field="hash",
                    said=f"the history carries another hash ({where} of run {story.run.run})",
                    here=short(hashes.get(position)), there=short(carried),
                )  # fmt: skip


def check_columns(material: Material, case: Case | None) -> Iterator[Finding]:
    """Whatever the ledger writes beside the chain agrees with it: columns of the events, the case's row, contacts,
    the policy's text."""
    for row in material.rows:
        yield from _repeated(row)
    for version, text in material.policies.items():
        if policy_version(text) != version:
            yield _beside(None, f"policies.{version}", policy_version(text), version, "the policy's text was changed")
    yield from _policy_names(material)
    if case is None:
        return
    yield from _head_row(material, case)
    yield from _contacts(material)


def kept_decision(material: Material) -> Decision | None:
    """The decision that the case's row keeps; raises pydantic.ValidationError on one that was changed."""
    text = material.head["decision"]
    return None if text is None else Decision.model_validate_json(text)


def _policy_names(material: Material) -> Iterator[Finding]:
    for version, name in material.policy_names.items():
        there = _name_in(material.policies[version])
        if there is not None and name != there:
            yield _beside(None, f"policies.name {version}", name, there, "the policy's name differs from its text")


@lru_cache(maxsize=256)
def _name_in(text: str) -> str | None:
    """The name that a policy's text gives it; None when the text was changed, which is said elsewhere."""
    try:
        return str(tomllib.loads(text)["name"])
    except (tomllib.TOMLDecodeError, KeyError):
        return None


def _repeated(row: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        readable = json.loads(row["readable"])
    except ValueError:
        return  # the chain is broken there, and says so
    for column, name in _REPEATED:
        here, there = row[column], readable.get(name)
        if isinstance(here, datetime):
            there = datetime.fromisoformat(there)
        elif isinstance(here, date):
            there = date.fromisoformat(there)
        if here != there:
            yield _beside(row["position"], f"events.{column}", here, there, "the column differs from the event")


def _head_row(material: Material, case: Case) -> Iterator[Finding]:
    try:
        decision = kept_decision(material)
    except ValidationError as error:
        yield _beside(
            case.position, "cases.decision", "unreadable", error.errors()[0]["msg"], "the decision was changed"
        )
        return
    expected = opening_columns(case) | fold_columns(case)
    if decision is not None:
        expected |= decision_columns(decision)
    if case.closed is not None:
        expected |= closing_columns(case.closed.outcome)
    if decision is None:
        expected.pop("outstanding", None)
    if decision is not None and case.closed is None:
        expected["state"] = state_of(case, decision)
    if case.closed is not None:
        expected["state"] = case.closed.outcome
    expected.pop("task_kinds", None)  # words for what the decision's tasks say; an older ledger fills them late
    if not material.forgotten and material.name != case.invoice.debtor.name:
        yield _beside(None, "cases.name", "another name", "the invoice's", "the case's row differs from its events")
    for column, there in expected.items():
        here = material.head[column]
        if here != there:
            yield _beside(case.position, f"cases.{column}", here, there, "the case's row differs from its events")


def _contacts(material: Material) -> Iterator[Finding]:
    head = material.head
    expected = [
        contact_row(material.case, position, head["creditor"], head["debtor"], event)
        for position, event in enumerate(material.events or (), 1)
    ]
    here = {row["position"]: dict(row) for row in material.contacts}
    there = {row["position"]: row for row in expected if row is not None}
    for position in sorted({*here, *there}):
        for name, one, other in differing(here.get(position, {}), there.get(position, {})):
            yield _beside(position, f"contacts.{name}", one, other, "the contact differs from the event")


def _beside(position: int | None, field: str, here: Any, there: Any, said: str) -> Finding:
    return Finding(check=Check.CHAIN, position=position, field=field, said=said, here=short(here), there=short(there))


def check_events(material: Material, stories: Sequence[Story]) -> Iterator[Finding]:
    """Each event that a history tells is the ledger's; what the ledger has beyond the last run was entered after the
    case had closed, or belongs to a run that goes on."""
    if material.events is None or material.forgotten:
        return
    kept: Sequence[Event] = material.events
    furthest = 0
    for story in stories:
        for told in story.told:
            for position, event in enumerate(told.answer.events, told.answer.since + 1):
                furthest = max(furthest, position)
                yield from _event(kept, position, event, story)
    if not stories or stories[-1].ending is None:
        return
    for position, beyond in enumerate(kept[furthest:], furthest + 1):
        if not beyond.after_closure:
            yield Finding(
                check=Check.EVENTS, position=position, field=beyond.kind,
                said="the ledger has an event of which the completed run knew nothing",
            )  # fmt: skip


def _event(kept: Sequence[Event], position: int, event: Event, story: Story) -> Iterator[Finding]:
    if position > len(kept):
        yield Finding(check=Check.EVENTS, position=position, field=event.kind, said="the ledger lacks this event")
        return
    told = whole(event, story)
    if kept[position - 1] == told:
        return
    here, there = kept[position - 1].model_dump(mode="json"), told.model_dump(mode="json")
    for name, one, other in differing(here, there):
        yield Finding(
            check=Check.EVENTS, position=position, field=name, said="the ledger and the history differ",
            here=short(one), there=short(other),
        )  # fmt: skip


def check_decision(
    material: Material, stories: Sequence[Story], holds: Callable[[Decision], bool]
) -> Iterator[Finding]:
    """The decision that the ledger keeps for its lists is the one the history recorded at that position; or one that
    was taken anew after the run had ended, when something was said that changed nothing, and that ``holds`` when the
    rules are asked again."""
    try:
        kept = kept_decision(material)
    except ValidationError:
        return  # check_columns says so
    if kept is None or material.forgotten:
        return
    last = [t.answer.decision for s in stories[-1:] for t in s.told if t.answer.position == kept.position]
    if not last or last[-1] is None or material.head["position"] != kept.position:
        return
    after = stories[-1].ending is not None and kept.facts.now > last[-1].facts.now
    if kept not in last and not (after and holds(kept)):
        for name, one, other in differing(kept.model_dump(mode="json"), last[-1].model_dump(mode="json")):
            yield Finding(
                check=Check.EVENTS, position=kept.position, field=f"cases.decision.{name}",
                said="the decision kept differs from the one recorded", here=short(one), there=short(other),
            )  # fmt: skip
