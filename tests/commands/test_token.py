"""``token`` and ``webhook``: made, shown once, listed without their secrets, revoked; on a real ledger."""

import asyncio

import pytest

from commands import office
from ledger.migrate import migrate
from settings import read_settings
from tests.commands.conftest import House, Run

_OPEN_SHELF = office.open_shelf


@pytest.fixture
def real(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The same settings, with a real ledger."""
    monkeypatch.setattr(office, "open_shelf", _OPEN_SHELF)
    asyncio.run(migrate(read_settings().database_url))
    return house


@pytest.mark.usefixtures("real")
def test_a_token_is_shown_once_and_listed_without_its_secret(run: Run) -> None:
    made = run("token", "add", "ERP", "--creditor", "acme", "--scope", "invoices:write", "--json").json
    assert made["secret"].startswith("rlc_")
    listed = run("token", "list", "--json")
    assert made["secret"] not in listed.out
    assert (listed.json[0]["name"], listed.json[0]["creditors"]) == ("ERP", ["acme"])
    assert run("token", "revoke", made["id"]).status == 0
    again = run("token", "revoke", made["id"])
    assert (again.status, again.err) == (1, f"« {made['id']} » is no token in use; see token list.\n")


@pytest.mark.usefixtures("real")
def test_a_token_needs_known_creditors_and_scopes(run: Run) -> None:
    assert "say --creditor" in run("token", "add", "ERP").err
    assert "not in the creditors file" in run("token", "add", "ERP", "--creditor", "nobody").err
    assert "is not a scope" in run("token", "add", "ERP", "--creditor", "acme", "--scope", "all").err


@pytest.mark.usefixtures("real")
def test_webhooks_go_both_ways(run: Run) -> None:
    out = run("webhook", "add", "acme", "https://erp.example/relance", "--kind", "case_closed", "--json").json
    back = run("webhook", "add", "acme", "--incoming", "plateforme", "--json").json
    wrong = run("webhook", "add", "acme", "https://erp.example/relance", "--kind", "payment_recieved")
    assert (wrong.status, "did you mean payment_received" in wrong.err) == (1, True)
    assert out["secret"].startswith("whsec_")
    assert (out["incoming"], back["incoming"]) == (False, True)
    assert [one["id"] for one in run("webhook", "list", "--json").json] == [out["id"], back["id"]]
    assert run("webhook", "deliveries", "--json").json == []
    assert run("webhook", "revoke", out["id"]).status == 0
    assert run("webhook", "add", "acme", "http://erp.example/").status == 1
