"""Events said over HTTP: every signal, e-invoice statuses, signed webhooks; refusals keep the case's own words."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from intake.einvoice.statuses import NAMES, EStatus, event_id, meaning
from ledger.hooks import Hook, new_hook_id
from rules.hooks import sign
from rules.law.kinds import DebtorKind
from rules.reading import parse_command
from rules.refusals import Code, Refused
from tests.intake.api.house import CASE, NOW, ApiHouse
from tests.ledger.samples import invoice

OWED = Decimal("1000.00")


async def test_a_payment_said_of_a_case_reaches_its_door(client: httpx.AsyncClient, house: ApiHouse) -> None:
    said = await client.post("/v1/cases/F-1/events", json={"kind": "paid", "amount": "100.00", "id": "VIR-1"})
    assert (said.status_code, said.json()["id"]) == (200, CASE)
    by = {"by": "api/ERP", "actor": "billing", "via": "api"}
    assert house.doors.said == [(CASE, {"kind": "paid", "amount": "100.00", **by}, "VIR-1")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "payd"}, "unknown_event"),
        ({"kind": "paid", "amount": "-1"}, "amount_invalid"),
        ({"kind": "paid", "colour": "red"}, "malformed"),
        ({"amount": "1.00"}, "malformed"),
    ],
)
async def test_what_cannot_be_said_is_refused_with_a_code(client: httpx.AsyncClient, body: Any, code: str) -> None:
    answer = await client.post("/v1/cases/F-1/events", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_the_cases_own_refusal_is_the_answer(client: httpx.AsyncClient, house: ApiHouse) -> None:
    house.doors.refusal = Refused("dispute_settled: no dispute is open on this case.", Code.NOT_ALLOWED_NOW)
    answer = await client.post("/v1/cases/F-1/events", json={"kind": "dispute_settled", "outcome": "rejected"})
    assert answer.status_code == 409
    assert answer.json()["detail"] == "dispute_settled: no dispute is open on this case."


async def test_an_engine_that_is_away_is_503_with_retry_after(client: httpx.AsyncClient, house: ApiHouse) -> None:
    house.doors.away = True
    answer = await client.post("/v1/cases/F-1/events", json={"kind": "paid"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_an_invoice_that_waits_to_be_started_is_503_whatever_the_token_was_granted(house: ApiHouse) -> None:
    await house.ledger.intake_queue.put("token", [("invoice/acme/F-77", invoice("F-77"))], NOW)
    for_all, for_other = await house.token(creditors=()), await house.token(creditors=("other",))
    for secret, status in ((for_all, 503), (house.secret, 503), (for_other, 404)):
        async with house.client(secret) as client:
            answer = await client.post("/v1/cases/F-77/events", json={"kind": "paid"})
            assert answer.status_code == status
            assert (answer.headers.get("retry-after") is not None) == (status == 503)


async def test_what_is_said_of_a_debtor_goes_through_its_door(client: httpx.AsyncClient, house: ApiHouse) -> None:
    said = await client.post("/v1/debtors/C-104/events", json={"kind": "hold", "until": "2026-04-01", "id": "h"})
    assert said.status_code == 200
    assert house.doors.said == [
        (
            "acme/C-104",
            {"until": "2026-04-01", "by": "api/ERP", "actor": "billing", "via": "api", "kind": "hold"},
            "h",
        )
    ]
    assert (await client.post("/v1/debtors/nobody/events", json={"kind": "hold"})).status_code == 404


async def test_a_cashed_status_pays_and_a_posted_one_says_nothing(client: httpx.AsyncClient, house: ApiHouse) -> None:
    status = {"number": "F-1", "code": 212, "on": "2026-03-02", "amount": "300.00", "id": "pa-7"}
    said = (await client.post("/v1/einvoice-statuses", json=status)).json()
    assert (said["event"], said["case"]) == ("paid", CASE)
    ((_case, body, its_id),) = house.doors.said
    assert (body["amount"], body["received_on"], its_id) == ("300.00", "2026-03-02", "einvoice/212/pa-7")
    quiet = await client.post("/v1/einvoice-statuses", json={**status, "code": 200})
    assert quiet.json()["event"] is None
    assert len(house.doors.said) == 1


@pytest.mark.parametrize("code", [*range(200, 230), 501])
@pytest.mark.parametrize("kind", [DebtorKind.BUSINESS, DebtorKind.PUBLIC_BODY])
def test_every_status_means_an_event_of_the_interface_or_nothing(code: int, kind: DebtorKind) -> None:
    status = EStatus(code=code, on=date(2026, 3, 2), disputed=Decimal("100.00"), due_on=date(2026, 4, 2))
    if code not in NAMES:
        with pytest.raises(Refused, match="is not a status"):
            meaning(status, OWED, kind)
        return
    body = meaning(status, OWED, kind).body
    if body is not None:
        assert parse_command(str(body["kind"]), body)


@pytest.mark.parametrize(
    ("code", "event"),
    [
        (200, None), (205, "note"), (206, "dispute"), (207, "dispute"), (208, "debtor_replied"), (210, "dispute"),
        (211, "payment_announced"), (212, "paid"), (213, "cancel"), (220, "cancel"), (225, "assigned"),
        (226, "assigned"), (227, "debtor_replied"), (228, "reassigned"),
    ],
)  # fmt: skip
def test_the_statuses_mean_what_practice_says(code: int, event: str | None) -> None:
    body = meaning(EStatus(code=code, on=date(2026, 3, 2), amount=Decimal("400.00")), OWED, DebtorKind.BUSINESS).body
    assert (body or {}).get("kind") == event


def test_a_partial_approval_disputes_the_rest() -> None:
    body = meaning(EStatus(code=206, on=date(2026, 3, 2), amount=Decimal("400.00")), OWED, DebtorKind.BUSINESS).body
    assert body is not None
    assert body["amount"] == "600.00"


def test_a_public_buyer_interrupts_its_period_by_a_new_due_date() -> None:
    status = EStatus(code=208, on=date(2026, 3, 2), due_on=date(2026, 4, 2))
    body = meaning(status, OWED, DebtorKind.PUBLIC_BODY).body
    assert body is not None
    assert (body["kind"], body["due_on"], body["interruption"]) == ("terms_changed", "2026-04-02", True)


def test_a_status_said_twice_has_one_event_id() -> None:
    status = EStatus(code=212, on=date(2026, 3, 2), amount=Decimal("400.00"))
    assert event_id(status) == event_id(status.model_copy()) == "einvoice/212/2026-03-02/400.00"
    with pytest.raises(ValidationError):
        EStatus(code=99, on=date(2026, 3, 2))


async def hooked(house: ApiHouse) -> tuple[str, bytes]:
    hook = Hook(id=new_hook_id(), incoming=True, creditor="acme", name="plateforme", created_at=NOW)
    return hook.id, await house.ledger.hooks.add(hook)


def signed(secret: bytes, body: bytes, message_id: str = "m1", at: int | None = None) -> dict[str, str]:
    moment = int(NOW.timestamp()) if at is None else at
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": sign(secret, message_id, moment, body),
        "content-type": "application/json",
    }


PAID = json.dumps({"type": "event", "data": {"case": "F-1", "kind": "paid", "amount": "9.00"}}).encode()


async def test_a_signed_webhook_is_heard_once(house: ApiHouse) -> None:
    hook, secret = await hooked(house)
    async with house.client(headers={"Authorization": ""}) as client:
        first = await client.post(f"/v1/webhooks/{hook}", content=PAID, headers=signed(secret, PAID))
        replay = await client.post(f"/v1/webhooks/{hook}", content=PAID, headers=signed(secret, PAID))
        later = signed(secret, PAID, at=int(NOW.timestamp()) + 60)
        again = await client.post(f"/v1/webhooks/{hook}", content=PAID, headers=later)
    assert (first.status_code, first.json()["id"]) == (200, CASE)
    assert (replay.status_code, replay.json()["code"]) == (409, "replayed")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")
    assert len(house.doors.said) == 1


@pytest.mark.parametrize("wrong", ["secret", "body", "old", "future", "id", "hook"])
async def test_a_webhook_that_is_not_believed_changes_nothing(house: ApiHouse, wrong: str) -> None:
    hook, secret = await hooked(house)
    at = {"old": -301, "future": 301}.get(wrong, 0) + int(NOW.timestamp())
    headers = signed(b"x" * 32 if wrong == "secret" else secret, PAID, at=at)
    headers["webhook-id"] = "m2" if wrong == "id" else "m1"
    path = "/v1/webhooks/" + ("0" * 24 if wrong == "hook" else hook)
    async with house.client() as client:
        answer = await client.post(path, content=PAID + b" " if wrong == "body" else PAID, headers=headers)
    assert answer.status_code == 401
    assert house.doors.said == []


async def test_a_webhook_speaks_for_its_creditor_only(house: ApiHouse) -> None:
    hook, secret = await hooked(house)
    body = json.dumps({"type": "event", "data": {"case": "invoice/other/F-9", "kind": "paid"}}).encode()
    async with house.client() as client:
        answer = await client.post(f"/v1/webhooks/{hook}", content=body, headers=signed(secret, body))
    assert answer.status_code == 404


async def test_a_provider_says_what_became_of_letters_in_the_same_signed_way(house: ApiHouse) -> None:
    hook, secret = await hooked(house)
    news = {"id": "evt_1", "message_id": "<gone@acme.example>", "status": "delivered", "on": "2026-03-05"}
    body = json.dumps({"type": "letters", "data": {"events": [news]}}).encode()
    empty = json.dumps({"type": "letters", "data": {"events": []}}).encode()
    async with house.client(headers={"Authorization": ""}) as client:
        answer = await client.post(f"/v1/webhooks/{hook}", content=body, headers=signed(secret, body))
        wrong = await client.post(f"/v1/webhooks/{hook}", content=empty, headers=signed(secret, empty, "m2"))
    assert (answer.status_code, wrong.status_code) == (200, 422)
    assert answer.json()["told"] == [
        {"id": "evt_1", "case": None, "refused": "no letter <gone@acme.example> has left."}
    ]
