"""``user``: the people who may log in to the console."""

from argparse import Namespace

from commands.arguments import Commands, add_command, add_json
from commands.running import run_async
from settings import read_settings

ROLES = ("operator", "manager", "auditor", "admin")


def add(commands: Commands) -> None:
    """Declare the command and its parts."""
    parser = add_command(
        commands,
        "user",
        "the people who may log in to the console",
        "starter.py user add nadia --role operator --creditors acme",
        more="The password is asked for, or read from the standard input. Roles: operator (acts), manager (decides), "
        "auditor (sees everything, acts on nothing), admin (looks after accounts).",
    )
    parts = parser.add_subparsers(dest="part", metavar="ACT", required=True)
    new = parts.add_parser("add", help="a new account")
    new.add_argument("login")
    new.add_argument("--role", choices=ROLES, default="operator")
    new.add_argument("--creditors", metavar="KEYS", default="*", help="comma-separated (default: all)")
    new.add_argument("--language", choices=["fr", "en"], default="fr")
    new.add_argument("--provider", action="store_true", help="no password: logs in at the provider of RELANCE_OIDC")
    for name, words in (
        ("disable", "log out and keep out"),
        ("enable", "let in again"),
        ("password", "a new one; it alone opens the account"),
        ("provider", "logs in at the provider from now on, whoever it names so first; the password opens nothing"),
    ):
        parts.add_parser(name, help=words).add_argument("login")
    grant = parts.add_parser("grant", help="other creditors than before")
    grant.add_argument("login")
    grant.add_argument("--creditors", metavar="KEYS", required=True, help="comma-separated; '*' for all")
    add_json(parts.add_parser("list", help="every account"))
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Do it."""
    from commands.people import change_people  # noqa: PLC0415 - slow to load: see office

    return run_async(change_people(args, read_settings()))
