"""``webhook``: who is told of events, who may post to us, and what became of each delivery."""

from argparse import Namespace
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING

from commands.arguments import Commands, a_count, add_command, add_json
from commands.output import console, day, moment, say, say_json, table
from commands.running import run_async
from intake.hook_post import check_url
from rules.events import KINDS
from rules.hooks import secret_text
from rules.refusals import Refused
from settings import Settings, read_settings

if TYPE_CHECKING:
    from commands.office import Shelf


def add(commands: Commands) -> None:
    """Declare the command and its actions."""
    parser = add_command(
        commands,
        "webhook",
        "webhooks: add, list, revoke, deliveries",
        "starter.py webhook add acme https://erp.example/relance --kind payment_received case_closed",
        more="With --incoming NAME instead of a URL: a platform that may post to us. Signatures are those of the "
        "Standard Webhooks specification.",
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    made = actions.add_parser("add", help="make one; its secret is shown once")
    made.add_argument("creditor", metavar="CREDITOR")
    made.add_argument("url", metavar="URL", nargs="?", help="where events of that creditor's cases are posted")
    made.add_argument("--incoming", metavar="NAME", help="instead: who may post to us for that creditor")
    made.add_argument("--kind", metavar="KIND", nargs="+", default=[], help="kinds of events (default: all)")
    add_json(made)
    add_json(actions.add_parser("list", help="the webhooks"))
    gone = actions.add_parser("revoke", help="nothing is posted or believed any more")
    gone.add_argument("id", metavar="ID")
    log = actions.add_parser("deliveries", help="the delivery log, the last attempt first")
    log.add_argument("id", metavar="ID", nargs="?")
    log.add_argument("--limit", metavar="N", type=a_count, default=50)
    add_json(log)
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
            await shelf.ledger.hooks.revoke(args.id, datetime.now(UTC))
            say(f"{args.id} is revoked; what was not delivered yet stays undelivered.")
            return 0
        return await (_list(args, shelf) if args.action == "list" else _deliveries(args, shelf))


async def _add(args: Namespace, settings: Settings, shelf: "Shelf") -> int:
    from ledger.hooks import Hook, new_hook_id  # noqa: PLC0415 - slow to load

    if (args.url is None) == (args.incoming is None):
        raise Refused("webhook add: give a URL to post to, or --incoming NAME.")
    if args.creditor not in settings.creditors():
        raise Refused(f"« {args.creditor} » is not in the creditors file.")
    if args.url is not None:
        check_url(args.url)
    unknown = sorted(set(args.kind) - KINDS)
    if unknown:
        near = get_close_matches(unknown[0], KINDS, n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else "; see the kinds in a case's history, « show --json »."
        raise Refused(f"--kind: « {unknown[0]} » is no kind of event, and nothing would ever be posted{hint}")
    hook = Hook(
        id=new_hook_id(), incoming=args.url is None, creditor=args.creditor, name=args.incoming or "",
        url=args.url or "", kinds=tuple(args.kind), created_at=datetime.now(UTC),
    )  # fmt: skip
    secret = secret_text(await shelf.ledger.hooks.add(hook))
    if args.json:
        say_json({**hook.model_dump(mode="json"), "secret": secret})
        return 0
    say(secret)
    where = f"POST /api/v1/webhooks/{hook.id}" if hook.incoming else hook.url
    say(f"This is the secret of {where} (id {hook.id}). It is shown this once.")
    return 0


async def _list(args: Namespace, shelf: "Shelf") -> int:
    hooks = await shelf.ledger.hooks.all()
    if args.json:
        say_json([hook.model_dump(mode="json") for hook in hooks])
        return 0
    shown = table("id", "creditor", "direction", "what", "kinds", "made", "revoked", whole=("id", "made"))
    for hook in hooks:
        what = hook.name if hook.incoming else hook.url
        direction = "from outside" if hook.incoming else "to outside"
        kinds = ", ".join(hook.kinds) or "all"
        shown.add_row(hook.id, hook.creditor, direction, what, kinds, day(hook.created_at), day(hook.revoked_at))
    console().print(shown)
    return 0


async def _deliveries(args: Namespace, shelf: "Shelf") -> int:
    logged = await shelf.ledger.hooks.log(args.id, args.limit)
    if args.json:
        say_json([one.model_dump(mode="json") for one in logged])
        return 0
    shown = table("case", "position", "kind", "state", "attempts", "tried", "answer", whole=("tried",))
    for one in logged:
        answer = one.error or (str(one.status) if one.status else "–")
        shown.add_row(
            one.case_id, str(one.position), one.kind, one.state, str(one.attempts), moment(one.tried_at), answer
        )
    console().print(shown)
    counts = await shelf.ledger.hooks.counts()
    say(" · ".join(f"{count} {state}" for state, count in counts.items()) or "Nothing to deliver.")
    return 0
