"""Speed never changes what is decided: one scenario, one timeline, at every speed of the clock."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.answering import Desk
from clocks import PlayedClock
from rules.events import Event
from rules.invoice import InvoiceIssued
from settings import ClockSetting
from tests.scenarios import HOUSE, json_of, read
from tests.workflow.house import house

PLAN_BROKEN = HOUSE / "scenarios" / "06_plan_broken.toml"
AHEAD = timedelta(seconds=2)
"""The case opens while the clock still stands at its origin, so that it opens at that very moment."""
TOLD = ("on", "at", "kind", "step", "passage", "channel", "amount", "principal", "claim", "lapses_on", "outcome")
Happenings = list[tuple[str, dict[str, Any]]]


def told(event: Event) -> bytes:
    """What the promise is about: day, moment, kind, step and sums of an event."""
    data = event.model_dump(mode="json")
    return json.dumps({name: data[name] for name in TOLD if name in data}).encode()


async def timeline(
    client: Client, folder: Path, speed: float, origin: datetime, invoice: InvoiceIssued, happenings: Happenings
) -> list[bytes]:
    """The events of the case played to its end at that speed."""
    async with house(client, folder, origin=origin.isoformat()) as its:
        clock = PlayedClock(ClockSetting(origin.astimezone(UTC), speed, datetime.now(UTC) + AHEAD))
        its.desk = Desk(its.ledger, its.desk.reference, clock)
        handle = await its.start(invoice)
        for kind, payload in happenings:
            await handle.signal(kind, payload)
        async with its.open():
            await handle.result()
        return [told(event) for event in await its.ledger.reads.case_events(handle.id)]


@pytest.mark.slow
async def test_months_give_one_timeline(client: Client, tmp_path: Path) -> None:
    """Three months with a plan that breaks, the server skipping the waits of three clocks."""
    scenario = read(PLAN_BROKEN)
    happenings = [(happening["kind"], json_of(happening)) for happening in scenario.happens]
    slow, quick, real = [
        await timeline(client, tmp_path, speed, scenario.opened, scenario.invoice, happenings)
        for speed in (3_600, 86_400, 1)
    ]
    assert len(slow) == len(scenario.expected)
    assert slow == quick == real


@pytest.mark.slow
async def test_waits_in_real_time_give_the_same_timeline(
    client: Client, environment: WorkflowEnvironment, tmp_path: Path
) -> None:
    """A reminder at nine, a part payment at noon that the rest follows: seconds of a real wait, and no wait at all."""
    origin = datetime.fromisoformat("2025-09-30T08:00:00+02:00")
    invoice = read(PLAN_BROKEN).invoice
    happenings: Happenings = [("paid", {"on": "2025-09-30", "amount": "200.00"}), ("paid", {"on": "2025-09-30"})]
    with environment.with_time_skipping_disabled():
        slow = await timeline(client, tmp_path, 3_600, origin, invoice, happenings)
        quick = await timeline(client, tmp_path, 86_400, origin, invoice, happenings)
    skipped = await timeline(client, tmp_path, 1, origin, invoice, happenings)
    assert b'"rappel"' in slow[1]
    assert len(slow) == 5
    assert slow == quick == skipped
