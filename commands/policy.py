"""``policy check``: what is wrong with a policy file, and where."""

from argparse import Namespace
from pathlib import Path
from typing import Any

from commands.arguments import Commands, add_command, add_json
from commands.output import console, money, say_json, table
from rules.money import ZERO
from rules.policy import Policy, Role
from rules.policy_file import parse_policy
from rules.when import Anchor, When
from settings import read_text


def add(commands: Commands) -> None:
    """Declare the command."""
    parser = add_command(
        commands, "policy", "check a policy file before it is used", "starter.py policy check policies/standard.toml"
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    check = add_command(
        verbs, "check", "say what is wrong with a policy file and where", "starter.py policy check mine.toml"
    )
    check.add_argument("file", metavar="FILE", type=Path, help="a policy, TOML")
    add_json(check)
    check.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Print the ladder as it was understood; raises Refused with file, line and reason."""
    policy = parse_policy(read_text(args.file, "policy check"), file=str(args.file))
    if args.json:
        say_json(outline(policy))
        return 0
    out = console()
    out.print(f"[bold]{policy.name}[/]  [dim]version {policy.version}, {policy.timezone}[/]")
    shown = table("step", "when", "channel", "claims", "from", "approval", right=("from",))
    for rung in outline(policy)["rungs"]:
        least = policy.at(rung["step"])
        minimum = money(least.minimum) if least is not None and least.minimum > ZERO else "–"
        approval = "–" if rung["approval"] == Role.NONE else rung["approval"]
        channels = " or ".join(rung["channel"]) + (f" + {', '.join(rung['copy'])}" if rung["copy"] else "")
        shown.add_row(rung["step"], rung["when"], channels or "–", rung["claims"], minimum, approval)
    out.print(shown)
    return 0


def outline(policy: Policy) -> dict[str, Any]:
    """The ladder as ``--json`` has it."""
    return {
        "name": policy.name,
        "version": policy.version,
        "timezone": policy.timezone,
        "rungs": [
            {
                "step": rung.step,
                "when": spelled(rung.when),
                "channel": [str(channel) for channel in rung.channel],
                "copy": [str(channel) for channel in rung.copy_],
                "claims": str(rung.claims),
                "minimum": str(rung.minimum),
                "approval": str(rung.approval),
            }
            for rung in policy.rung
        ],
    }


def spelled(when: When) -> str:
    """A moment as policy files write it: ``due + 3``, ``after(relance_1) + 10``."""
    unit = " business_days" if when.business else ""
    distance = f" {'-' if when.days < 0 else '+'} {abs(when.days)}{unit}" if when.days else ""
    if when.anchor is Anchor.MONTH_END:
        return f"month_end(due{distance})"
    return f"{when.anchor}({when.step}){distance}" if when.step else f"{when.anchor}{distance}"
