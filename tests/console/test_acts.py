"""Saying something to a case: heard once, shown at once, refused in words, kept when the case has moved."""

import re

import pytest

from rules.events import PaymentReceived
from tests.console.conftest import MARTIN
from tests.console.house import Console, hidden_fields, invoice, open_case

PAID = f"/cases/{MARTIN}/actions/paid"
PAYMENT = {"amount": "1 234,56", "received_on": "2026-03-01", "method": "virement", "reference": "VIR 7"}


async def payments(console: Console, case_id: str = MARTIN) -> list[PaymentReceived]:
    events = await console.house.ledger.reads.case_events(case_id)
    return [event for event in events if isinstance(event, PaymentReceived)]


async def test_a_payment_is_recorded_under_the_name_of_who_said_it(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        answer = await nadia.send(f"/cases/{MARTIN}", PAID, {**PAYMENT, "amount": "200,00 €"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{MARTIN}?said=done")
        page = (await nadia.get(f"/cases/{MARTIN}?said=done")).text
    (payment,) = await payments(console)
    assert (str(payment.amount), payment.by, payment.reference) == ("200.00", "nadia", "VIR 7")
    assert (payment.door, payment.actor) == ("console", "operator")
    assert "Paiement reçu" in page
    assert "200,00" in page


async def test_the_same_form_twice_is_heard_once(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        fields = hidden_fields((await nadia.get(f"/cases/{MARTIN}")).text, PAID) | PAYMENT
        first = await nadia.client.post(PAID, data=fields)
        again = await nadia.client.post(PAID, data=fields)
    assert (first.status_code, again.status_code) == (303, 303)
    assert len(console.engine.heard) == 1
    assert len(await payments(console)) == 1


async def test_what_the_engine_has_not_entered_yet_shows_as_pending_then_settles(console: Console) -> None:
    console.engine.late = True
    async with console.browser("nadia") as nadia:
        answer = await nadia.send(f"/cases/{MARTIN}", PAID, PAYMENT)
        assert answer.headers["location"].endswith("said=pending")
        page = (await nadia.get(f"/cases/{MARTIN}")).text
        assert "en cours d’enregistrement" in page
        assert "data-pending" in page
        ((case_id, body, event_id),) = console.engine.heard
        await console.engine.take(case_id, body, event_id)
        settled = (await nadia.get(f"/cases/{MARTIN}/timeline")).text
    assert "data-pending" not in settled
    assert "Paiement reçu" in settled


async def test_an_engine_that_is_down_is_a_banner_and_keeps_the_form(console: Console) -> None:
    console.engine.up = False
    async with console.browser("nadia") as nadia:
        for path in ("/", "/cases", f"/cases/{MARTIN}", "/tasks"):
            page = await nadia.get(path)
            assert page.status_code == 200
            assert "Le moteur ne répond pas" in page.text
            assert "Données au 02/03/2026 10:30" in page.text
        fields = hidden_fields((await nadia.get(f"/cases/{MARTIN}")).text, PAID) | PAYMENT
        answer = await nadia.client.post(PAID, data=fields)
        assert answer.status_code == 503
        assert "rien n’a été enregistré" in answer.text
        assert 'value="1 234,56"' in answer.text
        console.engine.up = True
        again = await nadia.client.post(PAID, data=hidden_fields(answer.text, PAID) | PAYMENT)
    assert again.status_code == 303
    assert len(await payments(console)) == 1


async def test_a_page_that_went_stale_says_what_changed_and_keeps_the_form(console: Console) -> None:
    async with console.browser("nadia") as nadia, console.browser("claire") as claire:
        fields = hidden_fields((await nadia.get(f"/cases/{MARTIN}")).text, PAID) | PAYMENT
        await claire.send(f"/cases/{MARTIN}", PAID, {**PAYMENT, "amount": "300"})
        stale = await nadia.client.post(PAID, data=fields)
        assert stale.status_code == 409
        assert "Ce dossier a changé" in stale.text
        assert re.search(r"Paiement reçu.{0,3}300,00", stale.text.replace("\u202f", ""))
        assert 'value="1 234,56"' in stale.text
        assert len(await payments(console)) == 1
        confirmed = await nadia.client.post(PAID, data=hidden_fields(stale.text, PAID) | PAYMENT)
    assert confirmed.status_code == 303
    assert len(await payments(console)) == 2


AMOUNTS: list[tuple[str, str | None]] = [
    ("1 234,56", "1234.56"),
    ("1234.5", "1234.50"),
    ("1\u00a0234,56 €", "1234.56"),
    ("1\u202f234,56", "1234.56"),
    ("12", "12.00"),
    ("1,234.56", None),
    ("abc", None),
    ("-5", None),
    ("0", None),
    ("1e3", None),
    ("", None),
]


async def test_amounts_are_read_as_french_people_write_them_and_never_guessed(console: Console) -> None:
    expected = []
    big = await open_case(console.engine, invoice("BIG-1", "Grand Compte SA", debtor="C-200", total="99000.00"))
    async with console.browser("nadia") as nadia:
        for amount, read in AMOUNTS:
            sent = {**PAYMENT, "amount": amount, "reference": f"VIR {amount}"}
            answer = await nadia.send(f"/cases/{big}", f"/cases/{big}/actions/paid", sent)
            if read is None:
                assert answer.status_code == 422, amount
                assert 'aria-invalid="true"' in answer.text
                assert "Saisissez un montant" in answer.text
            else:
                assert answer.status_code == 303, amount
                expected.append(read)
    assert [str(payment.amount) for payment in await payments(console, big)] == expected


async def test_what_the_rules_refuse_is_said_at_the_form(console: Console) -> None:
    async with console.browser("nadia") as nadia:
        answer = await nadia.send(f"/cases/{MARTIN}", PAID, {**PAYMENT, "received_on": "2030-01-01"})
    assert answer.status_code == 422


async def test_a_dispute_pauses_and_is_settled_from_the_page(console: Console) -> None:
    act = f"/cases/{MARTIN}/actions"
    async with console.browser("nadia") as nadia:
        await nadia.send(f"/cases/{MARTIN}", f"{act}/dispute", {"reason": "Farine abîmée", "amount": ""})
        page = (await nadia.get(f"/cases/{MARTIN}")).text
        assert "s-dispute" in page
        assert "Farine abîmée" in page
        why = {"outcome": "rejected", "credit": "", "answer": "Le bon de livraison est signé."}
        await nadia.send(f"/cases/{MARTIN}", f"{act}/dispute_settled", why)
        row = await console.house.ledger.reads.row(MARTIN)
    assert row is not None
    assert (row.next_step or "").startswith("dispute_answer")


async def test_a_plan_of_three_months_shares_the_principal_to_the_cent(console: Console) -> None:
    values = {"parts": "7", "first": "2026-03-31", "signed_on": "2026-03-01"}
    async with console.browser("nadia") as nadia:
        answer = await nadia.send(f"/cases/{MARTIN}", f"/cases/{MARTIN}/actions/payment_plan", values)
    assert answer.status_code == 303
    parts = console.engine.heard[0][1]["instalments"]
    assert sum(float(part["amount"]) for part in parts) == pytest.approx(1200.0)
    assert [part["due_on"] for part in parts][:2] == ["2026-03-31", "2026-04-30"]


async def test_a_name_that_is_a_script_or_a_formula_harms_nothing(console: Console) -> None:

    await open_case(console.engine, invoice("X-1", "=HYPERLINK(1)<script>alert(1)</script>", debtor="C-66"))
    async with console.browser("nadia") as nadia:
        for path in ("/", "/cases?view=all", "/cases/invoice/acme/X-1", "/tasks"):
            assert "<script>alert" not in (await nadia.get(path)).text
        sheet = (await nadia.get("/cases.csv?view=all")).text
    assert "'=HYPERLINK(1)" in sheet


async def test_a_task_that_asks_a_question_is_answered_by_a_button(console: Console) -> None:
    opened = {"kind": "insolvency", "procedure": "liquidation", "opened_on": "2026-02-20"}
    await console.engine.take(MARTIN, opened, "liquidation")
    bench = f"/tasks/performance_date?case={MARTIN}"
    async with console.browser("claire") as claire:
        shown = (await claire.get(bench)).text
        assert 'type="radio" name="outcome" value="later"' in shown
        assert "Dire earlier" not in shown
        done = f"/cases/{MARTIN}/actions/task_done"
        assert (await claire.send(bench, done, {"outcome": "ne sais pas"})).status_code == 422
        assert (await claire.send(bench, done, {"outcome": "later"})).status_code == 303
    recorded = await console.house.ledger.reads.case(MARTIN)
    assert recorded is not None
    assert recorded.decision is not None
    assert "performance_date" not in [task.kind for task in recorded.decision.tasks]
