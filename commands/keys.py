"""``keys`` and ``codec``: the master keys made, turned and listed; payloads shown to whoever logs in."""

import getpass
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from commands.arguments import Commands, add_command, add_json
from commands.output import counted, say, say_json
from commands.running import run_async
from log_lines import SERVER_LOGS
from rules.refusals import Refused
from settings import Settings, read_settings

UI = ("http://localhost:8233", "http://127.0.0.1:8233", "http://localhost:8080", "http://127.0.0.1:8080")


def add(commands: Commands) -> None:
    """Declare both commands."""
    keys = add_command(
        commands,
        "keys",
        "make, turn and list the master keys of RELANCE_PAYLOAD_KEYS",
        "starter.py keys new",
        more="new: a first value, or the present one with a new key in front. list: the ids, never a key. rewrap: the "
        "debtors' keys in the ledger under the current master key, so that a retired one may go.",
    )
    keys.add_argument("what", choices=("new", "list", "rewrap"))
    keys.add_argument("--id", metavar="ID", help="the new key's id (default: the month)")
    add_json(keys)
    keys.set_defaults(run=run_keys)
    codec = add_command(
        commands,
        "codec",
        "serve Temporal's UI and CLI the payloads in the clear, behind a login",
        "starter.py codec --users codec-users --port 8234",
        more="In the UI, set the codec endpoint to this address and include cross-origin credentials.",
    )
    codec.add_argument("--users", metavar="FILE", type=Path, required=True, help="who may log in: NAME:DIGEST a line")
    codec.add_argument("--add", metavar="NAME", help="add a person to the file (asks for the password) and end")
    codec.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1)")
    codec.add_argument("--port", type=int, default=8234, help="the port (default: 8234)")
    codec.add_argument(
        "--origin", action="append", metavar="URL", help="where the UI is served (default: this machine)"
    )
    codec.set_defaults(run=run_codec)


def run_keys(args: Namespace) -> int:
    """Make, list or turn."""
    settings = read_settings()
    if args.what == "rewrap":
        return run_async(_rewrap(args, settings))
    from sealing.keys import new_entry, parse_ring  # noqa: PLC0415 - a help needs no cipher

    ring = parse_ring(settings.payload_keys)
    ids = list(ring.ids) if ring is not None else []
    if args.what == "list":
        if args.json:
            say_json({"current": ids[0] if ids else None, "retired": ids[1:]})
        else:
            say(f"current {ids[0]}; retired {', '.join(ids[1:]) or 'none'}" if ids else "no keys: nothing is encrypted")
        return 0
    key_id = args.id or f"{datetime.now(UTC):%Y-%m}"
    if key_id in ids:
        raise Refused(f"keys: the ring has a key « {key_id} »; give the new one another --id.")
    value = ",".join(filter(None, [new_entry(key_id), settings.payload_keys]))
    if args.json:
        say_json({"RELANCE_PAYLOAD_KEYS": value})
    else:
        say(f"RELANCE_PAYLOAD_KEYS={value}")
    return 0


async def _rewrap(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        turned = await shelf.ledger.rewrap_keys()
    if args.json:
        say_json({"rewrapped": turned})
    else:
        say(f"{counted(turned, 'key')} of debtors wrapped anew under the current master key.")
    return 0


def run_codec(args: Namespace) -> int:
    """Serve until interrupted, or add a user."""
    from sealing.keys import parse_ring  # noqa: PLC0415 - a help needs no cipher
    from sealing.server import Users, codec_app, user_line  # noqa: PLC0415 - a help needs no server

    if args.add:
        line = user_line(args.add, _password())
        with args.users.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        args.users.chmod(0o600)
        say(f"{args.add} may log in.")
        return 0
    ring = parse_ring(read_settings().payload_keys)
    if ring is None:
        raise Refused("codec: RELANCE_PAYLOAD_KEYS is not set; nothing is encrypted and there is nothing to open.")
    if not args.users.is_file():
        raise Refused(f"codec: {args.users} is not a file; starter.py codec --users {args.users} --add NAME makes it.")
    users = Users(args.users.read_text(encoding="utf-8").splitlines())
    if not len(users):
        raise Refused(
            f"codec: {args.users} names nobody; starter.py codec --users {args.users} --add NAME adds a person."
        )
    import uvicorn  # noqa: PLC0415 - a help needs no server

    app = codec_app(ring, users, args.origin or UI)
    uvicorn.run(app, host=args.host, port=args.port, log_config=SERVER_LOGS, access_log=False)
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise Refused("codec: the two passwords differ.")
    return first
