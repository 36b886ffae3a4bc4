"""What the API answers: cases, debtors, tasks, letters, the aged book; and no request of any shape is a 500."""

from datetime import date
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error

from tests.intake.api.house import CASE, ApiHouse


async def test_a_case_is_the_same_object_as_everywhere(client: httpx.AsyncClient) -> None:
    by_id, by_number = (await client.get(f"/v1/cases/{CASE}")).json(), (await client.get("/v1/cases/F-1")).json()
    assert by_id == by_number
    assert by_id["claim"]["principal"] == "1200.00"
    assert by_id["ledger"]["position"] == 2


async def test_lists_are_filtered_and_paged(client: httpx.AsyncClient) -> None:
    page = (await client.get("/v1/cases", params={"stage": "amicable", "limit": 1})).json()
    assert ([row["number"] for row in page["items"]], page["next"]) == (["F-1"], None)
    assert (await client.get("/v1/cases", params={"stage": "judicial"})).json()["items"] == []
    assert (await client.get("/v1/cases", params={"stage": "wrong"})).status_code == 422
    assert (await client.get("/v1/cases", params={"limit": 501})).status_code == 422


async def test_the_history_of_a_case_is_paged(client: httpx.AsyncClient) -> None:
    page = (await client.get(f"/v1/cases/{CASE}/events", params={"limit": 1})).json()
    assert ([event["kind"] for event in page["items"]], page["next"]) == (["case_opened"], 1)
    rest = (await client.get(f"/v1/cases/{CASE}/events", params={"offset": 1})).json()
    assert [event["kind"] for event in rest["items"]] == ["payment_received"]


async def test_a_debtor_shows_what_it_owes(client: httpx.AsyncClient) -> None:
    debtor = (await client.get("/v1/debtors/C-104")).json()
    assert (debtor["creditor"], debtor["open"], [row["number"] for row in debtor["cases"]]) == ("acme", 1, ["F-1"])
    assert [row["id"] for row in (await client.get("/v1/debtors")).json()["items"]] == ["C-104"]


async def test_the_aged_book_adds_up(client: httpx.AsyncClient) -> None:
    report = (await client.get("/v1/reports/outstanding", params={"as_of": date(2026, 3, 20).isoformat()})).json()
    (row,) = report["rows"]
    assert (row["creditor"], row["cases"]) == ("acme", 1)
    assert row["days_31_60"] == row["outstanding"]
    assert row["not_due"] == "0.00"


async def test_tasks_and_letters_are_lists(client: httpx.AsyncClient) -> None:
    for path in ("/v1/tasks", "/v1/letters", f"/v1/cases/{CASE}/letters"):
        assert (await client.get(path)).json() == {"items": [], "next": None}


@pytest.mark.parametrize("path", ["/v1/cases/invoice/acme/none", "/v1/cases/none", "/v1/debtors/none", "/v1/none"])
async def test_what_is_not_there_is_a_problem(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_no_request_of_any_shape_is_a_fault_of_ours(house: ApiHouse) -> None:
    """schemathesis reads the OpenAPI document and asks what it allows, and what it does not."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", house.app)
    calm = settings(
        max_examples=6, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()  # type: ignore[union-attr]

        @calm
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case[Any]) -> None:
            nonlocal asked
            asked += 1
            answer = case.call(headers={"Authorization": f"Bearer {house.secret}"})
            if answer.status_code == 503 and "retry-after" in answer.headers:
                return  # the engine is away: that is said, and when to ask again
            case.validate_response(answer, checks=[not_a_server_error])

        ask()
    assert asked > 100
