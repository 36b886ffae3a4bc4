"""Who runs a command, as the accounts of the console know them."""

from datetime import UTC, datetime

import pytest

from commands.callers import caller_of
from ledger.accounts import Account, Role
from rules.refusals import Refused


def account(login: str, role: Role, *, active: bool = True) -> Account:
    since = datetime(2026, 1, 5, tzinfo=UTC)
    return Account(login=login, role=role, creditors=None, language="fr", active=active, created_at=since)


HOUSE = [
    account("nadia", Role.OPERATOR),
    account("claire", Role.MANAGER),
    account("odile", Role.AUDITOR),
    account("parti", Role.MANAGER, active=False),
]


@pytest.mark.parametrize(
    ("user", "login", "by", "actor"),
    [
        ("nadia", None, "nadia", "operator"),
        ("claire", None, "claire", "manager"),
        ("root", "claire", "claire (root)", "manager"),
        ("claire", "nadia", "nadia (claire)", "operator"),
        ("root", None, "root", "operator"),
    ],
)
def test_a_command_has_the_role_of_the_account_it_speaks_for(user: str, login: str | None, by: str, actor: str) -> None:
    assert caller_of(user, login, HOUSE) == (by, actor, "command")


def test_in_a_house_without_accounts_who_runs_commands_decides() -> None:
    assert caller_of("root", None, []).actor == "manager"


@pytest.mark.parametrize(("login", "why"), [("odile", "acts on nothing"), ("parti", "disabled"), ("luc", "no account")])
def test_who_may_not_act_speaks_through_no_command(login: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        caller_of("root", login, HOUSE)
