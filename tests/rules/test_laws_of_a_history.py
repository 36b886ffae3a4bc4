"""A history can be cut, folded piece by piece, written and read back, and reordered: the case is the same."""

import json
import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules import events as e
from rules.case import Case
from rules.claim import claim_of, decompte_of
from rules.decision import Decision
from rules.events import read_event
from rules.fold import fold, fold_all, open_case
from rules.law.tables import builtin_tables
from tests.rules.lives import Life, live, lives
from tests.rules.strategies import Plot, plots
from tests.scenarios import ACME

CASE = "invoice/acme/F-1"
TABLES = builtin_tables()


def written(value: Any) -> Any:
    """A model as it lies in the ledger: JSON text, read back."""
    return json.loads(json.dumps(value.model_dump(mode="json")))


@given(plot=plots())
@settings(max_examples=lives(60))
def test_a_history_folds_whole_cut_and_read_back(plot: Plot) -> None:
    life = live(plot)
    first = life.history[0]
    assert isinstance(first, e.CaseOpened)
    case = open_case(CASE, first)
    for place, event in enumerate(life.history[1:], 2):
        assert fold_all(CASE, life.history[: place - 1]) == case
        case = fold(case, event)
        assert case.position == place
    assert case == life.case
    again = [read_event(written(event)) for event in life.history]
    assert again == life.history
    assert fold_all(CASE, again) == life.case


@given(plot=plots())
@settings(max_examples=lives(40))
def test_every_decision_is_read_back_as_it_was_written(plot: Plot) -> None:
    for frame in live(plot).frames:
        assert Decision.model_validate(written(frame.decision)) == frame.decision


@given(plot=plots(most=3))
@settings(max_examples=lives(10))
def test_the_invoice_may_be_kept_apart_from_the_opening(plot: Plot) -> None:
    life = live(plot)
    first = life.history[0]
    assert isinstance(first, e.CaseOpened)
    bare = first.model_copy(update={"invoice": None})
    assert fold_all(CASE, [bare, *life.history[1:]], first.invoice) == life.case


MONEY = (e.PaymentReceived, e.PaymentReversed, e.CreditNoted)


@given(plot=plots(), seed=st.integers(0, 2**32))
@settings(max_examples=lives(60))
def test_the_order_of_arrival_changes_no_balance(plot: Plot, seed: int) -> None:
    life = live(plot)
    money = [event for event in life.history if isinstance(event, MONEY)]
    shuffled = [*money]
    random.Random(seed).shuffle(shuffled)
    for day in (life.case.last_at.date(), date(2026, 6, 30)):
        assert _balance(life, money, day) == _balance(life, shuffled, day)


def _balance(life: Life, events: Sequence[e.Event], day: date) -> tuple[object, ...]:
    first = life.history[0]
    assert isinstance(first, e.CaseOpened)
    case: Case = open_case(CASE, first)
    for event in events:
        case = fold(case, event)
    drawn = decompte_of(case, ACME, TABLES, day)
    sums = (case.received, case.credited, case.open_principal, case.balances(), case.recognitions)
    return (*sums, claim_of(case, ACME, TABLES, day), drawn.balances, drawn.accrued, drawn.lines)
