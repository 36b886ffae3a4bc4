"""``python -m demo.book FILE``: a book of real invoices played at half a second a day, and held against its file."""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from benchmarks.machine import Meter, Spent
from clocks import PlayedClock
from commands.office import Shelf, open_shelf
from demo.book.data import Settled, read_book
from demo.book.outcome import EVERYTHING, Outcome, faults_of, outcome_of
from demo.book.play import Play, clock_setting
from demo.book.proof import Proof, archived, archiving, audited
from demo.book.report import cost, file_table, letters_table, lines, report
from demo.book.script import Script, script_of
from demo.house import claimed_house
from demo.picture import Watcher
from demo.running import leave, run
from demo.services import Services, shown, started
from demo.speech import Speech
from demo.verdict import faults
from intake.caller import Caller
from intake.door import Door
from settings import HOUSE as ROOT
from settings import parse_clock

USAGE = 2
AT_ONCE = 64
"""What is said waits for the acts that come before it; meanwhile other cases must be spoken to."""
BILLING = Caller("replay-book", "billing", "file")
HOW = """\
make replay-book DATA=FILE [ARGS="--pace 0.5 --weeks 8"]

FILE is a CSV file of invoices that were all paid, one a line, dates as 4/6/2013, with the columns
customerID, invoiceNumber, InvoiceDate, DueDate, InvoiceAmount, Disputed (Yes or No), SettledDate; others are ignored.
The public data set « IBM Late Payment Histories » (2 466 invoices of 100 customers) has them; it is no part of Relance.
"""


@dataclass
class Watch:
    """How long each part took, in seconds."""

    walls: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)

    def lap(self, name: str) -> None:
        """The part of that name is over."""
        now = time.monotonic()
        self.walls[name], self._since = now - self._since, now


async def replay(options: argparse.Namespace, console: Console) -> int:
    """Play the book, audit it, report; the exit status."""
    book = read_book(options.file, weeks=options.weeks)
    script, watch = script_of(book), Watch()
    console.print(
        f"\n[bold]Relance[/bold] : {len(book)} factures de {len({one.customer for one in book})} clients, du "
        f"{script.first:%d/%m/%Y} au {script.last:%d/%m/%Y}, {options.pace:g} s par jour.\n"
    )
    with claimed_house(ROOT / "var", name="book") as house:
        clock = partial(clock_setting, script.first, options.pace)
        async with started(house, clock, console) as services, open_shelf(services.settings) as shelf:
            watch.lap("préparation")
            play, spent = await _played(services, shelf, script, console)
            watch.lap("jeu")
            proof = await _proved(services, shelf, console) if options.audit else None
            watch.lap("audit")
            wrong = await _told(services, shelf, book, play, proof, console)
            watch.lap("rapport")
            console.print(f"  {cost(spent, len(book), watch.walls)}", markup=False, soft_wrap=True)
    console.print(f"  Grand livre, courriers et historiques : {shown(house.folder)}", soft_wrap=True)
    for sentence in wrong:
        console.print(f"[red]Faute[/red] : {sentence}", soft_wrap=True)
    return 1 if wrong else 0


async def _played(services: Services, shelf: Shelf, script: Script, console: Console) -> tuple[Play, Spent]:
    clock = PlayedClock(parse_clock(services.env["RELANCE_CLOCK"]))
    pids = {"serveur": services.server.pid, "worker": services.worker.pid, "ce programme": os.getpid()}
    with _progress(console, "{task.fields[day]}") as bar:
        task = bar.add_task("jeu", total=(script.last - script.first).days + 1, day="")
        async with Speech(Door(services.client, shelf, BILLING), services.client, AT_ONCE) as speech:
            play, meter = Play(clock, services, speech, script), Meter(pids)
            keeping = asyncio.create_task(archiving(services.client))
            try:
                await play.run(lambda day: _show(console, bar, task, day))
            finally:
                keeping.cancel()
    return play, meter.read()


def _show(console: Console, bar: Progress, task: TaskID, day: date) -> None:
    """The bar where there is a terminal, a line a month where there is none."""
    bar.update(task, advance=1, day=f"{day:%d/%m/%Y}")
    if not console.is_terminal and day.day == 1:
        console.print(f"  {day:%d/%m/%Y}")


async def _proved(services: Services, shelf: Shelf, console: Console) -> Proof:
    rows = len(await shelf.reads.cases(EVERYTHING))
    await archived(services.client, shelf.ledger, rows)
    with _progress(console, "audit") as bar:
        task = bar.add_task("audit", total=rows)
        return await audited(services.settings, lambda: bar.advance(task))


def _progress(console: Console, words: str) -> Progress:
    columns = (TextColumn(words), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


async def _told(
    services: Services, shelf: Shelf, book: Sequence[Settled], play: Play, proof: Proof | None, console: Console
) -> list[str]:
    """Print the report; what is wrong, a sentence each."""
    found = await outcome_of(shelf.reads, book)
    picture, _ = await Watcher(shelf.reads, since=play.script.first).look(play.now().date())
    report(
        console,
        [letters_table(found, picture), file_table(book, found)],
        lines(play.script, found, proof, play.behind),
    )
    return await _wrong(services, shelf, play, proof, found)


async def _wrong(services: Services, shelf: Shelf, play: Play, proof: Proof | None, found: Outcome) -> list[str]:
    invoices = sum(len(day.issued) for day in play.script.days.values())
    said = faults_of(found, invoices, play.script.disputes)
    said += await faults(shelf.reads, services.client, found.rows, services.mail.message_ids, play.now())
    said += [f"refused: {sentence}" for sentence in play.speech.refused]
    said += [f"unanswered: {sentence}" for sentence in play.speech.failed]
    if proof is not None:
        said += proof.faults
    return said


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.book", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the book, a CSV file")
    parser.add_argument("--pace", type=float, default=0.5, metavar="SECONDS", help="a virtual day takes (default: 0.5)")
    parser.add_argument("--weeks", type=int, metavar="N", help="only the invoices of the first N weeks")
    parser.add_argument("--no-audit", dest="audit", action="store_false", help="play and report, without the audit")
    options = parser.parse_args(arguments)
    if options.file is None:
        sys.stderr.write(HOW)
        return USAGE
    if options.pace <= 0 or (options.weeks is not None and options.weeks < 1):
        parser.error("--pace and --weeks: above zero.")
    return run(partial(replay, options))


if __name__ == "__main__":
    leave(main())
