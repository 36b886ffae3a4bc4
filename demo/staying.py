"""After the play: everything stays as it is left, and time goes on like a watch from there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import devserver
from clocks import PlayedClock
from demo.desk import desk_at
from demo.services import Services, until_at_work, worker_of
from settings import parse_clock, read_settings


@asynccontextmanager
async def at_lifes_pace(services: Services) -> AsyncIterator[Services]:
    """The worker and the console anew, at the moment to which the play has come and at life's pace: at the play's a
    year would pass in six minutes, with nobody at work. Each case is asked what comes next while no worker runs, since
    it sleeps by the clock of the play."""
    for process in (services.worker, services.desk.process):
        await devserver.stop(process)
    now = datetime.now(UTC)
    moment = PlayedClock(parse_clock(services.env["RELANCE_CLOCK"])).virtual(now)
    env = {**services.env, "RELANCE_CLOCK": f"{moment.isoformat()}@1@{now.isoformat()}"}
    staying = replace(services, env=env, settings=read_settings(env))
    await staying.run("starter.py", "reconsider")
    async with (
        worker_of(services.house, env) as worker,
        desk_at(services.desk.port, services.house, env) as desk,
    ):
        staying = replace(staying, worker=worker, desk=desk)
        await until_at_work(staying, now)
        yield staying
