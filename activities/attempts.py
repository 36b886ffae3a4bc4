"""What an attempt to hand a letter over tells the next one, through the engine: what has left, or that nothing has."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextvars import ContextVar
from typing import Any

from temporalio import activity

from rules.letter import Dispatched

_NOT_LEFT = "not_left"
_A_BREATH = 0.2  # seconds
_ARRIVES = 0.5
_WORD: ContextVar[list[Any]] = ContextVar("word")


@contextlib.asynccontextmanager
async def alive() -> AsyncIterator[None]:
    """While the block runs the engine hears that this attempt lives: one whose worker was killed is then made again
    after half a minute. What was told last is told each time, since the engine keeps the last word only; and before the
    block fails a word told in it is given time to arrive, since one that comes after the failure is lost."""
    info = activity.info()
    before = list(info.heartbeat_details)
    word: list[Any] = list(before)
    token = _WORD.set(word)
    every = info.heartbeat_timeout.total_seconds() / 3 if info.heartbeat_timeout else None

    async def beat() -> None:
        while every is not None:
            await asyncio.sleep(every)
            activity.heartbeat(*word)

    task = asyncio.create_task(beat())
    try:
        yield
    except Exception:
        if word != before:
            await asyncio.sleep(_ARRIVES)
        raise
    finally:
        _WORD.reset(token)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def tell_handed_over(kept: Dispatched, copies: int) -> None:
    """The letter has left, and so many of its copies: a later attempt must not repeat them."""
    _tell(kept.document, kept.sha256, copies, kept.carrier)


@contextlib.contextmanager
def told_if_late(kept: Dispatched, copies: int) -> Iterator[None]:
    """While what has left is written down. That takes a few milliseconds, and its answer tells the engine by itself:
    only when the ledger keeps it waiting or fails is the engine told before, so that no later attempt sends the letter
    again."""
    copies = max(handed_over()[1], copies)
    late = asyncio.get_running_loop().call_later(_A_BREATH, tell_handed_over, kept, copies)
    try:
        yield
    except BaseException:
        tell_handed_over(kept, copies)
        raise
    finally:
        late.cancel()


def tell_not_left() -> None:
    """Nothing has left in this attempt: the one that follows need not ask a person."""
    _tell(_NOT_LEFT, activity.info().attempt)


def _tell(*details: Any) -> None:
    _WORD.get()[:] = details
    activity.heartbeat(*details)


def handed_over() -> tuple[Dispatched | None, int]:
    """What an earlier attempt of this act is known to have handed over: the letter, and how many of its copies."""
    details = activity.info().heartbeat_details
    if not details or details[0] == _NOT_LEFT:
        return None, 0
    document, sha256, copied, *carrier = details
    return Dispatched(document=document, sha256=sha256, carrier=next(iter(carrier), None)), int(copied)


def known_not_left() -> bool:
    """Whether the attempt just before this one said that nothing had left; an older word may be stale."""
    info = activity.info()
    return list(info.heartbeat_details) == [_NOT_LEFT, info.attempt - 1]
