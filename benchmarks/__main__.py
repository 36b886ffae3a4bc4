"""``python -m benchmarks [--quick] [PART …]``: measure, print; a whole run writes docs/benchmarks.md."""

import argparse
import asyncio
import os
import statistics
import sys
from pathlib import Path

from benchmarks import (
    alternatives,
    api,
    audit,
    decompte,
    footprint,
    idle,
    intake,
    ledger,
    lifecycles,
    mail,
    morning,
    replay,
)
from benchmarks.machine import calibration, described
from benchmarks.report import (
    Row,
    alternative_rows,
    idle_rows,
    intake_rows,
    lifecycle_rows,
    page,
    replay_row,
    sealed_rows,
    table,
)

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
PARTS = (
    "footprint", "ledger", "decompte", "intake", "api", "idle", "lifecycles", "alternatives", "mail", "morning",
    "audit",
)  # fmt: skip


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute instead of ten; the page is not written")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"default: all of {', '.join(PARTS)}")
    parser.add_argument("--waiting", type=int, default=10_000, metavar="N", help="open cases of the part idle (10000)")
    parser.add_argument(
        "--morning", type=int, nargs=2, default=(5000, 1200), metavar=("CASES", "DEBTORS"), help="the part morning"
    )
    asked = parser.parse_args()
    unknown = sorted(set(asked.parts) - set(PARTS))
    if unknown:
        parser.error(f"{unknown[0]} is not a part; there are {', '.join(PARTS)}")
    asked.parts = asked.parts or list(PARTS)
    return asked


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
        ours = lives.total("full") if lives is not None else None
        rows += alternative_rows(alternatives.measure(cases), ours)
    for found, disturbed in (
        await of_intake(quick=quick, only=only), await of_mail(quick=quick, only=only, book=book),
    ):  # fmt: skip
        rows += found
        refused += disturbed
    if "idle" in only:
        print("open cases:", flush=True)
        rows += idle_rows(await idle.measure(200 if quick else waiting))
    rows += await of_counts(quick=quick, only=only)
    if "decompte" in only:
        rows.append(of_decompte())
    taken = statistics.mean((before, calibration()))
    print(f"\n{table(rows)}\n\ncalibration {taken:.0f} ms; rounds not judged: {refused}")
    if not quick and set(only) == set(PARTS):
        PAGE.write_text(page(rows, calibration=taken, refused=refused, cases=cases, rounds=rounds), encoding="utf-8")
        print(f"{PAGE.relative_to(PAGE.parents[1])} written")


def of_decompte() -> Row:
    """The row about amounts."""
    found = decompte.measure()
    return ("décomptes a second, one core", f"{found['decomptes_per_second']:,.0f}", "–", f"aim {found['aim']:,}")


async def of_intake(*, quick: bool, only: list[str]) -> tuple[list[Row], int]:
    """The parts about what goes in: their rows, and how many rounds are not judged."""
    rows: list[Row] = []
    refused = 0
    if "intake" in only:
        print("intake:", flush=True)
        by_file = await intake.measure(800 if quick else 10_000)
        rows += intake_rows(by_file)
        refused += sum(not spent.judged for spent in (*by_file.started, *by_file.bare))
    if "api" in only:
        print("intake by the API:", flush=True)
        by_api = await api.measure(2000 if quick else 10_000)
        rows += api.rows(by_api)
        refused += not by_api.judged
    return rows, refused


async def of_counts(*, quick: bool, only: list[str]) -> list[Row]:
    """The parts that count and do not time."""
    rows: list[Row] = []
    if "footprint" in only:
        rows += sealed_rows(await footprint.measure())
    if "ledger" in only:
        rows += ledger.rows(await ledger.measure(30 if quick else 300))
    return rows


async def of_mail(*, quick: bool, only: list[str], book: tuple[int, int]) -> tuple[list[Row], int]:
    """The parts about mail and audits: their rows, and how many rounds are not judged."""
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
    if "audit" in only:
        print("audits:", flush=True)
        audited = await audit.measure(20 if quick else 60, 200 if quick else 1500)
        rows += audit.rows(audited)
        refused += not audited.judged
    return rows, refused


if __name__ == "__main__":
    asked = arguments()
    asyncio.run(run(quick=asked.quick, only=asked.parts, waiting=asked.waiting, book=tuple(asked.morning)))
    sys.stdout.flush()
    os._exit(0)
