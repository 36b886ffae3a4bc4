"""The bank's lines: a person says whose each is; nobody sees those of creditors that were not granted."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from ledger.bank_lines import KeptPart, LineState
from tests.console.conftest import MARTIN
from tests.console.house import Browser, Console, bank_line, hidden_fields
from tests.intake.bank.files import camt, entry

GUERIN = "invoice/acme/F-2026-0043"


async def state_of(console: Console, name: str = "a1") -> LineState:
    found = await console.house.ledger.bank.line(name, None)
    assert found is not None
    return found.state


async def give(browser: Browser, *rows: tuple[str, str], name: str = "a1") -> Any:
    values = {
        f"{field}-{n}": said for n, row in enumerate(rows) for field, said in zip(("case", "amount"), row, strict=True)
    }
    return await browser.send(f"/bank?line={name}", f"/bank/{name}/assign", values)


async def test_a_line_given_to_an_invoice_is_a_payment_in_the_person_s_name(console: Console) -> None:
    await bank_line(console)
    async with console.browser("nadia") as nadia:
        page = (await nadia.get("/bank")).text
        assert "BOULANGERIE MARTIN" in page
        assert "F-2026-0042" in page, "it owes the very amount"
        answer = await give(nadia, ("F-2026-0042", ""))
        assert (answer.status_code, answer.headers["location"]) == (303, "/bank?said=done")
        assert "Aucune ligne de relevé n’attend" in (await nadia.get("/bank")).text
    ((case, body, event_id),) = console.engine.heard
    assert (case, body["kind"], body["amount"], event_id) == (MARTIN, "paid", "1200.00", "bank/a1")
    assert (body["by"], body["via"]) == ("nadia", "console")
    (done,) = await console.house.ledger.asked.latest(None, "nadia", 5)
    assert (done.kind, done.case_id, done.state) == ("paid", MARTIN, "done")
    kept = await console.house.ledger.bank.line("a1", None)
    assert kept is not None
    assert (kept.state, kept.payer, kept.text) == (LineState.POSTED, None, None)


async def test_a_line_is_split_and_what_is_wrong_with_the_parts_is_said_beside_them(console: Console) -> None:
    await bank_line(console)
    wrong = {
        "Aucune facture de ce créancier": [("Z-1", "1200,00")],
        "Écrivez un montant": [("F-2026-0042", "1200,00"), ("F-2026-0043", "beaucoup")],
        "n’est pas le montant de la ligne": [("F-2026-0042", "700,00"), ("F-2026-0043", "400,00")],
        "donnez-lui une seule part": [("F-2026-0042", "700,00"), (MARTIN, "500,00")],
        "au moins une facture": [],
    }
    async with console.browser("nadia") as nadia:
        for words, rows in wrong.items():
            answer = await give(nadia, *rows)
            assert (answer.status_code, words in answer.text) == (422, True), words
            assert all(f'value="{case}"' in answer.text for case, _ in rows), "the form is kept"
        assert not console.engine.heard
        await give(nadia, ("F-2026-0042", "700,00"), ("F-2026-0043", "500,00"))
    assert [(case, body["amount"]) for case, body, _ in console.engine.heard] == [
        (MARTIN, "700.00"),
        (GUERIN, "500.00"),
    ]
    assert await state_of(console) is LineState.POSTED


async def test_setting_a_proposal_aside_ends_the_question_on_its_case(console: Console) -> None:
    part = KeptPart(case=MARTIN, amount=Decimal("1200.00"))
    await bank_line(console, state=LineState.PROPOSED, parts=(part,), proposed_to=(MARTIN,))
    async with console.browser("claire") as claire:
        answer = await claire.send("/bank", "/bank/a1/ignore", {})
        assert answer.headers["location"] == "/bank?said=done"
        assert "VIR-a1" in (await claire.get("/bank?tab=ignored")).text
        again = await claire.send("/bank?tab=ignored", "/logout", {})
        assert again.status_code == 303
    assert [body["kind"] for _, body, _ in console.engine.heard] == ["task_done"]


async def test_nobody_touches_a_line_of_a_creditor_that_was_not_granted(console: Console) -> None:
    await bank_line(console)
    await bank_line(console, "z1", creditor="zenith")
    async with console.browser("zoe") as zoe:
        page = (await zoe.get("/bank")).text
        assert "VIR-z1" in page
        assert "VIR-a1" not in page
        assert (await zoe.get("/bank?line=a1")).status_code == 404
        token = (await zoe.get("/bank")).text.partition('name="csrf" value="')[2].partition('"')[0]
        for act in ("assign", "ignore"):
            answer = await zoe.client.post(f"/bank/a1/{act}", data={"csrf": token, "case-0": "F-2026-0042"})
            assert answer.status_code == 404
        own = await give(zoe, ("F-2026-0042", "1200,00"), name="z1")
        assert "Aucune facture de ce créancier" in own.text
    async with console.browser("paul") as paul:
        page = (await paul.get("/bank")).text
        assert "Lecture seule" in page
        assert "/assign" not in page
    assert not console.engine.heard
    assert {look.login for look in await console.house.ledger.asked.looks(None, "a1")} == {"paul"}


async def test_while_the_engine_is_down_nothing_is_said_and_the_form_is_kept(console: Console) -> None:
    await bank_line(console)
    console.engine.up = False
    async with console.browser("nadia") as nadia:
        answer = await give(nadia, ("F-2026-0042", "1200,00"))
        assert (answer.status_code, 'value="F-2026-0042"' in answer.text) == (503, True)
        assert await state_of(console) is LineState.OPEN
        console.engine.up, console.engine.late = True, True
        later = await give(nadia, ("F-2026-0042", "1200,00"))
        assert later.headers["location"] == "/bank?line=a1&said=pending"
        page = (await nadia.get("/bank?line=a1")).text
        assert "Reprendre l’affectation" in page
        console.engine.late = False
        other = await give(nadia, ("F-2026-0043", "1200,00"))
        assert (other.status_code, "en cours d’affectation" in other.text) == (422, True)
        assert (await give(nadia, ("F-2026-0042", "1200,00"))).status_code == 303
    assert await state_of(console) is LineState.POSTED


async def post_file(browser: Browser, data: bytes, **values: str) -> Any:
    fields = hidden_fields((await browser.get("/bank")).text, "/bank/import") | values
    return await browser.client.post("/bank/import", data=fields, files={"file": ("releve.xml", data)})


async def test_a_statement_is_taken_from_the_page_once_and_only_for_creditors_granted(console: Console) -> None:
    statement = camt(
        entry("1200.00", "F-2026-0042", reference="VIR-7", day="2026-03-01"),
        entry("9.00", "inconnu", day="2026-03-01"), until="2026-03-01",
    )  # fmt: skip
    async with console.browser("nadia") as nadia:
        first = await post_file(nadia, statement)
        assert first.headers["location"] == "/bank?took=0.1.1.0"
        assert "1 à confirmer" in (await nadia.get(first.headers["location"])).text
        assert (await post_file(nadia, statement)).headers["location"] == "/bank?took=0.0.0.2"
        broken = await post_file(nadia, b"<html/>")
        assert (broken.status_code, "n’est pas un relevé camt.053" in broken.text) == (422, True)
        large = await post_file(nadia, b"<" * 10_200_000)
        assert large.status_code == 413
    assert [(case, body["kind"], body["by"]) for case, body, _ in console.engine.heard] == [
        (MARTIN, "payment_proposed", "nadia")
    ]
    async with console.browser("zoe") as zoe:
        for creditor in ("", "acme", "zenith"):
            assert (await post_file(zoe, statement, creditor=creditor)).status_code == 422, creditor
    console.engine.up = False
    async with console.browser("claire") as claire:
        assert (await post_file(claire, statement)).status_code == 503


async def test_a_long_statement_goes_on_without_its_browser_and_says_how_far_it_is(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.pages.bank.PATIENCE", 0.0)
    monkeypatch.setattr("console.bankfile.TOLD_EVERY", 0.001)
    go_on, submit = asyncio.Event(), console.engine.submit

    async def waiting(*said: Any) -> Any:
        await go_on.wait()
        return await submit(*said)

    monkeypatch.setattr(console.engine, "submit", waiting)
    statement = camt(
        *[entry(f"{n}.00", "inconnu", reference=f"VIR-{n}", day="2026-03-01") for n in range(1, 6)],
        entry("1200.00", "F-2026-0042", reference="VIR-7", day="2026-03-01"), until="2026-03-01",
    )  # fmt: skip
    async with console.browser("nadia") as nadia, console.browser("paul") as paul:
        where = (await post_file(nadia, statement)).headers["location"]
        assert where.startswith("/bank?taking=console/")
        async with asyncio.timeout(5):
            page = ""
            while "5 lignes sur 6" not in page:
                page = (await nadia.get(where)).text
        assert "data-follow" in page
        assert 'id="taking"' not in (await paul.get(where)).text, "it is nadia's"
        go_on.set()
        await asyncio.gather(*console.house.tasks)
        page = (await nadia.get(where)).text
        assert ("1 à confirmer, 5 à affecter" in page, "data-follow" in page) == (True, False)
        assert "Relevé importé" in (await paul.get("/audit")).text
        assert (await post_file(nadia, statement)).headers["location"] != where


async def test_a_statement_cut_short_with_its_process_says_so_and_is_given_again(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.pages.bank.PATIENCE", 0.0)
    monkeypatch.setattr(console.engine, "submit", lambda *_: asyncio.Event().wait())
    statement = camt(entry("1200.00", "F-2026-0042", reference="VIR-7", day="2026-03-01"), until="2026-03-01")
    async with console.browser("nadia") as nadia:
        where = (await post_file(nadia, statement)).headers["location"]
        for task in console.house.tasks:
            task.cancel()
        await asyncio.wait(console.house.tasks)
        monkeypatch.setattr("console.bankfile.SILENT", timedelta(0))
        assert "s’est arrêté à 0 lignes sur 1" in (await nadia.get(where)).text
        monkeypatch.undo()
        assert (await post_file(nadia, statement)).headers["location"] == "/bank?took=0.1.0.0"
