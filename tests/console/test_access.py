"""Who gets in, and what each role may do."""

from collections.abc import AsyncIterator

import pytest
from fastapi.routing import APIRoute

from console.guard import Anyone, Needs, posted
from ledger.accounts import Role
from tests.console.conftest import MARTIN
from tests.console.house import PASSWORD, Console, hidden_fields


def declared(route: APIRoute) -> list[object]:
    return [one.call for one in route.dependant.dependencies]


def routes(console: Console) -> list[APIRoute]:
    """Every route of every router that the application includes."""
    found: list[APIRoute] = []
    for one in console.app.routes:
        router = getattr(one, "original_router", None)
        assert router is not None or one.path == "/static", one
        found += [] if router is None else router.routes
    assert all(isinstance(route, APIRoute) for route in found)
    return found


async def test_every_route_declares_who_may_use_it(console: Console) -> None:
    undeclared = [
        route.path for route in routes(console) if not any(isinstance(one, Needs | Anyone) for one in declared(route))
    ]
    assert len(routes(console)) > 8
    assert not undeclared


async def test_every_form_is_checked_and_no_auditor_may_send_one_to_a_case(console: Console) -> None:
    forms = [route for route in routes(console) if "POST" in (route.methods or ()) and route.path != "/login"]
    assert forms
    for route in forms:
        assert posted in declared(route), route.path
        needs = next(one for one in declared(route) if isinstance(one, Needs))
        assert Role.AUDITOR not in needs.roles or route.path in ("/logout", "/views"), route.path


async def test_nobody_sees_anything_before_logging_in(console: Console) -> None:
    async with console.browser() as browser:
        for path in ("/", "/cases", f"/cases/{MARTIN}", "/tasks", "/cases.csv"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers["location"][:6]) == (303, "/login"), path
        assert (await browser.get("/login")).status_code == 200


async def test_a_session_begins_with_the_password_and_ends_with_logging_out(console: Console) -> None:
    async with console.browser() as browser:
        wrong = await browser.log_in("nadia", "une autre phrase")
        assert wrong.status_code == 401
        assert "Identifiant ou mot de passe inconnu" in wrong.text
        assert (await browser.log_in("personne")).status_code == 401
        answer = await browser.log_in("nadia", PASSWORD)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert (await browser.get("/")).status_code == 200
        await browser.send("/", "/logout", {})
        assert (await browser.get("/")).status_code == 303


async def test_a_ninth_try_is_refused_even_with_the_right_password(console: Console) -> None:
    async with console.browser() as browser:
        for _ in range(8):
            await browser.log_in("nadia", "non")
        answer = await browser.log_in("nadia")
        assert answer.status_code == 429
        assert "Trop d’essais" in answer.text


async def test_a_disabled_account_is_out_at_the_next_page(console: Console) -> None:
    async with console.browser("nadia") as browser:
        await console.house.ledger.accounts.change("nadia", active=False)
        assert (await browser.get("/")).status_code == 303
        assert (await browser.log_in("nadia")).status_code == 401


async def test_the_way_back_after_logging_in_stays_in_the_house(console: Console) -> None:
    async with console.browser() as browser:
        for away in ("//evil.example", "https://evil.example", "/\\evil.example"):
            values = {"login": "nadia", "password": PASSWORD, "next": away}
            answer = await browser.send("/login", "/login", values)
            assert answer.headers["location"] == "/", away
            await browser.send("/", "/logout", {})


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}])
async def test_a_form_from_another_site_is_refused(console: Console, headers: dict[str, str]) -> None:
    async with console.browser("nadia") as browser:
        answer = await browser.client.post(f"/cases/{MARTIN}/actions/note", data={"note": "x"}, headers=headers)
        assert answer.status_code == 403
    assert not console.engine.heard


async def test_a_form_that_hides_its_length_is_not_read(console: Console) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"note=x"

    async with console.browser("nadia") as nadia:
        answer = await nadia.client.post(f"/cases/{MARTIN}/actions/note", content=endless())
        assert answer.status_code == 411
    assert not console.engine.heard


async def test_a_form_without_its_token_or_with_anothers_is_refused(console: Console) -> None:
    async with console.browser("nadia") as nadia, console.browser("claire") as claire:
        for token in ("", "00" * 64, "zz"):
            answer = await nadia.client.post(f"/cases/{MARTIN}/actions/note", data={"note": "x", "csrf": token})
            assert answer.status_code == 403

        hers = hidden_fields((await claire.get("/")).text, "/logout")
        answer = await nadia.client.post(f"/cases/{MARTIN}/actions/note", data={"note": "x", **hers})
        assert answer.status_code == 403
    assert not console.engine.heard


async def test_a_case_of_a_creditor_not_granted_is_not_there(console: Console) -> None:
    async with console.browser("zoe") as zoe:
        assert (await zoe.get(f"/cases/{MARTIN}")).status_code == 404
        assert (await zoe.get("/cases/invoice/zenith/Z-1")).status_code == 200
        everything = (await zoe.get("/cases?view=all")).text + (await zoe.get("/cases.csv?view=all")).text
        assert "Garage du Parc" in everything
        assert "Martin" not in everything
        assert "Martin" not in (await zoe.get("/cases?q=martin")).text
        assert "Martin" not in (await zoe.get("/tasks")).text


async def test_an_auditor_reads_everything_and_is_offered_nothing(console: Console) -> None:
    async with console.browser("paul") as paul:
        page = (await paul.get(f"/cases/{MARTIN}")).text
        assert "Boulangerie Martin" in page
        assert "Lecture seule" in page
        assert "/actions/" not in page
        token = {"csrf": _token(page)}
        answer = await paul.client.post(f"/cases/{MARTIN}/actions/note", data={"note": "x", **token})
        assert answer.status_code == 403
    assert not console.engine.heard


async def test_an_operator_does_not_write_off(console: Console) -> None:
    async with console.browser("nadia") as nadia, console.browser("claire") as claire:
        page = (await nadia.get(f"/cases/{MARTIN}")).text
        assert "/actions/write_off" not in page
        data = {"reason": "x", "csrf": _token(page)}
        assert (await nadia.client.post(f"/cases/{MARTIN}/actions/write_off", data=data)).status_code == 403
        assert "/actions/write_off" in (await claire.get(f"/cases/{MARTIN}")).text


async def test_an_operator_grants_nothing_by_no_form(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        data = {"task": "grant/1", "outcome": "granted", "csrf": _token((await nadia.get(f"/cases/{MARTIN}")).text)}
        assert (await nadia.client.post(f"/cases/{MARTIN}/actions/grant", data=data)).status_code == 403
        answer = await nadia.client.post(f"/cases/{MARTIN}/actions/task_done", data=data)
        assert (answer.status_code, "Un responsable accorde" in answer.text) == (422, True)
    assert not console.engine.heard


async def test_who_looked_at_a_case_is_noted(console: Console) -> None:
    async with console.browser("paul") as paul:
        await paul.get(f"/cases/{MARTIN}")
    looks = await console.house.ledger.asked.looks(None, subject=MARTIN)
    assert [(look.login, look.what) for look in looks] == [("paul", "case")]


def _token(page: str) -> str:
    start = page.index('name="csrf" value="') + len('name="csrf" value="')
    return page[start : start + 128]
