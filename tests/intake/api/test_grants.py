"""A token sees its creditors and nothing of the others: every route is asked, and answers of another creditor's case as
of one that does not exist."""

from typing import Any

import httpx
import pytest

from ledger.bank_lines import KeptLine
from tests.intake.api.house import NOW, ApiHouse
from tests.intake.bank.files import IBAN, camt, entry
from tests.ledger.samples import invoice, opened

OTHERS, NOBODYS = "invoice/other/F-9", "invoice/other/F-404"
BODIES: dict[str, Any] = {
    "/v1/cases/{case}/events": {"kind": "paid", "amount": "1.00"},
    "/v1/debtors/{debtor}/events": {"kind": "hold"},
    "/v1/bank-lines/{line}": {"ignore": True},
}


async def another_debtor(house: ApiHouse) -> None:
    """C-9 owes the other creditor alone."""
    issued = invoice("F-9b", creditor="other")
    issued = issued.model_copy(update={"debtor": issued.debtor.model_copy(update={"id": "C-9"})})
    async with house.ledger.book("invoice/other/F-9b") as book:
        book.append(opened(issued))


def answered(answer: httpx.Response, asked: str) -> tuple[int, str]:
    """What an answer tells, the name that was asked for taken out."""
    return answer.status_code, answer.text.replace(asked, "…")


async def test_on_every_route_what_is_anothers_answers_as_what_does_not_exist(
    house: ApiHouse, client: httpx.AsyncClient
) -> None:
    line = KeptLine(
        id="a" * 32, creditor="other", booked_on=NOW.date(), amount=1, currency="EUR", reversal=False, reference="R"
    )
    await house.ledger.bank.keep(line, None)
    pairs = {
        "case": [(OTHERS, NOBODYS), ("F-9", "F-404")],
        "debtor": [("C-9", "C-404")],
        "line": [("a" * 32, "b" * 32)],
    }
    await another_debtor(house)
    walked = 0
    for path, methods in house.app.openapi()["paths"].items():
        name = path.partition("{")[2].partition("}")[0]
        for method in methods if name in pairs else ():
            for theirs, none in pairs[name]:
                urls = [path.replace(f"{{{name}}}", one) for one in (theirs, none)]
                body = {"json": BODIES[path]} if method != "get" else {}
                told = [await client.request(method, url, **body) for url in urls]
                assert answered(told[0], theirs) == answered(told[1], none), path
                assert told[0].status_code == 404, path
                walked += 1
    assert walked >= 11
    assert house.doors.said == []


@pytest.mark.parametrize("path", ["cases", "debtors", "tasks", "letters", "bank-lines"])
async def test_a_list_shows_nothing_of_another_creditor(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/v1/{path}", params={"creditor": "other"})).status_code == 404
    assert "other" not in (await client.get(f"/v1/{path}")).text


async def test_bodies_that_name_another_creditor_are_refused(client: httpx.AsyncClient, house: ApiHouse) -> None:
    invoice = {"creditor": "other", "number": "F-10", "issued_on": "2026-01-05", "total": "1.00"}
    refused = (await client.post("/v1/invoices", json=[invoice])).json()
    assert refused["results"][0]["errors"][0]["field"] == "creditor"
    status = {"creditor": "other", "number": "F-9", "code": 212, "on": "2026-03-02"}
    assert (await client.post("/v1/einvoice-statuses", json=status)).status_code == 404
    xml = {"Content-Type": "application/xml"}
    assert (await client.post("/v1/bank-statements?creditor=other", content=camt(), headers=xml)).status_code == 404
    assert house.doors.said == []


async def test_a_statement_is_taken_and_its_open_lines_are_assigned(client: httpx.AsyncClient, house: ApiHouse) -> None:
    xml = {"Content-Type": "application/xml", "Idempotency-Key": "s1"}
    statement = camt(entry("1000.00", "F-1", reference="VIR-1"), entry("9.00", "qui ?"))
    (taken,) = (await client.post("/v1/bank-statements?creditor=acme", content=statement, headers=xml)).json()
    assert (taken["proposed"], taken["open"], taken["posted"]) == (1, 1, 0)
    again = await client.post("/v1/bank-statements?creditor=acme", content=statement, headers=xml)
    assert again.headers["idempotency-replayed"] == "true"
    waiting = (await client.get("/v1/bank-lines")).json()["items"]
    small = next(one for one in waiting if one["amount"] == "9.00")
    wrong = await client.post(f"/v1/bank-lines/{small['id']}", json={"parts": [{"case": "F-1", "amount": "8.00"}]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "amount_invalid")
    right = await client.post(f"/v1/bank-lines/{small['id']}", json={"parts": [{"case": "F-1", "amount": "9.00"}]})
    assert (right.json()["state"], right.json()["text"]) == ("posted", None)
    assert [body["kind"] for _, body, _ in house.doors.said] == ["payment_proposed", "paid"]
    assert {(body["actor"], body["via"]) for _, body, _ in house.doors.said} == {("billing", "api")}
    assert IBAN not in (await client.get("/v1/bank-lines?state=posted")).text


@pytest.mark.parametrize(("kind", "content", "code"), [("application/json", b"{}", 415), ("text/csv", b"a;b", 422)])
async def test_what_is_no_statement_is_a_problem(
    client: httpx.AsyncClient, kind: str, content: bytes, code: int
) -> None:
    answer = await client.post("/v1/bank-statements", content=content, headers={"Content-Type": kind})
    assert (answer.status_code, answer.headers["content-type"]) == (code, "application/problem+json")
