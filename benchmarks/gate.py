"""What ``make bench-gate`` checks: only what is the same on every machine, against ceilings that no change may cross.

Run as ``python -m benchmarks.gate``; exit status 1 names what was crossed.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from benchmarks import footprint, idle, intake, mail, morning
from letters.smtp_pool import Limits

EVENTS, TRANSITIONS, BYTES = 92, 52, 22_000
IDLE = 1.3
GROUPED = 0.5
_BOOK, _OPEN, _LETTERS = 60, 120, 60
_DUE, _DEBTORS, _LEAD = 45, 15, 20.0


class Check(NamedTuple):
    """A measure, what it came to, and the most it may be."""

    name: str
    found: float
    most: float

    @property
    def crossed(self) -> bool:
        """Whether it is too much."""
        return self.found > self.most

    def line(self) -> str:
        """For the terminal."""
        return f"{'FAIL' if self.crossed else 'ok  '}  {self.name}: {self.found:,.6g} (at most {self.most:,.6g})"


async def whole_case() -> list[Check]:
    """What a five-rung case leaves in the engine, payloads sealed."""
    found = await footprint.measure()
    return [
        Check("events of a whole case", found.events, EVENTS),
        Check("state transitions of a whole case", found.transitions, TRANSITIONS),
        Check("bytes of history of a whole case, sealed", found.bytes, BYTES),
    ]


async def same_file_again() -> list[Check]:
    """What the second import of a book starts; ``intake`` itself refuses any other number than none."""
    await intake.measure(_BOOK)
    return [Check("cases started by the same file again", 0, 0)]


async def open_cases() -> list[Check]:
    """Bytes in the engine's database for each open case, by those of the bare engine."""
    found = await idle.measure(_OPEN)
    return [Check("database bytes of an open case ÷ bare", round(found.bytes_ratio, 3), IDLE)]


async def one_message_a_debtor() -> list[Check]:
    """Messages of a morning by those of one a case; ``morning`` itself refuses one too few or too many."""
    found = await morning.measure(_DUE, _DEBTORS, _LEAD)
    return [Check("messages of a morning ÷ cases due", round(found.messages / found.cases, 3), GROUPED)]


async def kept_connections() -> list[Check]:
    """Letters share the connections of the pool."""
    found = await mail.greetings(_LETTERS)
    return [Check(f"greetings of the mail server for {_LETTERS} messages", found, Limits().connections)]


CHECKS: tuple[Callable[[], Awaitable[list[Check]]], ...] = (
    whole_case,
    same_file_again,
    open_cases,
    one_message_a_debtor,
    kept_connections,
)


async def main() -> bool:
    """Run all checks; whether none was crossed."""
    found: list[Check] = []
    for check in CHECKS:
        for one in await check():
            print(one.line(), flush=True)
            found.append(one)
    return not any(one.crossed for one in found)


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m benchmarks.gate", description=__doc__).parse_args()
    passed = asyncio.run(main())
    sys.stdout.flush()
    os._exit(0 if passed else 1)
