"""The shell equals the core: each scenario through the real workflow gives the timeline of the pure rules."""

import asyncio
from pathlib import Path

import pytest
from temporalio.client import Client

from tests.scenarios import FILES, json_of, line_of, read
from tests.workflow.house import house


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_the_workflow_gives_the_timeline_of_the_rules(file: Path, client: Client, tmp_path: Path) -> None:
    scenario = read(file)
    async with house(client, tmp_path, origin=scenario.opened.isoformat(), alerts=scenario.tells_of_limitation) as its:
        handle = await its.start(scenario.invoice)
        for happening in scenario.happens:
            await handle.signal(happening["kind"], json_of(happening))
        async with its.open():
            lines: list[str] = []
            for _ in range(600):
                lines = [line_of(event) for event in await its.ledger.reads.case_events(scenario.case_id)]
                if len(lines) >= len(scenario.expected):
                    break
                await asyncio.sleep(0.02)
            assert tuple(lines) == scenario.expected
            view = await handle.query("case")
            assert view["ledger"]["position"] == len(lines)
            if view["stage"] == "closed":
                ending = await handle.result()
                assert ending.outcome == view["outcome"]
            else:
                await handle.terminate()
