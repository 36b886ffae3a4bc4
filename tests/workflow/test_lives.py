"""The shell equals the core on lives that nobody wrote: random histories through the real workflow, under time
skipping, give the timeline of the pure rules; the ledger is the fold of its events; every history replays.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError

from activities.answering import Desk
from audit.replay import replayer
from clocks import PlayedClock
from rules.dispatch import NotTaken, Refusal
from rules.fold import fold_all
from rules.letter import Dispatched, Letter
from settings import ClockSetting
from tests.workflow.house import FakePost, House, Shelf, house
from tests.workflow.lived import Life, sampled, told

LIVES = 16
STANDS = timedelta(days=1)
"""The clock stands at the opening for so long, and the server skips it."""


@dataclass
class Fickle(FakePost):
    """A post that refuses the letters that the case's luck names, one after the other."""

    luck: tuple[str, ...] = ()
    tried: int = 0

    async def hand_over(self, letter: Letter) -> Dispatched:
        if letter.copy_of is None:
            fate = (self.luck[self.tried :] or ("sent",))[0]
            self.tried += 1
            if fate != "sent":
                bounced = fate == "bounced" and letter.channel == "email"
                raise NotTaken(Refusal.ADDRESS if bounced else Refusal.CONTENT, "550 nobody")
        return await super().hand_over(letter)


async def lived_through(client: Client, folder: Path, life: Life) -> list[str]:
    """Live it through the workflow; what differs from the pure rules."""
    async with house(client, folder, origin=life.opened.isoformat()) as its:
        reference = its.desk.reference
        assert isinstance(reference, Shelf)
        reference.named[life.policy.name] = (life.policy, life.policy.name)
        reference.versions[life.policy.version] = life.policy
        clock = PlayedClock(ClockSetting(life.opened, 1, datetime.now(UTC) + STANDS))
        its.post = Fickle(luck=life.luck)
        its.desk = Desk(its.ledger, reference, clock)
        handle = await its.start(life.invoice)
        for kind, body in life.said:
            await handle.signal(kind, body)
        async with its.open():
            await until_told(its, life, handle.id)
            with contextlib.suppress(RPCError):  # it may have closed by itself
                await handle.terminate()
        return await differences(its, life, handle)


async def until_told(its: House, life: Life, case: str) -> None:
    """Wait until the case has come as far as the pure rules did."""
    for _ in range(1000):
        row = await its.ledger.reads.row(case)
        if row is not None and row.position >= len(life.history):
            return
        await asyncio.sleep(0.03)


async def differences(its: House, life: Life, handle: WorkflowHandle[Any, Any]) -> list[str]:
    """The events that came out otherwise; the ledger is the fold of its events, and the history replays."""
    events = await its.ledger.reads.case_events(handle.id)
    recorded = await its.ledger.reads.case(handle.id)
    assert recorded is not None
    assert recorded.case == fold_all(handle.id, events)
    history = await handle.fetch_history()
    await replayer().replay_workflow(history)
    pairs = zip_longest(told(life.history), told(events[: len(life.history)]))
    return [
        f"{handle.id}, {place}: {ours} became {theirs}" for place, (ours, theirs) in enumerate(pairs) if ours != theirs
    ]


@pytest.mark.slow
async def test_random_lives_through_the_workflow_give_the_timelines_of_the_rules(
    client: Client, tmp_path: Path
) -> None:
    lives = sampled(LIVES)
    assert len({event.kind for life in lives for event in life.history}) >= 25
    wrong = [said for life in lives for said in (await lived_through(client, tmp_path, life))[:1]]
    assert not wrong, "\n".join(wrong)
