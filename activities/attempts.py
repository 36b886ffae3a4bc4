"""What an attempt to hand a letter over tells the next one, through the engine: what has left, or that nothing has."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity

from rules.letter import Dispatched

_NOT_LEFT = "not_left"
_A_BREATH = 0.2  # seconds


def tell_handed_over(kept: Dispatched, copies: int) -> None:
    """The letter has left, and so many of its copies: a later attempt must not repeat them."""
    activity.heartbeat(kept.document, kept.sha256, copies, kept.carrier)


@contextmanager
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
    activity.heartbeat(_NOT_LEFT, activity.info().attempt)


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
