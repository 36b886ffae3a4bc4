"""What the judicial pages show of a case: the route with its reasons, what is missing, the clocks, the files."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from fastapi.concurrency import run_in_threadpool

from console.guard import NotFound, Person, Unopened
from console.house import House
from console.letterview import context_of
from ledger.filters import CaseFilter
from ledger.reads import CaseRow, Recorded
from rules import events as e
from rules.case import Case, Stage
from rules.judicial import procedure_of, proceedings
from rules.judicial_clocks import Running, running
from rules.procedure import proposal
from rules.proposal import Proposal
from rules.refusals import Refused
from sealing.keys import Altered, UnknownKey

MOST: Final = 200
STAGES: Final = (Stage.PRE_JUDICIAL, Stage.JUDICIAL)


@dataclass(frozen=True)
class Docket:
    """A case on its way to a judge, as the list shows it. ``last``: the latest act; ``clock``: the next deadline."""

    row: CaseRow
    procedure: str
    last: e.JudicialEventNoted | None
    clock: Running | None
    file: e.FilePrepared | None


@dataclass(frozen=True)
class File:
    """A file that was prepared. ``manifest`` None: it is not where the ledger says, or is not what was prepared;
    ``after``: the one that has taken its place there."""

    event: e.FilePrepared
    manifest: dict[str, Any] | None
    after: e.FilePrepared | None = None


@dataclass(frozen=True)
class Court:
    """Everything the judicial page of a case shows. ``asked``: the route is the one that was put to a person."""

    route: Proposal | None
    asked: bool
    clocks: tuple[Running, ...]
    files: list[File]


async def dockets(house: House, person: Person) -> list[Docket]:
    """The cases before a judge or about to be, those whose deadline is nearest first."""
    found = []
    for stage in STAGES:
        for row in await house.ledger.reads.cases(CaseFilter(creditors=person.creditors, stage=stage, limit=MOST)):
            recorded = await house.ledger.reads.case(row.id)
            if recorded is not None:
                found.append(await _docket(house, row, recorded.case))
    return sorted(found, key=lambda one: (one.clock.last_day if one.clock else date.max, one.row.due_on))


async def _docket(house: House, row: CaseRow, case: Case) -> Docket:
    clocks = await _clocks(house, case)
    ahead = next((clock for clock in clocks if clock.own), clocks[0] if clocks else None)
    now = proceedings(case)
    procedure = now.procedure if now is not None else procedure_of(case)
    return Docket(row, procedure, case.judicial[-1] if case.judicial else None, ahead, case.file)


async def _clocks(house: House, case: Case) -> tuple[Running, ...]:
    try:
        return running(case, await context_of(house, case))
    except NotFound:
        return ()


async def court_of(house: House, recorded: Recorded) -> Court:
    """The judicial side of a case."""
    case = recorded.case
    asked = case.approval.route if case.approval is not None else None
    if asked is None and case.closed is None:
        try:
            found = proposal(case, await context_of(house, case), house.today)
        except NotFound:
            found = None
    else:
        found = asked
    return Court(found, asked is not None, await _clocks(house, case), await files_of(house, recorded.events))


async def files_of(house: House, events: Iterable[e.Event]) -> list[File]:
    """The files that were prepared; of those in one place only the last still stands there."""
    prepared = [event for event in events if isinstance(event, e.FilePrepared)]
    last = _last_of(prepared)
    return [
        File(event, await run_in_threadpool(_manifest, house, event))
        if last[event.path] is event
        else File(event, None, last[event.path])
        for event in prepared
    ]


def _last_of(events: Iterable[e.Event]) -> dict[str, e.FilePrepared]:
    """The file that stands in each place today."""
    return {event.path: event for event in events if isinstance(event, e.FilePrepared)}


def _manifest(house: House, event: e.FilePrepared) -> dict[str, Any] | None:
    try:
        content = house.documents.get(Path(event.path) / "manifest.json")
    except (OSError, Altered, UnknownKey, Refused):
        return None
    if hashlib.sha256(content).hexdigest() != event.manifest:
        return None
    read: dict[str, Any] = json.loads(content)
    return read


async def archive_of(house: House, recorded: Recorded, position: int) -> bytes:
    """The zip of the file prepared at a position, as it was prepared; raises NotFound, also when a later file has taken
    its place, and Unopened when it is sealed and cannot be opened: altered, or without its key."""
    if not 0 < position <= len(recorded.events):
        raise NotFound
    event = recorded.events[position - 1]
    if not isinstance(event, e.FilePrepared) or _last_of(recorded.events)[event.path] is not event:
        raise NotFound
    try:
        return await run_in_threadpool(house.documents.get, Path(f"{event.path}.zip"))
    except FileNotFoundError:
        raise NotFound from None
    except (Altered, UnknownKey, Refused) as broken:
        raise Unopened from broken
