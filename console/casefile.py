"""Everything a case's page shows, gathered from the ledger and the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from console.actions import Action, offered
from console.answers import closable
from console.foreseen import foreseen
from console.guard import NotFound, Person
from console.house import House
from console.timeline import Item, folded, timeline
from ledger.asked import Request as AskedOf
from ledger.asked import State
from ledger.glances import Glance
from ledger.reads import CaseRow, Recorded
from rules.case import Case
from rules.claim import decompte_of
from rules.creditor import Creditor
from rules.decision import Task
from rules.events import Event
from rules.foreseen import Foreseen
from rules.law import Decompte
from rules.outbox import Message
from rules.policy import Policy
from rules.refusals import Refused

SHOWN_AHEAD = 4


@dataclass(frozen=True)
class CaseFile:
    """A case for its page. ``decompte`` None: the creditor is no longer configured; ``policy`` None: unknown here."""

    row: CaseRow
    recorded: Recorded
    items: list[Item]
    pending: list[AskedOf]
    messages: dict[tuple[str, int], Message]
    decompte: Decompte | None
    ahead: list[Foreseen]
    policy: Policy | None
    actions: list[Action]

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.recorded.case

    @property
    def closing(self) -> Task | None:
        """The task that the page's form says done."""
        return closable(self.recorded.decision.tasks) if self.recorded.decision is not None else None

    def task(self, task_id: str) -> Task | None:
        """The open task of that name."""
        tasks = self.recorded.decision.tasks if self.recorded.decision is not None else ()
        return next((task for task in tasks if task.id == task_id), None)

    @property
    def groups(self) -> list[list[Item]]:
        """The chronology, what only machines did folded together."""
        return folded(self.items)

    @property
    def others(self) -> list[Foreseen]:
        """What comes after the next step: the next one is told apart."""
        once = {notice.step: notice for notice in reversed(self.ahead)}
        return sorted(once.values(), key=lambda notice: notice.date)[:SHOWN_AHEAD]


async def case_row(house: House, person: Person, case_id: str) -> CaseRow:
    """The case's row; raises NotFound when there is none, or its creditor was not granted."""
    row = await house.ledger.reads.row(case_id)
    if row is None or not person.sees(row.creditor):
        raise NotFound
    return row


async def case_file(house: House, person: Person, case_id: str) -> CaseFile:
    """The whole file; raises NotFound."""
    return await file_of(house, person, await glance_at(house, person, case_id))


async def glance_at(house: House, person: Person, case_id: str) -> Glance:
    """What tells whether the case's page is as it was; raises NotFound."""
    glance = await house.ledger.glances.glance(case_id)
    if glance is None or not person.sees(glance.creditor):
        raise NotFound
    return glance


async def file_of(house: House, person: Person, glance: Glance) -> CaseFile:
    """The whole file of a case that was glanced at."""
    row, recorded, messages, asked = await house.ledger.glances.told(glance)
    creditor, policy = await configuration_of(house, recorded.case)
    now = max(house.now(), recorded.case.last_at)
    return CaseFile(
        row=row,
        recorded=recorded,
        items=timeline(recorded.case, recorded.events),
        pending=await pending_of(house, asked, recorded.events),
        messages=_by_step(row.id, messages),
        decompte=None if creditor is None else _decompte(house, recorded, creditor),
        ahead=[] if creditor is None or policy is None else foreseen(house, recorded, creditor, policy, now),
        policy=policy,
        actions=offered(recorded.case, recorded.decision, person.account.role) if person.acts else [],
    )


async def configuration_of(house: House, case: Case) -> tuple[Creditor | None, Policy | None]:
    """The case's creditor and policy; None where this installation no longer knows them."""
    try:
        creditor = house.configuration.creditor(case.invoice.creditor)
        return creditor, await house.configuration.policy(case.version)
    except Refused:
        return None, None


async def pending_of(house: House, asked: Sequence[AskedOf], events: tuple[Event, ...]) -> list[AskedOf]:
    """What was asked and has not come back as an event; what has is settled on the way."""
    known = {event.id for event in events}
    waiting = []
    for request in asked:
        if request.id in known:
            await house.ledger.asked.settle(request.id, State.DONE)
        else:
            waiting.append(request)
    return waiting


def _decompte(house: House, recorded: Recorded, creditor: Creditor) -> Decompte | None:
    as_of = recorded.decision.as_of if recorded.decision else house.today
    return decompte_of(recorded.case, creditor, house.configuration.tables(), as_of)


def _by_step(case_id: str, messages: Any) -> dict[tuple[str, int], Message]:
    found = {}
    for message in messages:
        covered = message.of(case_id)
        if covered is not None:
            found[covered.step, covered.passage] = message
    return found


def changed_since(file: CaseFile, position: int) -> list[Item]:
    """What the case heard after a page was drawn, the newest first."""
    return [item for item in file.items if item.position > position]
