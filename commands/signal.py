"""``signal``: say to a case what happened; checked here first, then answered by the case itself."""

import json
from argparse import ArgumentParser, Namespace
from typing import Any
from uuid import uuid4

from rich_argparse import RawDescriptionRichHelpFormatter

from commands.arguments import Commands, a_day, add_command, add_json
from commands.case_file import one_line
from commands.fields import jsonable, options_of
from commands.output import console, say_json
from commands.running import run_async
from commands.signals import EFFECTS
from rules.reading import COMMANDS, parse_command
from rules.refusals import Refused
from settings import Settings, read_settings

_PREFIX = "field_"


def add(commands: Commands) -> None:
    """Declare the command, one sub-command per signal."""
    parser = add_command(
        commands,
        "signal",
        "say to a case what happened: paid, dispute, payment_plan …",
        "starter.py signal F-2026-0042 paid --amount 1200,00 --received-on 2026-03-02 --reference VIR-77",
        more="CASE is the id or the invoice number. « signal CASE NAME --help » lists the fields of NAME.",
    )
    parser.add_argument("case", nargs="?", metavar="CASE", help="the case's id or its invoice number")
    parser.add_argument("--debtor", metavar="ID", help="say it of a debtor instead: every open case hears its share")
    parser.add_argument("--creditor", metavar="KEY", help="whose debtor, when several creditors know the number")
    names = parser.add_subparsers(dest="name", metavar="NAME", required=True, title="signals")
    for name in COMMANDS:
        _add_signal(names, name)
    parser.set_defaults(run=run)


def _add_signal(names: Any, name: str) -> None:
    effect = EFFECTS.get(name, f"the signal {name}")
    own: ArgumentParser = names.add_parser(
        name,
        help=effect,
        description=f"{effect[0].upper()}{effect[1:]}.",
        formatter_class=RawDescriptionRichHelpFormatter,
        allow_abbrev=False,
    )
    for option in options_of(name):
        dest = f"{_PREFIX}{option.field}"
        if option.flagged:
            own.add_argument(option.flag, dest=dest, action="store_true", default=None)
        elif option.choices:
            own.add_argument(option.flag, dest=dest, choices=option.choices)
        else:
            own.add_argument(option.flag, dest=dest, type=option.read, metavar=option.metavar)
    common = own.add_argument_group("for every signal")
    common.add_argument("--data", metavar="JSON", help="the whole payload as one JSON object; options win over it")
    common.add_argument("--id", metavar="ID", help="what makes a repetition harmless (default: a new one)")
    common.add_argument("--by", metavar="WHO", help="who says so")
    common.add_argument("--as", dest="login", metavar="LOGIN", help="whose account speaks (default: who runs this)")
    common.add_argument("--on", metavar="D", type=a_day, help="the day it happened (default: today)")
    common.add_argument("--note", metavar="TEXT", help="a remark for the file")
    common.add_argument("--scope", choices=("case", "debtor"), help="a dispute, hold or resume of the whole debtor")
    add_json(own)


def run(args: Namespace) -> int:
    """Check, submit, print the case as it stands."""
    if (args.case is None) == (args.debtor is None):
        raise Refused("signal: name a CASE, or a debtor with --debtor ID.")
    if args.debtor is not None:
        return run_async(_submit_of_debtor(args, read_settings()))
    event_id, body = command_of(args)
    return run_async(_submit(args, read_settings(), event_id, body))


async def _submit_of_debtor(args: Namespace, settings: Settings) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    payload = payload_of(args)
    event_id = str(payload.pop("id", None) or f"cli/{uuid4()}")
    async with office.open_shelf(settings) as shelf:
        door = await office.open_debtor_door(settings, shelf, login=args.login)
        heard = await door.submit(args.debtor, args.name, payload, event_id, creditor=args.creditor)
    if args.json:
        say_json({"cases": [view.model_dump(mode="json") for view in heard.views], "left_over": f"{heard.left_over}"})
        return 0
    for view in heard.views:
        console().print(one_line(view), soft_wrap=True)
    if heard.left_over:
        console().print(f"{heard.left_over} more than is owed: kept with the last invoice, with a task.")
    return 0


def command_of(args: Namespace) -> tuple[str, dict[str, Any]]:
    """The event's id and the checked body of ``submit``; raises Refused naming the field."""
    command = parse_command(args.name, payload_of(args))
    body = command.model_dump(mode="json", exclude_unset=True, exclude={"id"})
    return command.id or f"cli/{uuid4()}", {**body, "kind": args.name}


def payload_of(args: Namespace) -> dict[str, Any]:
    """The payload as typed: ``--data``, then the options."""
    payload = _data(args.data)
    for name, value in vars(args).items():
        if name.startswith(_PREFIX) and value is not None:
            payload[name.removeprefix(_PREFIX)] = jsonable(value)
    for name in ("id", "by", "on", "note", "scope"):
        if getattr(args, name) is not None:
            payload[name] = jsonable(getattr(args, name))
    return payload


def _data(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        data = json.loads(text)
    except ValueError as error:
        raise Refused(f"--data is not JSON: {error}.") from None
    if not isinstance(data, dict):
        raise Refused("--data must be one JSON object, such as {}.")
    return data


async def _submit(args: Namespace, settings: Settings, event_id: str, body: dict[str, Any]) -> int:
    from commands import office  # noqa: PLC0415 - slow to load: see there

    async with office.open_shelf(settings) as shelf:
        case_id = await shelf.resolve(args.case)
        door = await office.open_door(settings, shelf, login=args.login)
        view = await door.submit(case_id, body, event_id)
    if args.json:
        say_json(view)
    else:
        console().print(one_line(view), soft_wrap=True)
    return 0
