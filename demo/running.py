"""How a played house runs on a terminal: to its end, or until it is told to stop; all it started is then gone."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from rich.console import Console

from demo.services import Broken
from devserver import NotServing
from rules.refusals import Refused

INTERRUPTED = 130
Work = Callable[[Console], Coroutine[Any, Any, int]]


def run(work: Work, *, stays: bool = False) -> int:
    """The exit status of the work: its own; INTERRUPTED after Ctrl-C, SIGTERM or SIGHUP; 1 when something it needs is
    broken, said in a sentence. ``stays``: it ends only when told to, which is no interruption."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=120)
    try:
        return asyncio.run(_until_told(work, console, stays=stays))
    except (Broken, NotServing) as broken:
        console.print(str(broken), style="red", markup=False, soft_wrap=True)
    except Refused as refused:
        console.print(refused.sentence, style="red", markup=False, soft_wrap=True)
    return 1


async def _until_told(work: Work, console: Console, *, stays: bool) -> int:
    """The first signal ends the work in order, everything it started included."""
    loop = asyncio.get_running_loop()
    task = asyncio.create_task(work(console))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, task.cancel)
    try:
        status = await task
    except asyncio.CancelledError:
        status = INTERRUPTED
    if stays or status == INTERRUPTED:
        console.print("\nArrêté ; plus rien ne tourne.")
    return status


def leave(status: int) -> NoReturn:
    """End the process. The SDK's threads sometimes abort one at its ordinary exit."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.flush()
    os._exit(status)
