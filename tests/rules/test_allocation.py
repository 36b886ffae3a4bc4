"""One payment over several invoices of a debtor: his choice, else art. 1342-10 C. civ."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from rules.allocation import chosen, plan_parts, shared
from rules.case import Case
from rules.invoice import Instalment, InvoiceIssued
from rules.law import builtin_tables
from rules.refusals import Refused
from tests.scenarios import ACME, Play

DEBTOR = {"id": "C-1", "name": "Brasserie", "kind": "business", "email": "compta@brasserie.example"}


def an_open_case(number: str, due_on: str, amount: str) -> Case:
    facts = {"creditor": "acme", "number": number, "issued_on": "2025-01-02", "due_on": due_on, "total": amount}
    invoice = InvoiceIssued.model_validate(facts | {"debtor": DEBTOR})
    return Play.start(invoice, datetime(2025, 9, 1, 9, tzinfo=UTC)).case


OLD, MIDDLE, LATER = (
    an_open_case("F-1", "2025-02-01", "1000.00"),
    an_open_case("F-2", "2025-05-01", "500.00"),
    an_open_case("F-3", "2025-12-01", "800.00"),
)


def test_the_debtor_may_say_which_invoice_he_pays() -> None:
    parts = chosen({"F-2": Decimal("500.00"), "F-3": Decimal("100.00")}, [OLD, MIDDLE, LATER], Decimal("600.00"))
    assert parts == {MIDDLE.id: Decimal("500.00"), LATER.id: Decimal("100.00")}


def test_a_choice_that_does_not_add_up_or_names_a_stranger_is_refused() -> None:
    with pytest.raises(Refused, match=r"add up to 500\.00"):
        chosen({"F-2": Decimal("500.00")}, [OLD, MIDDLE], Decimal("600.00"))
    with pytest.raises(Refused, match="F-9 is no open invoice"):
        chosen({"F-9": Decimal("500.00")}, [OLD, MIDDLE], None)


def test_without_a_choice_due_debts_come_first_and_the_oldest_of_them() -> None:
    parts, rest = shared([LATER, MIDDLE, OLD], ACME, builtin_tables(), Decimal("900.00"), date(2025, 9, 1))
    assert set(parts) == {OLD.id}
    assert (sum(parts.values()), rest) == (Decimal("900.00"), Decimal("0"))


def test_what_no_invoice_takes_is_left_over_and_nothing_is_lost() -> None:
    paid = Decimal("9000.00")
    parts, rest = shared([OLD, MIDDLE, LATER], ACME, builtin_tables(), paid, date(2025, 9, 1))
    assert sum(parts.values()) + rest == paid
    assert rest > Decimal("6000.00")
    assert set(parts) == {OLD.id, MIDDLE.id, LATER.id}


def test_a_plan_over_several_invoices_pays_the_oldest_first() -> None:
    instalments = [Instalment(due_on=date(2025, 10, d), amount=Decimal("750.00")) for d in (1, 15)]
    plans = plan_parts([MIDDLE, OLD], instalments)
    old = [(part.due_on.day, part.amount) for part in plans[OLD.id]]
    assert old == [(1, Decimal("750.00")), (15, Decimal("250.00"))]
    assert [(part.due_on.day, part.amount) for part in plans[MIDDLE.id]] == [(15, Decimal("500.00"))]
    with pytest.raises(Refused, match="less than"):
        plan_parts([MIDDLE, OLD], instalments[:1])
