"""A case knows the last useful day of its claim, and people are told ahead of it."""

from datetime import UTC, datetime

from rules import events as e
from rules.invoice import InvoiceIssued
from tests.scenarios import Play

INVOICE = {"creditor": "acme", "number": "F-1", "issued_on": "2021-01-05", "due_on": "2021-02-04", "total": "1200.00"}
BUSINESS = {"id": "C-1", "name": "Boulangerie Martin", "kind": "business", "email": "compta@martin.example"}


def held(**invoice: object) -> Play:
    """A case on hold, so that nothing but the limitation moves."""
    facts = INVOICE | {"debtor": BUSINESS} | invoice
    played = Play.start(InvoiceIssued.model_validate(facts), datetime(2021, 1, 6, 9, tzinfo=UTC))
    played.say("hold", on="2021-01-06")
    return played


def alerts(played: Play) -> list[tuple[str, str, str]]:
    return [(f"{x.on}", x.distance, f"{x.last_day}") for x in played.history if isinstance(x, e.LimitationNear)]


def test_a_trade_debt_is_told_of_twelve_six_four_and_two_months_ahead() -> None:
    played = held().until(datetime(2026, 3, 1, tzinfo=UTC))
    assert alerts(played) == [
        ("2025-02-04", "12m", "2026-02-04"),
        ("2025-08-04", "6m", "2026-02-04"),
        ("2025-10-04", "4m", "2026-02-04"),
        ("2025-12-04", "2m", "2026-02-04"),
    ]
    assert [task.kind for task in played.decision.tasks].count("limitation") == 1
    assert played.case.closed is None


def test_a_part_payment_moves_the_day_and_closes_the_warning() -> None:
    played = held().until(datetime(2025, 9, 1, tzinfo=UTC))
    assert "limitation" in [task.kind for task in played.decision.tasks]
    played.say("paid", on="2025-09-10", amount="100.00")
    assert f"{played.decision.limitation_on}" == "2030-09-10"
    assert "limitation" not in [task.kind for task in played.decision.tasks]


def test_a_reversed_payment_withdraws_its_interruption() -> None:
    played = held()
    played.say("paid", on="2025-09-10", amount="100.00", reference="PRLV-1")
    played.say("payment_reversed", on="2025-09-20", reference="PRLV-1")
    assert f"{played.decision.limitation_on}" == "2026-02-04"


def test_a_signed_plan_moves_the_day() -> None:
    played = held()
    parts = [{"due_on": "2022-04-01", "amount": "1200.00"}]
    played.say("payment_plan", on="2022-03-01", signed_on="2022-03-01", instalments=parts)
    assert f"{played.decision.limitation_on}" == "2027-03-01"


def test_a_consumer_debt_lasts_two_years() -> None:
    consumer = {"id": "P-1", "name": "Mme Petit", "kind": "consumer", "email": "lea@petit.example"}
    played = held(debtor=consumer).until(datetime(2023, 3, 1, tzinfo=UTC))
    assert [(day, distance) for day, distance, _ in alerts(played)] == [
        ("2022-05-04", "9m"), ("2022-08-04", "6m"), ("2022-10-04", "4m"),
    ]  # fmt: skip


def test_a_case_opened_close_to_the_day_is_told_once_of_the_nearest_alert() -> None:
    facts = INVOICE | {"debtor": BUSINESS}
    played = Play.start(InvoiceIssued.model_validate(facts), datetime(2025, 10, 20, 9, tzinfo=UTC))
    assert [distance for _, distance, _ in alerts(played)] == ["4m"]
