"""``token``: who may speak to the API: made, listed, revoked. A secret is shown once."""

from argparse import Namespace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.arguments import Commands, add_command, add_json
from commands.output import console, day, say, say_json, table
from commands.running import run_async
from rules.refusals import Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from commands.office import Shelf


def add(commands: Commands) -> None:
    """Declare the command and its three actions."""
    parser = add_command(
        commands,
        "token",
        "tokens of the API: add, list, revoke",
        "starter.py token add ERP --creditor acme --scope invoices:write events:write",
        more="Scopes: invoices:write events:write einvoices:write bank:write cases:read tasks:read letters:read "
        "reports:read.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    made = actions.add_parser("add", help="make a token; its secret is shown once")
    made.add_argument("name", metavar="NAME", help="the program that will hold it")
    made.add_argument("--creditor", metavar="KEY", nargs="+", default=[], help="the creditors it may speak for")
    made.add_argument("--every-creditor", action="store_true", help="all of them, those to come included")
    made.add_argument("--scope", metavar="SCOPE", nargs="+", default=[], help="what it may do (default: read only)")
    add_json(made)
    listed = actions.add_parser("list", help="the tokens, their scopes and the day of their last use")
    add_json(listed)
    gone = actions.add_parser("revoke", help="it opens nothing from now on")
    gone.add_argument("id", metavar="ID", help="as token list shows it")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Do what was asked."""
    return run_async(_run(args, read_settings()))


async def _run(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        if args.action == "add":
            return await _add(args, settings, shelf)
        if args.action == "revoke":
            await shelf.ledger.tokens.revoke(args.id, datetime.now(UTC))
            say(f"{args.id} opens nothing any more.")
            return 0
        return await _list(args, shelf)


async def _add(args: Namespace, settings: Settings, shelf: "Shelf") -> int:
    from ledger.tokens import SCOPES  # noqa: PLC0415 - slow to load

    if bool(args.creditor) == args.every_creditor:
        raise Refused("token add: say --creditor KEY … or --every-creditor.")
    unknown = sorted(set(args.creditor) - set(settings.creditors()))
    if unknown:
        raise Refused(
            f"« {unknown[0]} » is not in the creditors file; known: {', '.join(sorted(settings.creditors()))}."
        )
    scopes = args.scope or [scope for scope in SCOPES if scope.endswith(":read")]
    token, secret = await shelf.ledger.tokens.add(args.name, scopes, args.creditor, datetime.now(UTC))
    if args.json:
        say_json({**token.model_dump(mode="json"), "secret": secret})
        return 0
    say(secret)
    say(f"This is the secret of {args.name} (id {token.id}). It is shown this once; the ledger keeps its digest only.")
    return 0


async def _list(args: Namespace, shelf: "Shelf") -> int:
    tokens = await shelf.ledger.tokens.all()
    if args.json:
        say_json([{**token.model_dump(mode="json"), "scopes": sorted(token.scopes)} for token in tokens])
        return 0
    shown = table(
        "id", "name", "creditors", "scopes", "made", "last used", "revoked", whole=("id", "made", "last used")
    )
    for token in tokens:
        creditors = "all" if token.creditors is None else ", ".join(sorted(token.creditors))
        shown.add_row(
            token.id, token.name, creditors, " ".join(sorted(token.scopes)), day(token.created_at),
            day(token.last_used_on), day(token.revoked_at),
        )  # fmt: skip
    console().print(shown)
    return 0
