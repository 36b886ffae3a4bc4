"""The envelopes that wait for a person or for the post: which letters, for which cases."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from console.guard import Person
from console.house import House
from ledger.letterbook import LetterFilter, Sent
from ledger.lists import Wanted
from rules.case import StepOutcome, StepTaken
from rules.outbox import Covered

MOST: Final = 200
"""How many envelopes a page shows; a tray is emptied every other day."""


@dataclass(frozen=True)
class Envelope:
    """A registered letter and the cases it speaks for that wait for news of it. ``due_on``: to be posted before."""

    sent: Sent
    waiting: tuple[Covered, ...]
    due_on: date | None = None
    taken: StepTaken | None = None


async def to_post(house: House, person: Person) -> list[Envelope]:
    """The letters that lie in the tray, the most urgent first; one envelope may speak for several cases."""
    wanted = Wanted(today=house.today, creditors=person.creditors, rows=MOST)
    tasks, _ = await house.ledger.lists.tasks(wanted, kind="post_letter")
    found: dict[str, Envelope] = {}
    for one in tasks:
        _, passage, step = one.task.id.split("/", 2)
        messages = await house.ledger.reads.messages_of(one.case.id)
        for message in messages:
            covered = message.of(one.case.id)
            if covered is None or (covered.step, covered.passage) != (step, int(passage)):
                continue
            known = found.get(message.id)
            sender = one.case if known is None else known.sent.case
            waiting = (covered,) if known is None else (*known.waiting, covered)
            due_on = one.task.due_on if known is None or known.due_on is None else min(known.due_on, one.task.due_on)
            found[message.id] = Envelope(Sent(message=message, case=sender), waiting, due_on)
    return list(found.values())


async def on_their_way(house: House, person: Person) -> list[Envelope]:
    """The registered letters that were posted and of which nothing is known yet, among the latest."""
    wanted = LetterFilter(creditors=person.creditors, channel="registered_letter", rows=MOST)
    letters, _ = await house.ledger.letterbook.page(wanted)
    found = []
    for sent in letters:
        waiting = []
        last = None
        for covered in sent.message.covers:
            recorded = await house.ledger.reads.case(covered.case)
            taken = None if recorded is None else recorded.case.taken(covered.step, covered.passage)
            if taken is not None and taken.outcome is StepOutcome.POSTED:
                waiting.append(covered)
                last = taken
        if waiting:
            found.append(Envelope(sent, tuple(waiting), taken=last))
    return sorted(found, key=lambda one: one.taken.posted_on if one.taken and one.taken.posted_on else date.max)
