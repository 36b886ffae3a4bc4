"""The rooms of managers, auditors and administrators: simulator, reports, audit, settings."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from console.simulation import Change, changed
from ledger.accounts import Role
from rules.refusals import Refused
from tests.console.conftest import MARTIN
from tests.console.house import PASSWORD, Console

SIMULATED = "/simulator?play=1&policy=standard&days_relance_2=4&off_appel=1"


async def test_a_ladder_without_a_step_counts_from_the_step_before(console: Console) -> None:
    policy, _ = console.house.configuration.policy_named("standard")
    shorter = changed(policy, Change({"relance_1": 2}, frozenset({"relance_2", "mise_en_demeure"})))
    steps = {rung.step: rung for rung in shorter.rung}
    assert "relance_2" not in steps
    assert "mise_en_demeure" in steps, "the mise en demeure cannot be left out"
    assert steps["relance_1"].when.days == 2
    last = steps["derniere_relance"].when
    assert (last.step, last.days) == ("relance_1", 25)


async def test_the_simulator_compares_both_ladders_and_sends_nothing(console: Console) -> None:
    async with console.browser("claire") as claire:
        page = (await claire.get(SIMULATED)).text
        assert "Rien ne change" not in page
        assert "Relance 2" in page
        same = (await claire.get("/simulator?play=1&policy=standard")).text
        assert "Rien ne change" in same
    assert not console.engine.heard
    assert not await console.house.ledger.reads.messages()


async def test_the_report_counts_what_came_in_after_which_letter(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        paid = {"amount": "300,00", "received_on": "2026-03-01", "method": "virement", "reference": "R"}
        await nadia.send(f"/cases/{MARTIN}", f"/cases/{MARTIN}/actions/paid", paid)
        page = (await nadia.get("/reports")).text
    (month,) = await console.house.ledger.reports.delays(None, "EUR", date(2026, 3, 2))
    assert (month.month, month.received, round(month.mean)) == ("2026-03", Decimal("300.00"), 25)
    assert "16–30" in page
    (done,) = await console.house.ledger.reports.done(None, console.house.now().replace(hour=0))
    assert (done.login, done.kind, done.number) == ("nadia", "paid", 1)
    assert await console.house.ledger.reports.done(frozenset({"zenith"}), console.house.now().replace(hour=0)) == []


async def test_a_chain_that_was_tampered_with_is_shown_to_the_auditor(console: Console) -> None:
    async with console.browser("paul") as paul:
        assert "entières" in (await paul.get("/audit/chains")).text

        def tamper(connection: object) -> None:
            change = "UPDATE events SET readable = replace(readable, '1200.00', '1300.00') WHERE case_id = :case"
            connection.execute(text(change), {"case": MARTIN})  # type: ignore[attr-defined]
            connection.commit()  # type: ignore[attr-defined]

        await console.house.ledger.read(tamper)
        page = (await paul.get("/audit/chains")).text
        assert "Des chaînes sont rompues" in page
        assert "F-2026-0042" in page
        assert "2 / " in (await paul.get("/audit")).text or "3 / 3, 1" in (await paul.get("/audit")).text


async def test_a_case_is_verified_from_its_page_and_who_verified_it_is_written_down(console: Console) -> None:
    async with console.browser("paul") as paul:
        page = (await paul.get(f"/audit/{MARTIN}")).text
        assert "Rien ne contredit le grand livre" in page, "without a history nothing is said to replay"
        assert (await paul.get(f"/audit/{MARTIN}/pdf")).content.startswith(b"%PDF")
        assert MARTIN in (await paul.get("/audit?login=paul")).text
    async with console.browser("zoe") as zoe:
        assert (await zoe.get(f"/audit/{MARTIN}")).status_code == 404
        assert MARTIN not in (await zoe.get("/audit")).text


async def test_an_administrator_adds_a_person_who_then_logs_in(console: Console) -> None:
    new = {"login": "iris", "password": PASSWORD, "role": "operator", "language": "en", "creditors": "zenith"}
    async with console.browser("ada") as ada:
        assert (await ada.send("/settings", "/settings/people", new)).status_code == 303
        assert (await ada.send("/settings", "/settings/people", new)).status_code == 422
        short = await ada.send("/settings", "/settings/people", {**new, "login": "max", "password": "court"})
        assert short.status_code == 422
    async with console.browser() as iris:
        assert (await iris.log_in("iris")).status_code == 303
        assert '<html lang="en">' in (await iris.get("/cases")).text
        assert "Martin" not in (await iris.get("/cases?view=all")).text


async def test_nobody_but_an_administrator_changes_people_and_nobody_shuts_themselves_out(console: Console) -> None:
    async with console.browser("ada") as ada, console.browser("claire") as claire:
        assert (await ada.send("/settings", "/settings/people/nadia", {"active": "no"})).status_code == 303
        fields = {"csrf": (await claire.get("/settings")).text.split('name="csrf" value="')[1].split('"')[0]}
        refused = await claire.client.post("/settings/people/nadia", data={**fields, "active": "yes"})
        assert refused.status_code == 403
        mine = {"csrf": (await ada.get("/settings")).text.split('name="csrf" value="')[1].split('"')[0]}
        own = await ada.client.post("/settings/people/ada", data={**mine, "role": "auditor"})
        assert own.status_code == 422
    found = await console.house.ledger.accounts.get("ada")
    assert found is not None
    assert found[0].role is Role.ADMIN


async def test_what_somebody_sees_is_changed_by_an_administrator_who_sees_it_too(console: Console) -> None:
    async with console.browser("ada") as ada, console.browser("nadia") as nadia:
        assert "Martin" in (await nadia.get("/cases?view=all")).text
        given = {"login": "nadia", "grant": "1", "creditors": "zenith"}
        assert (await ada.send("/settings", "/settings/grants", given)).status_code == 303
        assert "Martin" not in (await nadia.get("/cases?view=all")).text
        assert (await ada.send("/settings", "/settings/grants", {"login": "nadia", "grant": "1"})).status_code == 422
        await console.house.ledger.accounts.change("ada", creditors=frozenset({"zenith"}))
        for login, creditors in (("nadia", "*"), ("nadia", "acme"), ("claire", "zenith")):
            more = {"login": login, "grant": "1", "creditors": creditors}
            assert (await ada.send("/settings", "/settings/grants", more)).status_code == 422


async def test_a_token_is_shown_once_and_opens_nothing_once_revoked(console: Console) -> None:
    wanted = {"name": "facturation", "scopes": "cases:read", "creditors": "zenith"}
    async with console.browser("ada") as ada:
        for unsaid in ({"creditors": "gone"}, {"creditors": ""}):
            assert (await ada.send("/settings", "/settings/tokens", {**wanted, **unsaid})).status_code == 422
        assert not await console.house.ledger.tokens.all(), "what cannot be read never means every creditor"
        page = (await ada.send("/settings", "/settings/tokens", wanted)).text
        secret = page.split("<code>")[1].split("</code>")[0]
        token = await console.house.ledger.tokens.of_secret(secret)
        assert token is not None
        assert secret not in (await ada.get("/settings")).text
        await ada.send("/settings", f"/settings/tokens/{token.id}/revoke", {})
        assert await console.house.ledger.tokens.of_secret(secret) is None
    with pytest.raises(Refused):
        await console.house.ledger.tokens.revoke(token.id, console.house.now())


async def test_a_manager_ends_somebodys_session(console: Console) -> None:
    async with console.browser("nadia") as nadia, console.browser("claire") as claire:
        sessions = await console.house.ledger.accounts.sessions()
        hers = next(one for one in sessions if one.account.login == "nadia")
        assert (await claire.send("/settings", f"/settings/sessions/{hers.id}", {})).status_code == 303
        assert (await nadia.get("/")).status_code == 303
