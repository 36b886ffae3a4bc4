"""Running one command to its end: failures become sentences, and the process leaves without crashing."""

import asyncio
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

from commands.output import complain, fail, say_json
from rules.refusals import Refused

T = TypeVar("T")
UNAVAILABLE = "unavailable"
"""The code of what cannot be done now: a server or a database that does not answer or is not ready."""


def run_async(work: Coroutine[Any, Any, int]) -> int:
    """Run a command's coroutine to its exit status."""
    return asyncio.run(work)


def run_with_answer(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its answer."""
    return asyncio.run(work)


def exit_status(command: Callable[[Namespace], int], args: Namespace) -> int:
    """The exit status of a command; what it cannot do is said in one sentence on the error stream, and under --json
    as an object on the standard output too."""
    try:
        return command(args)
    except Refused as refused:
        return _refuse(args, refused.sentence, refused.code)
    except KeyboardInterrupt:
        complain("Interrupted; what was started stays started, and running the command again does no harm.")
        return 130
    except Exception as error:
        if isinstance(error, BrokenPipeError):
            raise
        from commands import office  # noqa: PLC0415 - slow to load: see there

        sentence = office.explain(error)
        if sentence is None:
            raise
        return _refuse(args, sentence, UNAVAILABLE)


def _refuse(args: Namespace, sentence: str, code: str) -> int:
    if getattr(args, "json", False):
        say_json({"error": {"code": code, "sentence": sentence}})
    return fail(sentence)


def leave(status: int) -> NoReturn:
    """End the process at once. A short-lived Temporal client may abort while the interpreter shuts down
    (temporalio/sdk-python issue 300), which would turn a success into exit status 134."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        status = status or 1
    os._exit(status)
