"""Where an audit finds its matter: the ledger, the store, the archive or the live server."""

import hashlib
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

from temporalio.api.history.v1 import History

from audit.examine import Evidence
from audit.findings import Check, Finding
from audit.live import LiveHistories
from audit.packing import Unpackable, unpack
from audit.papers import Papers
from audit.report import Remark, RunSeen
from audit.shelf import HistoryShelf
from audit.story import Story, Unreadable, read_story
from ledger.archive import BY_CASE, Altered, Forgotten, opened
from ledger.material import Material
from ledger.seal import Seal
from rules.runs import KeptRun, Run
from sealing.documents import DocumentSeal
from sealing.keys import Altered as SealBroken
from sealing.keys import KeyRing


class Gatherer:
    """Gathers the evidence on a case: histories from the archive, from the live server those the archive lacks, and the
    documents that the ledger names."""

    def __init__(self, ring: KeyRing | None, store: Path, live: LiveHistories | None) -> None:
        self._ring = ring
        self._shelf = HistoryShelf(store)
        self._papers = Papers(store, DocumentSeal(ring))
        self._live = live

    async def evidence(self, material: Material) -> Evidence:
        """Everything on a case; what is missing or broken is a finding or a remark."""
        stories: list[Story] = []
        runs: list[RunSeen] = []
        problems: list[Finding] = []
        for run in material.runs:
            self._kept(run, material.seal, stories, runs, problems)
        known = {run.run for run in material.runs}
        remarks: list[Remark] = []
        if self._live is not None:
            for other in await self._live.of_case(material.case):
                history = None if other.run in known else await self._live.history(other)
                if history is not None:
                    _tell(other, history, "live", stories, runs, problems)
        if not stories and not material.forgotten and not runs:
            remarks.append(_NO_HISTORY)
        problems += self._papers.check(material, remarks)
        stories.sort(key=lambda story: story.run.started_at)
        return Evidence(tuple(stories), tuple(runs), tuple(problems), tuple(remarks))

    def _kept(
        self, run: KeptRun, seal: Seal | None, stories: list[Story], runs: list[RunSeen], problems: list[Finding]
    ) -> None:
        try:
            history = self._opened(run, seal)
        except Forgotten:
            gone = "destroyed at the end of its term" if run.sealed_by == "retention" else "forgotten"
            runs.append(RunSeen(run=run.run, status=run.status, source="archive", problem=gone))
            return
        except (Altered, Unpackable, OSError, ValueError, SealBroken) as broken:
            said = f"the kept history of run {run.run} cannot be read: {broken}"
            problems.append(Finding(check=Check.CHAIN, field="runs.document", said=said))
            runs.append(RunSeen(run=run.run, status=run.status, source="archive", problem=str(broken)))
            return
        if len(history.events) != run.events:
            said = f"run {run.run} has {len(history.events)} events, the ledger says {run.events}"
            problems.append(Finding(check=Check.CHAIN, field="runs.events", said=said))
        problems += _beside(run, history)
        _tell(run, history, "archive", stories, runs, problems)

    def _opened(self, run: KeptRun, seal: Seal | None) -> History:
        if run.document is None or (seal is not None and seal.key is None and run.sealed_by == BY_CASE):
            raise Forgotten(run.case)
        content = self._shelf.get(run.document)
        if (hashlib.sha256(content).hexdigest(), len(content)) != (run.sha256, run.size):
            raise Altered("its bytes are not those whose hash the ledger keeps")
        return unpack(opened(run, content, None if seal is None else seal.key, self._ring))


_NO_HISTORY = Remark(
    en="No history was found, in the archive or on a server: checks 1 and 4 had nothing to look at.",
    fr="Aucun historique n’a été trouvé, ni dans l’archive ni sur un serveur : rien n’a pu être rejoué ni redemandé.",
)
_ENDS = {
    "workflow_execution_completed_event_attributes": "completed",
    "workflow_execution_failed_event_attributes": "failed",
    "workflow_execution_timed_out_event_attributes": "timed_out",
    "workflow_execution_canceled_event_attributes": "canceled",
    "workflow_execution_terminated_event_attributes": "terminated",
    "workflow_execution_continued_as_new_event_attributes": "continued_as_new",
}


def _beside(run: KeptRun, history: History) -> Iterator[Finding]:
    """What the ledger says of a run, against the run's own first and last event."""
    if not history.events:
        return
    first, last = history.events[0], history.events[-1]
    ended = next((status for name, status in _ENDS.items() if last.HasField(name)), "running")  # type: ignore[arg-type]
    moments = (("started_at", run.started_at, first), ("closed_at", run.closed_at, last))
    pairs = [(name, kept, event.event_time.ToDatetime(tzinfo=UTC)) for name, kept, event in moments]
    found = [(name, kept, there) for name, kept, there in pairs if kept is None or kept != there]
    for name, kept, there in [*found, *([("status", run.status, ended)] if run.status != ended else [])]:
        said = f"run {run.run} says otherwise"
        yield Finding(check=Check.CHAIN, field=f"runs.{name}", said=said, here=str(kept), there=str(there))


def _tell(
    run: Run,
    history: History,
    source: str,
    stories: list[Story],
    runs: list[RunSeen],
    problems: list[Finding],
) -> None:
    seen = RunSeen(run=run.run, status=run.status, source=source, events=len(history.events))
    try:
        story = read_story(run, history)
    except Unreadable as unread:
        problems.append(Finding(check=Check.EVENTS, field="history", said=f"run {run.run}: {unread}"))
        runs.append(seen.model_copy(update={"problem": str(unread)}))
        return
    stories.append(story)
    runs.append(seen.model_copy(update={"decisions": len(story.told)}))
