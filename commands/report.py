"""``report letters``: what letters bring, by rung, wording, channel and profile, with how sure that is."""

from argparse import Namespace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from commands.arguments import Commands, a_day, add_command, add_json
from commands.output import console, counted, day, say, say_json, table
from commands.running import run_async
from settings import Settings, read_settings

if TYPE_CHECKING:
    from ledger.letter_figures import LetterLine, VariantLine
    from rules.proportion import Difference, Share

FACETS = ("rung", "variant", "channel", "profile")
YEAR = timedelta(days=365)
CONFIDENCE = "0.95"


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "report",
        "what letters bring: how many are paid within 7 and 14 days",
        "starter.py report letters --by rung variant --since 2026-01-01",
        more="A letter counts once, however many invoices it speaks for, and is paid when all of them are. "
        "Only letters old enough are counted; brackets hold the 95 % interval (Wilson).",
    )
    parser.add_argument("what", choices=["letters"], help="the report wanted")
    parser.add_argument("--by", nargs="+", choices=FACETS, default=list(FACETS), help="told apart by these")
    parser.add_argument("--creditor", metavar="KEY", help="only those of this creditor")
    parser.add_argument("--since", metavar="D", type=a_day, help="sent from that day on (default: a year ago)")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Print the report."""
    return run_async(_letters(args, read_settings()))


async def _letters(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there
    from ledger.letter_figures import LettersWanted, facets_of  # noqa: PLC0415 - as above

    today = office.now(settings).date()
    wanted = LettersWanted(
        today=today,
        since=args.since or today - YEAR,
        creditors=frozenset({args.creditor}) if args.creditor else None,
        by=facets_of(args.by),
    )
    async with office.open_shelf(settings) as shelf:
        lines = await shelf.ledger.letter_figures.lines(wanted)
        compared = await shelf.ledger.letter_figures.compared(wanted)
    if args.json:
        head = {"as_of": wanted.today, "since": wanted.since, "by": wanted.by, "confidence": CONFIDENCE}
        say_json({**head, "letters": lines, "variants": compared})
        return 0
    _show(lines, wanted.by)
    for line in compared:
        say(_sentence(line))
    say(f"{counted(sum(line.sent for line in lines), 'letter')} since {day(wanted.since)}.")
    return 0


def _show(lines: "list[LetterLine]", by: tuple[str, ...]) -> None:
    numbers = ("sent", "within 7 days", "within 14 days")
    shown = table(*by, *numbers, right=numbers, whole=by)
    for line in lines:
        facets = [getattr(line, facet) or "–" for facet in by]
        shown.add_row(*facets, str(line.sent), _share(line.within_7), _share(line.within_14))
    console().print(shown)


def _share(found: "Share") -> str:
    """``34 % [27–42], 51 of 150``."""
    if found.rate is None or found.low is None or found.high is None:
        return "–"
    return f"{_percent(found.rate)} % [{_percent(found.low)}–{_percent(found.high)}], {found.hits} of {found.of}"


def _sentence(line: "VariantLine") -> str:
    return (
        f"{line.rung}: « {line.second} » against « {line.first} »: {_apart(line.within_7)} within 7 days, "
        f"{_apart(line.within_14)} within 14."
    )


def _apart(found: "Difference | None") -> str:
    if found is None:
        return "not known yet"
    bounds = f"[{_signed(found.low)}; {_signed(found.high)}]"
    return f"{_signed(found.rate)} points {bounds}{'' if found.shown else ', which may be chance'}"


def _percent(value: Decimal) -> str:
    return f"{value * 100:.0f}"


def _signed(value: Decimal) -> str:
    return f"{value * 100:+.0f}"
