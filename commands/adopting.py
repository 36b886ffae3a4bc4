"""``adopt``: move cases to another policy, each as an event of its own."""

from argparse import Namespace
from collections.abc import Sequence
from uuid import uuid4

from commands.arguments import Commands, add_command, add_json
from commands.output import complain, counted, say, say_json
from commands.running import run_async
from rules.refusals import Refused
from settings import Settings, read_settings


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands,
        "adopt",
        "move cases to another policy; what was sent stays sent, the new ladder goes on after it",
        "starter.py adopt fidele --cases F-2026-0042 F-2026-0043",
    )
    parser.add_argument("policy", metavar="POLICY", help="the name of a policy in the policies folder")
    parser.add_argument("--cases", metavar="CASE", nargs="+", required=True, help="ids or invoice numbers")
    parser.add_argument("--by", metavar="WHO", help="who says so")
    add_json(parser)
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Say it to each case; 1 when one refused."""
    settings = read_settings()
    known = settings.policies()
    if args.policy not in known:
        raise Refused(f"policy « {args.policy} » is not in the policies folder; known: {', '.join(sorted(known))}.")
    return run_async(_adopt(args.policy, args.cases, args, settings))


async def _adopt(policy: str, cases: Sequence[str], args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    body = {"kind": "adopt", "policy": policy, **({"by": args.by} if args.by else {})}
    moved: list[str] = []
    refused: dict[str, str] = {}
    async with office.open_shelf(settings) as shelf:
        door = await office.open_door(settings, shelf)
        for text in cases:
            try:
                case_id = await shelf.resolve(text)
                await door.submit(case_id, body, f"adopt/{uuid4()}")
            except Refused as no:
                refused[text] = no.sentence
            else:
                moved.append(case_id)
    if args.json:
        say_json({"moved": moved, "refused": refused})
    else:
        say(f"{counted(len(moved), 'case')} moved to {policy}.")
    for text, sentence in refused.items():
        complain(f"{text}: {sentence}")
    return 1 if refused else 0
