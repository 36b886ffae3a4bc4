"""Running one command to its end: failures become sentences, and the process leaves without crashing."""

import asyncio
import os
import socket
import sys
from argparse import Namespace
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from commands.output import complain, fail
from rules.refusals import Refused


def run_async(work: Coroutine[Any, Any, int]) -> int:
    """Run a command's coroutine to its exit status."""
    return asyncio.run(work)


def exit_status(command: Callable[[Namespace], int], args: Namespace) -> int:
    """The exit status of a command; what it cannot do is said in one sentence on the error stream."""
    try:
        return command(args)
    except Refused as refused:
        return fail(refused.sentence)
    except KeyboardInterrupt:
        complain("Interrupted; what was started stays started, and running the command again does no harm.")
        return 130
    except Exception as error:
        sentence = explain(error)
        if sentence is None:
            raise
        return fail(sentence)


def explain(error: Exception) -> str | None:
    """What a failure of the world means, in a sentence; None when it is a fault of ours, which must be seen whole."""
    from sqlalchemy.exc import DBAPIError
    from temporalio.service import RPCError

    from connection import Away
    from intake.answers import NotNow
    from ledger.errors import LedgerError

    if isinstance(error, Away | NotNow):
        return error.sentence
    if isinstance(error, LedgerError):
        return f"The ledger: {error}."
    if isinstance(error, DBAPIError):
        return _of_database(error)
    if isinstance(error, RPCError):
        return f"Temporal: {error.message or error.status.name}. Nothing is lost; run the command again."
    if isinstance(error, ConnectionError | TimeoutError | socket.gaierror):
        return _of_database(error)
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}."
    return None


def leave(status: int) -> NoReturn:
    """End the process at once. A short-lived Temporal client may abort while the interpreter shuts down
    (temporalio/sdk-python issue 300), which would turn a success into exit status 134."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        status = status or 1
    os._exit(status)


def _of_database(error: Exception) -> str:
    text = str(getattr(error, "orig", error)).splitlines()[0][:200]
    if "no such table" in text or "does not exist" in text:
        return "The ledger has no tables yet; start worker.py once, which makes them."
    return f"The ledger does not answer ({text}); see RELANCE_DATABASE_URL."
