"""kill -9 of the worker and of the Temporal server at random moments of a run of two hundred cases."""

import asyncio
import random
from pathlib import Path

import pytest

from tests.faults.crew import came_out_whole, crew
from tests.faults.plots import fates

SEED = 20251109
CASES = 200


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_programs_killed_at_random_moments_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    luck = random.Random(SEED)
    async with crew(tmp_path) as struck:
        book = fates(CASES, SEED, struck.settings.creditors()["acme"])
        letters = sum(line.startswith("notice_sent") for fate in book for line in fate.expected)
        await struck.start_server()
        await struck.start_worker()
        said = asyncio.create_task(struck.say(book))
        await asyncio.sleep(luck.uniform(1, 4))
        await struck.kill_server()
        await said
        await struck.set_off(book)
        for blow, share in ((struck.kill_worker, 0.2), (struck.kill_server, 0.5), (struck.kill_worker, 0.75)):
            await struck.until_letters(int(letters * (share + luck.uniform(-0.1, 0.1))))
            await asyncio.sleep(luck.uniform(0, 0.3))
            await blow()
        await struck.until_told(book)
        await came_out_whole(struck, book)
        assert len(struck.blows) == 5
