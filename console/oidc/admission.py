"""Whom the provider's word lets in: the account that its claims name, with the role that a rule gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.oidc.arrangement import Arrangement, Rule
from ledger.accounts import Account, Accounts

LONGEST = 80
# One provider serves a console: its name stands in the subject all the same, should another follow it.
_APART = " "


class Turned(Exception):
    """The provider knows the person, and the console does not let them in. ``why`` is a key of the login page's
    words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Admission:
    """Who comes: the login that the claims name, the provider's own name for the person, and the rule that fits."""

    login: str
    subject: str
    rule: Rule | None


def admission(claims: Mapping[str, Any], arranged: Arrangement) -> Admission:
    """Whom the claims speak of. Raises Turned: no login among them, or no rule that fits. Pure."""
    login = claims.get(arranged.login)
    if not isinstance(login, str) or not login.strip() or len(login) > LONGEST or not login.isprintable():
        raise Turned("no_login")
    if arranged.login == "email" and claims.get("email_verified") is not True:
        raise Turned("no_login")
    rule = next((one for one in arranged.rules if _fits(one, claims)), None)
    if arranged.rules and rule is None:
        raise Turned("no_role")
    return Admission(login.strip(), f"{arranged.issuer}{_APART}{claims['sub']}", rule)


def _fits(rule: Rule, claims: Mapping[str, Any]) -> bool:
    found: Any = claims
    for part in rule.claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return rule.value in found if isinstance(found, list) else found == rule.value


async def let_in(accounts: Accounts, who: Admission, *, provision: bool, now: datetime) -> Account:
    """The account, as the rule says it is to be; made when it may be. Raises Turned."""
    found = await accounts.of_subject(who.subject) or await _named(accounts, who.login)
    if found is None:
        return await _made(accounts, who, now) if provision and who.rule is not None else _turn("unknown")
    if found.local:
        _turn("local")
    if not found.active:
        _turn("disabled")
    if found.subject not in (None, who.subject):
        _turn("other")
    changes: dict[str, Any] = {}
    if found.subject is None:
        changes["subject"] = who.subject
    if who.rule is not None and (found.role, found.creditors) != (who.rule.role, who.rule.creditors):
        changes |= {"role": who.rule.role, "creditors": who.rule.creditors}
    if changes:
        await accounts.change(found.login, **changes)
    return found.model_copy(update=changes)


async def _named(accounts: Accounts, login: str) -> Account | None:
    found = await accounts.get(login)
    return None if found is None else found[0]


async def _made(accounts: Accounts, who: Admission, now: datetime) -> Account:
    assert who.rule is not None
    account = Account(
        login=who.login, role=who.rule.role, creditors=who.rule.creditors, language="fr", active=True, created_at=now,
        local=False, subject=who.subject,
    )  # fmt: skip
    await accounts.add(account, "")
    return account


def _turn(why: str) -> Any:
    raise Turned(why)
