"""Whatever happens to a case, in whatever order: every law holds at every instant of its life."""

from datetime import date

import pytest
from hypothesis import given, settings

from rules import pauses
from rules.decision import DebtorFacts
from rules.invoice import Debtor, InvoiceIssued
from tests.rules.doubts import no_letter_of_any_kind_leaves_in_doubt
from tests.rules.laws import LAWS
from tests.rules.lives import live, lives
from tests.rules.strategies import REPOSITORY, Office, Plot, plots


@given(plot=plots())
@settings(max_examples=lives(400))
def test_every_law_holds_all_life_long(plot: Plot) -> None:
    life = live(plot)
    for law in LAWS:
        law(life)


def test_the_law_of_doubt_sees_a_letter_that_leaves_during_a_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    debtor = Debtor(id="C-1", name="Martin", kind="business", email="m@martin.example")
    fields = {"creditor": "acme", "number": "F-1", "issued_on": "2025-09-01", "due_on": "2025-10-01", "total": "900.00"}
    invoice = InvoiceIssued.model_validate({**fields, "debtor": debtor})
    office = Office(None, None, None, "delivered", None, ())
    plot = Plot(date(2025, 9, 1), invoice, REPOSITORY[0], office, DebtorFacts(), ((2, "hold", {}),))
    no_letter_of_any_kind_leaves_in_doubt(live(plot))
    monkeypatch.setattr(pauses, "stop", lambda *_: None)
    with pytest.raises(AssertionError, match="HoldPlaced"):
        no_letter_of_any_kind_leaves_in_doubt(live(plot))
