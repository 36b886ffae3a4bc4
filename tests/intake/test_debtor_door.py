"""The debtor's door: a payment, a plan, a hold said of a debtor reach each of its cases as its own share."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from intake.debtor_door import DebtorDoor
from rules.case import Case
from rules.invoice import InvoiceIssued
from rules.law import builtin_tables
from rules.refusals import Refused
from rules.view import CaseView, unborn
from tests.scenarios import ACME, Play


class FakeDoor:
    """Remembers what was said to which case."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, Any], str]] = []

    async def submit(self, case_id: str, body: Mapping[str, Any], event_id: str) -> CaseView:
        self.said.append((case_id, dict(body), event_id))
        return unborn(case_id, "EUR")


class FakeCases:
    """Two open invoices of one debtor."""

    def __init__(self, *cases: Case) -> None:
        self.cases = cases

    async def open_cases_of_debtor(self, debtor: str, creditor: str | None) -> Sequence[Case]:
        return [case for case in self.cases if case.invoice.debtor.id == debtor]


def an_open_case(number: str, due_on: str, amount: str) -> Case:
    debtor = {"id": "C-1", "name": "Brasserie", "kind": "business", "email": "compta@brasserie.example"}
    facts = {"creditor": "acme", "number": number, "issued_on": "2025-01-02", "due_on": due_on, "total": amount}
    return Play.start(
        InvoiceIssued.model_validate(facts | {"debtor": debtor}), datetime(2025, 9, 1, 9, tzinfo=UTC)
    ).case


@pytest.fixture
def fake() -> FakeDoor:
    return FakeDoor()


@pytest.fixture
def door(fake: FakeDoor) -> DebtorDoor:
    cases = FakeCases(an_open_case("F-1", "2025-02-01", "1000.00"), an_open_case("F-2", "2025-05-01", "500.00"))
    return DebtorDoor(fake, cases, {"acme": ACME}, builtin_tables())  # type: ignore[arg-type]


async def test_a_payment_goes_to_the_oldest_due_invoice(door: DebtorDoor, fake: FakeDoor) -> None:
    heard = await door.submit("C-1", "paid", {"amount": "800.00", "received_on": "2025-09-01"}, "bank-1")
    assert [(case, body["amount"], event) for case, body, event in fake.said] == [
        ("invoice/acme/F-1", "800.00", "bank-1@invoice/acme/F-1")
    ]
    assert heard.left_over == Decimal("0")


async def test_too_much_is_kept_and_said(door: DebtorDoor, fake: FakeDoor) -> None:
    heard = await door.submit("C-1", "paid", {"amount": "5000.00", "received_on": "2025-09-01"}, "bank-2")
    assert sum(Decimal(body["amount"]) for _, body, _ in fake.said) == Decimal("5000.00")
    assert heard.left_over > Decimal("3000.00")


async def test_the_debtors_choice_wins(door: DebtorDoor, fake: FakeDoor) -> None:
    await door.submit("C-1", "paid", {"allocation": [{"number": "F-2", "amount": "500.00"}]}, "bank-3")
    assert [(case, body["amount"]) for case, body, _ in fake.said] == [("invoice/acme/F-2", "500.00")]


async def test_a_plan_covers_the_invoices_named(door: DebtorDoor, fake: FakeDoor) -> None:
    parts = [{"due_on": "2025-10-01", "amount": "750.00"}, {"due_on": "2025-11-01", "amount": "750.00"}]
    await door.submit("C-1", "payment_plan", {"instalments": parts}, "plan-1")
    assert [case for case, _, _ in fake.said] == ["invoice/acme/F-1", "invoice/acme/F-2"]
    with pytest.raises(Refused, match="F-9 is no open invoice"):
        await door.submit("C-1", "payment_plan", {"instalments": parts, "covers": ["F-9"]}, "plan-2")


async def test_a_hold_is_said_once_for_the_whole_debtor(door: DebtorDoor, fake: FakeDoor) -> None:
    await door.submit("C-1", "hold", {"reason": "négociation"}, "hold-1")
    assert [(case, body["scope"], event) for case, body, event in fake.said] == [
        ("invoice/acme/F-1", "debtor", "hold-1")
    ]


async def test_what_cannot_concern_a_debtor_is_refused(door: DebtorDoor, fake: FakeDoor) -> None:
    for name, payload in (("paid", {}), ("paid", {"amount": "5.00"}), ("paid", {"allocation": 7})):
        with pytest.raises(Refused):
            await door.submit("C-1", name, payload, "x")
    with pytest.raises(Refused, match="no open case"):
        await door.submit("C-404", "hold", {}, "x")
    assert fake.said == []
