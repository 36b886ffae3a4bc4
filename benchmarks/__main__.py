"""``python -m benchmarks [--quick] [--only PART …]``: measure, print; a whole run writes docs/benchmarks.md."""

import argparse
import asyncio
import os
import statistics
import sys
from pathlib import Path

from benchmarks import alternatives, audit, decompte, idle, intake, lifecycles, mail, morning, replay
from benchmarks.machine import calibration, described
from benchmarks.report import Row, alternative_rows, idle_rows, intake_rows, lifecycle_rows, page, replay_row, table

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
PARTS = ("decompte", "intake", "idle", "lifecycles", "alternatives", "mail", "morning", "audit")


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute instead of ten; the page is not written")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--waiting", type=int, default=10_000, metavar="N", help="open cases of the part idle (10000)")
    parser.add_argument(
        "--morning", type=int, nargs=2, default=(5000, 1200), metavar=("CASES", "DEBTORS"), help="the part morning"
    )
    return parser.parse_args()


async def run(*, quick: bool, only: list[str], waiting: int, book: tuple[int, int]) -> None:
    """Measure part after part."""
    print(f"{described()}; calibration {calibration():.0f} ms", flush=True)
    rows: list[Row] = []
    before, refused = calibration(), 0
    lives: lifecycles.Lifecycles | None = None
    cases, rounds = (20, 1) if quick else (60, 5)
    if "lifecycles" in only:
        print("whole cases:", flush=True)
        lives = await lifecycles.measure(cases, rounds, 1 if quick else 3)
        rows += lifecycle_rows(lives)
        rows.append(replay_row(await replay.measure(lives.histories, 2 if quick else 10)))
        refused += lives.refused
    if "alternatives" in only:
        print("the same case on other engines", flush=True)
        ours = lives.total("relance") if lives is not None else None
        rows += alternative_rows(alternatives.measure(cases), ours)
    if "intake" in only:
        print("intake:", flush=True)
        taken_in = await intake.measure(800 if quick else 10_000)
        rows += intake_rows(taken_in)
        refused += sum(not spent.judged for spent in (*taken_in.started, *taken_in.bare))
    if "idle" in only:
        print("open cases:", flush=True)
        rows += idle_rows(await idle.measure(200 if quick else waiting))
    posted, disturbed = await of_mail(quick=quick, only=only, book=book)
    rows += posted
    refused += disturbed
    if "audit" in only:
        print("audits:", flush=True)
        audited = await audit.measure(20 if quick else 60, 200 if quick else 1500)
        rows += audit.rows(audited)
        refused += not audited.judged
    if "decompte" in only:
        found = decompte.measure()
        rows.append(
            ("décomptes a second, one core", f"{found['decomptes_per_second']:,.0f}", "–", f"aim {found['aim']:,}")
        )
    taken = statistics.mean((before, calibration()))
    print(f"\n{table(rows)}\n\ncalibration {taken:.0f} ms; rounds not judged: {refused}")
    if not quick and set(only) == set(PARTS):
        PAGE.write_text(page(rows, calibration=taken, refused=refused, cases=cases, rounds=rounds), encoding="utf-8")
        print(f"{PAGE.relative_to(PAGE.parents[1])} written")


async def of_mail(*, quick: bool, only: list[str], book: tuple[int, int]) -> tuple[list[Row], int]:
    """The parts about mail: their rows, and how many rounds are not judged."""
    rows: list[Row] = []
    refused = 0
    if "mail" in only:
        print("mail:", flush=True)
        posted = await mail.measure(100 if quick else 2000, 50 if quick else 500)
        rows += mail.rows(posted)
        refused += posted.refused
    if "morning" in only:
        print("a batch morning:", flush=True)
        at_nine = await morning.measure(*((80, 20) if quick else book))
        rows += morning.rows(at_nine)
        refused += at_nine.refused
    return rows, refused


if __name__ == "__main__":
    asked = arguments()
    asyncio.run(run(quick=asked.quick, only=asked.only, waiting=asked.waiting, book=tuple(asked.morning)))
    sys.stdout.flush()
    os._exit(0)
