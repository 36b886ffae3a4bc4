"""Who runs a command, as the accounts of the console know them. Pure."""

from collections.abc import Sequence

from intake.caller import Caller
from ledger.accounts import Account, Role
from rules.refusals import Refused

MANAGING = frozenset({Role.MANAGER, Role.ADMIN})


def caller_of(user: str, login: str | None, accounts: Sequence[Account]) -> Caller:
    """The operating system's account ``user``, speaking for the console's account ``login`` (default: of the same
    name), whose role it has. Without an account it is an operator; in a house that has no accounts at all, a manager.

    It is a name and no proof, since who runs commands holds the ledger's keys: both names are written down. Raises
    Refused on a login that is unknown, shut, or may not act."""
    known = {account.login: account for account in accounts}
    account = known.get(login or user)
    if account is None:
        if login is not None:
            raise Refused(f"--as: « {login} » has no account; see starter.py user list.")
        return Caller(user, "operator" if known else "manager", "command")
    if not account.active or account.role is Role.AUDITOR:
        why = "is disabled" if not account.active else "is an auditor's, who acts on nothing"
        raise Refused(f"the account « {account.login} » {why}; see starter.py user list.")
    name = user if account.login == user else f"{account.login} ({user})"
    return Caller(name, "manager" if account.role in MANAGING else "operator", "command")
