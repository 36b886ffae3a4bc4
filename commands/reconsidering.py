"""``reconsider``: wake every open case after a change of law, rates, holidays or policies."""

import asyncio
from argparse import Namespace
from typing import TYPE_CHECKING

from commands.arguments import Commands, add_command, add_json
from commands.output import complain, counted, say, say_json
from commands.running import run_async
from intake.importing import IN_FLIGHT
from settings import Settings, read_settings

if TYPE_CHECKING:
    from intake.door import Door


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "reconsider",
        "wake every open case: after a change of rules each asks again what comes next",
        "starter.py reconsider",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Wake them, ten at a time; 1 when a case that the ledger has open does not run."""
    return run_async(_reconsider(args, read_settings()))


async def _reconsider(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    asleep: list[str] = []
    woken = 0
    async with office.open_shelf(settings) as shelf:
        door = await office.open_door(settings, shelf)
        batch: list[str] = []
        async for case_id in shelf.reads.open_ids():
            batch.append(case_id)
            if len(batch) == IN_FLIGHT:
                woken += await _wake(door, batch, asleep)
                batch = []
        woken += await _wake(door, batch, asleep)
    for case_id in asleep:
        complain(f"{case_id} is open in the ledger but does not run; look for it in Temporal.")
    if args.json:
        say_json({"woken": woken, "not_running": asleep})
    else:
        say(f"{counted(woken, 'case')} woken.")
    return 1 if asleep else 0


async def _wake(door: "Door", case_ids: list[str], asleep: list[str]) -> int:
    answers = await asyncio.gather(*(door.reconsider(case_id) for case_id in case_ids))
    asleep += [case_id for case_id, heard in zip(case_ids, answers, strict=True) if not heard]
    return sum(answers)
