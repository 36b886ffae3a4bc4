"""``tray``: what lies in the tray to be printed and posted; with ``-o``, opened copies of it in a folder."""

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from commands.arguments import Commands, a_day, add_command, add_json
from commands.output import console, counted, say, say_json, table
from rules.refusals import Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from letters.tray_folder import Lying, TrayFolder


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "tray",
        "the letters that lie in the tray; opened copies of them to print",
        "starter.py tray -o to-print --take",
        more="With master keys the tray is sealed; what -o writes is open: remove it when it is printed.\n"
        "A registered letter is said to be posted with « signal CASE letter_posted », or in the console.",
    )
    parser.add_argument("--day", metavar="D", type=a_day, help="only what was laid there on that day")
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, help="the folder that opened copies are put in")
    parser.add_argument("--take", action="store_true", help="with -o: take out of the tray what was written")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """List, or write and say how many."""
    from letters.tray_folder import TrayFolder  # noqa: PLC0415 - slow to load
    from sealing.documents import DocumentSeal  # noqa: PLC0415 - slow to load
    from sealing.keys import parse_ring  # noqa: PLC0415 - slow to load

    settings = read_settings()
    _check(args, settings)
    folder = TrayFolder(settings.store / "tray", DocumentSeal(parse_ring(settings.payload_keys)))
    found = folder.letters(args.day)
    if args.output is not None:
        _write(folder, found, args.output)
        if args.take:
            folder.take(found)
    if args.json:
        say_json({"letters": [one.line | {"jour": one.day} for one in found], "written": _where(args)})
    elif args.output is not None:
        taken = " and taken out of the tray" if args.take else ""
        say(f"{counted(len(found), 'letter')} written to {args.output}{taken}.")
    else:
        _show(found)
    return 0


def _check(args: Namespace, settings: Settings) -> None:
    if args.take and args.output is None:
        raise Refused("tray: --take goes with -o DIR, where what is taken is written first.")
    if args.output is not None and args.output.resolve().is_relative_to(settings.store.resolve()):
        raise Refused(f"{args.output} lies in the store, where nothing lies open; choose another folder.")


def _write(folder: "TrayFolder", found: "list[Lying]", into: Path) -> None:
    """Every letter by its day, and a sheet of addresses a day: of what an earlier call left there nothing is kept
    under the same name. Only their owner reads them."""
    from letters.store import write_whole  # noqa: PLC0415 - slow to load
    from letters.tray_folder import SHEET, sheet_of  # noqa: PLC0415 - slow to load

    for one in found:
        write_whole(into / one.day / one.file, folder.read(one))
    for day in sorted({one.day for one in found}):
        write_whole(into / day / SHEET, sheet_of([one.line for one in found if one.day == day]))


def _where(args: Namespace) -> str | None:
    return None if args.output is None else str(args.output)


def _show(found: "list[Lying]") -> None:
    rows = table("day", "letter", "to", "town", "file", whole=("day", "file"))
    for one in found:
        town = f"{one.line['code_postal']} {one.line['ville']}".strip()
        rows.add_row(one.day, one.line["etape"] or "–", one.line["destinataire"] or "–", town or "–", one.file)
    console().print(rows)
    say(f"{counted(len(found), 'letter')}; « tray -o DIR » writes copies to print.")
