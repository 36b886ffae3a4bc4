"""One case examined: everything the ledger and its histories say, held against each other. Pure but for the replay's
answer, which is given.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from audit.compare import check_chain, check_columns, check_decision, check_events
from audit.findings import Check, Difference, Finding
from audit.promises import check_promises
from audit.redecide import Today, check_decisions, holds
from audit.report import Remark, Report, RunSeen
from audit.story import Story
from audit.timeline import timeline
from ledger.material import Material
from rules.case import Case
from rules.decision import RULES_VERSION
from rules.events import CaseOpened
from rules.fold import fold, open_case
from rules.refusals import Refused


class Evidence(NamedTuple):
    """What is known of a case from outside the ledger: its runs' stories, what is wrong with each run that has none,
    replays that failed by run, documents that were looked at."""

    stories: tuple[Story, ...]
    runs: tuple[RunSeen, ...]
    problems: tuple[Finding, ...]
    remarks: tuple[Remark, ...]


def examine(
    material: Material, evidence: Evidence, replays: Mapping[str, str], today: Today, as_of: datetime, *, told: bool
) -> Report:
    """The five checks, and the timeline when it is to be ``told``. ``replays``: why a run does not replay, by its
    id."""
    stories = evidence.stories
    findings = [*evidence.problems, *_replay(stories, replays), *check_chain(material, stories)]
    along = events_along(material)
    findings += check_columns(material, along[-1] if along else None)
    findings += check_events(material, stories)
    findings += check_decision(material, stories, lambda kept: bool(along) and holds(kept, along[-1], today))
    asked = [one for story in stories for one in check_decisions(story, today, material.events or (), along)]
    findings += [one for one in asked if isinstance(one, Finding)]
    events = material.events or ()
    if along:
        findings += check_promises(along, events, material.messages, today.policies)
    head = material.head
    return Report(
        case=material.case,
        as_of=as_of,
        rules=RULES_VERSION,
        tables=today.tables.version,
        position=head["position"],
        head=head["head"],
        stage=head["stage"],
        currency=head["currency"],
        debtor=f"{material.name} ({head['debtor']})",
        creditor=head["creditor"],
        opened_on=head["opened_on"],
        runs=evidence.runs,
        findings=tuple(dict.fromkeys(findings)),
        differences=tuple(one for one in asked if isinstance(one, Difference)),
        remarks=evidence.remarks + _remarks(material),
        timeline=timeline(events, along, material.rows, stories, today) if along and told else (),
    )


def unreadable(case_id: str, error: Exception, tables: str, as_of: datetime) -> Report:
    """The report on a case of which a row cannot even be read: a cell holds what no cell of its kind can."""
    reason = error.sentence if isinstance(error, Refused) else str(error).splitlines()[0][:300]
    said = f"a row of the case cannot be read: {reason}"
    return Report(
        case=case_id, as_of=as_of, rules=RULES_VERSION, tables=tables, position=0, head="", stage="", currency="",
        debtor="", creditor="", opened_on=None, runs=(), differences=(), remarks=(), timeline=(),
        findings=(Finding(check=Check.CHAIN, field="row", said=said),),
    )  # fmt: skip


def events_along(material: Material) -> list[Case]:
    """The case after each event of the ledger; empty when they cannot be read."""
    events = material.events or ()
    if not events or not isinstance(events[0], CaseOpened):
        return []
    try:
        along = [open_case(material.case, events[0])]
        for event in events[1:]:
            along.append(fold(along[-1], event))
    except (ValueError, ArithmeticError, LookupError):
        return []  # a row was changed: the chain says which
    return along


def _replay(stories: Sequence[Story], replays: Mapping[str, str]) -> list[Finding]:
    return [
        Finding(
            check=Check.REPLAY, field="history", said=f"run {story.run.run} does not replay: {replays[story.run.run]}"
        )
        for story in stories
        if story.run.run in replays
    ]


def _remarks(material: Material) -> tuple[Remark, ...]:
    if not material.forgotten:
        return ()
    en = "The debtor was forgotten: personal fields are gone, the chain of hashes still stands."
    fr = "Le débiteur a été effacé : ses données ont disparu, la chaîne d’empreintes tient toujours."
    return (Remark(en=en, fr=fr),)
