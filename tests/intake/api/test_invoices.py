"""Invoices taken in: one or a batch, each answered for; nothing twice; nothing lost while the engine is away."""

import httpx
import pytest

from intake.answers import NotNow
from intake.api.drain import Drain
from rules.refusals import Refused
from tests.intake.api.house import NOW, ApiHouse
from tests.intake.files import invoice


def drain_of(house: ApiHouse) -> Drain:
    return Drain(house.ledger.intake_queue, house.doors.open, lambda: NOW)


async def test_one_invoice_is_taken_in_and_started(client: httpx.AsyncClient, house: ApiHouse) -> None:
    answer = await client.post("/v1/invoices", json=invoice(number="F-2"))
    assert answer.status_code == 202
    (result,) = answer.json()["results"]
    assert (result["outcome"], result["case"]) == ("accepted", "invoice/acme/F-2")
    waiting = await client.get("/v1/cases/invoice/acme/F-2")
    assert (waiting.status_code, waiting.json()["stage"]) == (200, "not_due")
    assert await drain_of(house).once() == 1
    assert [one.number for one in house.doors.started] == ["F-2"]
    assert await drain_of(house).once() == 0


async def test_a_batch_answers_for_each_invoice(client: httpx.AsyncClient, house: ApiHouse) -> None:
    known = invoice(number="F-1", due_on="2026-02-04")
    wrong = invoice(number="F-3", total="12.345", colour="red")
    foreign = invoice(number="F-4", creditor="other")
    batch = [
        invoice(number="F-2"),
        known,
        wrong,
        foreign,
        "F-5",
        invoice(number="F-2"),
        invoice(number="F-2", total="1"),
    ]
    said = (await client.put("/v1/invoices", json=batch)).json()
    outcomes = [one["outcome"] for one in said["results"]]
    assert outcomes == ["accepted", "already_known", "refused", "refused", "refused", "already_known", "refused"]
    assert (said["accepted"], said["already_known"], said["refused"]) == (1, 2, 4)
    assert {error["field"] for error in said["results"][2]["errors"]} == {"total", "colour"}
    assert "not granted" in said["results"][3]["errors"][0]["reason"]
    assert await drain_of(house).once() == 1


async def test_a_refused_invoice_is_a_problem_that_names_each_fault(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/invoices", json=invoice(total="-5", due_on="04/02/2026"))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["code"] == "invoice_refused"
    assert answer.json()["errors"][0]["field"] == "due_on"


async def test_what_is_known_with_another_due_date_goes_to_the_door(client: httpx.AsyncClient, house: ApiHouse) -> None:
    answer = await client.post("/v1/invoices", json=invoice(number="F-1", due_on="2026-03-15"))
    assert answer.json()["results"][0]["outcome"] == "already_known"
    assert await drain_of(house).once() == 1


async def test_while_the_engine_is_away_invoices_are_taken_in_and_wait(
    client: httpx.AsyncClient, house: ApiHouse
) -> None:
    house.doors.away = True
    assert (await client.post("/v1/invoices", json=invoice(number="F-2"))).status_code == 202
    with pytest.raises(NotNow):
        await drain_of(house).once()
    assert (await client.get("/v1/intake")).json() == {"waiting": 1, "refused": []}
    paid = {"kind": "paid", "amount": "10.00"}
    assert (await client.post("/v1/cases/F-2/events", json=paid)).status_code == 503, "taken in, not unknown"
    assert (await client.post("/v1/cases/F-9/events", json=paid)).status_code == 404
    house.doors.away = False
    assert await drain_of(house).once() == 1
    assert (await client.get("/v1/intake")).json()["waiting"] == 0


async def test_what_the_door_refuses_is_said_and_not_tried_for_ever(client: httpx.AsyncClient, house: ApiHouse) -> None:
    house.doors.refusal = Refused("terms_changed: a judgment stands.")
    await client.post("/v1/invoices", json=invoice(number="F-2"))
    await drain_of(house).once()
    assert await drain_of(house).once() == 0
    (refused,) = (await client.get("/v1/intake")).json()["refused"]
    assert (refused["case"], refused["reason"]) == ("invoice/acme/F-2", "terms_changed: a judgment stands.")


async def test_a_key_gives_the_same_answer_and_takes_no_other_content(client: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "nuit-1"}
    first = await client.post("/v1/invoices", json=[invoice(number="F-2")], headers=key)
    again = await client.post("/v1/invoices", json=[invoice(number="F-2")], headers=key)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = await client.post("/v1/invoices", json=[invoice(number="F-3")], headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


async def test_a_key_whose_request_failed_may_be_used_again(client: httpx.AsyncClient, house: ApiHouse) -> None:
    key = {"Idempotency-Key": "k"}
    house.doors.away = True
    paid = {"kind": "paid", "amount": "10.00"}
    assert (await client.post("/v1/cases/F-1/events", json=paid, headers=key)).status_code == 503
    house.doors.away = False
    assert (await client.post("/v1/cases/F-1/events", json=paid, headers=key)).status_code == 200
    ((_case, _body, event_id),) = house.doors.said
    assert event_id.startswith("api/")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"[]", "application/json", 422),
        (b"{", "application/json", 422),
        (b'{"a": NaN}', "application/json", 422),
        (b'{"a": 1, "a": 2}', "application/json", 422),
        (b"\xff", "application/json", 422),
        (b"creditor,number", "text/csv", 415),
        (b"[" * 100_000, "application/json", 422),
    ],
)
async def test_what_is_no_invoice_is_refused(client: httpx.AsyncClient, content: bytes, kind: str, status: int) -> None:
    answer = await client.post("/v1/invoices", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_more_than_a_thousand_at_once_are_refused(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v1/invoices", json=[{}] * 1001)).status_code == 422
