"""``python -m benchmarks [--quick] [PART …]``: measure, print, keep, and write docs/benchmarks.md with its picture."""

import argparse
import asyncio
import os
import statistics
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from benchmarks import (
    alternatives,
    api,
    audit,
    burst,
    console,
    decompte,
    drawing,
    footprint,
    idle,
    intake,
    kept,
    ledger,
    lifecycles,
    mail,
    morning,
    replay,
)
from benchmarks.kept import Found
from benchmarks.machine import calibration, described
from benchmarks.report import (
    alternative_bars,
    alternative_rows,
    idle_rows,
    intake_rows,
    lifecycle_bars,
    lifecycle_rows,
    page,
    replay_row,
    sealed_rows,
    table,
)

DOCS = Path(__file__).parents[1] / "docs"
PAGE, PICTURE, KEPT = DOCS / "benchmarks.md", DOCS / "pictures" / "benchmarks.svg", DOCS / "benchmarks.json"


class Bench:
    """The parts, each a measure of its own. ``quick``: every path once, for seconds; nothing is kept."""

    def __init__(self, *, quick: bool, waiting: int, book: tuple[int, int]) -> None:
        self._quick, self._waiting, self._book = quick, waiting, book

    async def lifecycles(self) -> Found:
        """Whole cases, and what one costs to replay."""
        lives = await lifecycles.measure(*((6, 1, 1) if self._quick else (50, 4, 2)))
        rows = lifecycle_rows(lives)
        rows.append(replay_row(await replay.measure(lives.histories, 2 if self._quick else 10)))
        return Found(rows, lives.refused, lifecycle_bars(lives))

    async def footprint(self) -> Found:
        """What a case leaves in the engine, sealed."""
        return Found(sealed_rows(await footprint.measure()))

    async def alternatives(self) -> Found:
        """The same case on other engines."""
        found = alternatives.measure(10 if self._quick else 60)
        return Found(alternative_rows(found), 0, alternative_bars(found))

    async def intake(self) -> Found:
        """A book from a file."""
        found = await intake.measure(400 if self._quick else 3000)
        return Found(intake_rows(found), sum(not spent.judged for spent in (*found.started, *found.bare)))

    async def api(self) -> Found:
        """Invoices by the API."""
        found = await api.measure(1000 if self._quick else 3000)
        return Found(api.rows(found), int(not found.judged))

    async def console(self) -> Found:
        """The console's pages on a large book."""
        pages = await console.measure(*((3000, 60) if self._quick else (100_000, 300)))
        return Found(console.rows(pages), sum(one.disturbed for one in pages))

    async def idle(self) -> Found:
        """Cases that only wait."""
        return Found(idle_rows(await idle.measure(200 if self._quick else self._waiting)))

    async def burst(self) -> Found:
        """Many due at one instant."""
        found = await burst.measure(*((60, 1) if self._quick else (1000, 2)))
        return Found(burst.rows(found), found.refused)

    async def grouping(self) -> Found:
        """Three invoices a debtor, due at nine."""
        found = await morning.measure(*((45, 15) if self._quick else (1000, 333)))
        return Found(morning.grouping_rows(found), found.refused)

    async def morning(self) -> Found:
        """A book due at nine."""
        found = await morning.measure(*((80, 20) if self._quick else self._book))
        return Found(morning.rows(found), found.refused)

    async def mail(self) -> Found:
        """Messages and letters."""
        found = await mail.measure(*((100, 50) if self._quick else (1000, 300)))
        return Found(mail.rows(found), found.refused)

    async def audit(self) -> Found:
        """Audits."""
        found = await audit.measure(*((20, 200) if self._quick else (60, 800)))
        return Found(audit.rows(found), int(not found.judged))

    async def ledger(self) -> Found:
        """What the ledger writes."""
        return Found(ledger.rows(await ledger.measure(30 if self._quick else 100)))

    async def decompte(self) -> Found:
        """Amounts."""
        found = decompte.measure()
        rate, aim = f"{found['decomptes_per_second']:,.0f}", f"aim {found['aim']:,}"
        return Found([("décomptes a second, one core", rate, "–", aim)])


TITLES = {
    "lifecycles": "A whole case",
    "footprint": "What it leaves in the engine",
    "alternatives": "The same case on other engines",
    "intake": "Intake from a file",
    "api": "Intake by the API",
    "console": "The console",
    "idle": "Open cases",
    "burst": "Many due at one instant",
    "grouping": "Three invoices a debtor",
    "morning": "A batch morning",
    "mail": "Mail and letters",
    "audit": "Audits",
    "ledger": "The ledger",
    "decompte": "Amounts",
}
"""The parts in the order in which they run, with their titles on the page."""


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="every part once and small; nothing is kept")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"default: all of {', '.join(TITLES)}")
    parser.add_argument("--waiting", type=int, default=2000, metavar="N", help="open cases of the part idle (2000)")
    parser.add_argument(
        "--morning", type=int, nargs=2, default=(5000, 1200), metavar=("CASES", "DEBTORS"), help="the part morning"
    )
    asked = parser.parse_args()
    unknown = sorted(set(asked.parts) - set(TITLES))
    if unknown:
        parser.error(f"{unknown[0]} is not a part; there are {', '.join(TITLES)}")
    asked.parts = asked.parts or list(TITLES)
    return asked


async def run(bench: Bench, asked: argparse.Namespace) -> bool:
    """Measure part after part; whether all came to their end. One that fails keeps what it had found before."""
    failed: list[str] = []
    for name in asked.parts:
        print(f"{TITLES[name]}:", flush=True)
        try:
            part = await _measured(getattr(bench, name))
        except Exception:
            traceback.print_exc()
            failed.append(name)
            continue
        print(f"{table(part.rows)}\n  {part.seconds:.0f} s, calibration {part.calibration:.0f} ms\n", flush=True)
        if not asked.quick:
            keep(f"idle-{asked.waiting}" if name == "idle" else name, part)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return not failed


async def _measured(measure: Callable[[], Awaitable[Found]]) -> kept.Part:
    before, start = calibration(), time.monotonic()
    found = await measure()
    seconds = time.monotonic() - start
    return kept.part_of(found, described(), statistics.mean((before, calibration())), seconds)


def keep(name: str, part: kept.Part) -> None:
    """Keep a part and write page and picture anew."""
    parts = {**kept.read(KEPT), name: part}
    order = list(TITLES)
    parts = dict(sorted(parts.items(), key=lambda entry: (order.index(entry[0].partition("-")[0]), len(entry[0]))))
    kept.write(KEPT, parts)
    PAGE.write_text(page(parts, TITLES), encoding="utf-8")
    bars = [drawing.Bar(label, spent) for one in parts.values() for label, spent in one.bars]
    if "lifecycles" in parts:
        PICTURE.write_text(drawing.picture(bars, bars[0].total), encoding="utf-8")


if __name__ == "__main__":
    wanted = arguments()
    print(f"{described()}; calibration {calibration():.0f} ms", flush=True)
    own = Bench(quick=wanted.quick, waiting=wanted.waiting, book=tuple(wanted.morning))
    done = asyncio.run(run(own, wanted))
    sys.stdout.flush()
    os._exit(0 if done else 1)
