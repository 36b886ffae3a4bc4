"""``export``: the evidence file of a case, as a folder and a zip; with ``--to``, what goes to whoever takes it over."""

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from commands.arguments import Commands, add_command, add_json
from commands.output import complain, say, say_json
from commands.running import run_async
from rules.calendars import local_day
from rules.expiry import limitation_on
from rules.file_brief import FileMaterial, file_brief
from rules.refusals import Refused
from rules.standing import standing
from settings import Settings, read_settings

if TYPE_CHECKING:
    from commands.office import Shelf
    from ledger.reads import Recorded
    from rules.brief import Brief, FileReady
    from rules.case import Case
    from rules.claim import Context

STEP = "dossier_judiciaire"
ROLES = ("collection_agency", "avocat", "commissaire_de_justice")


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "export",
        "the evidence file of a case, as a folder and a zip",
        "starter.py export F-2026-0042 -o dossiers --to avocat",
        more="Built from the ledger as it stands today. With --to it adds remise.csv (who owes what, on which terms) "
        "and retour.csv (a form for what the holder reports, read back by « returned »). Who holds the case is said "
        "with « signal CASE handed_over ».",
    )
    parser.add_argument("case", metavar="CASE", help="the case's id or its invoice number")
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, required=True, help="the folder it is put in")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--to", choices=ROLES, help="for whom: adds the two sheets of a hand-over")
    which.add_argument(
        "--prepared", action="store_true", help="the file as it was last prepared, held against its manifest"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Build, put in place, print; the exit status is 1 when a piece that blocks is missing."""
    return run_async(_export(args, read_settings()))


async def _export(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        case_id = await shelf.resolve(args.case)
        recorded = await shelf.recorded(case_id)
        case = recorded.case
        if args.prepared:
            return _told(args, *_prepared(args, settings, recorded))
        context = await office.context_of(settings, shelf, case)
        _check_holder(case, args.to)
        brief = await _brief(settings, shelf, case, context)
    args.output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.output, prefix=".export-") as building:
        ready = await office.cabinet_of(settings, Path(building)).prepare(brief)
        made = _put(Path(ready.path), args.output, case)
    if args.to is not None:
        _sheets(made, brief, case, context, ready)
    return _told(args, made, ready)


async def _brief(settings: Settings, shelf: "Shelf", case: "Case", context: "Context") -> "Brief":
    """The case as it stands, locked while it is read and left as it is."""
    from commands import office  # noqa: PLC0415 - slow to load: see there

    as_of = local_day(max(office.now(settings), case.last_at), context.policy.zone)
    async with shelf.ledger.book(case.id) as book:
        found = book.case
        if found is None:
            raise Refused(f"{case.id} is not in the ledger yet; a worker enters it when it starts.")
        material = FileMaterial(
            events=book.since(0), messages=await book.messages(), chain=await book.chain(), head=book.head or ""
        )
    step = case.file.step if case.file is not None else STEP
    return file_brief(found, context, material, step, as_of)


def _prepared(args: Namespace, settings: Settings, recorded: "Recorded") -> "tuple[Path, FileReady]":
    """The file that lies in the store, opened: its folder and zip under the invoice's own name. Raises Refused when
    there is none, or when it is not what was prepared."""
    from letters.store import located, write_whole  # noqa: PLC0415 - slow to load: see there
    from rules.brief import FileReady  # noqa: PLC0415 - slow to load
    from sealing.documents import DocumentSeal  # noqa: PLC0415 - slow to load
    from sealing.keys import parse_ring  # noqa: PLC0415 - slow to load

    case, file = recorded.case, recorded.case.file
    if file is None:
        raise Refused(f"{case.id} has no file yet; export it without --prepared.")
    path = located(settings.store, f"{file.path}.zip")
    try:
        content = DocumentSeal(parse_ring(settings.payload_keys)).read(path)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            files = {name: packed.read(name) for name in packed.namelist()}
    except FileNotFoundError:
        raise Refused(f"{path} is not in the store; export {case.id} without --prepared.") from None
    except zipfile.BadZipFile:
        raise Refused(f"{path} is no zip any more: somebody changed it; audit {case.id}.") from None
    _hold(files, file.manifest, path)
    made = _place(args.output, path.parent.name, case)
    shutil.rmtree(made, ignore_errors=True)
    for name, its in files.items():
        write_whole(made / name, its)
    write_whole(made.with_name(f"{made.name}.zip"), content)
    return made, FileReady(path=str(made), manifest=file.manifest)


def _hold(files: dict[str, bytes], sha256: str, path: Path) -> None:
    """Raises Refused when the files are not those that the manifest of that fingerprint lists, byte for byte."""
    found = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    if found.get("manifest.json") == sha256:
        manifest = json.loads(files["manifest.json"])
        listed = {entry["file"]: entry["sha256"] for entry in (*manifest["pieces"], *manifest["files"])}
        if found == {**listed, "manifest.json": sha256}:
            return
    raise Refused(f"{path} is not what was prepared: somebody changed it; audit the case.")


def _place(into: Path, number: str, case: "Case") -> Path:
    """The folder of the invoice's own name, and of its passage from the second on."""
    made = into / number
    return made.with_name(f"{number}-{case.passage}") if case.passage > 1 else made


def _put(built: Path, into: Path, case: "Case") -> Path:
    """Move folder and zip to the output under the invoice's own name; an earlier export of it is replaced."""
    made = _place(into, built.parent.name, case)
    shutil.rmtree(made, ignore_errors=True)
    shutil.move(built, made)
    shutil.move(built.with_name(f"{built.name}.zip"), made.with_name(f"{made.name}.zip"))
    return made


def _check_holder(case: "Case", role: str | None) -> None:
    """One at a time holds a case: another gets no sheet with its terms."""
    held = case.handed
    if role is not None and held is not None and held.role != role:
        raise Refused(f"{case.id} is held by {held.to}, a {held.role}; recall it, or export --to {held.role}.")


def _sheets(made: Path, brief: "Brief", case: "Case", context: "Context", ready: "FileReady") -> None:
    """The sheets stand beside the zip: they are no part of what a judge reads."""
    from evidence.hand_over import back_csv, sent_csv  # noqa: PLC0415 - slow to load

    holder = standing(case, context, brief.as_of).holder
    limit = limitation_on(case, context.tables)
    made.with_name(f"{made.name}-remise.csv").write_bytes(sent_csv(brief, holder, ready.manifest, limit))
    made.with_name(f"{made.name}-retour.csv").write_bytes(back_csv(brief))
    if holder is None:
        complain(f"nobody holds {case.id} yet: say it with « starter.py signal {case.invoice.number} handed_over ».")


def _told(args: Namespace, made: Path, ready: "FileReady") -> int:
    from evidence.manifest import Manifest  # noqa: PLC0415 - slow to load

    manifest = Manifest.model_validate_json((made / "manifest.json").read_bytes())
    files = [str(made), f"{made}.zip"]
    files += [f"{made}-{name}.csv" for name in ("remise", "retour") if args.to is not None]
    if args.json:
        missing = [lack.model_dump(mode="json") for lack in manifest.missing]
        head = {"case": manifest.case, "complete": manifest.complete, "manifest": ready.manifest}
        say_json({**head, "files": files, "pieces": len(manifest.pieces), "missing": missing})
    else:
        say(f"{made}.zip: {len(manifest.pieces)} pieces, manifest {ready.manifest[:16]}…")
        for lack in manifest.missing:
            say(f"  {lack.severity}: {lack.title} – {lack.reason}")
    return 0 if manifest.complete else 1
