"""``python -m demo``: Relance at work, from nothing, on a portfolio of sixty invoices, at a day per second."""

import argparse
import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from functools import partial

from rich.console import Console

from clocks import PlayedClock
from commands.office import Shelf, open_shelf
from demo.house import claimed_house
from demo.live import View
from demo.people import People
from demo.picture import Watcher
from demo.play import DAYS, FIRST, PARIS, Play, clock_setting
from demo.report import report
from demo.running import leave, run
from demo.script import Happening, read_script
from demo.services import EXAMPLES, Services, shown, started
from demo.speech import Speech
from demo.staying import at_lifes_pace
from demo.verdict import faults
from intake.door import Door
from settings import HOUSE as ROOT
from settings import parse_clock

FASTEST = 4
"""Beyond it two cores do not keep up with sixty cases, and people answer what was asked days ago."""
OVERTAKEN = 5
"""Gestures of the simulated people that may come too late, of some two hundred; more have another cause."""
LAST = FIRST + timedelta(days=DAYS)
PORTFOLIO, SCRIPT = EXAMPLES / "portefeuille.csv", EXAMPLES / "evenements.csv"
DECLARATION = """
  Les événements viennent de examples/evenements.csv. [bold]Une opératrice, une responsable et la Poste sont
  simulées[/bold] : chaque matin ouvré elles valident ce qui attend, téléphonent, postent les recommandés,
  rapportent leur distribution (quelques-uns refusés, non réclamés, mal adressés) et déposent les
  dossiers. Le receveur d'e-mails refuse une adresse. Tout le reste est Relance.
"""


async def demonstrate(options: argparse.Namespace, console: Console) -> int:
    """Start everything, play, report; the exit status."""
    script = read_script(SCRIPT)
    console.print(f"\n[bold]Relance[/bold] : du {FIRST:%d/%m/%Y} au {LAST:%d/%m/%Y}, {_pace(options.speed)}.\n")
    with claimed_house(ROOT / "var", fresh=options.fresh) as house:
        clock = partial(clock_setting, options.speed)
        async with started(house, clock, console) as services, open_shelf(services.settings) as shelf:
            said = await services.run("starter.py", "import", str(PORTFOLIO))
            console.print(f"  [bold]{'starter.py import':<19}[/bold] {shown(PORTFOLIO)}")
            console.print("".join(f"    {line}\n" for line in said.strip().splitlines()), markup=False, end="")
            console.print(DECLARATION)
            found = await _play(services, shelf, script, console)
            for fault in found:
                console.print(f"[red]Faute[/red] : {fault}", soft_wrap=True)
            await _farewell(services, console, stay=options.stay)
    return 1 if found else 0


def _pace(speed: float) -> str:
    return "un jour par seconde" if speed == 1 else f"{speed:g} jours par seconde"


async def _play(services: Services, shelf: Shelf, script: list[Happening], console: Console) -> list[str]:
    """Play the script to its end, print the report; what is wrong."""
    setting = parse_clock(services.env["RELANCE_CLOCK"])
    clock = PlayedClock(setting)
    async with Speech(Door(services.client, shelf), services.client) as speech:
        play = Play(clock, services, speech, People(shelf.reads, speech), Watcher(shelf.reads), script)
        with View(console, FIRST, LAST, f"Console : {services.desk.said}   Ctrl-C arrête tout") as view:
            await play.run(view)
    await report(console, shelf.reads, play.picture)
    now = clock.virtual(datetime.now(UTC))
    rows, caught = play.picture.rows, services.mail.message_ids
    found = await faults(shelf.reads, services.client, rows, caught, now)
    found += [f"refused: {sentence}" for sentence in speech.refused]
    # On a busy machine a played day is over while somebody still goes to the post office.
    if len(speech.overtaken) > OVERTAKEN:
        found += [f"refused: {sentence}" for sentence in speech.overtaken]
    return found + [f"unanswered: {sentence}" for sentence in speech.failed]


async def _farewell(services: Services, console: Console, *, stay: bool) -> None:
    house = services.house
    console.print(f"\n  E-mails : {shown(house.mail)} ({len(services.mail.message_ids)} messages .eml)")
    console.print(f"  Lettres et dossiers : {shown(house.store)}")
    if stay:
        async with at_lifes_pace(services) as staying:
            await _stay(staying, console)
        return
    console.print(
        f"  Console et pages Temporal pendant la démonstration : {services.desk.address}, {services.server.ui} "
        "(make demo ARGS=--stay les garde)"
    )


async def _stay(services: Services, console: Console) -> None:
    today = parse_clock(services.env["RELANCE_CLOCK"]).origin.astimezone(PARIS)
    console.print(f"  Console : [bold]{services.desk.said}[/bold]")
    console.print(f"  Pages Temporal : [bold]{services.server.ui}/namespaces/default/workflows[/bold]")
    console.print(
        f"  Tout reste en marche. On y est le {today:%d/%m/%Y} à {today:%H:%M}, et un jour y dure de nouveau un jour. "
        "Ctrl-C arrête tout.",
        soft_wrap=True,
    )
    # Ctrl-C is how staying ends; the exit status is still the play's.
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            services.check()
            await asyncio.sleep(1)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument(
        "--stay", action="store_true", help="keep everything up at the end, at life's pace, until Ctrl-C"
    )
    parser.add_argument(
        "--speed",
        type=float,
        default=1.0,
        metavar="DAYS",
        help=f"virtual days per second, at most {FASTEST} (default: 1)",
    )
    parser.add_argument("--fresh", action="store_true", help="remove what earlier demonstrations left beside this one")
    options = parser.parse_args()
    if not 0 < options.speed <= FASTEST:
        parser.error(f"--speed: above 0, at most {FASTEST} days per second.")
    return run(partial(demonstrate, options), stays=options.stay)


if __name__ == "__main__":
    leave(main())
