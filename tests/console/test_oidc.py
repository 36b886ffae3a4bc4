"""Logging in at the company's own provider."""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from console.oidc.arrangement import read_arrangement
from console.oidc.provider import Provider
from ledger.accounts import Account, Role
from rules.refusals import Refused
from settings import read_settings
from tests.console.conftest import MARTIN
from tests.console.house import NOW, Browser, Console
from tests.console.provider import CLIENT, SECRET, IdentityProvider, providing

LEA = {"preferred_username": "lea", "groups": ["tous", "recouvrement"]}
RULES = """
provision = true
[[rule]]
claim = "realm_access.roles"
value = "direction"
role = "manager"
[[rule]]
claim = "groups"
value = "recouvrement"
role = "operator"
creditors = ["acme"]
"""


@pytest.fixture
def idp() -> Iterator[IdentityProvider]:
    with providing() as provider:
        provider.person = dict(LEA)
        yield provider


def arranged(console: Console, idp: IdentityProvider, folder: Path, more: str = RULES) -> None:
    """The console with that provider."""
    file = folder / "oidc.toml"
    head = f'issuer = "{idp.address}"\nclient_id = "{CLIENT}"\nname = "Acme"\nlogin = "preferred_username"\n'
    file.write_text(f'{head}address = "http://127.0.0.1"\n{more}', encoding="utf-8")
    settings = dataclasses.replace(console.house.settings, oidc_file=file, oidc_secret=SECRET)
    found = read_arrangement(settings)
    assert found is not None
    console.house = dataclasses.replace(console.house, settings=settings, provider=Provider(found))
    console.app.state.house = console.house


async def account_at_provider(console: Console, login: str, **more: object) -> None:
    values = {"role": Role.AUDITOR, "creditors": None, "language": "fr", "active": True, "created_at": NOW} | more
    await console.house.ledger.accounts.add(Account(login=login, local=False, **values), "")


async def way_back(browser: Browser, onward: str = "/") -> str:
    """Leave for the provider and log in there; the address that it sends the browser back to."""
    left = await browser.get(f"/login/oidc?next={onward}")
    assert left.status_code == 303, left.text
    async with httpx.AsyncClient() as elsewhere:
        answer = await elsewhere.get(left.headers["location"])
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


async def logged_in(browser: Browser, onward: str = "/") -> httpx.Response:
    return await browser.get(await way_back(browser, onward))


async def test_somebody_whom_a_rule_fits_gets_in_and_is_thrown_out_like_anybody(
    console: Console, idp: IdentityProvider, tmp_path: Path
) -> None:
    arranged(console, idp, tmp_path)
    accounts = console.house.ledger.accounts
    async with console.browser() as browser:
        assert "Se connecter avec Acme" in (await browser.get("/login")).text
        answer = await logged_in(browser, f"/cases/{MARTIN}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{MARTIN}")
        assert "Boulangerie Martin" in (await browser.get(f"/cases/{MARTIN}")).text
        assert (await browser.get("/cases/invoice/zenith/Z-1")).status_code == 404
        found = await accounts.get("lea")
        assert found is not None
        made, password = found
        assert (made.role, made.creditors, made.local, password) == (Role.OPERATOR, frozenset({"acme"}), False, "")
        (session,) = [one for one in await accounts.sessions() if one.account.login == "lea"]
        await accounts.end_session(session.id)
        assert (await browser.get("/")).status_code == 303
        assert (await browser.log_in("lea", "")).status_code == 401


async def test_another_role_at_the_provider_is_another_role_here_at_the_next_login(
    console: Console, idp: IdentityProvider, tmp_path: Path
) -> None:
    arranged(console, idp, tmp_path)
    async with console.browser() as browser:
        await logged_in(browser)
        # The roles stand at userinfo only, and the login is written otherwise: the person is the same.
        idp.person = {"preferred_username": "lea.martin"}
        idp.userinfo = {"realm_access": {"roles": ["direction"]}, "groups": []}
        assert (await logged_in(browser)).status_code == 303
    found = await console.house.ledger.accounts.get("lea")
    assert found is not None
    assert (found[0].role, found[0].creditors) == (Role.MANAGER, None)
    assert await console.house.ledger.accounts.get("lea.martin") is None


async def test_a_token_that_was_not_made_for_this_login_opens_nothing(
    console: Console, idp: IdentityProvider, tmp_path: Path
) -> None:
    arranged(console, idp, tmp_path)
    async with console.browser() as browser:
        for wrong in ("nonce", "signature", "expired", "issuer", "audience", "unsigned"):
            idp.wrong = wrong
            answer = await logged_in(browser)
            assert (answer.status_code, "session" in browser.client.cookies) == (401, False), wrong
            assert "n’a pas pu être vérifiée" in answer.text
    assert await console.house.ledger.accounts.get("lea") is None


async def test_only_the_browser_that_began_ends_and_only_once(
    console: Console, idp: IdentityProvider, tmp_path: Path
) -> None:
    arranged(console, idp, tmp_path)
    async with console.browser() as browser, console.browser() as other:
        back = await way_back(browser)
        await way_back(other)
        assert (await other.get(back)).status_code == 401
        state = parse_qs(urlsplit(back).query)["state"][0]
        cookie = browser.client.cookies["oidc"]
        assert (await browser.get(back)).status_code == 303
        browser.client.cookies.set("oidc", cookie)
        assert (await browser.get(back)).status_code == 401  # the code was used
        browser.client.cookies.set("oidc", cookie)
        assert (await browser.get(f"/login/oidc/back?state={state}&error=access_denied")).status_code == 401


TURNED: tuple[tuple[Mapping[str, object], str, str], ...] = (
    ({"preferred_username": "lea", "groups": ["tous"]}, RULES, "aucun rôle"),
    ({"groups": ["recouvrement"]}, RULES, "qui vous êtes"),
    (LEA, "", "pas de compte"),
    ({**LEA, "preferred_username": "claire"}, RULES, "avec un mot de passe"),
    ({**LEA, "preferred_username": "fermé"}, "", "accès de ce compte est fermé"),
    ({**LEA, "preferred_username": "autre"}, "", "autre personne"),
)


async def test_who_is_known_there_is_not_let_in_here_without_a_reason(
    console: Console, idp: IdentityProvider, tmp_path: Path
) -> None:
    await account_at_provider(console, "fermé", active=False)
    await account_at_provider(console, "autre", subject=f"{idp.address} u-99")
    async with console.browser() as browser:
        for person, rules, says in TURNED:
            arranged(console, idp, tmp_path, rules)
            idp.person = dict(person)
            answer = await logged_in(browser)
            assert (answer.status_code, "session" in browser.client.cookies) == (403, False), says
            assert says in answer.text


async def test_an_account_made_beforehand_keeps_its_role_when_there_are_no_rules(
    console: Console, idp: IdentityProvider, tmp_path: Path
) -> None:
    arranged(console, idp, tmp_path, "")
    await account_at_provider(console, "lea")
    async with console.browser() as browser:
        assert (await logged_in(browser)).status_code == 303
        assert "Lecture seule" in (await browser.get(f"/cases/{MARTIN}")).text


async def test_wrong_answers_close_the_door_and_a_provider_away_leaves_the_password(
    console: Console, idp: IdentityProvider, tmp_path: Path
) -> None:
    arranged(console, idp, tmp_path)
    async with console.browser() as browser:
        idp.down = True
        answer = await browser.get("/login/oidc")
        assert (answer.status_code, "ne répond pas" in answer.text) == (503, True)
        assert (await browser.log_in("nadia")).status_code == 303
        idp.down, idp.wrong = False, "nonce"
        for _ in range(8):
            assert (await logged_in(browser)).status_code == 401
        answer = await browser.get("/login/oidc")
        assert (answer.status_code, "Trop d’essais" in answer.text) == (429, True)


async def test_without_an_arrangement_there_is_no_such_way(console: Console) -> None:
    async with console.browser() as browser:
        assert (await browser.get("/login/oidc")).status_code == 404
        assert "Se connecter avec" not in (await browser.get("/login")).text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("issuer = ", "is not TOML"),
        ('issuer = "https://login.example"', "client_id"),
        ('issuer = "http://login.example"\nclient_id = "a"\nname = "A"\naddress = "https://a.example"', "issuer"),
        (
            'issuer = "https://login.example"\nclient_id = "a"\nname = "A"\naddress = "https://a.example"\n'
            "provision = true",
            r"\[\[rule\]\]",
        ),
        (
            'issuer = "https://login.example"\nclient_id = "a"\nname = "A"\naddress = "https://a.example"\n'
            '[[rule]]\nclaim = "groups"\nvalue = "x"\nrole = "operator"\ncreditors = ["nobody"]',
            "nobody",
        ),
    ],
)
def test_a_wrong_arrangement_stops_the_console_with_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "oidc.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match=says):
        read_arrangement(read_settings({"RELANCE_OIDC": str(file)}))
